//! See `auscult_fuzz::dicom_pdu`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::dicom_pdu(bytes));
