use super::*;
use alloc::string::ToString;
use proptest::prelude::*;

const DAY: i64 = 86_400;
const BUILT: i64 = 1_700_000_000;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

/// A clock built at `BUILT` with a header accepted a day later.
fn clock(memory: ClockMemory) -> Clock {
    let mut clock = Clock::new(at(BUILT), Seconds(10), memory);
    clock.raise_floor(at(BUILT + DAY));
    clock
}

/// Judges a reading and remembers it, as a host does.
fn read(clock: &mut Clock, system: i64) -> Now {
    let reading = clock.judge(at(system));
    if let Some(memory) = reading.remember {
        clock.remember(memory);
    }
    reading.now
}

#[test]
fn rfc3339_known_moments() {
    for (text, secs, nanos) in [
        ("1970-01-01T00:00:00Z", 0, 0),
        ("2000-02-29T23:59:59.5Z", 951_868_799, 500_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
        ("2019-11-02T15:04:00Z", 1_572_707_040, 0),
        ("1969-12-31T23:59:59.000000001Z", -1, 1),
    ] {
        let time = Timestamp::from_unix(secs, nanos).unwrap();
        assert_eq!(time.to_string(), text);
        assert_eq!(text.parse(), Ok(time));
    }
}

#[test]
fn rfc3339_refuses_what_is_no_moment_in_utc() {
    for text in [
        "",
        "2019-11-02T15:04:00",
        "2019-11-02T15:04:00+00:00",
        "2019-11-02 15:04:00Z",
        "2019-02-29T00:00:00Z",
        "2019-13-01T00:00:00Z",
        "2019-11-02T24:00:00Z",
        "2019-11-02T15:04:60Z",
        "2019-11-02T15:04:00.Z",
        "2019-11-02T15:04:00.1234567890Z",
        "0000-01-01T00:00:00Z",
        "+019-11-02T15:04:00Z",
        "2019-11-2T015:04:00Z",
    ] {
        assert_eq!(text.parse::<Timestamp>(), Err(TimeFormatError), "{text}");
    }
}

proptest! {
    #[test]
    fn rfc3339_comes_back_the_same(
        secs in Timestamp::EARLIEST.secs..=Timestamp::LATEST.secs,
        nanos in 0u32..1_000_000_000,
    ) {
        let time = Timestamp::from_unix(secs, nanos).unwrap();
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }
}

#[test]
fn arithmetic_stays_inside_the_range() {
    assert_eq!(Timestamp::LATEST.checked_add(Seconds(1)), None);
    assert_eq!(Timestamp::EARLIEST.checked_sub(Seconds(1)), None);
    assert_eq!(Timestamp::LATEST.saturating_add(Seconds(u64::MAX)), Timestamp::LATEST);
    assert_eq!(at(0).since(at(5)), Seconds(0));
    let half = Timestamp::from_unix(9, 500_000_000).unwrap();
    assert_eq!(at(20).since(half), Seconds(10));
    assert_eq!(Timestamp::from_unix_ms(-1).map(Timestamp::unix_ms), Some(-1));
    assert_eq!(Timestamp::from_unix(0, 1_000_000_000), None);
}

#[test]
fn now_is_the_larger_of_clock_and_floor() {
    let mut clock = clock(ClockMemory::FIRST);
    assert_eq!(read(&mut clock, BUILT + 2 * DAY), Now::new(at(BUILT + 2 * DAY), false));
    let mut other = self::clock(ClockMemory::FIRST);
    assert_eq!(read(&mut other, BUILT + DAY - 10), Now::new(at(BUILT + DAY), false));
}

#[test]
fn a_clock_more_than_the_drift_below_the_floor_is_doubtful() {
    assert!(read(&mut clock(ClockMemory::FIRST), BUILT + DAY - 11).doubtful());
    assert!(read(&mut clock(ClockMemory::FIRST), 0).doubtful());
}

#[test]
fn a_clock_below_its_own_earlier_maximum_is_doubtful() {
    let mut clock = clock(ClockMemory::FIRST);
    assert!(!read(&mut clock, BUILT + 5 * DAY).doubtful());
    assert!(!read(&mut clock, BUILT + 5 * DAY - 10).doubtful());
    assert!(read(&mut clock, BUILT + 5 * DAY - 11).doubtful());
}

#[test]
fn a_doubt_lasts_when_the_clock_runs_on_by_itself() {
    let mut clock = clock(ClockMemory::FIRST);
    read(&mut clock, BUILT + 5 * DAY);
    assert!(read(&mut clock, BUILT + 3 * DAY).doubtful());
    assert!(read(&mut clock, BUILT + 6 * DAY).doubtful());
}

#[test]
fn a_header_within_an_hour_of_the_maximum_ends_the_doubt() {
    let mut clock = clock(ClockMemory::FIRST);
    let highest = BUILT + 5 * DAY;
    read(&mut clock, highest);
    read(&mut clock, BUILT + 3 * DAY);
    let system = at(highest + 60);
    assert_eq!(clock.settle(system, &Evidence::header(at(highest - 3601))), None);
    let memory = clock.settle(system, &Evidence::header(at(highest - 3600))).unwrap();
    clock.remember(memory);
    assert!(!read(&mut clock, highest + 61).doubtful());
}

#[test]
fn an_old_header_never_ends_a_doubt() {
    let mut clock = clock(ClockMemory::FIRST);
    // The floor's own header lies within the hour before the maximum, but it is not news.
    read(&mut clock, BUILT + DAY + 60);
    read(&mut clock, BUILT);
    let known = Evidence::header(at(BUILT + DAY));
    assert_eq!(clock.settle(at(BUILT + DAY + 60), &known), None);
    assert_eq!(clock.settle(at(BUILT + DAY + 60), &Evidence::agreed_head(at(BUILT + DAY))), None);
    assert_eq!(clock.settle(at(BUILT + DAY + 60), &Evidence::checkpoint(at(BUILT))), None);
}

#[test]
fn evidence_does_not_help_a_clock_that_stays_below_the_floor() {
    let mut clock = clock(ClockMemory::FIRST);
    read(&mut clock, BUILT + 5 * DAY);
    read(&mut clock, 0);
    let news = Evidence::header(at(BUILT + 5 * DAY));
    assert_eq!(clock.settle(at(0), &news), None);
    assert!(clock.settle(at(BUILT + 5 * DAY - 10), &news).is_some());
}

#[test]
fn a_clock_at_1970_is_cured_by_a_set_clock_and_news() {
    let mut clock = clock(ClockMemory::FIRST);
    assert!(read(&mut clock, 0).doubtful());
    let header = BUILT + 2 * DAY;
    clock.raise_floor(at(header));
    assert!(read(&mut clock, 5).doubtful());
    let memory = clock.settle(at(header + 30), &Evidence::header(at(header))).unwrap();
    clock.remember(memory);
    assert_eq!(read(&mut clock, header + 31), Now::new(at(header + 31), false));
}

#[test]
fn a_clock_far_ahead_is_never_a_floor() {
    let mut clock = clock(ClockMemory::FIRST);
    let far = BUILT + 20_000 * DAY;
    assert_eq!(read(&mut clock, far), Now::new(at(far), false));
    assert_eq!(clock.floor(), at(BUILT + DAY));
    let right = BUILT + 2 * DAY;
    assert_eq!(read(&mut clock, right), Now::new(at(right), true));
}

#[test]
fn a_clock_far_ahead_is_cured_by_a_checkpoint_or_an_agreed_head_only() {
    let mut clock = clock(ClockMemory::FIRST);
    read(&mut clock, BUILT + 20_000 * DAY);
    let right = BUILT + 2 * DAY;
    read(&mut clock, right);
    let news = at(right - 60);
    assert_eq!(clock.settle(at(right), &Evidence::header(news)), None);
    assert!(clock.settle(at(right), &Evidence::checkpoint(news)).is_some());
    let memory = clock.settle(at(right), &Evidence::agreed_head(news)).unwrap();
    clock.remember(memory);
    assert!(!read(&mut clock, right + 1).doubtful());
}

#[test]
fn the_memory_is_one_canonical_encoding() {
    let mut clock = clock(ClockMemory::FIRST);
    read(&mut clock, BUILT + 5 * DAY);
    let memory = clock.judge(at(0)).remember.unwrap();
    let bytes = crate::codec::encode(&memory);
    assert_eq!(crate::codec::decode(&bytes), Ok(memory));
}
