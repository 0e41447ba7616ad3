//! See [`auscult_fuzz::rdp`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::rdp(bytes));
