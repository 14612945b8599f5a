#![no_main]
use sealight_verify::format::governance::Members;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Members>(bytes));
