//! See [`auscult_fuzz::ocsp`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::ocsp(bytes));
