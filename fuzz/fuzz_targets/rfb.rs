//! See [`auscult_fuzz::rfb`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::rfb(bytes));
