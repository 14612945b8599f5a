#![no_main]
use sealight_verify::format::index::CodeIndex;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<CodeIndex>(bytes));
