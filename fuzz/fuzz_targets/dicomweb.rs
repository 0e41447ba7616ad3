//! See [`auscult_fuzz::dicomweb`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::dicomweb(bytes));
