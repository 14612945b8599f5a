//! The order in which a picture is searched.

use super::{Code, CodeReader, distinct, second, symbols};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads codes with rxing first and rqrr on what it misses.
///
/// A photograph is searched in reduced copies before the whole, since a label that is worth holding
/// up fills a good part of it: 12 megapixels cost seven times as much as the first copy. Pictures
/// that are small, such as drawn labels, are searched as they are. The first step that
/// finds a code ends the search.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameReader;

/// Longer sides of the reduced copies, in the order in which they are searched.
const COPIES: [usize; 2] = [1600, 800];

/// How far one crop stands from the next: half of one, so that a code of up to that size lies whole
/// in at least one.
const STEP: usize = second::LONG_EDGE / 2;

impl CodeReader for FrameReader {
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let (larger, smaller) = (frame.reduced(COPIES[0]), frame.reduced(COPIES[1]));
        let first = larger.as_ref().unwrap_or(frame);
        let last = smaller.as_ref().unwrap_or(frame);
        let steps: [&dyn Fn() -> Vec<Code>; 5] = [
            &|| back(frame, first, symbols::read(first, deadline)),
            &|| smaller.iter().flat_map(|c| back(frame, c, symbols::read(c, deadline))).collect(),
            &|| back(frame, last, second::read(last)),
            &|| larger.iter().flat_map(|_| symbols::read(frame, deadline)).collect(),
            &|| back(frame, first, crops(first, deadline)),
        ];
        for step in steps {
            if deadline.expired() {
                break;
            }
            let codes = step();
            if !codes.is_empty() {
                return distinct(codes);
            }
        }
        Vec::new()
    }
}

/// Overlapping crops of a copy that is too large to be handed on whole.
fn crops(copy: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
    let mut found = Vec::new();
    if copy.long_edge() <= second::LONG_EDGE {
        return found;
    }
    for top in starts(copy.height()) {
        for left in starts(copy.width()) {
            if deadline.expired() {
                return found;
            }
            let crop = copy.crop(left, top, second::LONG_EDGE, second::LONG_EDGE);
            let codes = crop.map(|crop| second::read(&crop)).unwrap_or_default();
            found.extend(codes.into_iter().map(|code| code.placed(1.0, (left as f32, top as f32))));
        }
    }
    found
}

fn starts(side: usize) -> impl Iterator<Item = usize> {
    let last = side.saturating_sub(second::LONG_EDGE);
    (0..last.div_ceil(STEP)).map(|i| i * STEP).chain([last])
}

/// Codes of a reduced copy, at their places in the frame.
fn back(frame: &LumaFrame, copy: &LumaFrame, codes: Vec<Code>) -> Vec<Code> {
    let scale = frame.long_edge() as f32 / copy.long_edge() as f32;
    codes.into_iter().map(|code| code.placed(scale, (0.0, 0.0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crops_cover_the_copy_and_overlap_by_half() {
        assert_eq!(starts(1600).collect::<Vec<_>>(), [0, 400, 800]);
        assert_eq!(starts(1200).collect::<Vec<_>>(), [0, 400]);
        assert_eq!(starts(1300).collect::<Vec<_>>(), [0, 400, 500]);
        assert_eq!(starts(700).collect::<Vec<_>>(), [0]);
    }
}
