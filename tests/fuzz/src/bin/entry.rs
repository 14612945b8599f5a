#![no_main]
use sealight_verify::format::entry::Entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<Entry>(bytes));
