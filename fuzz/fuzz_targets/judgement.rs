//! See [`auscult_fuzz::judgement`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auscult_fuzz::judgement(bytes));
