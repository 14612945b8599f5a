#![no_main]
use sealight_verify::trust::TrustFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<TrustFile>(bytes));
