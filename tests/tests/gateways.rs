//! Gateways that lie, between a light client and a ledger that run in two processes: what is
//! withheld or garbled is never red and never better than the truth, it has a typed reason,
//! nothing that the device had is lost, and the next honest answer is taken.

use sealight_edge::client::{Client, Reach};
use sealight_edge::net::{Fault, Standing};
use sealight_edge::store::{ByHeight, MemoryStore, SealKey, SqliteStore};
use sealight_tests::kit::gateway::{Liar, Sent, Upstream};
use sealight_tests::kit::gateway_ledger::{EVENTS, Prepared, RECALLED, Running, prove};
use sealight_verify::chain::AcceptError;
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::StateAnswer;
use sealight_verify::judge::{Finding, Freshness, Outcome, Unproven, Verdict};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[path = "gateways/base64.rs"]
mod base64;
#[path = "gateways/bytes.rs"]
mod bytes;

/// A bottle that is fine and known to the device before the lies begin.
const KNOWN: u32 = 3;
/// A bottle that is fine and new to the device.
const NEW: u32 = 77;

/// A ledger, a gateway that lies before it, and a device that has asked it before.
struct Scene {
    running: Running,
    liar: Liar,
    store: PathBuf,
}

impl Scene {
    fn new() -> Self {
        let running = Prepared::new(1).run();
        let liar = Liar::before(running.address);
        let store = running.prepared.place("store.db");
        Self { running, liar, store }
    }

    /// A device with nothing, and these gateways.
    fn fresh(&self, urls: &[String]) -> Client {
        self.running.prepared.device(Box::new(MemoryStore::new()), urls)
    }

    /// The device with its store in a file.
    fn stored(&self, urls: &[String]) -> Client {
        let opened = SqliteStore::open(&self.store).unwrap();
        assert_eq!(opened.warning, None);
        self.running.prepared.device(Box::new(opened.store), urls)
    }

    fn ask(&self, client: &mut Client, bottle: u32) -> Verdict {
        verdict(client, &self.running, bottle, Reach::Online)
    }

    /// Lies to a fresh device, to one that has a history, and with an honest gateway behind.
    /// Gives the reason that the fresh device has for the new bottle.
    fn suffer(&self, lie: impl Fn(&str, &Upstream) -> Sent + Send + Sync + 'static) -> Suffered {
        let urls = [self.liar.url()];
        self.liar.be_honest();
        let mut device = self.stored(&urls);
        let known = self.ask(&mut device, KNOWN);
        assert_eq!(known.outcome(), Outcome::Proven, "{:?}", known.record);
        let had = Kept::of(&mut device, &self.running);
        self.liar.lie(lie);

        let mut fresh = self.fresh(&urls);
        let alone = never_red(self.ask(&mut fresh, NEW));
        let recalled = never_red(self.ask(&mut fresh, RECALLED));
        assert_ne!(recalled.outcome(), Outcome::Proven, "a recalled bottle is not fine");

        let new = never_red(self.ask(&mut device, NEW));
        let again = self.ask(&mut device, KNOWN);
        assert_eq!(again.outcome(), Outcome::Proven, "what was proven is not lost: {again:?}");
        assert!(again.as_of.map(height) >= known.as_of.map(height));
        drop(device);
        let mut device = self.stored(&urls);
        Kept::of(&mut device, &self.running).holds(&had);
        let lied = standing(&mut device, &self.running, 0);
        assert_eq!(lied, Standing::default(), "nothing is held against a gateway for ever");

        let mut both = self.fresh(&[self.liar.url(), self.running.url()]);
        let proven = self.ask(&mut both, NEW);
        assert_eq!(proven.outcome(), Outcome::Proven, "{:?}", proven.record);
        let counted = standing(&mut both, &self.running, 0);

        self.liar.be_honest();
        for device in [&mut device, &mut fresh] {
            let honest = self.ask(device, NEW);
            assert_eq!(honest.outcome(), Outcome::Proven, "{:?}", honest.record);
            assert_eq!(self.ask(device, RECALLED).outcome(), Outcome::ProvenBut);
        }
        Suffered { alone, new, counted }
    }
}

/// What came of a lie.
struct Suffered {
    /// To a device that had nothing.
    alone: Verdict,
    /// To a device that had headers, of a bottle that it did not know.
    new: Verdict,
    /// What is counted of the liar where an honest gateway stands behind it.
    counted: Standing,
}

impl Suffered {
    /// Why nothing could be said.
    fn reasons(&self) -> [&Unproven; 2] {
        [&self.alone, &self.new].map(|verdict| match &verdict.record {
            Finding::Unproven(reason) => reason,
            other => panic!("a lie proved something: {other:?}"),
        })
    }

