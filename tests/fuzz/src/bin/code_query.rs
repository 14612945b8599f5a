#![no_main]
use sealight_verify::format::answer::CodeQuery;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<CodeQuery>(bytes));
