//! A disk without room during a scan: the answer comes, is told as not kept, and is kept later.

use super::*;
use crate::store::{
    ByHeight, ByHeightRow, Change, Mark, MemoryStore, Scan, ScanId as Id, SealKey, Store,
    StoreError, Touched,
};
use sealight_flow::{Effect, Noted};
use sealight_verify::format::ids::LedgerId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A store whose disk has room or not, and which the test looks into.
#[derive(Clone)]
struct Disk {
    store: Arc<Mutex<MemoryStore>>,
    full: Arc<AtomicBool>,
}

impl Disk {
    fn inside<T>(&self, ask: impl FnOnce(&mut MemoryStore) -> T) -> T {
        ask(&mut self.store.lock().unwrap())
    }
}

impl Store for Disk {
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.inside(|store| store.trust_files())
    }

    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError> {
        self.inside(|store| store.mark(ledger, mark))
    }

    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError> {
        self.inside(|store| store.by_height(ledger, what))
    }

    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError> {
        self.inside(|store| store.bundle(key))
    }

    fn scans(&self, before: Option<Id>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.inside(|store| store.scans(before, limit))
    }

    fn scan(&self, id: Id) -> Result<Option<Scan>, StoreError> {
        self.inside(|store| store.scan(id))
    }

    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.inside(|store| store.scans_touched(touched, limit))
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.inside(|store| store.setting(name))
    }

    fn apply(&mut self, changes: &[Change]) -> Result<Option<Id>, StoreError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(StoreError::DiskFull);
        }
        self.inside(|store| store.apply(changes))
    }
}

#[test]
fn an_answer_that_finds_no_room_is_shown_told_and_kept_later() {
    let world = World::new(1);
    let gateway = world.honest();
    let disk = Disk { store: Arc::default(), full: Arc::default() };
    let device = world.device_with(Box::new(disk.clone()), &[&gateway], world.now());
    disk.full.store(true, Ordering::SeqCst);
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
    disk.full.store(false, Ordering::SeqCst);
    next(Noted::KeptLater);
    assert!(disk.bundle(&key).unwrap().is_some());
    assert!(watched.host.is_running());
}
