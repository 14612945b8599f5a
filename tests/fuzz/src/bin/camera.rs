#![no_main]
use sealight_tag::camera::{PixelFormat, luma};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(([format, width, height], bytes)) = bytes.split_first_chunk() else { return };
    let formats = [PixelFormat::Yuyv, PixelFormat::Nv12, PixelFormat::Grey, PixelFormat::Mjpeg];
    let sides = (usize::from(*width), usize::from(*height));
    drop(luma(formats[usize::from(*format) % formats.len()], sides, bytes));
});
