//! See [`auscult_fuzz::console`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::console(bytes));
