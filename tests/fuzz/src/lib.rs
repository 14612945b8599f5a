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

/// A clean picture of a grid: one byte for its version, then its modules as bits; only what every
/// code has is drawn over them, so that what is decoded may be anything.
pub fn grid(bytes: &[u8]) -> Option<LumaFrame> {
    const PIXELS: usize = 3;
    let (&version, bits) = bytes.split_first()?;
    let side = 21 + 4 * usize::from(version % 12);
    let bit = |i: usize| bits.get(i / 8 % bits.len().max(1)).is_some_and(|b| b >> (i % 8) & 1 == 1);
    let dark = |x: usize, y: usize| {
        for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
            let (x, y) = (x.wrapping_sub(left), y.wrapping_sub(top));
            // The light border around a pattern, where there is one, is one module wide.
            if x.wrapping_add(1) < 9 && y.wrapping_add(1) < 9 {
                let ring = x.abs_diff(3).max(y.abs_diff(3));
                return x < 7 && y < 7 && ring != 2;
            }
        }
        if x == 6 || y == 6 { (x + y) % 2 == 0 } else { bit(y * side + x) }
    };
    let length = (side + 8) * PIXELS;
    let pixel = |i: usize| {
        let (x, y) = (i % length / PIXELS, i / length / PIXELS);
        let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
        if inside && dark(x - 4, y - 4) { 20 } else { 235 }
    };
    LumaFrame::new(length, length, (0..length * length).map(pixel).collect()).ok()
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
        Key {
            code,
            shift: which & 0x80 != 0,
            control: which & 0x40 != 0,
            alt: after & 0x80 != 0,
            at,
        }
    })
}
