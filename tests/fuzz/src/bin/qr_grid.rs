#![no_main]
use sealight_tag::{deadline::Unbounded, qr::CodeReader, qr::QrReader};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(frame) = sealight_fuzz::grid(bytes) {
        QrReader::new().read(&frame, &Unbounded);
    }
});
