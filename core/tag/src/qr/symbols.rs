//! rxing, a port of ZXing: the symbols that are no QR codes.
//!
//! The crate cannot be interrupted, so what is not QR is searched in views of at most a quarter
//! megapixel, and the deadline is asked between its calls.

mod bars;
mod squares;

use super::{Code, Symbology};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;
use rxing::common::HybridBinarizer;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, Point, RXingResult,
    RXingResultMetadataType, RXingResultMetadataValue,
};
use std::borrow::Cow;
use std::collections::HashSet;

/// Most pixels that are looked at in one call.
const MOST: usize = 1 << 18;

/// Micro QR, rectangular Micro QR, Data Matrix and bar codes of a frame, seen in a reduced copy.
pub(super) fn others(frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
    let view = quarter(frame);
    let scale = frame.long_edge() as f32 / view.long_edge() as f32;
    let codes = in_view(&view, deadline);
    codes.into_iter().map(|code| code.placed(scale, (0.0, 0.0))).collect()
}

/// The same of a view that somebody chose; nothing where it is more than a quarter megapixel.
///
/// Bar codes only where there is no square code: a package has a price code beside its seal, and
/// nobody asked for that.
fn in_view(view: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
    if view.width() * view.height() > MOST {
        return Vec::new();
    }
    for read in [squares::micro, squares::data_matrix] {
        if deadline.expired() {
            return Vec::new();
        }
        let codes = read(view);
        if !codes.is_empty() {
            return codes;
        }
    }
    bars::read(view, deadline)
}

/// The frame as it is, or reduced to a quarter megapixel.
fn quarter(frame: &LumaFrame) -> Cow<'_, LumaFrame> {
    let (long, short) = (frame.long_edge(), frame.width().min(frame.height()));
    // In 64 bits: a long side times a quarter megapixel is more than a 32-bit phone's word.
    let edge = (MOST as u64 * long as u64 / short as u64).isqrt();
    frame.reduced(edge as usize).map_or(Cow::Borrowed(frame), Cow::Owned)
}

fn hints<const N: usize>(formats: [BarcodeFormat; N]) -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(HashSet::from(formats)),
        TryHarder: Some(true),
        // Else a GS1-128 loses the separators between its elements.
        AssumeGs1: Some(true),
        ..DecodeHints::default()
    }
}

type Bitmap<'a> = BinaryBitmap<HybridBinarizer<Luma8Source<'a>>>;

fn bitmap(frame: &LumaFrame) -> Option<Bitmap<'_>> {
    let (width, height) = (frame.width() as u32, frame.height() as u32);
    let source = Luma8Source::new_with_slice(frame.pixels(), width, height).ok()?;
    Some(BinaryBitmap::new(HybridBinarizer::new(source)))
}

fn code(result: &RXingResult) -> Option<Code> {
    let symbology = match result.getBarcodeFormat() {
        BarcodeFormat::QR_CODE => Symbology::QrCode,
        BarcodeFormat::MICRO_QR_CODE => Symbology::MicroQr,
        BarcodeFormat::RECTANGULAR_MICRO_QR_CODE => Symbology::RectangularMicroQr,
        BarcodeFormat::DATA_MATRIX => Symbology::DataMatrix,
        BarcodeFormat::EAN_13 | BarcodeFormat::UPC_A => Symbology::Ean13,
        BarcodeFormat::EAN_8 => Symbology::Ean8,
        BarcodeFormat::UPC_E => Symbology::UpcE,
        BarcodeFormat::CODE_128 => Symbology::Code128,
        BarcodeFormat::CODE_39 => Symbology::Code39,
        BarcodeFormat::CODE_93 => Symbology::Code93,
        BarcodeFormat::ITF => Symbology::Itf,
        BarcodeFormat::CODABAR => Symbology::Codabar,
        BarcodeFormat::RSS_14 => Symbology::DataBar,
        BarcodeFormat::RSS_EXPANDED => Symbology::DataBarExpanded,
        _ => return None,
    };
    let aim =
        match result.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER) {
            Some(RXingResultMetadataValue::SymbologyIdentifier(aim)) if !aim.is_empty() => {
                Some(aim.clone())
            }
            _ => None,
        };
    let (bytes, text) = match symbology {
        Symbology::QrCode | Symbology::MicroQr | Symbology::RectangularMicroQr => {
            let bytes = result.getRawBytes().to_vec();
            let text = String::from_utf8(bytes.clone());
            (bytes, text.unwrap_or_else(|_| result.getText().to_owned()))
        }
        Symbology::DataMatrix => squares::content(result.getText()),
        _ => {
            let text = bars::content(symbology, result.getText())?;
            (text.clone().into_bytes(), text)
        }
    };
    let corners = match symbology {
        Symbology::QrCode | Symbology::MicroQr | Symbology::RectangularMicroQr => {
            clockwise(result.getPoints())
        }
        _ => result.getPoints().iter().map(|point| (point.x, point.y)).collect(),
    };
    let confidence = 0.9;
    Some(Code { symbology, aim, bytes, text: Some(text), charset: None, confidence, corners })
}

/// The crate names a square's corners by row; going around, the last two change places.
fn clockwise(points: &[Point]) -> Vec<(f32, f32)> {
    let mut corners: Vec<_> = points.iter().map(|point| (point.x, point.y)).collect();
    if let [a, b, c, d] = corners[..]
        && turn(a, b, c) * turn(b, c, d) < 0.0
    {
        corners.swap(2, 3);
    }
    corners
}

/// Positive if the way from `a` over `b` to `c` turns one way, negative if it turns the other.
fn turn(a: (f32, f32), b: (f32, f32), c: (f32, f32)) -> f32 {
    (b.0 - a.0) * (c.1 - b.1) - (b.1 - a.1) * (c.0 - b.0)
}

#[cfg(test)]
mod tests;
