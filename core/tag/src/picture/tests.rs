//! Picture files that are drawn here, and damaged ones.

use super::*;
use proptest::prelude::*;

fn png_file(width: u32, height: u32, color: png::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    file
}

/// A header that claims these sides, with nothing behind it.
fn png_header(width: u32, height: u32, interlace: u8) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, interlace]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&chunk);
    file.extend(crc32(&chunk).to_be_bytes());
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 != 0 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

/// A baseline JPEG of 8 x 8 pixels of one brightness: `dc` is the difference category's bits.
/// Tables as short as T.81 lets them be.
fn jpeg_file(sof: u8, width: u16, height: u16) -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xdb\x00\x43\x00".to_vec();
    file.extend([1; 64]);
    file.extend([0xff, sof, 0, 11, 8]);
    file.extend(height.to_be_bytes());
    file.extend(width.to_be_bytes());
    file.extend([1, 1, 0x11, 0]);
    // One code of one bit each: DC category 0, AC end of block.
    for class in [0x00, 0x10] {
        file.extend([0xff, 0xc4, 0, 20, class, 1]);
        file.extend([0; 15]);
        file.push(0);
    }
    file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    let blocks = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8));
    file.extend(vec![0; blocks.div_ceil(4).min(64)]);
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn a_grey_png_comes_as_it_is() {
    let frame = decode(&png_file(2, 2, png::ColorType::Grayscale, &[0, 85, 170, 255])).unwrap();
    assert_eq!((frame.width(), frame.height()), (2, 2));
    assert_eq!(frame.pixels(), [0, 85, 170, 255]);
}

#[test]
fn a_colour_png_comes_as_brightness() {
    let file = png_file(3, 1, png::ColorType::Rgb, &[255, 0, 0, 0, 255, 0, 255, 255, 255]);
    assert_eq!(decode(&file).unwrap().pixels(), [76, 149, 255]);
}

#[test]
fn a_see_through_png_stands_on_white() {
    let file = png_file(2, 1, png::ColorType::Rgba, &[0, 0, 0, 0, 0, 0, 0, 255]);
    assert_eq!(decode(&file).unwrap().pixels(), [255, 0]);
}

#[test]
fn a_grey_jpeg_is_decoded() {
    let frame = decode(&jpeg_file(0xc0, 16, 8)).unwrap();
    assert_eq!((frame.width(), frame.height()), (16, 8));
    assert!(frame.pixels().iter().all(|pixel| *pixel == 128));
}

#[test]
fn a_file_is_at_most_32_megabytes() {
    let file = vec![0; MAX_FILE + 1];
    assert_eq!(decode(&file), Err(PictureError::FileTooLarge { got: MAX_FILE + 1 }));
}

#[test]
fn only_png_and_jpeg_are_read() {
    assert_eq!(decode(b"GIF89a"), Err(PictureError::UnknownFormat));
    assert_eq!(decode(b""), Err(PictureError::UnknownFormat));
}

#[test]
fn sides_are_looked_at_before_pixels() {
    let too_large = |width, height| Err(LumaError::TooLarge { width, height }.into());
    assert_eq!(decode(&png_header(60_000, 60_000, 0)), too_large(60_000, 60_000));
    assert_eq!(decode(&jpeg_file(0xc0, 60_000, 60_000)), too_large(60_000, 60_000));
}

#[test]
fn a_picture_to_be_held_whole_is_smaller() {
    let error = Err(PictureError::TooLargeToHold { got: 36_000_000 });
    assert_eq!(decode(&png_header(6000, 6000, 1)), error);
    assert_eq!(decode(&jpeg_file(0xc2, 6000, 6000)), error);
}

#[test]
fn a_cut_png_is_damaged() {
    let file = png_file(40, 40, png::ColorType::Grayscale, &[9; 1600]);
    for end in 8..file.len() - 16 {
        let error = decode(&file[..end]).unwrap_err();
        assert!(matches!(error, PictureError::Damaged { format: "PNG", .. }), "{end}: {error}");
    }
}

/// The header of a scan, as in [`jpeg_file`].
const SCAN: [u8; 10] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];

/// A baseline JPEG of 16 x 8 pixels that is drawn so often.
fn of_scans(scans: usize) -> Vec<u8> {
    let file = jpeg_file(0xc0, 16, 8);
    let first = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let scan = [&SCAN[..], &[0]].concat();
    [&file[..first], &scan.repeat(scans), &[0xff, 0xd9]].concat()
}

