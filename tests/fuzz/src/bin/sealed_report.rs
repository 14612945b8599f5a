#![no_main]
use sealight_verify::report::{Collect, Discard, Letter, Page, ReportKey, Take};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sealight_fuzz::structure::<Letter>(bytes);
    (sealight_fuzz::structure::<Collect>(bytes), sealight_fuzz::structure::<Take>(bytes));
    (sealight_fuzz::structure::<Page>(bytes), sealight_fuzz::structure::<Discard>(bytes));
    let _ = Letter::decode(bytes).map(|letter| ReportKey::from_seed(&[5; 32]).open(&letter));
});
