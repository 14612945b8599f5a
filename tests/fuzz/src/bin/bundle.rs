#![no_main]
use sealight_verify::format::bundle::Bundle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Bundle>(bytes));
