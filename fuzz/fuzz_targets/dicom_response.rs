//! See `auscult_fuzz::dicom_response`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::dicom_response(bytes));
