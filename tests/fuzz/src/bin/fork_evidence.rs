#![no_main]
use sealight_verify::chain::ForkEvidence;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<ForkEvidence>(bytes));
