//! Letters on their way: who has them, how many an hour, and a clock that is ahead.

use super::super::letters::MOST_AN_HOUR;
use super::*;
use crate::client::testworld::START;
use crate::client::{Brought, Outgoing};
use crate::clock;
use crate::home::Home;
use sealight_flow::Instant;
use sealight_verify::codec::Blob;
use sealight_verify::format::ids::PartyId;
use sealight_verify::hash::Hash32;
use sealight_verify::report::Letter;
use sealight_verify::time::Seconds;
use std::time::SystemTime;

fn letter(world: &World, number: u8) -> Letter {
    Letter {
        version: 1,
        ledger: world.ledger.ledger(),
        party: PartyId([2; 16]),
        lock: Hash32([3; 32]),
        encapsulated: Blob(vec![number; 32]),
        sealed: Blob(vec![0; 2064]),
    }
}

/// A kiosk as it begins on this folder, and what it asks of the network's thread.
fn begun(light: Light, home: &Home, system: fn() -> Timestamp) -> (Runner, Receiver<Job>) {
    runner(light.with_home(home.clone()).unwrap(), system, |_| {})
}

/// The letters that are to be sent at this time.
fn sent(runner: &mut Runner, asked: &Receiver<Job>, ms: u64) -> Vec<Outgoing> {
    runner.letters_due(ms);
    match asked.try_recv() {
        Ok(Job::Letters { letters, .. }) => letters,
        _ => Vec::new(),
    }
}

#[test]
fn a_letter_stays_until_a_second_gateway_took_it_and_goes_to_no_first_one_again() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("device")).unwrap();
    let (mut runner, asked) = begun(world.device(&[]).light, &home, system);
    let letter = letter(&world, 1);
    home.outbox().put(&letter).unwrap();
    let came = |by: &str, done: bool| {
        let (id, ledger) = (letter.id(), world.ledger.ledger());
        [Brought { id, ledger, by: vec![by.into()], done }]
    };
    let none = Outgoing { letter: letter.clone(), taken_by: Vec::new() };
    assert_eq!(sent(&mut runner, &asked, 0), [none]);
    runner.letters_sent(&came("https://a.example", false));
    assert_eq!(home.outbox().waiting().unwrap().len(), 1, "the first may throw it away");
    let one = Outgoing { letter: letter.clone(), taken_by: vec!["https://a.example".into()] };
    assert_eq!(sent(&mut runner, &asked, 60_000), [one]);
    runner.letters_sent(&came("https://b.example", true));
    assert_eq!(home.outbox().waiting(), Ok(Vec::new()));
    assert_eq!(home.outbox().takers(&letter.id()), Vec::<String>::new());
}

/// Two hundred days after the worlds' start.
fn ahead() -> Timestamp {
    system().saturating_add(Seconds::days(200))
}

#[test]
fn a_clock_that_is_ahead_takes_no_letter() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("device")).unwrap();
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    world.sync(&mut device).outcome.unwrap();
    assert!(device.light.register_as_of().is_some());
    let letter = letter(&world, 1);
    home.outbox().put(&letter).unwrap();
    let file = home.path().join("reports").join(format!("{}.letter", letter.id()));
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(START.unsigned_abs());
    std::fs::File::options().write(true).open(file).unwrap().set_modified(start).unwrap();
    let (mut runner, asked) = begun(device.light, &home, ahead);
    assert_eq!(sent(&mut runner, &asked, 0).len(), 1);
    let (id, ledger) = (letter.id(), world.ledger.ledger());
    runner.letters_sent(&[Brought { id, ledger, by: Vec::new(), done: false }]);
    assert_eq!(home.outbox().waiting(), Ok(vec![letter]));
}

#[test]
fn a_device_keeps_so_many_letters_an_hour_whether_they_left_or_not() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("device")).unwrap();
    let (mut runner, _asked) = begun(world.device(&[]).light, &home, system);
    let mut keeps = |number: u8, ms: u64| {
        let now = Instant { at: system(), ms };
        runner.letters.put(&letter(&world, number), now).is_some()
    };
    let most = MOST_AN_HOUR as u8;
    assert!((0..most).all(|number| keeps(number, 0)));
    assert!(!keeps(most, 3_599_999));
    let outbox = home.outbox();
    outbox.waiting().unwrap().iter().for_each(|one| outbox.remove(&one.id()).unwrap());
    assert!(!keeps(most, 3_599_999), "those that left count on");
    assert!(keeps(most, 3_600_000));
}

#[test]
fn a_restart_gives_no_new_letters_while_the_old_ones_wait() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("device")).unwrap();
    let most = MOST_AN_HOUR as u8;
    (0..most).for_each(|number| home.outbox().put(&letter(&world, number)).unwrap());
    let (mut runner, _asked) = begun(world.device(&[]).light, &home, system);
    let mut keeps = |seconds: u64| {
        let at = clock::system().saturating_add(Seconds(seconds));
        runner.letters.put(&letter(&world, most), Instant { at, ms: 0 }).is_some()
    };
    assert!(!keeps(1));
    assert!(keeps(3_700), "an hour later");
}
