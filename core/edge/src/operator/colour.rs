//! A brand's colour, limited by what can be read on it.

use super::error::ShopError;

/// Least contrast of text (WCAG 2.2, success criterion 1.4.3).
pub const MIN_CONTRAST: f64 = 4.5;

/// What the colour must stand out from: the texts on the field that it fills, and the ground of
/// every page, as `ui/tokens.json` has them.
pub(super) const BESIDE: [(&str, Colour); 3] = [
    ("on-porcelain", Colour([0xff, 0xff, 0xff])),
    ("on-porcelain-2", Colour([0xd6, 0xdf, 0xf6])),
    ("ground", Colour([0xf1, 0xf3, 0xf5])),
];

/// An sRGB colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// A colour as `#RRGGBB`, if texts can be read on it.
    ///
    /// # Errors
    /// [`ShopError::Colour`] and [`ShopError::Contrast`].
    pub fn field(text: &str) -> Result<Self, ShopError> {
        let colour = Self::parse(text)
            .ok_or_else(|| ShopError::Colour { got: text.chars().take(16).collect() })?;
        let contrasts = BESIDE.map(|(name, beside)| (name, colour.contrast(beside)));
        match contrasts.into_iter().find(|(_, ratio)| *ratio < MIN_CONTRAST) {
            None => Ok(colour),
            Some((beside, ratio)) => {
                Err(ShopError::Contrast { colour, beside, hundredths: (ratio * 100.0) as u32 })
            }
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let hex = |at: usize| {
            let pair = digits.get(at..at + 2)?;
            pair.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
            u8::from_str_radix(pair, 16).ok()
        };
        Some(Self([hex(0)?, hex(2)?, hex(4)?]))
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl core::fmt::Display for Colour {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}
