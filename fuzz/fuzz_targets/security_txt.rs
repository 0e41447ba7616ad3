//! See [`auscult_fuzz::security_txt`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::security_txt(bytes));
