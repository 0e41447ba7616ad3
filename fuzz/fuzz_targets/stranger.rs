//! See [`auscult_fuzz::stranger`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::stranger(bytes));
