//! See [`auscult_fuzz::ssh`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::ssh(bytes));
