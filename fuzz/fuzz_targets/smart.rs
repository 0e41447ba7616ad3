//! See [`auscult_fuzz::smart`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::smart(bytes));
