//! See [`auscult_fuzz::dns`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::dns(bytes));
