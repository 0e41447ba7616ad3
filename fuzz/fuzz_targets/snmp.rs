//! See [`auscult_fuzz::snmp`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::snmp(bytes));
