#![no_main]
use sealight_verify::format::party::Registration;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Registration>(bytes));
