//! See [`auscult_fuzz::datagram`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::datagram(bytes));
