//! See `auscult_fuzz::mllp_frames`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::mllp_frames(bytes));
