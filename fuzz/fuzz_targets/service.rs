//! See [`auscult_fuzz::service`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::service(bytes));
