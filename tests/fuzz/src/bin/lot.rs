#![no_main]
use sealight_verify::format::lot::LotState;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<LotState>(bytes));
