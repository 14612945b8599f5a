//! A device that uses two ledgers, one of which does not answer.

use super::*;

fn two() -> Script {
    let mut script = Script::on(Profile::KIOSK);
    script.send(Event::Ledgers(vec![LEDGER, OTHER]));
    script
}

fn noted(effects: &[Effect]) -> Vec<Timestamp> {
    let as_of = |effect: &Effect| match effect {
        Effect::Note(Noted::Synced { as_of }) => Some(*as_of),
        _ => None,
    };
    effects.iter().filter_map(as_of).collect()
}

#[test]
fn one_dead_ledger_of_two_is_no_lost_network() {
    let mut script = two();
    for _ in 0..3 {
        script.after(30_000, Event::SyncFailed { ledger: OTHER });
        assert_eq!(script.screen(), Screen::Attract);
        script.send(synced(at(NOW)));
        assert!(!script.flow.view().strip.offline);
    }
    script.after(30_000, Event::SyncFailed { ledger: OTHER });
    assert_eq!(script.screen(), Screen::Attract);
    script.send(sync_failed());
    assert_eq!((script.screen(), script.flow.view().strip.offline), (Screen::Trouble, true));
}

#[test]
fn a_lost_network_is_told_once() {
    let mut script = two();
    script.send(sync_failed());
    script.send(Event::SyncFailed { ledger: OTHER });
    assert_eq!(script.screen(), Screen::Trouble);
    script.after(30_000, Event::Tick);
    assert_eq!(script.screen(), Screen::Attract);
    script.send(sync_failed());
    script.send(Event::SyncFailed { ledger: OTHER });
    assert_eq!(script.screen(), Screen::Attract);
}

#[test]
fn a_stale_ledger_of_two_shows_in_strip_and_figures() {
    let mut script = two();
    assert_eq!(noted(&script.send(synced(at(NOW - 60)))), [], "the other was never fetched");
    let behind = Event::HeadersSynced { ledger: OTHER, as_of: at(NOW - 6_000) };
    assert_eq!(noted(&script.send(behind)), [at(NOW - 6_000)]);
    assert_eq!(noted(&script.send(synced(at(NOW)))), [at(NOW - 6_000)]);
    assert_eq!(script.flow.view().strip.text, "Register as of 09:03");
    // The trust file names it no more.
    script.send(Event::Ledgers(vec![LEDGER]));
    assert_eq!(script.flow.view().strip.text, "Register as of 10:43");
}

#[test]
fn a_scan_of_the_dead_ledger_is_no_lost_network_either() {
    let mut script = two();
    script.send(synced(at(NOW)));
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    script.send(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) });
    assert_eq!(script.headline(), "Not proven yet.");
    assert!(!script.flow.view().strip.offline);
}