    /// The liar was found out.
    fn is_counted(&self) {
        let Standing { bad, stale, silent, .. } = self.counted;
        assert!(bad + stale + silent > 0, "{:?}", self.counted);
        assert!(self.counted.fault.is_some());
    }
}

/// What a device's store holds of proofs.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    headers: Vec<(u64, Vec<u8>)>,
    bundle: Option<Vec<u8>>,
}

impl Kept {
    fn of(device: &mut Client, running: &Running) -> Self {
        let (ledger, claim) = (running.prepared.ledger, running.prepared.claim(KNOWN));
        let store = device.light.store();
        let headers = store.by_height(&ledger, ByHeight::Header).unwrap();
        Self { headers, bundle: store.bundle(&SealKey::of(&ledger, &claim)).unwrap() }
    }

    /// All of an earlier one is still there.
    fn holds(&self, had: &Self) {
        assert!(!had.headers.is_empty() && had.bundle.is_some());
        assert!(had.headers.iter().all(|header| self.headers.contains(header)));
        assert!(self.bundle.is_some());
    }
}

fn verdict(client: &mut Client, running: &Running, bottle: u32, reach: Reach) -> Verdict {
    prove(client, &running.prepared.claim(bottle), reach).judgement.verdict
}

/// Never red, and a reason that speaks of the gateway and not of the goods.
fn never_red(verdict: Verdict) -> Verdict {
    match &verdict.record {
        Finding::Proven(_) => {}
        Finding::Unproven(
            Unproven::NotFound
            | Unproven::NoNetwork
            | Unproven::DataMissing { .. }
            | Unproven::EventsMissing { .. }
            | Unproven::AppTooOld(_)
            | Unproven::Header(_)
            | Unproven::BadProof(_),
        ) => {}
        other => panic!("a lie was believed: {other:?}"),
    }
    verdict
}

fn standing(device: &mut Client, running: &Running, at: usize) -> Standing {
    let gateways = device.online.gateways(&running.prepared.ledger).unwrap();
    gateways.standings().nth(at).unwrap().1.clone()
}

fn height(as_of: sealight_verify::judge::AsOf) -> u64 {
    as_of.height
}

fn is_head(path: &str) -> bool {
    path == "/commit"
}

fn is_lot(path: &str) -> bool {
    path.contains("%22/lot%22")
}

fn is_bucket(path: &str) -> bool {
    path.starts_with("/lot/")
}

