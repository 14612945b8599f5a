//! What the fuzz targets share. A target is one file in `src/bin`; seeds for it come from
//! `examples/seeds.rs`, and `run` finds it by its name.

use minicbor::{Decode, Encode};
use sealight_tag::luma::LumaFrame;
use sealight_tag::wedge::Key;
use sealight_verify::codec::{Versioned, decode, encode};

/// Decodes a structure; what decodes must come back as the same bytes.
pub fn structure<T>(bytes: &[u8])
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    if let Ok(value) = decode::<T>(bytes) {
        assert_eq!(encode(&value), bytes);
    }
}

/// A frame: one byte for its width, then its pixels.
pub fn frame(bytes: &[u8]) -> Option<LumaFrame> {
    let (&width, pixels) = bytes.split_first()?;
    let width = usize::from(width);
    let height = pixels.len().checked_div(width)?;
    LumaFrame::new(width, height, pixels[..width * height].to_vec()).ok()
}

/// Keys of a keyboard, two bytes each: which one and what is held with it, and the time after the
/// one before.
pub fn keys(bytes: &[u8]) -> impl Iterator<Item = Key<'static>> {
    const CODES: &[&str] = &[
        "KeyA",
        "KeyQ",
        "KeyS",
        "Digit0",
        "Digit1",
        "Digit3",
        "Numpad7",
        "BracketRight",
        "Slash",
        "Period",
        "Semicolon",
        "Minus",
        "Enter",
        "Tab",
        "F8",
        "Escape",
        "Key\u{e9}",
        "Digit",
    ];
    let mut at = 0;
    bytes.as_chunks::<2>().0.iter().map(move |[which, after]| {
        at += u64::from(*after);
        let code = CODES[usize::from(which & 0x3f) % CODES.len()];
        Key { code, shift: which & 0x80 != 0, control: which & 0x40 != 0, at }
    })
}
