#![no_main]
use sealight_verify::format::party::Party;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Party>(bytes));
