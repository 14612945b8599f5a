//! What the fuzz targets share. A target is one file in `src/bin`; seeds for it come from
//! `examples/seeds.rs`, and `run` finds it by its name.

use minicbor::{Decode, Encode};
use sealight_tag::luma::LumaFrame;
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
