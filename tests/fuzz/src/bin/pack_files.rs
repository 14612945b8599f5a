#![no_main]
use sealight_fuzz::structure;
use sealight_verify::format::pack::{LifeFile, LotList, PackEnd, PackHead, PackStart};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    (structure::<PackStart>(bytes), structure::<PackEnd>(bytes));
    (structure::<PackHead>(bytes), structure::<LotList>(bytes), structure::<LifeFile>(bytes));
});