/// The state answer inside the JSON, bent.
fn state_bent(sent: Sent, bend: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Sent {
    sent.bent(|body| {
        let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let value = &mut json["result"]["response"]["value"];
        let bytes = base64::decode(value.as_str().unwrap());
        *value = base64::encode(&bend(bytes)).into();
        json.to_string().into_bytes()
    })
}

#[test]
fn a_stale_head_proves_what_it_proves_and_is_counted_once_more_is_known() {
    let scene = Scene::new();
    let urls = [scene.liar.url()];
    let mut early = scene.fresh(&urls);
    let old = scene.ask(&mut early, NEW);
    let frozen = Mutex::new(None);
    let lie = move |path: &str, upstream: &Upstream| match is_head(path) {
        true => frozen.lock().unwrap().get_or_insert_with(|| upstream.read(path)).clone(),
        false => upstream.read(path),
    };
    scene.liar.lie(lie);
    assert!(scene.running.prepared.sync(&mut scene.fresh(&urls)).outcome.is_ok());
    let newest = scene.running.enter("shipping");
    // Who knows no better gets the old state with its own height.
    let fresh = scene.ask(&mut scene.fresh(&urls), NEW);
    assert_eq!(fresh.outcome(), Outcome::Proven);
    assert_eq!(fresh.as_of.map(height), old.as_of.map(height));
    // Who knows better keeps it, and counts the liar.
    let mut device = scene.fresh(&[scene.running.url()]);
    assert_eq!(scene.ask(&mut device, NEW).as_of.map(height), Some(newest));
    let mut device = sealight_tests::kit::gateway_ledger::device(device.light, &[scene.liar.url()]);
    let report = scene.running.prepared.sync(&mut device);
    let stale = Fault::Stale { got: old.as_of.unwrap().height, known: newest };
    assert_eq!(report.outcome, Err(vec![stale]));
    assert_eq!(standing(&mut device, &scene.running, 0).stale, 1);
    let known = scene.ask(&mut device, NEW);
    assert_eq!((known.outcome(), known.as_of.map(height)), (Outcome::Proven, Some(newest)));
    // With an honest gateway behind it the head is reached all the same.
    let mut both = sealight_tests::kit::gateway_ledger::device(
        device.light,
        &[scene.liar.url(), scene.running.url()],
    );
    let newer = scene.running.enter("arrival");
    assert_eq!(scene.ask(&mut both, NEW).as_of.map(height), Some(newer));
    assert_eq!(standing(&mut both, &scene.running, 0).stale, 1);
    scene.liar.be_honest();
    let honest = scene.ask(&mut early, NEW);
    assert_eq!((honest.outcome(), honest.as_of.map(height)), (Outcome::Proven, Some(newer)));
}

/// Two ledgers that went their own ways under the same validators' keys.
fn forked() -> (Running, Running, PathBuf) {
    let honest = Prepared::new(1);
    let (fork, store) = (honest.forked(), honest.place("store.db"));
    // Each signs a checkpoint of the header that both have, and goes on from there.
    let (honest, fork) = (honest.run(), fork.run());
    assert_eq!(honest.enter("shipping"), fork.enter("smuggling"));
    (honest, fork, store)
}

fn open(running: &Running, store: &Path, urls: &[String]) -> Client {
    let store = SqliteStore::open(store).unwrap().store;
    running.prepared.device(Box::new(store), urls)
}

#[test]
fn a_forked_header_freezes_the_ledger_and_keeps_the_evidence() {
    let (honest, fork, store) = forked();
    let liar = Liar::before(honest.address);
    let urls = [liar.url()];
    let mut device = open(&honest, &store, &urls);
    let before = verdict(&mut device, &honest, KNOWN, Reach::Online);
    assert_eq!(before.outcome(), Outcome::Proven);
    let at = before.as_of.unwrap().height;
    let other = Upstream::new(fork.address);
    liar.lie(move |path, _| other.read(path));
    let during = never_red(verdict(&mut device, &honest, NEW, Reach::Online));
    let frozen = device.light.chain(&honest.prepared.ledger).unwrap().frozen();
    let Some((common, height)) = frozen else { panic!("not frozen: {during:?}") };
    assert!(common < height && height == at, "{frozen:?}");
    below(&during, common);
    // Neither side is believed, nor what was proven under one of them, also after a restart.
    drop(device);
    liar.be_honest();
    let mut device = open(&honest, &store, &urls);
    assert_eq!(device.light.chain(&honest.prepared.ledger).unwrap().frozen(), frozen);
    for bottle in [KNOWN, NEW] {
        let after = never_red(verdict(&mut device, &honest, bottle, Reach::Online));
        below(&after, common);
    }
}

/// Nothing is said from above the last common height.
fn below(verdict: &Verdict, common: u64) {
    match &verdict.record {
        Finding::Proven(_) => assert!(verdict.as_of.is_some_and(|as_of| as_of.height <= common)),
        Finding::Unproven(Unproven::Header(error)) => {
            assert!(matches!(error, AcceptError::Frozen { .. } | AcceptError::Fork(_)), "{error}");
        }
        _ => assert_eq!(verdict.record, Finding::Unproven(Unproven::NotFound)),
    }
}

#[test]
fn another_chains_name_is_not_taken() {
    let scene = Scene::new();
    let name = scene.running.prepared.chain_id.clone();
    let other: String = name.chars().rev().collect();
    let suffered = scene.suffer(move |path, upstream| {
        let renamed =
            |body: Vec<u8>| String::from_utf8(body).unwrap().replace(&name, &other).into_bytes();
        let sent = upstream.read(path);
        if path.starts_with("/commit") { sent.bent(renamed) } else { sent }
    });
    let [alone, new] = [&suffered.alone, &suffered.new].map(Verdict::outcome);
    // Under the head that a device has, the state of this gateway is true.
    assert_eq!((alone, new), (Outcome::Unproven, Outcome::Proven));
    suffered.is_counted();
}

#[test]
fn another_ledgers_gateway_is_not_taken() {
    let (scene, other) = (Scene::new(), Prepared::new(2).run());
    let elsewhere = Upstream::new(other.address);
    let suffered = scene.suffer(move |path, _| elsewhere.read(path));
    suffered.reasons();
    suffered.is_counted();
}

#[test]
fn another_lots_proof_is_not_taken() {
    let scene = Scene::new();
    let prepared = &scene.running.prepared;
    let [asked, told] = [&prepared.lot, &prepared.other].map(|whole| whole.lot.id().to_string());
    let [root, instead] =
        [&prepared.lot, &prepared.other].map(|whole| whole.lot.root().to_string());
    let suffered = scene.suffer(move |path, upstream| {
        upstream.read(&path.replace(&asked, &told).replace(&root, &instead))
    });
    suffered.reasons();
    suffered.is_counted();
}

#[test]
fn another_lots_bucket_is_data_missing() {
    let scene = Scene::new();
    let prepared = &scene.running.prepared;
    let [root, instead] =
        [&prepared.lot, &prepared.other].map(|whole| whole.lot.root().to_string());
    let suffered =
        scene.suffer(move |path, upstream| upstream.read(&path.replace(&root, &instead)));
    assert_eq!(suffered.reasons(), [&Unproven::DataMissing { what: "bucket" }; 2]);
}

#[test]
fn a_withheld_event_is_events_missing() {
    let scene = Scene::new();
    let suffered = scene.suffer(|path, upstream| match is_lot(path) {
        true => state_bent(upstream.read(path), |bytes| {
            let mut answer: StateAnswer = decode(&bytes).unwrap();
            if let Some(lot) = answer.lot.as_mut() {
                lot.events.pop();
            }
            encode(&answer)
        }),
        false => upstream.read(path),
    });
    let missing = Unproven::EventsMissing { have: EVENTS - 1, of: EVENTS };
    assert_eq!(suffered.reasons(), [&missing; 2]);
    suffered.is_counted();
}

#[test]
fn a_withheld_bucket_is_data_missing() {
    let scene = Scene::new();
    let suffered = scene.suffer(|path, upstream| match is_bucket(path) {
        true => Sent::Whole(404, b"no such thing".to_vec()),
        false => upstream.read(path),
    });
    assert_eq!(suffered.reasons(), [&Unproven::DataMissing { what: "bucket" }; 2]);
}

#[test]
fn a_withheld_state_is_data_missing() {
    let scene = Scene::new();
    let suffered = scene.suffer(|path, upstream| match is_lot(path) {
        true => Sent::Whole(404, b"no such thing".to_vec()),
        false => upstream.read(path),
    });
    assert_eq!(suffered.reasons(), [&Unproven::DataMissing { what: "state" }; 2]);
    suffered.is_counted();
}

#[test]
fn a_gateway_that_hangs_up_is_no_network() {
    let scene = Scene::new();
    let suffered = scene.suffer(|_, _| Sent::HangUp);
    assert_eq!(suffered.reasons(), [&Unproven::NoNetwork; 2]);
    suffered.is_counted();
}

#[test]
fn a_huge_body_is_cut_off() {
    for huge in [Sent::Announced(1 << 40), Sent::Flood] {
        let scene = Scene::new();
        let suffered = scene.suffer(move |path, upstream| match is_lot(path) {
            true => huge.clone(),
            false => upstream.read(path),
        });
        let missing = Unproven::DataMissing { what: "an answer that holds" };
        assert_eq!(suffered.reasons(), [&missing; 2]);
        suffered.is_counted();
    }
}

#[test]
fn a_slow_body_is_left() {
    let scene = Scene::new();
    let suffered = scene.suffer(|path, upstream| {
        let sent = upstream.read(path);
        match (is_lot(path), sent.body()) {
            // Each byte comes before the client gives up on the next; the whole never would.
            (true, Some(body)) => Sent::Drip(body.to_vec(), Duration::from_millis(50)),
            _ => sent,
        }
    });
    assert_eq!(suffered.reasons(), [&Unproven::NoNetwork; 2]);
    suffered.is_counted();
}

#[test]
fn a_second_scan_offline_says_the_same_as_of_the_first() {
    let mut scene = Scene::new();
    let first = scene.ask(&mut scene.stored(&[scene.running.url()]), NEW);
    assert_eq!(first.outcome(), Outcome::Proven);
    let recalled = scene.ask(&mut scene.stored(&[scene.running.url()]), RECALLED);
    scene.running.kill();
    for reach in [Reach::Offline, Reach::IfStale, Reach::Online] {
        let mut device = scene.stored(&[scene.running.url()]);
        for (bottle, then) in [(NEW, &first), (RECALLED, &recalled)] {
            let second = verdict(&mut device, &scene.running, bottle, reach);
            let (then_at, second_at) = (then.as_of.unwrap(), second.as_of.unwrap());
            assert_eq!((second_at.height, second_at.time), (then_at.height, then_at.time));
            assert!(second_at.age >= then_at.age);
            assert_eq!(second.freshness, Freshness::Fresh);
            let same = Verdict { as_of: then.as_of, ..second };
            assert_eq!(&same, then);
        }
        // What was never scanned is not known.
        let never = verdict(&mut device, &scene.running, KNOWN, reach);
        assert_eq!(never.record, Finding::Unproven(Unproven::NoNetwork));
    }
}

/// The count of lies that were tried, for the claim.
fn figure(what: &str, count: usize) {
    println!("figure: {what}: {count}");
}

/// A place that a test moves while the liar reads it.
fn place() -> (Arc<AtomicUsize>, impl Fn() -> usize) {
    let place = Arc::new(AtomicUsize::new(0));
    let read = Arc::clone(&place);
    (place, move || read.load(Ordering::Relaxed))
}
