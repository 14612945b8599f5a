//! The reader that is built here; like the others here, only its part for QR codes.

use super::{Engine, Family, Seen, text};
use sealight_tag::deadline::Unbounded;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{CodeReader, QrReader};

/// Its reader of still pictures, or that of frames.
#[derive(Default)]
pub(super) struct Ours<R = QrReader>(R);

impl<R: CodeReader> Engine for Ours<R> {
    fn name(&self) -> &'static str {
        "sealight"
    }

    fn family(&self) -> Family {
        Family::Quirc
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let codes = self.0.read(frame, &Unbounded);
        let seen = codes
            .into_iter()
            .map(|code| Seen::new(code.text.unwrap_or_else(|| text(code.bytes)), &code.corners));
        seen.collect()
    }
}