/// A PNG with this chunk behind its header, which ends after 33 bytes.
fn with_chunk(name: &[u8; 4]) -> Vec<u8> {
    let mut file = png_file(2, 2, png::ColorType::Grayscale, &[0; 4]);
    let chunk = [&b"\0\0\0\x08"[..], name, b"\0\0\0\x02\0\0\0\0", b"sum?"].concat();
    file.splice(33..33, chunk);
    file
}

fn shown(file: &[u8]) -> Result<(usize, usize), PictureError> {
    facts(file).map(|facts| (facts.width, facts.height))
}

#[test]
fn a_still_picture_may_be_shown() {
    assert_eq!(shown(&png_file(2, 2, png::ColorType::Grayscale, &[0; 4])), Ok((2, 2)));
    for sof in [0xc0, 0xc1] {
        assert_eq!(shown(&jpeg_file(sof, 16, 8)), Ok((16, 8)), "SOF{}", sof & 15);
    }
    // Fill bytes, a comment, a restart and a stuffed byte are in nobody's way.
    let mut file = jpeg_file(0xc0, 16, 8);
    file.splice(2..2, *b"\xff\xff\xff\xfe\0\x04hi");
    let end = file.len() - 2;
    file.splice(end..end, *b"\xff\x00\xff\xd0\xff");
    assert_eq!(shown(&file), Ok((16, 8)));
    // What stands behind the end is drawn by nobody.
    file.extend(jpeg_file(0xc2, 16, 8));
    assert_eq!(shown(&file), Ok((16, 8)));
}

#[test]
fn a_progressive_jpeg_is_not_shown() {
    assert_eq!(shown(&jpeg_file(0xc2, 16, 8)), Err(PictureError::NotSequential));
}

#[test]
fn a_jpeg_that_is_drawn_over_and_over_is_not_shown() {
    assert_eq!(shown(&of_scans(MAX_SCANS)), Ok((16, 8)));
    let got = MAX_SCANS + 1;
    assert_eq!(shown(&of_scans(got)), Err(PictureError::TooManyScans { got }));
    assert_eq!(shown(&of_scans(40_000)), Err(PictureError::TooManyScans { got: 40_000 }));
}

#[test]
fn a_jpeg_that_cannot_be_walked_through_is_not_shown() {
    let file = jpeg_file(0xc0, 16, 8);
    let is_damaged =
        |file: &[u8]| matches!(shown(file), Err(PictureError::Damaged { format: "JPEG", .. }));
    for end in 3..file.len() {
        assert!(is_damaged(&file[..end]), "cut at {end}");
    }
    // Behind the quantisation table: bytes of no segment, and a restart that hides what follows.
    for hides in [&b"xy"[..], b"\xff\xd0", b"\xff\x01", b"\xff\xf7\0\x02"] {
        let mut file = file.clone();
        file.splice(71..71, hides.iter().copied());
        assert!(is_damaged(&file), "{hides:02x?}");
    }
    let mut two = of_scans(1);
    let frame = two.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    let frame = two[frame..frame + 13].to_vec();
    let end = two.len() - 2;
    two.splice(end..end, frame);
    assert!(is_damaged(&two), "two frames");
}

#[test]
fn a_png_that_moves_is_not_shown() {
    assert_eq!(shown(&with_chunk(b"tEXt")), Ok((2, 2)));
    for name in [b"acTL", b"fcTL", b"fdAT"] {
        assert_eq!(shown(&with_chunk(name)), Err(PictureError::Animated));
    }
}

#[test]
fn a_png_that_does_not_come_to_its_end_is_not_shown() {
    let file = png_file(2, 2, png::ColorType::Grayscale, &[0; 4]);
    for end in 8..file.len() {
        let error = shown(&file[..end]);
        assert!(matches!(error, Err(PictureError::Damaged { format: "PNG", .. })), "{end}");
    }
}

proptest! {
    #[test]
    fn damaged_pictures_never_panic(at in 0usize..400, bytes in prop::collection::vec(any::<u8>(), 1..8)) {
        let samples: Vec<u8> = (0..48 * 16).map(|i| (i * 7) as u8).collect();
        for mut file in [png_file(16, 16, png::ColorType::Rgb, &samples), jpeg_file(0xc0, 32, 32), jpeg_file(0xc2, 32, 32)] {
            for (i, byte) in bytes.iter().enumerate() {
                let len = file.len();
                file[(at + i) % len] = *byte;
            }
            let _ = decode(&file);
            let _ = facts(&file);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(tail in prop::collection::vec(any::<u8>(), 0..600)) {
        for start in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff"] {
            let file = [start, &tail].concat();
            let _ = (decode(&file), facts(&file));
        }
    }
}
