//! See [`auscult_fuzz::pages`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::pages(bytes));
