//! See `auscult_fuzz::pem_anchors`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::pem_anchors(bytes));
