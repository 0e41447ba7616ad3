//! See [`auscult_fuzz::ssl2`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::ssl2(bytes));
