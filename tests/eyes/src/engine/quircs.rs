//! quircs, a port of quirc.

use super::{Engine, Family, Seen, text};
use sealight_tag::luma::LumaFrame;

pub(super) struct Quircs;

impl Engine for Quircs {
    fn name(&self) -> &'static str {
        "quircs"
    }

    fn family(&self) -> Family {
        Family::Quirc
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let mut reader = quircs::Quirc::default();
        let codes = reader.identify(frame.width(), frame.height(), frame.pixels());
        let seen = codes.filter_map(|code| {
            let code = code.ok()?;
            let corners = code.corners.map(|point| (point.x as f32, point.y as f32));
            Some(Seen::new(text(code.decode().ok()?.payload), &corners))
        });
        seen.collect()
    }
}
