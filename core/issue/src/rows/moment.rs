//! Dates and moments as people write them (RFC 3339).

use sealight_verify::time::Timestamp;

/// A moment (RFC 3339, section 5.6) with any offset, or a date, which means its last second in UTC.
///
/// `None` for anything else, and for leap seconds, which no shelf life needs.
pub fn moment(text: &str) -> Option<Timestamp> {
    if text.len() == DATE {
        return format!("{text}T23:59:59Z").parse().ok();
    }
    if text.ends_with('Z') {
        return text.parse().ok();
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(OFFSET)?)?;
    let local: Timestamp = format!("{local}Z").parse().ok()?;
    Timestamp::from_unix(local.secs() - secs_east(offset)?, local.nanos())
}

/// Bytes of `2027-05-31`.
const DATE: usize = 10;

/// Bytes of `+08:00`.
const OFFSET: usize = 6;

fn secs_east(offset: &str) -> Option<i64> {
    let sign = match offset.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hour, minute) = offset.get(1..)?.split_once(':')?;
    let number = |digits: &str| {
        let two = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        two.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(text: &str) -> Option<i64> {
        moment(text).map(Timestamp::secs)
    }

    #[test]
    fn a_moment_is_counted_from_1970() {
        assert_eq!(secs("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(secs("2000-03-01T00:00:00Z"), Some(951_868_800));
        assert_eq!(secs("2024-02-29T12:00:00+08:00"), Some(1_709_179_200));
        assert_eq!(secs("2100-03-01T00:00:00-01:30"), Some(4_107_547_800));
        let exact = Timestamp::from_unix(1, 250_000_000);
        assert_eq!(moment("1970-01-01T08:00:01.25+08:00"), exact);
    }

    #[test]
    fn a_date_means_its_last_second() {
        assert_eq!(secs("1970-01-01"), Some(86_399));
        assert_eq!(secs("2027-05-31"), Some(1_811_807_999));
    }

    #[test]
    fn what_no_calendar_has_is_no_moment() {
        for text in [
            "",
            "2027-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-1-01",
            "2027-01-01T",
            "2027-01-01T24:00:00Z",
            "2027-01-01T00:00:60Z",
            "2027-01-01T00:00:00",
            "2027-01-01T00:00:00.Z",
            "2027-01-01T00:00:00.1",
            "2027-01-01T00:00:00+8:00",
            "2027-01-01T00:00:00+08:60",
            "2027-01-01T00:00:00 08:00",
            "2027-01-01+08:00",
            "2027-01-01T00:00:00Z!",
            "31.05.2027",
            "二〇二七年",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
