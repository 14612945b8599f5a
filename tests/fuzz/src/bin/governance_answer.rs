#![no_main]
use sealight_verify::format::governance::GovernanceAnswer;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<GovernanceAnswer>(bytes));
