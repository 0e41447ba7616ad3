//! See [`auscult_fuzz::evidence`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::evidence(bytes));
