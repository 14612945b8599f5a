//! The reader that is built here.

use super::{Engine, Family, Seen, text};
use sealight_tag::deadline::Unbounded;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{CodeReader, FrameReader, Symbology};

#[derive(Default)]
pub(super) struct Ours(FrameReader);

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "sealight"
    }

    fn family(&self) -> Family {
        Family::Quirc
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let codes = self.0.read(frame, &Unbounded);
        let squares = codes.into_iter().filter(|code| code.symbology == Symbology::QrCode);
        let seen = squares
            .map(|code| Seen::new(code.text.unwrap_or_else(|| text(code.bytes)), &code.corners));
        seen.collect()
    }
}
