//! Rules for the content of values: GS1 General Specifications, section 3 and section 7.9.

use super::ValueError;

/// A rule that a piece of a value obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    CheckDigit,
    /// A company prefix from the first character on.
    PrefixAt0,
    /// A company prefix after an indicator or extension digit.
    PrefixAt1,
    /// YYMMDD.
    Date,
    /// YYMMDD, the day 00 where only the month is known.
    Date0,
    /// YYYYMMDD.
    LongDate,
    HourMinute,
    Hour,
    /// Minutes or seconds.
    Sixty,
    Zero,
    NonZero,
    YesNo,
    PieceOfTotal,
    NoLeadingZero,
}

/// Digits that the shortest company prefix has.
const SHORTEST_PREFIX: usize = 4;

impl Rule {
    /// Holds a piece that begins at `at` in its value against the rule.
    pub(super) fn accept(self, piece: &str, at: usize) -> Result<(), ValueError> {
        let fits = match self {
            Self::CheckDigit => return check_digit(piece),
            Self::PrefixAt0 => starts_with_prefix(piece),
            Self::PrefixAt1 => piece.get(1..).is_some_and(starts_with_prefix),
            Self::Date => is_date(piece, 1),
            Self::Date0 => is_date(piece, 0),
            Self::LongDate => piece.get(2..).is_some_and(|piece| is_date(piece, 1)),
            Self::HourMinute => number(piece, 0, 2) < 24 && number(piece, 2, 4) < 60,
            Self::Hour => number(piece, 0, 2) < 24,
            Self::Sixty => number(piece, 0, 2) < 60,
            Self::Zero => piece.bytes().all(|c| c == b'0'),
            Self::NonZero => piece.bytes().any(|c| c != b'0'),
            Self::YesNo => matches!(piece, "0" | "1"),
            Self::PieceOfTotal => {
                let (piece, total) = (number(piece, 0, 2), number(piece, 2, 4));
                0 < piece && piece <= total
            }
            Self::NoLeadingZero => piece == "0" || !piece.starts_with('0'),
        };
        if fits {
            return Ok(());
        }
        Err(match self {
            Self::PrefixAt0 | Self::PrefixAt1 => ValueError::CompanyPrefix { at },
            Self::Date | Self::Date0 | Self::LongDate => ValueError::Date { at },
            _ => ValueError::Range { at },
        })
    }
}

/// Digits `from..to` as a number; more than any rule allows where there are none.
fn number(piece: &str, from: usize, to: usize) -> u32 {
    piece.get(from..to).and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX)
}

fn starts_with_prefix(piece: &str) -> bool {
    piece.get(..SHORTEST_PREFIX).is_some_and(|prefix| prefix.bytes().all(|c| c.is_ascii_digit()))
}

/// YYMMDD. Each year that 4 divides counts as a leap year, 00 being 2000.
fn is_date(piece: &str, first_day: u32) -> bool {
    let (year, month, day) = (number(piece, 0, 2), number(piece, 2, 4), number(piece, 4, 6));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 => 29,
        2 => 28,
        _ => return false,
    };
    (first_day..=days).contains(&day)
}

fn check_digit(piece: &str) -> Result<(), ValueError> {
    let Some((body, last)) = piece.len().checked_sub(1).and_then(|at| piece.split_at_checked(at))
    else {
        return Err(ValueError::TooShort { got: 0, min: 1 });
    };
    let expected = mod10(body);
    if last.starts_with(expected) {
        return Ok(());
    }
    Err(ValueError::CheckDigit { expected, got: last.chars().next().unwrap_or(' ') })
}

/// The check digit that follows these digits: weights 3 and 1 by turns, from the right (GS1
/// General Specifications, 7.9.1).
pub(crate) fn mod10(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, c)| u32::from(c.wrapping_sub(b'0')) * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_published_numbers() {
        // GS1's example GTIN, EAN-13 of ISO/IEC 15420's kind, an SSCC of the TDS.
        assert_eq!(mod10("0950600013435"), '2');
        assert_eq!(mod10("690123456789"), '2');
        assert_eq!(mod10("10614141234567890"), '8');
    }

    #[test]
    fn check_digit() {
        assert_eq!(Rule::CheckDigit.accept("09506000134352", 0), Ok(()));
        assert_eq!(
            Rule::CheckDigit.accept("09506000134353", 0),
            Err(ValueError::CheckDigit { expected: '2', got: '3' })
        );
    }

    #[test]
    fn date_yymmdd() {
        let refused = Err(ValueError::Date { at: 0 });
        assert_eq!(Rule::Date.accept("240229", 0), Ok(()));
        for piece in ["230229", "231301", "230431", "230100", "230001", "2301"] {
            assert_eq!(Rule::Date.accept(piece, 0), refused, "{piece}");
        }
        assert_eq!(Rule::Date0.accept("230100", 0), Ok(()));
        assert_eq!(Rule::LongDate.accept("19991231", 0), Ok(()));
        assert_eq!(Rule::LongDate.accept("19991232", 0), refused);
    }

    #[test]
    fn company_prefix() {
        assert_eq!(Rule::PrefixAt0.accept("1987654Ad", 0), Ok(()));
        let refused = Err(ValueError::CompanyPrefix { at: 0 });
        assert_eq!(Rule::PrefixAt0.accept("198A654", 0), refused);
        assert_eq!(Rule::PrefixAt0.accept("198", 0), refused);
        assert_eq!(Rule::PrefixAt1.accept("X9876", 0), Ok(()));
    }

    #[test]
    fn ranges() {
        let cases = [
            (Rule::HourMinute, "2359", "2400"),
            (Rule::HourMinute, "0000", "0060"),
            (Rule::Hour, "23", "24"),
            (Rule::Sixty, "59", "60"),
            (Rule::Zero, "0", "1"),
            (Rule::NonZero, "0001", "0000"),
            (Rule::YesNo, "1", "2"),
            (Rule::PieceOfTotal, "0202", "0302"),
            (Rule::PieceOfTotal, "0102", "0002"),
            (Rule::NoLeadingZero, "0", "01"),
        ];
        for (rule, good, bad) in cases {
            assert_eq!(rule.accept(good, 3), Ok(()), "{rule:?} {good}");
            assert_eq!(rule.accept(bad, 3), Err(ValueError::Range { at: 3 }), "{rule:?} {bad}");
        }
    }
}
