//! See [`auscult_fuzz::http`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::http(bytes));
