//! Codes drawn here, and photographs where they are at hand.

use super::*;
use crate::deadline::Unbounded;
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::cell::Cell;

/// White paper to draw on.
struct Paper {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Paper {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![235; width * height] }
    }

    fn black(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for y in top..top + height {
            self.pixels[y * self.width + left..][..width].fill(20);
        }
    }

    fn qr(&mut self, data: &[u8], left: usize, top: usize, module: usize) -> usize {
        let code = QrCode::with_error_correction_level(data, EcLevel::M).unwrap();
        self.modules(&code, left, top, module)
    }

    fn modules(&mut self, code: &QrCode, left: usize, top: usize, module: usize) -> usize {
        let side = code.width();
        for (i, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (left + i % side * module, top + i / side * module);
                self.black(x, y, module, module);
            }
        }
        side * module
    }

    /// Bars and gaps by width, bars first.
    fn bars(&mut self, widths: &[usize], left: usize, top: usize, module: usize) {
        let mut x = left;
        for (i, width) in widths.iter().enumerate() {
            if i % 2 == 0 {
                self.black(x, top, width * module, 80);
            }
            x += width * module;
        }
    }

    fn read(self) -> Vec<Code> {
        FrameReader::default()
            .read(&LumaFrame::new(self.width, self.height, self.pixels).unwrap(), &Unbounded)
    }
}

const SEAL: &str = "https://s.example/s#AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn";

#[test]
fn a_small_label_is_read_directly() {
    let mut paper = Paper::new(240, 240);
    let side = paper.qr(SEAL.as_bytes(), 30, 40, 4);
    let codes = paper.read();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].symbology, Symbology::QrCode);
    assert_eq!(codes[0].text.as_deref(), Some(SEAL));
    assert_eq!(codes[0].bytes, SEAL.as_bytes());
    assert_eq!(codes[0].aim.as_deref(), Some("]Q1"));
    let expected = [(30, 40), (30 + side, 40), (30 + side, 40 + side), (30, 40 + side)];
    for ((x, y), (left, top)) in codes[0].corners.iter().zip(expected) {
        assert!((x - left as f32).abs() < 8.0 && (y - top as f32).abs() < 8.0, "{:?}", codes[0]);
    }
    assert_eq!(codes[0].corners.len(), 4);
}

#[test]
fn two_codes_of_one_picture_are_both_read() {
    let mut paper = Paper::new(640, 320);
    paper.qr(SEAL.as_bytes(), 40, 60, 4);
    paper.qr(b"https://example.com/other", 380, 80, 5);
    let mut texts: Vec<_> = paper.read().into_iter().filter_map(|code| code.text).collect();
    texts.sort();
    assert_eq!(texts, ["https://example.com/other", SEAL]);
}

#[test]
fn two_labels_with_one_content_are_two_codes_at_two_places() {
    let mut paper = Paper::new(640, 320);
    paper.qr(SEAL.as_bytes(), 40, 60, 4);
    paper.qr(SEAL.as_bytes(), 380, 80, 4);
    let codes = paper.read();
    assert_eq!(codes.len(), 2);
    assert_eq!(codes[0].bytes, codes[1].bytes);
    assert!((codes[0].corners[0].0 - codes[1].corners[0].0).abs() > 300.0);
}

#[test]
fn a_photograph_is_read_in_a_reduced_copy_and_corners_are_of_the_whole() {
    let mut paper = Paper::new(4000, 3000);
    let side = paper.qr(SEAL.as_bytes(), 1200, 900, 24);
    let codes = paper.read();
    assert_eq!(codes.len(), 1);
    let (x, y) = codes[0].corners[2];
    assert!((x - (1200 + side) as f32).abs() < 30.0 && (y - (900 + side) as f32).abs() < 30.0);
}

#[test]
fn a_code_too_small_for_the_copies_is_read_in_the_whole() {
    let mut paper = Paper::new(4000, 3000);
    paper.qr(SEAL.as_bytes(), 3100, 2300, 3);
    assert_eq!(paper.read().len(), 1);
}

#[test]
fn binary_content_comes_as_its_bytes() {
    let mut paper = Paper::new(240, 240);
    let bytes: Vec<u8> = (0..=60).chain([0xff, 0xfe, 0x80]).collect();
    paper.qr(&bytes, 30, 40, 4);
    assert_eq!(paper.read()[0].bytes, bytes);
}

#[test]
fn a_gs1_qr_code_keeps_its_identifier_and_separators() {
    let mut bits = qrcode::bits::Bits::new(qrcode::Version::Normal(3));
    bits.push_fnc1_first_position().unwrap();
    bits.push_byte_data(b"010950600013435210ABC\x1d21XYZ").unwrap();
    bits.push_terminator(EcLevel::M).unwrap();
    let code = QrCode::with_bits(bits, EcLevel::M).unwrap();
    let mut paper = Paper::new(240, 240);
    paper.modules(&code, 40, 40, 5);
    let codes = paper.read();
    assert_eq!(codes[0].aim.as_deref(), Some("]Q3"));
    assert_eq!(codes[0].bytes, b"010950600013435210ABC\x1d21XYZ");
}

