//! rqrr: as its documentation looks for codes. It can take tens of seconds on one photograph.

use super::{Engine, Family, Seen, text};
use sealight_tag::luma::LumaFrame;

pub(super) struct Rqrr;

impl Engine for Rqrr {
    fn name(&self) -> &'static str {
        "rqrr"
    }

    fn family(&self) -> Family {
        Family::Quirc
    }

    fn read(&mut self, frame: &LumaFrame) -> Vec<Seen> {
        let (width, pixels) = (frame.width(), frame.pixels());
        let at = |x, y| pixels[y * width + x];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, frame.height(), at);
        let grids = image.detect_grids();
        let seen = grids.iter().filter_map(|grid| {
            let mut bytes = Vec::new();
            grid.decode_to(&mut bytes).ok()?;
            let corners = grid.bounds.map(|point| (point.x as f32, point.y as f32));
            Some(Seen::new(text(bytes), &corners))
        });
        seen.collect()
    }
}
