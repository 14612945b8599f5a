//! GS1: element strings, Digital Links, application identifiers (AI) and check digits.
//!
//! Sources: GS1 General Specifications; GS1 Digital Link Standard: URI Syntax; GS1 Barcode Syntax
//! Dictionary. What is not looked at: which identifiers must or must not stand together, the code
//! lists of ISO, and whether a company prefix was ever given out.

mod ais;
mod digital_link;
mod element_string;
mod error;
mod rules;
mod table;

pub use digital_link::DigitalLink;
pub use element_string::ElementString;
pub use error::{Gs1Error, ValueError};
pub(crate) use rules::mod10;

/// Group separator, which stands for FNC1 between elements.
pub const GS: char = '\u{1d}';

/// Most bytes that are looked at.
pub const MAX_LEN: usize = 2048;

/// Most elements of a string or a link.
pub const MAX_ELEMENTS: usize = 64;

/// The identifier of a trade item number.
const GTIN: &str = "01";

/// Which characters a piece of a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// 0 to 9.
    Digits,
    /// The 82 characters of GS1 General Specifications, figure 7.11-1.
    Set82,
    /// The 39 characters of figure 7.11-2.
    Set39,
    /// base64url (RFC 4648, section 5), with padding.
    Base64Url,
}

impl Charset {
    fn has(self, c: u8) -> bool {
        match self {
            Self::Digits => c.is_ascii_digit(),
            Self::Set82 => c.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&c),
            Self::Set39 => c.is_ascii_digit() || c.is_ascii_uppercase() || b"#-/".contains(&c),
            Self::Base64Url => c.is_ascii_alphanumeric() || b"-_=".contains(&c),
        }
    }
}

/// One application identifier and its value; the value fits the identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    ai: String,
    value: String,
}

impl Element {
    /// Fits a value to its identifier: length, character set, check digit, date, prefix.
    ///
    /// # Errors
    /// [`Gs1Error::UnknownAi`], and [`Gs1Error::Value`] with what of the value does not fit.
    pub fn new(ai: &str, value: &str) -> Result<Self, Gs1Error> {
        let entry = table::lookup(ai).ok_or_else(|| Gs1Error::UnknownAi { got: brief(ai) })?;
        match entry.accept(value) {
            Ok(()) => Ok(Self { ai: ai.to_owned(), value: value.to_owned() }),
            Err(why) => Err(Gs1Error::Value { ai: ai.to_owned(), why }),
        }
    }

    /// The identifier, 2 to 4 digits.
    pub fn ai(&self) -> &str {
        &self.ai
    }

    /// The value, unescaped.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Digits with a fitting check digit at their end, of the lengths that GTINs have: 8, 12, 13, 14.
pub fn is_gtin(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14)
        && text.bytes().all(|c| c.is_ascii_digit())
        && text.ends_with(mod10(&text[..text.len() - 1]))
}

/// The start of what was found instead, for an error's text.
fn brief(text: &str) -> String {
    text.chars().take(8).collect()
}

/// The value of an identifier among elements.
fn value_of<'a>(elements: &'a [Element], ai: &str) -> Option<&'a str> {
    elements.iter().find(|element| element.ai == ai).map(Element::value)
}

/// Adds an element; the same one twice is one, two values for one identifier are none.
fn add(elements: &mut Vec<Element>, element: Element) -> Result<(), Gs1Error> {
    match elements.iter().find(|old| old.ai == element.ai) {
        Some(old) if *old == element => Ok(()),
        Some(_) => Err(Gs1Error::Repeated { ai: element.ai }),
        None if elements.len() == MAX_ELEMENTS => Err(Gs1Error::TooMany { max: MAX_ELEMENTS }),
        None => {
            elements.push(element);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