/// Bar and gap widths of EAN-13 (GS1 General Specifications, 5.2.1).
fn ean13(digits: &[u8; 13]) -> Vec<usize> {
    const A: [[usize; 4]; 10] = [
        [3, 2, 1, 1],
        [2, 2, 2, 1],
        [2, 1, 2, 2],
        [1, 4, 1, 1],
        [1, 1, 3, 2],
        [1, 2, 3, 1],
        [1, 1, 1, 4],
        [1, 3, 1, 2],
        [1, 2, 1, 3],
        [3, 1, 1, 2],
    ];
    const PARITY: [u8; 10] =
        [0, 0b1011, 0b1101, 0b1110, 0b10011, 0b11001, 0b11100, 0b10101, 0b10110, 0b11010];
    let digit = |i: usize| usize::from(digits[i] - b'0');
    let mut widths = vec![1, 1, 1];
    for i in 1..7 {
        let mut pattern = A[digit(i)];
        if PARITY[digit(0)] >> (6 - i) & 1 == 1 {
            pattern.reverse();
        }
        widths.extend(pattern);
    }
    widths.extend([1; 5]);
    (7..13).for_each(|i| widths.extend(A[digit(i)]));
    widths.extend([1; 3]);
    widths
}

#[test]
fn a_price_bar_code_is_read() {
    let mut paper = Paper::new(420, 160);
    paper.bars(&ean13(b"6901234567892"), 60, 30, 3);
    let codes = paper.read();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].symbology, Symbology::Ean13);
    assert_eq!(codes[0].text.as_deref(), Some("6901234567892"));
}

#[test]
fn a_gs1_128_keeps_its_identifier() {
    // Code 128 (ISO/IEC 15417): start C, FNC1, code set C digits 01 09 50 60 00 13 43 52.
    let data = [
        (105, "211232"),
        (102, "411131"),
        (1, "222122"),
        (9, "221213"),
        (50, "231131"),
        (60, "314111"),
        (0, "212222"),
        (13, "122132"),
        (43, "112331"),
        (52, "213311"),
    ];
    let sum: usize = data.iter().enumerate().map(|(i, (value, _))| value * i.max(1)).sum();
    let mut widths: Vec<usize> = Vec::new();
    assert_eq!(sum % 103, 94, "the check character below");
    let all = data.iter().map(|(_, widths)| *widths).chain(["131141", "2331112"]);
    all.for_each(|pattern| widths.extend(pattern.bytes().map(|digit| usize::from(digit - b'0'))));
    let mut paper = Paper::new(700, 160);
    paper.bars(&widths, 60, 30, 3);
    let codes = paper.read();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].symbology, Symbology::Code128);
    assert_eq!(codes[0].aim.as_deref(), Some("]C1"));
    assert_eq!(codes[0].bytes, b"0109506000134352");
}

#[test]
fn blank_paper_has_no_code() {
    assert_eq!(Paper::new(900, 700).read(), []);
    assert_eq!(Paper::new(1, 1).read(), []);
}

/// Expires when asked for the nth time.
struct Asks(Cell<usize>);

impl Deadline for Asks {
    fn expired(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

#[test]
fn the_deadline_is_asked_between_library_calls() {
    let frame = LumaFrame::new(2000, 1000, vec![200; 2_000_000]).unwrap();
    let none = Asks(Cell::new(0));
    assert_eq!(FrameReader::default().read(&frame, &none), []);
    let many = Asks(Cell::new(10_000));
    FrameReader::default().read(&frame, &many);
    // Before each step, and before each line that may cross a bar code.
    assert!(10_000 - many.0.get() > 100);
}

#[test]
fn debug_output_has_no_content() {
    let mut paper = Paper::new(240, 240);
    paper.qr(SEAL.as_bytes(), 30, 40, 4);
    let shown = format!("{:?}", paper.read());
    assert!(!shown.contains("AQID"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn seals_of_any_content_come_back(data in "[A-Za-z0-9_-]{52}", module in 3usize..7) {
        let text = format!("https://seal.example/s#{data}");
        let mut paper = Paper::new(360, 360);
        paper.qr(text.as_bytes(), 30, 30, module);
        let codes = paper.read();
        prop_assert_eq!(codes.len(), 1);
        prop_assert_eq!(codes[0].text.as_deref(), Some(&text[..]));
    }

    #[test]
    fn noise_never_panics((width, height, pixels) in (1usize..90, 1usize..90).prop_flat_map(|(w, h)| {
        (Just(w), Just(h), prop::collection::vec(any::<u8>(), w * h))
    })) {
        FrameReader::default().read(&LumaFrame::new(width, height, pixels).unwrap(), &Unbounded);
    }
}

#[test]
fn photographs_are_read() {
    let Some(folder) = crate::tests_shared("images/qr") else { return };
    let mut read = 0;
    for name in ["zxing-qrcode-1", "zxing-qrcode-2"] {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(name)).unwrap().collect();
        files.sort_by_key(|file| file.as_ref().unwrap().path());
        for file in files.into_iter().take(10) {
            let picture = crate::picture::decode(&std::fs::read(file.unwrap().path()).unwrap());
            read +=
                usize::from(!FrameReader::default().read(&picture.unwrap(), &Unbounded).is_empty());
        }
    }
    println!("{read} of 20 photographs read");
    assert!(read >= 18, "{read} of 20");
}
