#![no_main]
use sealight_tag::{deadline::Unbounded, qr::CodeReader, qr::FrameReader};

// Panics of the libraries are caught inside; one that gets out still ends the run.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| ())), |bytes: &[u8]| {
    if let Some(frame) = sealight_fuzz::frame(bytes) {
        FrameReader::default().read(&frame, &Unbounded);
    }
});
