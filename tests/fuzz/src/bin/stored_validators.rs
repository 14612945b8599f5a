#![no_main]
use sealight_verify::comet::StoredValidators;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<StoredValidators>(bytes));
