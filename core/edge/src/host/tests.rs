//! A host with real threads, a real store and a gateway: from reading to view and to history.

mod clock;
mod forget;
mod full;
mod letters;
mod moved;
mod renewal;
mod small;
mod soon;
mod stop;

use super::net::Job;
use super::run::{Device, Runner};
use super::*;
use crate::client::testworld::World;
use crate::testfolder::Folder;
use sealight_flow::view::{Screen, Tone};
use sealight_flow::{By, Equipment};
use sealight_verify::judge::SealClaim;
use std::sync::mpsc::Receiver;

struct Watched {
    host: Host,
    views: Receiver<View>,
}

/// The system clock of these tests: the worlds' start and a minute.
fn system() -> Timestamp {
    Timestamp::from_unix_secs(crate::client::testworld::START + 60)
}

/// Two days later.
fn later() -> Timestamp {
    system().saturating_add(sealight_verify::time::Seconds::days(2))
}

fn watched(light: Light, online: Online) -> Watched {
    watched_at(light, online, system)
}

fn watched_at(light: Light, online: Online, system: fn() -> Timestamp) -> Watched {
    let profile = Profile::SHOPPER.with(Equipment::default());
    watched_as(profile, light, online, system, |_| {})
}

fn watched_as(
    profile: Profile,
    light: Light,
    online: Online,
    system: fn() -> Timestamp,
    on_effect: impl FnMut(Effect) + Send + 'static,
) -> Watched {
    let (tell, views) = channel();
    let parts = Parts {
        light,
        online,
        profile,
        language: Language::English,
        local: LocalTime::Fixed(0),
        sign: Sign::default(),
        system,
        sync_every: Duration::from_secs(3600),
    };
    let on_view = Box::new(move |view| {
        let _ = tell.send(view);
    });
    let host = Host::start(parts, Shell { on_view, on_effect: Box::new(on_effect) }).unwrap();
    Watched { host, views }
}

/// A kiosk's side without its threads, on what this device holds, and the jobs that it has for the
/// network.
fn runner(
    light: Light,
    system: fn() -> Timestamp,
    on_effect: impl FnMut(Effect) + Send + 'static,
) -> (Runner, Receiver<Job>) {
    let profile = Profile::KIOSK;
    let device = Device {
        light,
        policy: profile.policy,
        system,
        local: LocalTime::Fixed(0),
        sync_every: Duration::from_secs(3600),
        history: profile.history,
        chip_reader: profile.has.chip_reader,
    };
    let (jobs, asked) = channel();
    let shell = Shell { on_view: Box::new(|_| {}), on_effect: Box::new(on_effect) };
    (Runner::new(device, (profile, Language::English, Sign::default()), shell, jobs), asked)
}

impl Watched {
    fn read(&self, claim: SealClaim) {
        self.host.post(Event::Read {
            claim: Ok(Box::new(claim)),
            by: By::Camera,
            again: false,
            others: Vec::new(),
        });
    }

    /// The next view on this screen; the test fails after half a minute without one.
    fn next(&self, screen: Screen) -> View {
        loop {
            let view = self.views.recv_timeout(Duration::from_secs(30)).expect("no such view");
            if view.screen == screen {
                return view;
            }
        }
    }
}

#[test]
fn a_reading_becomes_a_verdict_and_a_line_of_history() {
    let (world, folder) = (World::new(1), Folder::new());
    let gateway = world.honest();
    let device = world.device_at(&folder.path("store.db"), &[&gateway]);
    let watched = watched(device.light, device.online);
    watched.next(Screen::Aiming);
    watched.read(world.claim(5));
    let verdict = watched.next(Screen::Verdict);
    assert_eq!(verdict.tone, Tone::Half, "{verdict:?}");
    watched.host.send(Action::ShowHistory);
    let history = watched.next(Screen::History);
    assert_eq!(history.history.iter().map(|day| day.lines.len()).sum::<usize>(), 1);
    watched.host.stop();
    assert!(!folder.path("store.db-open").exists());
}

#[test]
fn the_second_scan_needs_no_network() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let device = world.device_at(&path, &[&gateway]);
    let first = watched(device.light, device.online);
    first.read(world.claim(5));
    first.next(Screen::Verdict);
    first.host.stop();
    drop(gateway);
    let device = world.device_at(&path, &[]);
    let second = watched(device.light, device.online);
    second.read(world.claim(5));
    let known = second.next(Screen::Verdict);
    assert_eq!(known.tone, Tone::Half);
    second.read(world.claim(6));
    let unknown = loop {
        let view = second.next(Screen::Verdict);
        if view.turn > known.turn {
            break view;
        }
    };
    assert_eq!(unknown.tone, Tone::Unproven);
}

#[test]
fn a_recall_is_proven_and_noted_beside_the_earlier_scan() {
    use sealight_verify::format::entry::RecallScope;
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let device = world.device_at(&path, &[&gateway]);
    let first = watched(device.light, device.online);
    first.read(world.claim(5));
    first.next(Screen::Verdict);
    first.host.stop();
    world.recall(RecallScope::Lot(world.lot_id()), true);
    // At its start the next run synchronises, and the feed hints at the scan.
    let device = world.device_at(&path, &[&gateway]);
    let second = watched(device.light, device.online);
    let noted = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(50));
        let store = crate::store::SqliteStore::open(&path).unwrap().store;
        let scans = crate::store::Store::scans(&store, None, 9).unwrap();
        scans.iter().any(|scan| scan.entry.recalled.is_some())
    });
    assert!(noted.take(600).any(|noted| noted));
    drop(second);
}

#[test]
fn an_older_pack_takes_no_recall_from_the_screen() {
    use crate::client::testpacks::{Carried, exported, pack_of};
    use sealight_verify::format::entry::RecallScope;
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let pack = Carried::new(&pack_of(world.ledger.ledger(), &exported(&world)));
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let gateway = world.honest();
    let device = world.device_at(&path, &[&gateway]);
    let first = watched(device.light, device.online);
    first.read(world.claim(5));
    let recalled = first.next(Screen::Verdict);
    first.host.stop();
    // Later, without a gateway: stale, so the pack is looked into as well.
    let device = world.device_at(&path, &[]);
    let online = pack.alone(&device.light);
    let second = watched_at(device.light, online, later);
    second.read(world.claim(5));
    let still = second.next(Screen::Verdict);
    assert_eq!((still.tone, recalled.tone), (Tone::Alarm, Tone::Alarm), "{still:?}");
    second.host.stop();
}

#[test]
fn stopping_in_the_middle_of_a_look_up_waits_for_nobody() {
    let world = World::new(1);
    let slow =
        world.gateway(|_, _| vec![crate::net::testserver::Step::Wait(Duration::from_secs(60))]);
    let device = world.device(&[&slow]);
    let watched = watched(device.light, device.online);
    watched.read(world.claim(5));
    watched.host.stop();
}
