//! See [`auscult_fuzz::dtls`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::dtls(bytes));
