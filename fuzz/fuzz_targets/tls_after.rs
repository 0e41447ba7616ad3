//! See [`auscult_fuzz::tls_after`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::tls_after(bytes));
