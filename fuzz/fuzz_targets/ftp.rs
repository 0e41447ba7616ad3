//! See [`auscult_fuzz::ftp`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::ftp(bytes));
