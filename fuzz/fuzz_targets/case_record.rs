//! See `auscult_fuzz::case_record`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::case_record(bytes));
