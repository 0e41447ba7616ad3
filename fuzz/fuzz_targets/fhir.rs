//! See [`auscult_fuzz::fhir`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::fhir(bytes));
