//! zxing-cpp, in C++: the one to beat. Its own defaults, restricted to QR codes.

use super::{Engine, Family, Seen};
use sealight_tag::luma::LumaFrame;
use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView, PointI, TextMode};

pub(super) struct ZxingCpp(BarcodeReader);

impl ZxingCpp {
    pub(super) fn new() -> Self {
        let reader = BarcodeReader::new().formats([BarcodeFormat::QRCode]);
        Self(reader.text_mode(TextMode::Plain))
    }
}

impl Engine for ZxingCpp {
    fn name(&self) -> &'static str {
        "zxing-cpp"
    }

    fn family(&self) -> Family {
        Family::Zxing
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let (width, height) = (frame.width(), frame.height());
        let Ok(view) = ImageView::from_slice(frame.pixels(), width, height, ImageFormat::Lum)
        else {
            return Vec::new();
        };
        let codes = self.0.from(view).unwrap_or_default();
        let seen = codes.iter().filter(|code| code.is_valid()).map(|code| {
            let at = code.position();
            let corners = [at.top_left, at.top_right, at.bottom_right, at.bottom_left];
            Seen::new(code.text(), &corners.map(|PointI { x, y }| (x as f32, y as f32)))
        });
        seen.collect()
    }
}
