//! See [`auscult_fuzz::pem`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::pem(bytes));
