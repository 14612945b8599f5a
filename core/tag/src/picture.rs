//! Picture files: PNG (W3C PNG, third edition) and JPEG (ITU-T T.81) to brightness.
//!
//! Size and sides are looked at before a pixel is decoded. Colour is dropped as early as the
//! format allows: a JPEG's colour planes are never turned into pixels, a PNG goes row by row.
//!
//! Codes are read from any such file; a page is given less to show: see [`facts`].

mod still;

pub use still::MAX_SCANS;

use crate::luma::{LumaError, LumaFrame, area};
use crate::shield::shielded;
use std::fmt;
use std::io::Cursor;
use zune_core::{colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

/// Most bytes of a file: 32 MB.
pub const MAX_FILE: usize = 32_000_000;

/// Most pixels of a file that has to be held whole before it can be read (an interlaced PNG, a
/// progressive JPEG): its working memory is several times that of the picture.
pub const MAX_HELD_PIXELS: usize = 20_000_000;

/// Why a file is not a picture that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureError {
    /// A file of more than [`MAX_FILE`] bytes.
    FileTooLarge {
        /// Bytes of the file.
        got: usize,
    },
    /// Neither PNG nor JPEG by its first bytes.
    UnknownFormat,
    /// Sides that no frame may have.
    Size(LumaError),
    /// An interlaced or progressive file of more than [`MAX_HELD_PIXELS`].
    TooLargeToHold {
        /// Pixels of the file.
        got: usize,
    },
    /// To be shown: a JPEG that is progressive, or of another kind than sequential.
    NotSequential,
    /// To be shown: a JPEG of more than [`MAX_SCANS`] scans.
    TooManyScans {
        /// Scans of the file.
        got: usize,
    },
    /// To be shown: a PNG that moves.
    Animated,
    /// A damaged file, or one of a kind that its decoder does not read.
    Damaged {
        /// Name of the format.
        format: &'static str,
        /// What the decoder says.
        why: String,
    },
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileTooLarge { got } => {
                write!(f, "a picture file of {got} bytes, most are {MAX_FILE}")
            }
            Self::UnknownFormat => f.write_str("neither a PNG nor a JPEG picture"),
            Self::Size(error) => error.fmt(f),
            Self::TooLargeToHold { got } => write!(
                f,
                "an interlaced or progressive picture of {got} pixels, most are {MAX_HELD_PIXELS}"
            ),
            Self::NotSequential => {
                f.write_str("a progressive JPEG, or another one that is not sequential (baseline)")
            }
            Self::TooManyScans { got } => {
                write!(f, "a JPEG of {got} scans, most are {MAX_SCANS}")
            }
            Self::Animated => f.write_str("a PNG that moves (APNG)"),
            Self::Damaged { format, why } => write!(f, "damaged {format} picture: {why}"),
        }
    }
}

impl std::error::Error for PictureError {}

impl From<LumaError> for PictureError {
    fn from(error: LumaError) -> Self {
        Self::Size(error)
    }
}

/// Decodes a PNG or JPEG file. See-through parts of a PNG are taken as standing on white paper.
///
/// # Errors
/// [`PictureError::FileTooLarge`], [`PictureError::UnknownFormat`], [`PictureError::Size`] and
/// [`PictureError::TooLargeToHold`] for its sides, and [`PictureError::Damaged`] for what its
/// decoder does not read.
pub fn decode(file: &[u8]) -> Result<LumaFrame, PictureError> {
    let (format, read) = format(file)?;
    shielded(|| read(file)).unwrap_or_else(|| Err(damaged(format, "the decoder gave up")))
}

/// What is known of a picture's file that may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Its media type (RFC 6838): `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
}

/// Looks at a PNG or JPEG file as one that a page is to show, without decoding it: its headers, and
/// that it neither moves nor is drawn in many scans. Its pixels may still be damaged.
///
/// # Errors
/// [`PictureError::FileTooLarge`], [`PictureError::UnknownFormat`], [`PictureError::Size`],
/// [`PictureError::NotSequential`], [`PictureError::TooManyScans`], [`PictureError::Animated`], and
/// [`PictureError::Damaged`], also for a file that does not come to its end.
pub fn facts(file: &[u8]) -> Result<Facts, PictureError> {
    let (format, _) = format(file)?;
    let (media_type, sides, still): (&'static str, Sides, Still) = match format {
        PNG => ("image/png", png_sides, still::png),
        _ => ("image/jpeg", jpeg_sides, still::jpeg),
    };
    let gave_up = || Err(damaged(format, "the decoder gave up"));
    let (width, height) = shielded(|| sides(file)).unwrap_or_else(gave_up)?;
    area(width, height)?;
    still(file)?;
    Ok(Facts { media_type, width, height })
}

type Sides = fn(&[u8]) -> Result<(usize, usize), PictureError>;
type Still = fn(&[u8]) -> Result<(), PictureError>;

fn png_sides(file: &[u8]) -> Result<(usize, usize), PictureError> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    let info = decoder.read_header_info().map_err(|error| damaged(PNG, error))?;
    Ok((info.width as usize, info.height as usize))
}

