//! See [`auscult_fuzz::smb`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::smb(bytes));
