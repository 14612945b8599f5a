//! A disk without room during a scan: the answer comes, is told as not kept, and is kept later.

use super::*;
use crate::store::{SealKey, Store};
use crate::testdisk::Disk;
use sealight_flow::{Effect, Noted};

#[test]
fn an_answer_that_finds_no_room_is_shown_told_and_kept_later() {
    let world = World::new(1);
    let gateway = world.honest();
    let disk = Disk::default();
    let device = world.device_with(Box::new(disk.clone()), &[&gateway], world.now());
    disk.fail_writes(true);
    let (tell, views) = channel();
    let (note, noted) = channel();
    let parts = Parts {
        light: device.light,
        online: device.online,
        profile: Profile::KIOSK,
        language: Language::English,
        sign: Sign::default(),
        local: LocalTime::Fixed(0),
        system,
        sync_every: Duration::from_secs(3600),
    };
    let shell = Shell {
        on_view: Box::new(move |view| drop(tell.send(view))),
        on_effect: Box::new(move |effect| {
            if let Effect::Note(is) = effect {
                let _ = note.send(is);
            }
        }),
    };
    let watched = Watched { host: Host::start(parts, shell).unwrap(), views };
    let next = |wanted: Noted| {
        while noted.recv_timeout(Duration::from_secs(120)).expect("it was not noted") != wanted {}
    };
    watched.read(world.claim(5));
    assert_eq!(watched.next(Screen::Verdict).tone, Tone::Half);
    next(Noted::NotKept);
    let key = SealKey::of(&world.ledger.ledger(), &world.claim(5));
    assert_eq!(disk.bundle(&key), Ok(None));
    disk.fail_writes(false);
    next(Noted::KeptLater);
    assert!(disk.bundle(&key).unwrap().is_some());
    assert!(watched.host.is_running());
}
