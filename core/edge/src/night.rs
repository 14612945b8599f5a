//! The hour of local time at which nobody is in the shop.

use crate::local::LocalTime;
use sealight_verify::time::Timestamp;

/// Tells once a day that the night has come. A program that sleeps through its hour waits for the
/// next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    hour: u8,
    local: LocalTime,
    /// The local day, counted from 1970, on which it was last.
    last: Option<i64>,
}

impl Night {
    /// A night in this hour of local time, 0 to 23.
    pub fn at(hour: u8, local: LocalTime) -> Self {
        Self { hour, local, last: None }
    }

    /// Whether it has come since this was last asked.
    pub fn has_come(&mut self, now: Timestamp) -> bool {
        let local = now.secs().saturating_add(i64::from(self.local.minutes_east(now)) * 60);
        let (day, hour) = (local.div_euclid(86_400), local.rem_euclid(86_400) / 3600);
        let comes = hour == i64::from(self.hour) && self.last != Some(day);
        if comes {
            self.last = Some(day);
        }
        comes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_once_a_day_in_its_local_hour() {
        let midnight: i64 = 86_400 * 20_000;
        let at = |secs: i64| Timestamp::from_unix_secs(midnight + secs);
        let mut night = Night::at(3, LocalTime::Fixed(480));
        assert!(!night.has_come(at(0)));
        assert!(!night.has_come(at(3 * 3600)), "three in the morning somewhere else");
        assert!(night.has_come(at(19 * 3600)), "eight hours east");
        assert!(!night.has_come(at(20 * 3600 - 1)));
        assert!(!night.has_come(at(20 * 3600)));
        assert!(night.has_come(at(43 * 3600)));
        assert!(Night::at(3, LocalTime::Fixed(480)).has_come(at(-5 * 3600)));
    }
}
