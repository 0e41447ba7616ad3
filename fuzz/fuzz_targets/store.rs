//! See [`auscult_fuzz::store`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::store(bytes));
