//! What a picture that a page shows may not do: move, or be drawn over and over.
//!
//! A page's decoder draws what it is given. Each scan of a JPEG goes over all of its pixels: a
//! progressive one has as many as it likes, and a sequential one that repeats its scans too, some
//! ten thousand in half a megabyte. The chunks of APNG make a PNG move. So a file is walked through
//! to its end, segment by segment (T.81, B.1.1) or chunk by chunk (PNG, third edition, 5.3); of one
//! with something else in between nobody knows what a decoder finds in it.

use super::{JPEG, PNG, PictureError, damaged};

/// Most scans of a JPEG: one for each component, of which a picture has four at most.
pub const MAX_SCANS: usize = 4;

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// A sequential JPEG (T.81, table B.1: SOF0 and SOF1) of so few scans.
pub(super) fn jpeg(file: &[u8]) -> Result<(), PictureError> {
    let markers = markers(file).ok_or_else(|| damaged(JPEG, "no segment behind another"))?;
    one_frame(&markers)?;
    sequential(&markers)?;
    few_scans(&markers)
}

fn one_frame(markers: &[u8]) -> Result<(), PictureError> {
    let frames = markers.iter().filter(|marker| is_frame(**marker)).count();
    if frames == 1 { Ok(()) } else { Err(damaged(JPEG, format!("{frames} frames"))) }
}

fn sequential(markers: &[u8]) -> Result<(), PictureError> {
    let other = markers.iter().any(|marker| is_frame(*marker) && !matches!(marker, 0xc0 | 0xc1));
    if other { Err(PictureError::NotSequential) } else { Ok(()) }
}

fn few_scans(markers: &[u8]) -> Result<(), PictureError> {
    let got = markers.iter().filter(|marker| **marker == SCAN).count();
    if got <= MAX_SCANS { Ok(()) } else { Err(PictureError::TooManyScans { got }) }
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf)
}

/// Frames, tables, scans, the end, applications' segments and comments: no picture needs more, and
/// of what is reserved or stands without a length no two decoders think alike.
fn is_known(marker: u8) -> bool {
    let table = matches!(marker, 0xc4 | 0xdb | 0xdd);
    let other = matches!(marker, 0xe0..=0xef | 0xfe);
    is_frame(marker) || table || other || marker == SCAN || marker == END
}

/// The markers from the start of a JPEG to its end; none where it cannot be walked through.
fn markers(file: &[u8]) -> Option<Vec<u8>> {
    // The first two bytes are the start of the image.
    let (mut rest, mut found) = (file.get(2..)?, Vec::new());
    loop {
        let (marker, behind) = marker(rest)?;
        found.push(marker);
        rest = match marker {
            END => return Some(found),
            SCAN => behind_scan(segment(behind)?)?,
            _ => segment(behind)?,
        };
    }
}

/// A known marker, fill bytes before it, and what stands behind it.
fn marker(rest: &[u8]) -> Option<(u8, &[u8])> {
    let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
    let (marker, behind) = rest.get(fill..)?.split_first()?;
    (fill > 0 && is_known(*marker)).then_some((*marker, behind))
}

/// What stands behind a segment that begins with its length.
fn segment(rest: &[u8]) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    if length < 2 { None } else { rest.get(length..) }
}

/// From the first marker behind a scan's data on: neither a stuffed byte, nor a restart, nor fill.
fn behind_scan(data: &[u8]) -> Option<&[u8]> {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    data.get(data.windows(2).position(ends)?..)
}

/// A PNG that does not move.
pub(super) fn png(file: &[u8]) -> Result<(), PictureError> {
    let mut rest = file.get(8..).unwrap_or_default();
    loop {
        let (name, behind) = chunk(rest).ok_or_else(|| damaged(PNG, "cut between its chunks"))?;
        match &name {
            b"IEND" => return Ok(()),
            b"acTL" | b"fcTL" | b"fdAT" => return Err(PictureError::Animated),
            _ => rest = behind,
        }
    }
}

/// The name of a chunk, and what stands behind it.
fn chunk(rest: &[u8]) -> Option<([u8; 4], &[u8])> {
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (name, rest) = rest.split_first_chunk::<4>()?;
    let checked = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(4)?;
    Some((*name, rest.get(checked..)?))
}
