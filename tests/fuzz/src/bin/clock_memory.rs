#![no_main]
use sealight_verify::time::ClockMemory;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<ClockMemory>(bytes));
