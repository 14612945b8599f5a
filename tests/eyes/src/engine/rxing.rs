//! rxing, a port of ZXing: its finder of several codes.

use super::{Engine, Family, Seen};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};
use sealight_tag::luma::LumaFrame;
use std::collections::HashSet;

pub(super) struct Rxing;

impl Engine for Rxing {
    fn name(&self) -> &'static str {
        "rxing"
    }

    fn family(&self) -> Family {
        Family::Zxing
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let (width, height) = (frame.width() as u32, frame.height() as u32);
        let hints = DecodeHints {
            PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
            TryHarder: Some(true),
            AlsoInverted: Some(true),
            ..DecodeHints::default()
        };
        let Ok(source) = Luma8Source::new_with_slice(frame.pixels(), width, height) else {
            return Vec::new();
        };
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let codes = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default();
        let seen = codes.iter().map(|code| {
            let corners: Vec<_> = code.getPoints().iter().map(|point| (point.x, point.y)).collect();
            Seen::new(code.getText().to_owned(), &corners)
        });
        seen.collect()
    }
}
