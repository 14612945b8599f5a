#![no_main]
use sealight_verify::report::Report;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Report>(bytes));
