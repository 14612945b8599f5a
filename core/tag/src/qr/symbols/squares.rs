//! Micro QR, rectangular Micro QR and Data Matrix.

use super::{bitmap, code, hints};
use crate::luma::LumaFrame;
use crate::qr::Code;
use crate::shield::shielded;
use rxing::datamatrix::DataMatrixReader;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, Reader};

/// Micro QR codes, square and rectangular.
pub(super) fn micro(view: &LumaFrame) -> Vec<Code> {
    let hints = hints([BarcodeFormat::MICRO_QR_CODE, BarcodeFormat::RECTANGULAR_MICRO_QR_CODE]);
    let codes =
        shielded(|| QrReader.decode_multiple_with_hints(&mut bitmap(view)?, &hints).ok()).flatten();
    codes.unwrap_or_default().iter().filter_map(code).collect()
}

/// One Data Matrix; the crate looks for no second one.
pub(super) fn data_matrix(view: &LumaFrame) -> Vec<Code> {
    let hints = hints([BarcodeFormat::DATA_MATRIX]);
    let found = shielded(|| DataMatrixReader.decode_with_hints(&mut bitmap(view)?, &hints).ok());
    found.flatten().iter().filter_map(code).collect()
}

/// The bytes of a Data Matrix and their text.
///
/// The crate gives text alone: Latin-1 by the standard (ISO/IEC 16022, 5.2.2), so that a byte is a
/// character, unless the code names another set. Many write UTF-8 without saying so.
pub(super) fn content(text: &str) -> (Vec<u8>, String) {
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let bytes = latin.unwrap_or_else(|| text.as_bytes().to_vec());
    let text = String::from_utf8(bytes.clone()).unwrap_or_else(|_| text.to_owned());
    (bytes, text)
}
