//! A device's store killed at any moment, edited by hand, or swapped for an older copy: what is
//! found again proves no more than it did, and nothing panics.
//!
//! The ledger runs in a process of its own. The device that is killed is this test binary again,
//! told by environment variables to scan until it is killed; it ends by itself where nobody does.

use sealight_edge::client::{Client, Reach};
use sealight_edge::clock;
use sealight_edge::store::{ByHeight, Change, SealKey, SqliteStore, Store};
use sealight_flow::{Answer, Chips, Entry};
use sealight_tests::kit::gateway_ledger::{
    BOTTLES, Prepared, RECALLED, Running, device, light, prove,
};
use sealight_verify::codec::decode;
use sealight_verify::comet::LightBlock;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::SealCode;
use sealight_verify::judge::{Finding, Named, Outcome, SealClaim, Unproven, Verdict};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often the device is killed.
const KILLS: u64 = 50;
/// Longest life of a device that nobody kills.
const LIFE: Duration = Duration::from_secs(20);
/// Fewest places at which the file is edited by hand.
const EDITS: usize = 600;
const STORE: &str = "SEALIGHT_KILLED_STORE";
const GATEWAY: &str = "SEALIGHT_KILLED_GATEWAY";
/// A bottle that is fine.
const FINE: u32 = 3;
/// A bottle that nobody scanned.
const NEVER: u32 = 100;

/// A ledger, and where a device keeps its store.
struct Scene {
    running: Running,
    path: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let running = Prepared::new(1).run();
        let path = running.prepared.place("store.db");
        Self { running, path }
    }

    fn claim(&self, bottle: u32) -> SealClaim {
        self.running.prepared.claim(bottle)
    }

    fn device(&self, store: Box<dyn Store>) -> Client {
        self.running.prepared.device(store, &[self.running.url()])
    }

    fn open(&self) -> Client {
        let opened = SqliteStore::open(&self.path).unwrap();
        assert_eq!(opened.warning, None);
        self.device(Box::new(opened.store))
    }

    /// What a device says of a bottle by its store alone.
    fn offline(&self, device: &mut Client, bottle: u32) -> Verdict {
        prove(device, &self.claim(bottle), Reach::Offline).judgement.verdict
    }

    fn scan(&self, device: &mut Client, bottle: u32) -> Verdict {
        prove(device, &self.claim(bottle), Reach::Online).judgement.verdict
    }

    /// A store with a fine and a recalled bottle, closed; its bytes.
    fn filled(&self) -> Vec<u8> {
        let mut device = self.open();
        assert_eq!(self.scan(&mut device, FINE).outcome(), Outcome::Proven);
        assert_eq!(self.scan(&mut device, RECALLED).outcome(), Outcome::ProvenBut);
        drop(device);
        std::fs::read(&self.path).unwrap()
    }
}

/// A device in a process of its own; killed when dropped.
struct Killed(Child);

