//! Labels: the web address of a seal, its QR symbol as SVG and PNG, and its NDEF message.

use qrcode::{EcLevel, QrCode};
use sealight_verify::format::seal::{SealCode, TypedNumber};
use std::fmt::{self, Write as _};

/// Light modules on each side of a symbol (ISO/IEC 18004, section 6.3.8).
const QUIET: usize = 4;

/// Most bytes of an address.
const MAX_URI: usize = 512;

/// Most pixels of one module.
pub const MAX_MODULE: u32 = 64;

/// Why a label cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelError {
    /// Not a host name in lower-case letters, digits, points and hyphens, with a port at most.
    Host,
    /// Not a GTIN of 14 digits.
    Gtin,
    /// Not a serial number of 1 to 20 letters, digits and signs of GS1's set.
    Serial,
    /// An address that is too long for a label.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// Modules of no pixel, or of more than [`MAX_MODULE`].
    ModuleSize {
        /// Pixels asked for.
        got: u32,
    },
    /// The symbol could not be made, in its maker's words.
    Symbol {
        /// What the maker says.
        why: String,
    },
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("not a host name in lower case"),
            Self::Gtin => f.write_str("not a GTIN of 14 digits"),
            Self::Serial => f.write_str("not a serial number of 1 to 20 characters of GS1's set"),
            Self::TooLong { got, max } => write!(f, "an address of {got} bytes, at most {max}"),
            Self::ModuleSize { got } => {
                write!(f, "modules of {got} pixels; 1 to {MAX_MODULE} are possible")
            }
            Self::Symbol { why } => write!(f, "no symbol: {why}"),
        }
    }
}

impl std::error::Error for LabelError {}

/// `https://HOST/s#FRAGMENT`; the host carries no trust and never sees the fragment.
///
/// # Errors
/// [`LabelError::Host`] for what is no host name in lower case.
pub fn seal_uri(host: &str, seal: &SealCode) -> Result<String, LabelError> {
    plain_host(host)?;
    Ok(format!("https://{host}/s#{}", seal.fragment()))
}

/// The same fragment after a GS1 Digital Link URI (GS1 Digital Link standard, URI syntax, section
/// 4): `https://HOST/01/GTIN/21/SERIAL#FRAGMENT`.
///
/// # Errors
/// [`LabelError::Host`] for what is no host name in lower case, [`LabelError::Gtin`] for other than
/// 14 digits, and [`LabelError::Serial`] for other than 1 to 20 characters of GS1's set.
pub fn digital_link_uri(
    host: &str,
    gtin14: &str,
    serial: &str,
    seal: &SealCode,
) -> Result<String, LabelError> {
    plain_host(host)?;
    if gtin14.len() != 14 || !gtin14.bytes().all(|b| b.is_ascii_digit()) {
        return Err(LabelError::Gtin);
    }
    let serial = percent_encoded(serial)?;
    Ok(format!("https://{host}/01/{gtin14}/21/{serial}#{}", seal.fragment()))
}

/// The number for typing, as printed beneath the symbol.
pub fn number(seal: &SealCode) -> TypedNumber {
    TypedNumber { lot: seal.lot, index: seal.index }
}

fn plain_host(host: &str) -> Result<(), LabelError> {
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let label = |label: &str| {
        let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
        (1..=63).contains(&label.len()) && label.bytes().all(plain)
    };
    let sound = host.len() <= 253
        && name.split('.').all(label)
        && port.len() <= 5
        && port.bytes().all(|b| b.is_ascii_digit())
        && !port.is_empty();
    if sound { Ok(()) } else { Err(LabelError::Host) }
}

/// GS1 encodable character set 82 (General Specifications, figure 7.11-1), all but letters,
/// digits and `-`, `.`, `_` as `%XX`.
fn percent_encoded(serial: &str) -> Result<String, LabelError> {
    if !(1..=20).contains(&serial.len()) {
        return Err(LabelError::Serial);
    }
    let mut text = String::with_capacity(serial.len());
    for byte in serial.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                text.push(char::from(byte));
            }
            b'!' | b'"' | b'%'..=b'/' | b':'..=b'?' => {
                // Writing to a string cannot fail.
                _ = write!(text, "%{byte:02X}");
            }
            _ => return Err(LabelError::Serial),
        }
    }
    Ok(text)
}

