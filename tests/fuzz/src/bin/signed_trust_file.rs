#![no_main]
use sealight_verify::trust::SignedTrustFile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sealight_fuzz::structure::<SignedTrustFile>(bytes));
