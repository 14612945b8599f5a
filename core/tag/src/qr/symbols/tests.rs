//! Symbols drawn from vectors. They were made by zint (in zxing-cpp 3.0), a row a line; rows that
//! repeat, as all of a bar code's do, stand once.

use super::*;
use crate::deadline::Unbounded;
use std::cell::Cell;

const MICRO: &str = "\
#######.#.#.#
#.....#..####
#.###.#..##..
#.###.#.###.#
#.###.#..#.##
#.....#..#..#
#######.#....
.........##.#
###...#.####.
.#..####.####
#..####.#..##
.###...#.#...
#.#..##...##.";

const RECTANGULAR: &str = "\
#######.#.#.#.#.#.#.#.#.###
#.....#.###.#.###.#.##....#
#.###.#..###..#.#####...#.#
#.###.#...#..#..#.##.#..#..
#.###.#......#.##.####.##.#
#.....#..#####.#....###.##.
#######.###..#.###...######
..........#####.##..#.#...#
###..#.#.....##..###.##.#.#
#.#.#.....###....##.#.#...#
###.#.#.#.#.#.#.#.#.#.#####";

const MATRIX: &str = "\
#.#.#.#.#.#.
#.##.##.#.##
##...##.##..
###.##..#..#
##.#........
#####..#.###
#####.#..##.
#..#.##.####
#.##...#.##.
#.#.##.#.#.#
##.#.##...#.
############";

const GS1_MATRIX: &str = "\
#.#.#.#.#.#.#.#.#.#.#.#.#.
##..####..#.#.#.#.#.##..##
#...#.#.....#.....#.###.#.
#.######..#..#.#.#..##.###
###.##...#.#####..#..###..
#....#.#...##....####....#
#..#.##.#...##.#..#.....#.
#.##.##......#..#..##.#..#
####.#.#..###.#.###.#...#.
##.#.#.#....#.#..#....####
#..##....##.######....#.#.
##########################";

const UPC_A: &str = "#.#...##.#.####.#.#.####...##.#...##.#...##.#.#.#.##.##..###.#..##..##.#.###..#..###.##.##..#.#";
const UPC_E: &str = "#.#.##..##..#..##.####.#..###.#.###..#.#.####.#.#.#";
const EAN_8: &str = "#.#...#.##.#.####.####.#.##.###.#.#.#..###.###..#.#...#..#.###..#.#";
const CODE_39: &str = "#..#.##.##.#.#.##.#.##..#.##.#.##..#.#.##.#.#..#.##.#.##.#.#..##.#..#.#.##.##.##.##..#.#.#.#.##..#.##.#.#..#.##.##.#";
const CODE_93: &str = "#.#.####.##.#.##..##..#..#.##.#.#...#.#.##...#.##.###.#....#.#.#.#....#.###.#..#.##..#.#..#.#.####.#";
const CODE_128: &str = "##.#..#....##.###.#...#.##..#....#..#.##....##..#.#....##.##..##..#..###..##.#.###.####.###..##.#..###.####.#.##...###.#.##";
const ITF: &str = "#.#.###.#...#.#...###.###.#.###...#...#.#.###.###...#...#.#.#.###...###...#.###...#...#.#.###.#...#...###.#.###.###.#...###.#...#.###.#";
const CODABAR: &str = "#.##..#..#.#.##.#..#.#.#.#..##.#.#.##..#.##.#.#..#.#..#.#.##.#..#..#.##.";
const DATA_BAR: &str = ".#.....#.#.....#.#.###.........#.##.#.##.#####..##..##.##...#..#.#####.....###..###.####.#..##.#";
const EXPANDED: &str = ".#.###..#.....#..##.########....#.###....#..##...#.#.####.###..##...#.####......###..#.###...###.###.####.#.####...##...######....#.#.##....#..#####.#.";

/// White paper with a symbol in its upper left, some modules from the edge.
fn drawn(symbol: &str, module: usize, bars: usize) -> LumaFrame {
    let rows: Vec<&[u8]> = symbol.lines().map(str::as_bytes).collect();
    let quiet = 12 * module;
    let (width, height) =
        (rows[0].len() * module + 2 * quiet, rows.len() * module * bars + 2 * quiet);
    let mut pixels = vec![230; width * height];
    for y in quiet..height - quiet {
        for x in quiet..width - quiet {
            let (row, column) = ((y - quiet) / module / bars, (x - quiet) / module);
            if rows[row][column] == b'#' {
                pixels[y * width + x] = 25;
            }
        }
    }
    LumaFrame::new(width, height, pixels).unwrap()
}

/// A quarter turn clockwise.
fn turned(frame: &LumaFrame) -> LumaFrame {
    let (width, height) = (frame.height(), frame.width());
    let pixel = |at: usize| frame.pixels()[(width - 1 - at % width) * frame.width() + at / width];
    LumaFrame::new(width, height, (0..width * height).map(pixel).collect()).unwrap()
}

#[track_caller]
fn one(frame: &LumaFrame) -> Code {
    let mut codes = others(frame, &Unbounded);
    assert_eq!(codes.len(), 1, "{codes:?}");
    codes.remove(0)
}

fn expect(code: &Code, symbology: Symbology, aim: &str, bytes: &str) {
    assert_eq!(code.symbology, symbology);
    assert_eq!(code.aim.as_deref(), Some(aim), "{symbology:?}");
    assert_eq!(String::from_utf8_lossy(&code.bytes), bytes, "{symbology:?}");
    assert!(code.confidence >= 0.5, "{}", code.confidence);
}

