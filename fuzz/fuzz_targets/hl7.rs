//! See [`auscult_fuzz::hl7`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::hl7(bytes));
