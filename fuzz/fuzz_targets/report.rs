//! See [`auscult_fuzz::report`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::report(bytes));
