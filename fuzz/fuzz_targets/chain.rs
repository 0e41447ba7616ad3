//! See [`auscult_fuzz::chain`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::chain(bytes));
