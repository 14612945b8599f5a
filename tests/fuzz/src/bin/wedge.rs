#![no_main]
use sealight_fuzz::keys;
use sealight_tag::wedge::Wedge;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut wedge = Wedge::default();
    let read: Vec<_> = keys(bytes).filter_map(|key| wedge.key(key)).collect();
    read.iter().for_each(|reading| drop(reading.decode()));
});
