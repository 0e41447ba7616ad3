//! See [`auscult_fuzz::crawl`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::crawl(bytes));
