//! See [`auscult_fuzz::coap`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::coap(bytes));
