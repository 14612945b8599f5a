//! Who is asked next, for how long, and what is counted of whom.

use super::*;
use crate::net::{Http, Timeouts};
use std::sync::Arc;

fn gateways(count: u16) -> Gateways {
    let http = Arc::new(Http::new(Timeouts::default()));
    let gateway = |port| {
        let url = GatewayUrl::listed(&format!("http://127.0.0.1:{port}")).unwrap();
        Gateway::new(url, Arc::clone(&http))
    };
    Gateways::new((1..=count).map(gateway).collect())
}

fn bad() -> Fault {
    Fault::Bad { why: "root mismatch".into() }
}

fn port(gateway: &Gateway) -> u16 {
    gateway.url().as_str().rsplit(':').next().unwrap().parse().unwrap()
}

#[test]
fn a_bad_answer_is_counted_and_the_next_is_asked() {
    let mut list = gateways(3);
    let answer = list.ask(&Cancel::default(), |gateway| match port(gateway) {
        1 => Err(bad()),
        2 => Err(Fault::Stale { got: 4, known: 9 }),
        other => Ok(other),
    });
    assert_eq!(answer, Ok(3));
    let counts: Vec<_> = list.standings().map(|(_, s)| (s.good, s.bad, s.stale)).collect();
    assert_eq!(counts, [(0, 1, 0), (0, 0, 1), (1, 0, 0)]);
}

#[test]
fn who_failed_rests_and_the_others_are_asked_first() {
    let mut list = gateways(2);
    let _: Result<u16, _> = list.ask(&Cancel::default(), |gateway| match port(gateway) {
        1 => Err(bad()),
        other => Ok(other),
    });
    let mut asked = Vec::new();
    let _ = list.ask(&Cancel::default(), |gateway| {
        asked.push(port(gateway));
        Ok(())
    });
    assert_eq!(asked, [2]);
}

#[test]
fn with_all_at_rest_the_first_to_end_is_asked() {
    let mut list = gateways(2);
    let all_bad = list.ask(&Cancel::default(), |_| Err::<(), _>(bad()));
    assert_eq!(all_bad, Err(vec![bad(), bad()]));
    let mut asked = Vec::new();
    let again = list.ask(&Cancel::default(), |gateway| {
        asked.push(port(gateway));
        Ok(())
    });
    assert_eq!((again, asked), (Ok(()), vec![1]));
}

/// Takes longer than it has.
fn sleeps(time: Duration) -> Result<u16, Fault> {
    std::thread::sleep(time);
    Err(Fault::Net(NetError::TimedOut))
}

#[test]
fn who_takes_too_long_is_asked_after_the_others_for_a_while() {
    let mut list = gateways(2);
    let each = Duration::from_secs(1);
    let answer = list.ask_within(Some(each), &Cancel::default(), |gateway| match port(gateway) {
        1 => sleeps(each + Duration::from_millis(50)),
        other => Ok(other),
    });
    assert_eq!(answer, Ok(2));
    let rested = clock::monotonic() + LONGEST_REST / 2;
    assert_eq!(list.turn(None, rested), [1, 0]);
    assert_eq!(list.turn(None, rested + BEHIND), [0, 1]);
}

#[test]
fn where_all_take_too_long_they_are_asked_once_more_and_waited_for() {
    let mut list = gateways(3);
    let each = Duration::from_millis(100);
    let mut asked = Vec::new();
    let answer = list.ask_within(Some(each), &Cancel::default(), |gateway| {
        asked.push(port(gateway));
        let left = gateway.budget().map(|budget| budget.left());
        match port(gateway) {
            1 => Err(bad()),
            _ if left <= Some(each) => sleeps(each + Duration::from_millis(10)),
            other => Ok(other),
        }
    });
    assert_eq!((answer, asked), (Ok(2), vec![1, 2, 3, 2]));
}

#[test]
fn one_alone_has_the_longer_time_at_once() {
    let mut list = gateways(1);
    let each = Duration::from_secs(1);
    let mut left = Vec::new();
    let answer = list.ask_within(Some(each), &Cancel::default(), |gateway| {
        left.extend(gateway.budget().map(|budget| budget.left()));
        Err::<(), _>(bad())
    });
    assert_eq!(answer, Err(vec![bad()]));
    assert!(left.len() == 1 && left[0] > each, "{left:?}");
}

#[test]
fn where_nobody_waits_there_is_no_end_to_a_turn() {
    let answer = gateways(2).ask(&Cancel::default(), |gateway| Ok(gateway.budget().is_none()));
    assert_eq!(answer, Ok(true));
}

#[test]
fn the_others_are_all_but_one() {
    let mut list = gateways(3);
    let second = list.all()[1].url().clone();
    let asked =
        list.ask_others(Some(&second), None, &Cancel::default(), |gateway| Ok(port(gateway)));
    assert_eq!(asked, [1, 3]);
}

#[test]
fn who_lagged_is_counted_and_rests() {
    let mut list = gateways(2);
    let first = list.all()[0].url().clone();
    list.lagged(&first, 4, 9);
    let standings: Vec<_> = list.standings().map(|(_, s)| (s.stale, s.fault.clone())).collect();
    assert_eq!(standings, [(1, Some(Fault::Stale { got: 4, known: 9 })), (0, None)]);
    assert_eq!(list.turn(None, clock::monotonic()), [1]);
}

#[test]
fn rests_double_up_to_five_minutes() {
    let secs: Vec<u64> = (0..12).map(|n| rest(n).as_secs()).collect();
    assert_eq!(secs, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    assert_eq!(rest(u32::MAX), LONGEST_REST);
}

#[test]
fn cancelling_asks_nobody_and_blames_nobody() {
    let mut list = gateways(2);
    let cancel = Cancel::default();
    cancel.cancel();
    let faults = list.ask(&cancel, |_| Ok(())).unwrap_err();
    assert_eq!(faults, [Fault::Net(NetError::Cancelled)]);
    assert!(list.standings().all(|(_, standing)| *standing == Standing::default()));
}

#[test]
fn a_missing_file_does_not_make_a_gateway_rest() {
    let mut list = gateways(1);
    let what = "bucket";
    let _ = list.ask(&Cancel::default(), |_| Err::<(), _>(Fault::Missing { what }));
    assert_eq!(list.turn(None, clock::monotonic()), [0]);
    assert!(list.list[0].rests_until.is_none());
}
