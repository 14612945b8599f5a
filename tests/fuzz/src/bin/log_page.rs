#![no_main]
use sealight_verify::format::log::LogPage;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<LogPage>(bytes));
