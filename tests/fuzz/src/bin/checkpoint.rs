#![no_main]
use sealight_verify::trust::SignedCheckpoint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<SignedCheckpoint>(bytes));