impl Killed {
    fn start(scene: &Scene) -> Self {
        let trust = scene.running.prepared.place("device.trust");
        std::fs::write(&trust, &scene.running.prepared.trust).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child_scans_until_it_is_killed", "--test-threads=1"]);
        command.env(STORE, &scene.path).env(GATEWAY, scene.running.url());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self(child)
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL on Unix: nothing of the process runs any more.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Where the child finds the seals that it scans.
fn seals_beside(path: &Path) -> PathBuf {
    path.with_file_name("device.seals")
}

/// Not a test of its own: what the child runs.
#[test]
fn child_scans_until_it_is_killed() {
    let (Some(path), Ok(gateway)) = (std::env::var_os(STORE), std::env::var(GATEWAY)) else {
        return;
    };
    let path = PathBuf::from(path);
    let trust = std::fs::read(path.with_file_name("device.trust")).unwrap();
    let seals = std::fs::read_to_string(seals_beside(&path)).unwrap();
    let seals: Vec<SealClaim> = seals
        .lines()
        .map(|seal| SealClaim::of_seal(&SealCode::decode_fragment(seal).unwrap(), Carrier::Qr))
        .collect();
    let store = SqliteStore::open(&path).unwrap().store;
    let mut device = device(light(Box::new(store), &trust), &[gateway]);
    let ledger = *device.light.ledgers().next().unwrap();
    let begun = Instant::now();
    // It goes on where the life before was ended.
    let last = device.light.store().setting("a").unwrap();
    let first = last.and_then(|text| text.parse::<usize>().ok()).map_or(0, |last| last + 1);
    for turn in first.. {
        if begun.elapsed() > LIFE {
            return;
        }
        let claim = &seals[turn % seals.len()];
        let proven = prove(&mut device, claim, Reach::Online);
        let verdict = proven.judgement.verdict;
        let answer = Answer::of(claim, &verdict);
        let entry = Entry::of(clock::system(), claim, &answer, Chips::NONE, None);
        device.light.record(&ledger, claim, &verdict, entry).unwrap();
        // Three rows of one change set, which must be found together or not at all.
        let set = |name: &str| Change::Setting { name: name.into(), value: turn.to_string() };
        device.light.store().apply(&[set("a"), set("b"), set("c")]).unwrap();
    }
}

#[test]
fn a_store_killed_at_any_moment_proves_no_more() {
    let scene = Scene::new();
    let prepared = &scene.running.prepared;
    let scanned: Vec<u32> = (0..BOTTLES).filter(|bottle| *bottle != NEVER).collect();
    let seals = scanned.iter().map(|bottle| prepared.lot.seals[*bottle as usize].fragment());
    let text: Vec<String> = seals.collect();
    std::fs::write(seals_beside(&scene.path), text.join("\n")).unwrap();
    let (mut newest, mut cut, mut head) = (None, 0, 0);
    for kill in 0..KILLS {
        let child = Killed::start(&scene);
        // Spread over opening, first writes and later ones; the same spread in each run.
        std::thread::sleep(Duration::from_millis(30 + kill * 7919 % 400));
        drop(child);
        let Some(found) = look(&scene, &mut head) else { continue };
        assert!(found.0 >= newest, "a change that was seen is gone");
        newest = found.0;
        cut += usize::from(found.1);
        // The state moves on between two lives.
        if kill % 8 == 0 {
            scene.running.enter("checking");
        }
    }
    // It got somewhere, or nothing was tested.
    assert!(newest.is_some() && head > 1);
    println!("figure: kills: {KILLS}");
    println!("figure: of them in the middle of work: {cut}");
    let mut device = scene.open();
    assert_eq!(scene.scan(&mut device, FINE).outcome(), Outcome::Proven);
    assert_eq!(scene.scan(&mut device, NEVER).outcome(), Outcome::Proven);
}

/// What the store holds after a kill: its newest change set, and whether the kill was an unclean
/// end. `head` is the newest height that it ever held.
fn look(scene: &Scene, head: &mut u64) -> Option<(Option<u64>, bool)> {
    if !scene.path.exists() {
        return None;
    }
    let unclean = scene.path.with_file_name("store.db-open").exists();
    let mut device = scene.open();
    let ledger = scene.running.prepared.ledger;
    let kept = device.light.chain(&ledger).and_then(|chain| chain.head()).map_or(0, |h| h.height());
    assert!(kept >= *head, "a header that was there is gone: {kept} < {head}");
    *head = kept;
    let store = device.light.store();
    let [a, b, c] = ["a", "b", "c"].map(|name| store.setting(name).unwrap());
    assert!(a == b && b == c, "{a:?} {b:?} {c:?}");
    // Each row is whole, or not there.
    for (_, bytes) in store.by_height(&ledger, ByHeight::Header).unwrap() {
        decode::<LightBlock>(&bytes).unwrap();
    }
    let scans = store.scans(None, usize::MAX).unwrap();
    for scan in &scans {
        let claim = scan.entry.claim.to_claim().unwrap();
        assert!(matches!(claim.names, Named::Item(_)));
        // A scan is recorded after its bundle was kept.
        assert!(store.bundle(&SealKey::of(&ledger, &claim)).unwrap().is_some());
    }
    for bottle in [FINE, RECALLED, 70, 99] {
        let verdict = scene.offline(&mut device, bottle);
        no_better(&verdict, bottle == RECALLED, *head);
    }
    let never = scene.offline(&mut device, NEVER);
    assert_eq!(never.record, Finding::Unproven(Unproven::NoNetwork));
    Some((a.and_then(|text| text.parse().ok()), unclean))
}

/// Proven as it is, as of a header that the store leads to, or not at all.
fn no_better(verdict: &Verdict, recalled: bool, head: u64) {
    match (verdict.outcome(), &verdict.record) {
        (Outcome::Proven, _) => assert!(!recalled, "{verdict:?}"),
        (Outcome::ProvenBut, _) => assert!(recalled, "{verdict:?}"),
        (Outcome::Unproven, Finding::Unproven(_)) => return,
        other => panic!("{other:?}"),
    }
    assert!(verdict.as_of.is_some_and(|as_of| as_of.height <= head), "{verdict:?}");
}

#[test]
fn a_store_edited_by_hand_proves_no_more() {
    let scene = Scene::new();
    let whole = scene.filled();
    let folder = scene.path.with_file_name("edited");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("store.db");
    let (mut edits, mut same, mut refused) = (0, 0, 0);
    for (turn, at) in (0..whole.len()).step_by((whole.len() / EDITS).max(1)).enumerate() {
        let mut edited = whole.clone();
        // A bit, a byte, or a stretch of them.
        let run = [1, 1, 16][turn % 3];
        let mask = [1 << (at % 8), 0xff, 0x5a][turn % 3];
        edited[at..].iter_mut().take(run).for_each(|byte| *byte ^= mask);
        for name in std::fs::read_dir(&folder).unwrap() {
            std::fs::remove_file(name.unwrap().path()).unwrap();
        }
        std::fs::write(&path, &edited).unwrap();
        if turn % 2 == 0 {
            // As after a kill: the file is looked at before it is used.
            std::fs::write(folder.join("store.db-open"), b"").unwrap();
        }
        edits += 1;
        // A file that is refused is told of, and proves nothing.
        let Ok(opened) = SqliteStore::open(&path) else {
            refused += 1;
            continue;
        };
        let aside = opened.warning.is_some();
        let mut device = scene.device(Box::new(opened.store));
        let mut proven = 0;
        for bottle in [FINE, RECALLED] {
            let verdict = scene.offline(&mut device, bottle);
            no_better(&verdict, bottle == RECALLED, u64::MAX);
            proven += usize::from(verdict.outcome() != Outcome::Unproven);
        }
        assert!(!aside || proven == 0);
        let never = scene.offline(&mut device, NEVER);
        assert_eq!(never.record, Finding::Unproven(Unproven::NoNetwork));
        same += usize::from(proven == 2);
        refused += usize::from(aside);
        // Whatever is left, the next honest answer is taken.
        if turn % 16 == 0 {
            assert_eq!(scene.scan(&mut device, FINE).outcome(), Outcome::Proven, "byte {at}");
        }
    }
    // Some edits hit what verdicts rest on, some do not, or nothing was tested.
    assert!(same > 0 && same < edits);
    println!("figure: edits by hand: {edits}");
    println!("figure: of them found at opening: {refused}");
    println!("figure: of them that changed no verdict: {same}");
}

#[test]
fn a_bundle_put_under_another_seal_proves_nothing() {
    let scene = Scene::new();
    scene.filled();
    let (ledger, mut device) = (scene.running.prepared.ledger, scene.open());
    let [fine, recalled, never] =
        [FINE, RECALLED, NEVER].map(|bottle| SealKey::of(&ledger, &scene.claim(bottle)));
    let bytes = device.light.store().bundle(&fine).unwrap().unwrap();
    let swap = [recalled, never].map(|key| Change::Bundle { key, bytes: bytes.clone() });
    device.light.store().apply(&swap).unwrap();
    drop(device);
    let mut device = scene.open();
    for bottle in [RECALLED, NEVER] {
        let verdict = scene.offline(&mut device, bottle);
        assert_eq!(verdict.record, Finding::Unproven(Unproven::NoNetwork), "bottle {bottle}");
    }
    assert_eq!(scene.offline(&mut device, FINE).outcome(), Outcome::Proven);
    assert_eq!(scene.scan(&mut device, RECALLED).outcome(), Outcome::ProvenBut);
}

#[test]
fn an_older_copy_says_what_it_knew_as_of_then() {
    let scene = Scene::new();
    let older = scene.filled();
    let mut device = scene.open();
    let then = scene.offline(&mut device, FINE);
    let newest = scene.running.enter("shipping");
    let now = scene.scan(&mut device, FINE);
    assert_eq!(now.as_of.map(|as_of| as_of.height), Some(newest));
    drop(device);
    std::fs::write(&scene.path, older).unwrap();
    let mut device = scene.open();
    let back = scene.offline(&mut device, FINE);
    let (was, is) = (then.as_of.unwrap(), back.as_of.unwrap());
    assert_eq!((is.height, is.time), (was.height, was.time));
    assert!(is.age >= was.age && is.height < newest);
    assert_eq!(scene.offline(&mut device, RECALLED).outcome(), Outcome::ProvenBut);
    let again = scene.scan(&mut device, FINE);
    assert_eq!(again.as_of.map(|as_of| as_of.height), Some(newest));
}
