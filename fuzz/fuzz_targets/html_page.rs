//! See `auscult_fuzz::html_page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::html_page(bytes));
