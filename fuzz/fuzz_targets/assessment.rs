//! See [`auscult_fuzz::assessment`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::assessment(bytes));
