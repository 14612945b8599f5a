#![no_main]
use sealight_verify::format::record::ItemRecord;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<ItemRecord>(bytes));
