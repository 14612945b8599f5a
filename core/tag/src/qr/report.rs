//! What is reported of a code.

use super::geometry::{Point, point};
use std::fmt;

/// Which kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbology {
    /// QR code (ISO/IEC 18004).
    QrCode,
    /// Micro QR code (ISO/IEC 18004).
    MicroQr,
    /// Rectangular Micro QR code (ISO/IEC 23941).
    RectangularMicroQr,
    /// Data Matrix, GS1 DataMatrix among it (ISO/IEC 16022).
    DataMatrix,
    /// EAN-13, UPC-A among it (ISO/IEC 15420).
    Ean13,
    /// EAN-8 (ISO/IEC 15420).
    Ean8,
    /// UPC-E (ISO/IEC 15420); its content is the EAN-13 that it stands for.
    UpcE,
    /// Code 128, GS1-128 among it (ISO/IEC 15417).
    Code128,
    /// Code 39 (ISO/IEC 16388).
    Code39,
    /// Code 93 (AIM BC5).
    Code93,
    /// Interleaved 2 of 5, ITF-14 among it (ISO/IEC 16390).
    Itf,
    /// Codabar (EN 798).
    Codabar,
    /// GS1 DataBar Omnidirectional and its kin (ISO/IEC 24724); its content is an element string.
    DataBar,
    /// GS1 DataBar Expanded (ISO/IEC 24724); its content is an element string.
    DataBarExpanded,
}

/// One code of a picture.
///
/// A QR code may carry a seal's secret, so its debug form shows no content.
#[derive(Clone, PartialEq)]
pub struct Code {
    /// Which kind of code.
    pub symbology: Symbology,
    /// AIM symbology identifier (ISO/IEC 15424) such as `]Q3`, where the library tells it. `]Q3`
    /// and `]C1` mark GS1 element strings, whose separators are group separators (0x1D) in `bytes`.
    pub aim: Option<String>,
    /// What the code carries, in its own encoding.
    pub bytes: Vec<u8>,
    /// The same as text, if it is text.
    pub text: Option<String>,
    /// Extended channel interpretation (AIM ITS/04-023) of `bytes`, where the code names one; 26 is
    /// UTF-8.
    pub charset: Option<u32>,
    /// How sure the reading is: 1 where nothing had to be corrected, 0.5 where error correction had
    /// nothing to spare. Below that nothing is reported.
    pub confidence: f32,
    /// Where it stands, in pixels of the frame from its upper left corner: the four corners of a
    /// square code clockwise from its own upper left, the two ends of the line read through a bar
    /// code.
    pub corners: Vec<(f32, f32)>,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { symbology, aim, bytes, corners, .. } = self;
        write!(f, "Code({symbology:?}, {aim:?}, {} bytes, {corners:?})", bytes.len())
    }
}

impl Code {
    /// The middle of its corners.
    pub(super) fn middle(&self) -> Point {
        let sum = self.corners.iter().fold(Point::default(), |sum, (x, y)| sum + point(*x, *y));
        sum * (1.0 / self.corners.len().max(1) as f32)
    }

    /// Whether a place lies within its corners, which go round a convex shape.
    pub(super) fn covers(&self, at: Point) -> bool {
        let corner = |i: usize| {
            let (x, y) = self.corners[i % self.corners.len()];
            point(x, y)
        };
        let turns = (0..self.corners.len())
            .map(|i| (corner(i + 1) - corner(i)).cross(at - corner(i)) > 0.0);
        let positive = turns.filter(|positive| *positive).count();
        positive == 0 || positive == self.corners.len()
    }

    /// The same code seen in a copy that was `scale` times smaller and began at `origin`.
    pub(super) fn placed(mut self, scale: f32, origin: (f32, f32)) -> Self {
        for (x, y) in &mut self.corners {
            (*x, *y) = (*x * scale + origin.0, *y * scale + origin.1);
        }
        self
    }
}
