#![no_main]
use sealight_verify::format::governance::Validators;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Validators>(bytes));
