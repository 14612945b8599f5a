//! A device killed while it writes: what it finds again is whole, and no verdict is better.
//!
//! `SEALIGHT_KILLS` says how often (10 by itself). The child is this test binary, told by an
//! environment variable to write until it is killed.

use super::world::World;
use crate::client::Reach;
use crate::store::{Change, SealKey, SqliteStore, Store};
use crate::testfolder::Folder;
use sealight_flow::{Answer, Chips, Entry};
use sealight_verify::judge::{Finding, Outcome, Unproven};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const CHILD: &str = "SEALIGHT_KILL_CHILD";

/// Not a test of its own: what the child runs.
#[test]
fn child_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device_at(Path::new(&path), &[&gateway]);
    let ledger = world.ledger.ledger();
    for turn in 0u64.. {
        let claim = world.claim((turn % 100) as u32);
        world.event("bottling");
        let proven = world.prove(&mut device, &claim, Reach::Online);
        let verdict = proven.judgement.verdict;
        let answer = Answer::of(&claim, &verdict);
        let entry = Entry::of(world.now(), &claim, &answer, Chips::NONE, None);
        device.light.record(&ledger, &claim, &verdict, entry).unwrap();
        // Three rows of one change set, which must be found together or not at all.
        let value = turn.to_string();
        let set = |name: &str| Change::Setting { name: name.into(), value: value.clone() };
        device.light.store().apply(&[set("a"), set("b"), set("c")]).unwrap();
    }
}

#[test]
fn a_store_killed_at_any_moment_opens_whole_and_proves_no_more() {
    let kills = std::env::var("SEALIGHT_KILLS").ok().and_then(|text| text.parse().ok());
    let folder = Folder::new();
    let path = folder.path("store.db");
    let mut last = None;
    for kill in 0..kills.unwrap_or(10u64) {
        let name = "client::tests::kill::child_writes_until_it_is_killed";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--test-threads=1"])
            .env(CHILD, &path)
            // What it lays out beside its store goes with this test, since it never ends itself.
            .env("TMPDIR", folder.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over opening, first writes and later ones; the same spread in each run.
        std::thread::sleep(Duration::from_millis(80 + kill * 7919 % 900));
        child.kill().unwrap();
        child.wait().unwrap();
        last = look(&path).max(last);
    }
    // It got somewhere, or nothing was tested.
    assert!(last.is_some());
}

/// What the store holds after a kill: the newest setting.
fn look(path: &Path) -> Option<u64> {
    if !path.exists() {
        return None;
    }
    let opened = SqliteStore::open(path).unwrap();
    assert_eq!(opened.warning, None);
    let store = opened.store;
    let [a, b, c] = ["a", "b", "c"].map(|name| store.setting(name).unwrap());
    assert!(a == b && b == c, "{a:?} {b:?} {c:?}");
    let scans = store.scans(None, usize::MAX).unwrap();
    let ledger = scans.first().map(|scan| scan.ledger);
    let kept = scans.iter().filter(|scan| {
        store
            .bundle(&SealKey::of(&scan.ledger, &scan.entry.claim.to_claim().unwrap()))
            .unwrap()
            .is_some()
    });
    // A scan is recorded after its bundle was kept.
    assert_eq!(kept.count(), scans.len());
    drop(store);
    if let Some(ledger) = ledger {
        verdicts(path, &scans, &ledger);
    }
    a.and_then(|text| text.parse().ok())
}

/// The same ledger once more (it is made from fixed keys): every stored bundle is judged again by
/// what the store itself leads to.
fn verdicts(
    path: &Path,
    scans: &[crate::store::Scan],
    ledger: &sealight_verify::format::ids::LedgerId,
) {
    let world = World::new(1);
    assert_eq!(world.ledger.ledger(), *ledger);
    let mut device = world.device_at(path, &[]);
    for scan in scans.iter().take(20) {
        let claim = scan.entry.claim.to_claim().unwrap();
        let verdict = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
        // Its header may have been lost with the last writes; then nothing is said.
        let fine = match &verdict.record {
            Finding::Proven(_) => verdict.outcome() <= Outcome::ProvenStale,
            Finding::Unproven(Unproven::Header(_)) => true,
            other => panic!("{other:?}"),
        };
        assert!(fine, "{verdict:?}");
    }
}