/// A QR symbol (ISO/IEC 18004) with error correction level M.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrSymbol {
    /// Modules a side, without the quiet zone.
    side: usize,
    /// Row by row, dark ones true.
    dark: Vec<bool>,
}

impl QrSymbol {
    /// The smallest symbol for an address.
    ///
    /// # Errors
    /// [`LabelError::TooLong`] for more than 512 bytes, and [`LabelError::Symbol`] where none is
    /// made.
    pub fn encode(uri: &str) -> Result<Self, LabelError> {
        fits(uri)?;
        let code = QrCode::with_error_correction_level(uri, EcLevel::M)
            .map_err(|error| LabelError::Symbol { why: error.to_string() })?;
        let dark = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
        Ok(Self { side: code.width(), dark })
    }

    /// Modules a side with the quiet zone.
    pub fn width(&self) -> usize {
        self.side + 2 * QUIET
    }

    /// Whether a module is dark; the quiet zone, and what lies past it, is not.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.side);
        let at = inside(x).zip(inside(y)).map(|(x, y)| y * self.side + x);
        at.and_then(|at| self.dark.get(at)).is_some_and(|dark| *dark)
    }

    /// The symbol as SVG, one unit a module, the number for typing beneath it.
    pub fn svg(&self, number: Option<&TypedNumber>) -> String {
        let width = self.width();
        let height = width + if number.is_some() { QUIET } else { 0 };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             shape-rendering=\"crispEdges\">\n<rect width=\"{width}\" height=\"{height}\" \
             fill=\"#fff\"/>\n<path fill=\"#000\" d=\""
        );
        for y in 0..width {
            let mut x = 0;
            while x < width {
                let run = (x..width).take_while(|at| self.is_dark(*at, y)).count();
                if run > 0 {
                    // Writing to a string cannot fail.
                    _ = write!(svg, "M{x} {y}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        svg.push_str("\"/>\n");
        if let Some(number) = number {
            let (middle, base, length) = (width as f32 / 2.0, width as f32 + 0.5, self.side);
            _ = writeln!(
                svg,
                "<text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\" font-family=\"monospace\" \
                 font-size=\"2.4\" textLength=\"{length}\" \
                 lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                number.text()
            );
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// The symbol as PNG, 8-bit grey, `module` pixels a module.
    ///
    /// # Errors
    /// [`LabelError::ModuleSize`], and [`LabelError::Symbol`] where the picture is not made.
    pub fn png(&self, module: u32) -> Result<Vec<u8>, LabelError> {
        if !(1..=MAX_MODULE).contains(&module) {
            return Err(LabelError::ModuleSize { got: module });
        }
        let repeat = module as usize;
        let side = self.width() * repeat;
        let mut pixels = Vec::with_capacity(side * side);
        for y in 0..self.width() {
            let row: Vec<u8> =
                (0..side).map(|x| if self.is_dark(x / repeat, y) { 0x00 } else { 0xff }).collect();
            (0..repeat).for_each(|_| pixels.extend_from_slice(&row));
        }
        let mut bytes = Vec::new();
        // At most (177 + 8) * 64 pixels a side.
        let mut encoder = png::Encoder::new(&mut bytes, side as u32, side as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&pixels)?;
            writer.finish()
        });
        written.map_err(|error| LabelError::Symbol { why: error.to_string() })?;
        Ok(bytes)
    }
}

/// The NDEF message with one URI record for an address (NFC Forum NDEF 1.0, section 3.2; URI RTD
/// 1.0, section 3.2), as it is written to a tag without the tag's own wrapping.
///
/// # Errors
/// [`LabelError::TooLong`] for more than 512 bytes.
pub fn ndef_message(uri: &str) -> Result<Vec<u8>, LabelError> {
    fits(uri)?;
    let (code, rest) = match uri.strip_prefix("https://") {
        Some(rest) => (0x04, rest),
        None => (0x00, uri),
    };
    // First and last record of a well-known type; the length takes one byte or four.
    let length = rest.len() + 1;
    let mut message = match u8::try_from(length) {
        Ok(short) => vec![0xd1, 1, short],
        Err(_) => [&[0xc1, 1][..], &(length as u32).to_be_bytes()].concat(),
    };
    message.extend([b'U', code]);
    message.extend_from_slice(rest.as_bytes());
    Ok(message)
}

fn fits(uri: &str) -> Result<(), LabelError> {
    if uri.len() > MAX_URI {
        return Err(LabelError::TooLong { got: uri.len(), max: MAX_URI });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
