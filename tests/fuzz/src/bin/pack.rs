#![no_main]
use sealight_verify::format::pack::PackReader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut reader = PackReader::new();
    for part in bytes.chunks(100) {
        reader.feed(part);
        while reader.piece().is_some() {}
    }
});
