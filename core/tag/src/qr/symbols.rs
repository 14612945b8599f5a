//! First try: rxing, a port of ZXing.

use super::{Code, Symbology};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;
use crate::shield::shielded;
use rxing::common::HybridBinarizer;
use rxing::multi::{GenericMultipleBarcodeReader, MultipleBarcodeReader};
use rxing::oned::MultiFormatOneDReader;
use rxing::qrcode::{QRCodeReader, cpp_port::QrReader};
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, Point, RXingResult,
    RXingResultMetadataType, RXingResultMetadataValue, Reader,
};
use std::collections::HashSet;

/// Square codes, and bar codes only where there is no square code: a package has a price code
/// beside its seal, and nobody asked for that.
pub(super) fn read(frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
    let squares = read_qr(frame);
    if !squares.is_empty() || deadline.expired() {
        return squares;
    }
    read_bars(frame)
}

fn read_qr(frame: &LumaFrame) -> Vec<Code> {
    let hints = hints([BarcodeFormat::QR_CODE]);
    let codes = shielded(|| {
        let mut bitmap = bitmap(frame)?;
        // The crate has two finders; the elder one reads some codes that the newer one does not.
        let codes = QrReader.decode_multiple_with_hints(&mut bitmap, &hints);
        let codes = codes.ok().filter(|codes| !codes.is_empty());
        codes.or_else(|| Some(vec![QRCodeReader.decode_with_hints(&mut bitmap, &hints).ok()?]))
    });
    codes.flatten().unwrap_or_default().iter().filter_map(code).collect()
}

fn read_bars(frame: &LumaFrame) -> Vec<Code> {
    let hints = hints([BarcodeFormat::EAN_13, BarcodeFormat::UPC_A, BarcodeFormat::CODE_128]);
    let codes = shielded(|| {
        let mut reader = GenericMultipleBarcodeReader::new(MultiFormatOneDReader::new(&hints));
        reader.decode_multiple_with_hints(&mut bitmap(frame)?, &hints).ok()
    });
    codes.flatten().unwrap_or_default().iter().filter_map(code).collect()
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
        BarcodeFormat::EAN_13 | BarcodeFormat::UPC_A => Symbology::Ean13,
        BarcodeFormat::CODE_128 => Symbology::Code128,
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
        Symbology::QrCode => {
            let bytes = result.getRawBytes().to_vec();
            let text = String::from_utf8(bytes.clone());
            (bytes, text.unwrap_or_else(|_| result.getText().to_owned()))
        }
        // UPC-A is EAN-13 with a 0 before it (GS1 General Specifications, 5.2.3.2).
        Symbology::Ean13 => {
            let text = format!("{:0>13}", result.getText());
            (text.clone().into_bytes(), text)
        }
        Symbology::Code128 => {
            let text = result.getText();
            let text = text.strip_prefix("]C1").unwrap_or(text).to_owned();
            (text.clone().into_bytes(), text)
        }
    };
    let corners = clockwise(result.getPoints());
    Some(Code { symbology, aim, bytes, text: Some(text), charset: None, confidence: 0.9, corners })
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
