//! Namespaces: what a party may speak for. No two overlap across all parties.

use super::bounds::{BoundsError, require, text};
use alloc::string::String;
use minicbor::{Decode, Encode};

/// Something that belongs to one party alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Namespace {
    /// Leading digits of GTIN-14s (the indicator digit included).
    #[n(0)]
    Gtin(#[n(0)] String),
    /// `host/path-prefix` of web addresses, lower case, no scheme.
    #[n(1)]
    Host(#[n(0)] String),
    /// Fixed-length pattern of old codes: literal characters, `#` a digit, `?` a letter or digit.
    #[n(2)]
    Pattern(#[n(0)] String),
    /// A brand name, as registered.
    #[n(3)]
    Brand(#[n(0)] String),
}

impl core::fmt::Display for Namespace {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Gtin(digits) => write!(f, "GTIN {digits}..."),
            Self::Host(host) => write!(f, "{host}/..."),
            Self::Pattern(pattern) => write!(f, "codes like {pattern}"),
            Self::Brand(name) => write!(f, "the brand {name}"),
        }
    }
}

impl Namespace {
    /// Refuses what no namespace can be; a name must not mix scripts that look alike.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        match self {
            Self::Gtin(digits) => require(
                "gtin namespace",
                (4..=14).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()),
            ),
            Self::Host(host) => {
                text("host namespace", host)?;
                let plain =
                    |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'/' | b'_');
                require("host namespace", host.bytes().all(plain) && host.contains('.'))
            }
            Self::Pattern(pattern) => {
                text("pattern namespace", pattern)?;
                // GS1 codes, `(01)...` in their canonical text, are of whoever has the GTIN.
                require(
                    "pattern namespace",
                    pattern.is_ascii()
                        && (6..=128).contains(&pattern.len())
                        && !pattern.starts_with('('),
                )
            }
            Self::Brand(name) => {
                text("brand namespace", name)?;
                require("brand namespace", !mixes_look_alikes(name))
            }
        }
    }

    /// Whether some code or name could belong to both.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Gtin(a), Self::Gtin(b)) => {
                a.starts_with(b.as_str()) || b.starts_with(a.as_str())
            }
            (Self::Host(a), Self::Host(b)) => path_prefix(a, b) || path_prefix(b, a),
            (Self::Pattern(a), Self::Pattern(b)) => {
                a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| classes_meet(a, b))
            }
            (Self::Brand(a), Self::Brand(b)) => skeleton(a) == skeleton(b),
            _ => false,
        }
    }

    /// Whether everything in `other` lies in this namespace.
    pub fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Gtin(a), Self::Gtin(b)) => b.starts_with(a.as_str()),
            (Self::Host(a), Self::Host(b)) => path_prefix(a, b),
            (a, b) => a == b,
        }
    }

    /// Whether a GTIN-14 lies in it.
    pub fn holds_gtin(&self, gtin14: &str) -> bool {
        matches!(self, Self::Gtin(digits) if gtin14.starts_with(digits.as_str()))
    }

    /// Whether a brand name is exactly this one.
    pub fn holds_brand(&self, name: &str) -> bool {
        matches!(self, Self::Brand(brand) if brand == name)
    }

    /// Whether an old code has this pattern.
    pub fn holds_code(&self, code: &str) -> bool {
        let Self::Pattern(pattern) = self else { return false };
        pattern.len() == code.len()
            && pattern.bytes().zip(code.bytes()).all(|(class, byte)| match class {
                b'#' => byte.is_ascii_digit(),
                b'?' => byte.is_ascii_alphanumeric(),
                literal => literal == byte,
            })
    }
}

/// Whether `long` is `prefix` or lies below it, by whole path segments.
fn path_prefix(prefix: &str, long: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    long.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether two pattern classes share a character.
fn classes_meet(a: u8, b: u8) -> bool {
    match (a, b) {
        (b'?', b'?' | b'#') | (b'#', b'?' | b'#') => true,
        (b'?', literal) | (literal, b'?') => literal.is_ascii_alphanumeric(),
        (b'#', literal) | (literal, b'#') => literal.is_ascii_digit(),
        (a, b) => a == b,
    }
}

/// Whether Latin stands beside Cyrillic or Greek letters in one name.
fn mixes_look_alikes(name: &str) -> bool {
    let latin = name.chars().any(|c| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}'));
    let other = name.chars().any(|c| matches!(c, '\u{370}'..='\u{52f}'));
    let full_width = name.chars().any(|c| matches!(c, '\u{ff00}'..='\u{ff5e}'));
    latin && other || full_width
}

/// The name as the eye takes it: case folded, letters that look alike made one, joints dropped.
pub(crate) fn skeleton(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'а' | 'α' => 'a',
            'в' | 'β' => 'b',
            'с' => 'c',
            'е' | 'ε' => 'e',
            'һ' => 'h',
            'і' | 'ι' | 'l' | '1' | 'ı' => 'i',
            'ј' => 'j',
            'к' | 'κ' => 'k',
            'м' => 'm',
            'н' => 'h',
            'о' | 'ο' | '0' => 'o',
            'р' | 'ρ' => 'p',
            'ѕ' | '5' => 's',
            'т' | 'τ' => 't',
            'у' | 'υ' => 'y',
            'х' | 'χ' => 'x',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn gtin(digits: &str) -> Namespace {
        Namespace::Gtin(digits.to_string())
    }

    fn brand(name: &str) -> Namespace {
        Namespace::Brand(name.to_string())
    }

    #[test]
    fn gtin_prefixes_overlap_when_one_starts_the_other() {
        assert!(gtin("0690").overlaps(&gtin("069012")));
        assert!(!gtin("0691").overlaps(&gtin("069012")));
        assert!(gtin("0690").contains(&gtin("069012")) && !gtin("069012").contains(&gtin("0690")));
    }

    #[test]
    fn hosts_overlap_by_whole_segments() {
        let host = |text: &str| Namespace::Host(text.to_string());
        assert!(host("a.example/milk").overlaps(&host("a.example")));
        assert!(!host("a.example/milk").overlaps(&host("a.example/milky")));
        assert!(!host("a.example").overlaps(&host("a.example.org")));
    }

    #[test]
    fn patterns_overlap_when_a_code_fits_both() {
        let pattern = |text: &str| Namespace::Pattern(text.to_string());
        assert!(pattern("WY######").overlaps(&pattern("W?######")));
        assert!(!pattern("WY######").overlaps(&pattern("WX######")));
        assert!(pattern("WY######").holds_code("WY123456"));
        assert!(!pattern("WY######").holds_code("WY12345A"));
    }

    #[test]
    fn a_pattern_is_no_way_to_somebody_elses_gtins() {
        let pattern = |text: &str| Namespace::Pattern(text.to_string());
        assert!(pattern("(01)##############(21)????").bounds().is_err());
        assert!(pattern("WY######").bounds().is_ok());
    }

    #[test]
    fn look_alike_brands_overlap_and_mixed_scripts_are_refused() {
        assert!(brand("Blue Reverie").overlaps(&brand("BLUE-REVERIE")));
        assert!(brand("Blue Reverie").overlaps(&brand("B1ue Reverie")));
        assert!(brand("Blue R\u{435}verie").bounds().is_err());
        assert!(brand("洋河").bounds().is_ok());
    }
}
