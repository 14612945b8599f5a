//! Local time: the system's own, asked anew at each use, or an offset that somebody set.
//!
//! Blocks for the small file that `/etc/localtime` leads to, TZif of RFC 9636, which knows summer
//! time; whoever moves the system to another zone needs no new start. `TZ` is not looked at. Where a
//! system has no such file (Windows), its local time is UTC until somebody sets an offset.

use sealight_flow::Zone;
use sealight_verify::time::Timestamp;
use tz::TimeZone;

/// Whose local time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalTime {
    /// The system's.
    #[default]
    System,
    /// Always so many minutes ahead of UTC.
    Fixed(i16),
}

impl LocalTime {
    /// Minutes that local time is ahead of UTC at a moment.
    pub fn minutes_east(self, at: Timestamp) -> i16 {
        match self {
            Self::System => TimeZone::local().ok().and_then(|zone| in_zone(&zone, at)).unwrap_or(0),
            Self::Fixed(minutes) => minutes,
        }
    }

    /// The same as views take it.
    pub fn zone(self, at: Timestamp) -> Zone {
        Zone { minutes_east: self.minutes_east(at) }
    }
}

fn in_zone(zone: &TimeZone, at: Timestamp) -> Option<i16> {
    let kind = zone.find_local_time_type(at.secs()).ok()?;
    i16::try_from(kind.ut_offset() / 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_comes_and_goes_by_itself() {
        let zone = TimeZone::from_posix_tz("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let east = |secs: i64| in_zone(&zone, Timestamp::from_unix_secs(secs));
        // 2026-03-29, 01:00 UTC, and a second before.
        assert_eq!([east(1_774_745_999), east(1_774_746_000)], [Some(60), Some(120)]);
        // 2026-10-25, 01:00 UTC, and a second before.
        assert_eq!([east(1_792_889_999), east(1_792_890_000)], [Some(120), Some(60)]);
    }

    #[test]
    fn an_offset_that_was_set_counts_before_the_systems() {
        let at = Timestamp::from_unix_secs(1_774_746_000);
        assert_eq!(LocalTime::Fixed(480).zone(at), Zone { minutes_east: 480 });
        assert!(LocalTime::System.minutes_east(at).abs() <= 14 * 60);
    }
}
