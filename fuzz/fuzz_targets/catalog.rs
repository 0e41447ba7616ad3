//! See `auscult_fuzz::catalog`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::catalog(bytes));
