#![no_main]
use sealight_verify::comet::LightBlock;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<LightBlock>(bytes));