const BARS: [(Symbology, &str, &str, &str); 10] = [
    (Symbology::Ean13, "]E0", UPC_A, "0036000291452"),
    (Symbology::UpcE, "]E0", UPC_E, "0012345000065"),
    (Symbology::Ean8, "]E4", EAN_8, "96385074"),
    (Symbology::Code39, "]A0", CODE_39, "SEAL-39"),
    (Symbology::Code93, "]G0", CODE_93, "SEAL/93"),
    (Symbology::Code128, "]C0", CODE_128, "Seal 128"),
    (Symbology::Itf, "]I0", ITF, "19506000134359"),
    (Symbology::Codabar, "]F0", CODABAR, "40156"),
    (Symbology::DataBar, "]e0", DATA_BAR, "0109506000134352"),
    (Symbology::DataBarExpanded, "]e0", EXPANDED, "0190012345678908\u{1d}3103001750"),
];

#[test]
fn bar_codes_are_read_upright_lying_and_upside_down() {
    for (symbology, aim, symbol, bytes) in BARS {
        let mut frame = drawn(symbol, 3, 40);
        for turn in 0..4 {
            println!("{symbology:?} after {turn} quarter turns");
            expect(&one(&frame), symbology, aim, bytes);
            frame = turned(&frame);
        }
    }
}

#[test]
fn the_corners_of_a_bar_code_are_the_ends_of_a_line_through_it() {
    let mut frame = drawn(CODE_128, 3, 40);
    let (left, right) = (36.0, 36.0 + 3.0 * CODE_128.len() as f32);
    let near = |a: f32, b: f32| (a - b).abs() < 25.0;
    let ends = one(&frame).corners;
    assert!(ends.len() == 2 && near(ends[0].0, left) && near(ends[1].0, right), "{ends:?}");
    frame = turned(&frame);
    let ends = one(&frame).corners;
    assert!(near(ends[0].1, left) && near(ends[1].1, right), "{ends:?}");
    frame = turned(&frame);
    let ends = one(&frame).corners;
    assert!(near(ends[0].0, right) && near(ends[1].0, left), "{ends:?}");
}

#[test]
fn micro_qr_codes_are_read() {
    expect(&one(&drawn(MICRO, 5, 1)), Symbology::MicroQr, "]Q1", "SEAL1");
    let code = one(&drawn(RECTANGULAR, 5, 1));
    expect(&code, Symbology::RectangularMicroQr, "]Q1", "SEAL 0123");
    assert_eq!(code.corners.len(), 4);
}

#[test]
fn a_data_matrix_is_read() {
    expect(&one(&drawn(MATRIX, 5, 1)), Symbology::DataMatrix, "]d1", "hello");
    let code = one(&turned(&drawn(GS1_MATRIX, 4, 1)));
    expect(&code, Symbology::DataMatrix, "]d2", "010950600013435210A1\u{1d}21X");
    assert_eq!(code.corners.len(), 4);
}

#[test]
fn utf_8_in_a_data_matrix_is_found_without_being_named() {
    let (bytes, text) = squares::content("ç\u{93}¶");
    assert_eq!((bytes.as_slice(), text.as_str()), ("瓶".as_bytes(), "瓶"));
    let (bytes, text) = squares::content("é");
    assert_eq!((bytes.as_slice(), text.as_str()), (&[0xe9][..], "é"));
}

#[test]
fn a_symbol_of_a_large_frame_is_read_in_a_reduced_copy() {
    let symbol = drawn(UPC_A, 16, 40);
    let code = one(&symbol);
    expect(&code, Symbology::Ean13, "]E0", "0036000291452");
    let (end, right) = (code.corners[1].0, (12 + UPC_A.len()) as f32 * 16.0);
    assert!((end - right).abs() < 60.0, "{end} {right}");
}

#[test]
fn one_line_alone_is_no_bar_code() {
    let frame = drawn(UPC_A, 3, 40);
    let (width, white) = (frame.width(), vec![230; frame.width()]);
    let line = &frame.pixels()[frame.height() / 2 * width..][..width];
    let with = |lines: usize| {
        let rows =
            (0..64).flat_map(|at| if (32..32 + lines).contains(&at) { line } else { &white });
        others(&LumaFrame::new(width, 64, rows.copied().collect()).unwrap(), &Unbounded)
    };
    assert_eq!(with(1), []);
    assert_eq!(with(4).len(), 1);
}

#[test]
fn a_view_of_more_than_a_quarter_megapixel_is_not_looked_at() {
    let small = drawn(UPC_A, 3, 40);
    let (width, height) = (1024, 257);
    let mut pixels = vec![230; width * height];
    for (row, from) in
        pixels.chunks_exact_mut(width).zip(small.pixels().chunks_exact(small.width()))
    {
        row[..from.len()].copy_from_slice(from);
    }
    let frame = LumaFrame::new(width, height, pixels).unwrap();
    assert_eq!(in_view(&frame, &Unbounded), []);
    assert_eq!(in_view(&frame.crop(0, 0, 1024, 256).unwrap(), &Unbounded).len(), 1);
    assert!(quarter(&frame).width() * quarter(&frame).height() <= MOST);
}

struct Asked(Cell<usize>, usize);

impl Deadline for Asked {
    fn expired(&self) -> bool {
        self.0.set(self.0.get() + 1);
        self.0.get() > self.1
    }
}

#[test]
fn the_deadline_is_asked_before_each_call_and_each_line() {
    let frame = drawn(UPC_A, 3, 40);
    assert_eq!(others(&frame, &Asked(Cell::new(0), 0)), []);
    assert_eq!(others(&frame, &Asked(Cell::new(0), 3)), []);
    assert_eq!(others(&frame, &Asked(Cell::new(0), 1000)).len(), 1);
}
