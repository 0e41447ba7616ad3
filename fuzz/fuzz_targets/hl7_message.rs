//! See `auscult_fuzz::hl7_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::hl7_message(bytes));
