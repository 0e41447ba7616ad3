//! See [`auscult_fuzz::telnet`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::telnet(bytes));
