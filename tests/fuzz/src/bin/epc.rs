#![no_main]
use sealight_tag::epc::Epc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (Epc::decode(bytes), str::from_utf8(bytes).map(Epc::parse));
});
