//! See `auscult_fuzz::mqtt_packets`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::mqtt_packets(bytes));
