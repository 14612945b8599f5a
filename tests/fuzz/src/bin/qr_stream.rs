#![no_main]
use sealight_tag::{deadline::Unbounded, qr::CodeReader, qr::PreviewReader};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut reader = PreviewReader::new();
    // A grid that the reader may then know, and anything after it.
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let frames = [
        sealight_fuzz::grid(first),
        sealight_fuzz::frame(first),
        sealight_fuzz::grid(second),
        sealight_fuzz::frame(second),
    ];
    for frame in frames.iter().flatten() {
        reader.read(frame, &Unbounded);
    }
});
