//! See [`auscult_fuzz::discovery`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::discovery(bytes));
