#![no_main]
use sealight_verify::follow::Follower;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Follower>(bytes));