fn jpeg_sides(file: &[u8]) -> Result<(usize, usize), PictureError> {
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), jpeg_options());
    decoder.decode_headers().map_err(|error| damaged(JPEG, error))?;
    let info = decoder.info().ok_or_else(|| damaged(JPEG, "no frame header"))?;
    Ok((usize::from(info.width), usize::from(info.height)))
}

/// The format by the first bytes, and its decoder.
fn format(file: &[u8]) -> Result<(&'static str, Decode), PictureError> {
    if file.len() > MAX_FILE {
        return Err(PictureError::FileTooLarge { got: file.len() });
    }
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok((PNG, decode_png))
    } else if file.starts_with(b"\xff\xd8\xff") {
        Ok((JPEG, decode_jpeg))
    } else {
        Err(PictureError::UnknownFormat)
    }
}

type Decode = fn(&[u8]) -> Result<LumaFrame, PictureError>;

const PNG: &str = "PNG";
const JPEG: &str = "JPEG";

fn damaged(format: &'static str, why: impl fmt::Display) -> PictureError {
    PictureError::Damaged { format, why: why.to_string() }
}

fn decode_png(file: &[u8]) -> Result<LumaFrame, PictureError> {
    let bad = |error: png::DecodingError| damaged(PNG, error);
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let info = decoder.read_header_info().map_err(bad)?;
    let (width, height) = (info.width as usize, info.height as usize);
    let (pixels, interlaced) = (area(width, height)?, info.interlaced);
    if interlaced && pixels > MAX_HELD_PIXELS {
        return Err(PictureError::TooLargeToHold { got: pixels });
    }
    let mut reader = decoder.read_info().map_err(bad)?;
    let (color, _) = reader.output_color_type();
    let mut luma = Vec::with_capacity(pixels);
    if interlaced {
        let size = reader.output_buffer_size().ok_or_else(|| damaged(PNG, "too large"))?;
        let mut whole = vec![0; size];
        reader.next_frame(&mut whole).map_err(bad)?;
        append_luma(&mut luma, color, &whole);
    } else {
        while let Some(row) = reader.next_row().map_err(bad)? {
            append_luma(&mut luma, color, row.data());
        }
    }
    Ok(LumaFrame::new(width, height, luma)?)
}

/// Appends the brightness of 8-bit samples as the PNG decoder hands them out.
fn append_luma(luma: &mut Vec<u8>, color: png::ColorType, samples: &[u8]) {
    use png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    match color {
        Grayscale | Indexed => luma.extend_from_slice(samples),
        GrayscaleAlpha => luma.extend(samples.chunks_exact(2).map(|p| on_white(p[0], p[1]))),
        Rgb => luma.extend(samples.chunks_exact(3).map(|p| brightness(p[0], p[1], p[2]))),
        Rgba => luma
            .extend(samples.chunks_exact(4).map(|p| on_white(brightness(p[0], p[1], p[2]), p[3]))),
    }
}

/// Brightness by the weights of ITU-R BT.601, as JPEG has it (JFIF 1.02, page 3), times 256.
fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    ((77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue)) >> 8) as u8
}

fn on_white(luma: u8, alpha: u8) -> u8 {
    let (luma, alpha) = (u32::from(luma), u32::from(alpha));
    ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
}

fn decode_jpeg(file: &[u8]) -> Result<LumaFrame, PictureError> {
    let bad = |error: DecodeErrors| damaged(JPEG, error);
    let options = jpeg_options();
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(file), options);
    decoder.decode_headers().map_err(bad)?;
    let info = decoder.info().ok_or_else(|| damaged(JPEG, "no frame header"))?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let pixels = area(width, height)?;
    if pixels > MAX_HELD_PIXELS && !is_sequential(file) {
        return Err(PictureError::TooLargeToHold { got: pixels });
    }
    if matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma)) {
        let luma = decoder.decode().map_err(bad)?;
        return Ok(LumaFrame::new(width, height, luma)?);
    }
    let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
    let rgb = JpegDecoder::new_with_options(Cursor::new(file), options).decode().map_err(bad)?;
    let luma = rgb.chunks_exact(3).map(|p| brightness(p[0], p[1], p[2])).collect();
    Ok(LumaFrame::new(width, height, luma)?)
}

fn jpeg_options() -> DecoderOptions {
    DecoderOptions::new_safe()
        .set_max_width(crate::luma::MAX_SIDE)
        .set_max_height(crate::luma::MAX_SIDE)
        .set_strict_mode(false)
        .jpeg_set_out_colorspace(ColorSpace::Luma)
}

/// Whether the first frame header is a sequential one (T.81, table B.1: SOF0 and SOF1), found by
/// stepping over the marker segments before it.
fn is_sequential(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = file.get(at..at + 4) {
        match marker {
            0xc0 | 0xc1 => return true,
            // A fill byte before a marker.
            0xff => at += 1,
            0xc2..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return false,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    false
}

#[cfg(test)]
mod tests;
