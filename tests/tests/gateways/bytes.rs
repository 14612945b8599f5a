//! Answers cut short and garbled, byte by byte.

use super::*;

/// Fewest places at which a longer answer is damaged.
const PLACES: usize = 320;
/// After so many lies an honest answer is asked for in between.
const BETWEEN: usize = 64;

type Damage = fn(&[u8], usize) -> Sent;

fn cut(body: &[u8], at: usize) -> Sent {
    Sent::Whole(200, body[..at].to_vec())
}

fn torn(body: &[u8], at: usize) -> Sent {
    Sent::Torn(body.to_vec(), at)
}

fn garbled(body: &[u8], at: usize) -> Sent {
    let mut body = body.to_vec();
    body[at] ^= 1 << (at % 8);
    Sent::Whole(200, body)
}

/// Damages the answers that `kind` picks at every `step`-th byte; how many lies were told.
///
/// The device is fresh each time, so that nothing stands between it and the lie; bottles that are
/// fine and recalled take turns.
fn damaged(scene: &Scene, kind: fn(&str) -> bool, damage: Damage, every: bool) -> usize {
    let urls = [scene.liar.url()];
    // The newest header lies above the signed checkpoint, so that a device needs it.
    let newest = scene.running.enter("shipping");
    scene.liar.keep_answers();
    let length = length(scene, kind);
    let step = if every { 1 } else { (length / PLACES).max(1) };
    let (place, at) = place();
    let lie = move |path: &str, upstream: &Upstream| {
        let sent = upstream.read(path);
        match sent.body().filter(|body| kind(path) && !body.is_empty()) {
            Some(body) => damage(body, at() % body.len()),
            None => sent,
        }
    };
    let lie = Arc::new(lie);
    let told = Arc::clone(&lie);
    scene.liar.lie(move |path, upstream| told(path, upstream));
    let mut device = scene.fresh(&urls);
    let honest = [(NEW, Outcome::Proven), (RECALLED, Outcome::ProvenBut)];
    let places: Vec<usize> = (0..length).step_by(step).collect();
    let mut less = 0;
    for (turn, at) in places.iter().enumerate() {
        place.store(*at, Ordering::Relaxed);
        device.light = scene.running.prepared.light(Box::new(MemoryStore::new()));
        let (bottle, fine) = honest[turn % 2];
        let got = never_red(scene.ask(&mut device, bottle));
        // Some bytes mean nothing (a name in JSON that nobody reads): then the answer is honest.
        let allowed = [Outcome::Unproven, fine].contains(&got.outcome());
        assert!(allowed, "byte {at} of {length}: {:?}", got.record);
        // Under the checkpoint's header, where the newest does not arrive.
        less += usize::from(got.as_of.map(height) != Some(newest));
        if turn % BETWEEN == 0 {
            scene.liar.be_honest();
            assert_eq!(scene.ask(&mut device, bottle).outcome(), fine, "after byte {at}");
            let told = Arc::clone(&lie);
            scene.liar.lie(move |path, upstream| told(path, upstream));
        }
    }
    // Most bytes mean something, or nothing was tested.
    assert!(2 * less > places.len(), "{less} of {}", places.len());
    places.len()
}

/// Length of the longest answer of a kind that an honest look-up takes.
fn length(scene: &Scene, kind: fn(&str) -> bool) -> usize {
    let longest = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&longest);
    scene.liar.lie(move |path, upstream| {
        let sent = upstream.read(path);
        if let Some(body) = sent.body().filter(|_| kind(path)) {
            seen.fetch_max(body.len(), Ordering::Relaxed);
        }
        sent
    });
    scene.ask(&mut scene.fresh(&[scene.liar.url()]), NEW);
    let length = longest.load(Ordering::Relaxed);
    assert!(length > 0, "nothing of this kind was asked for");
    length
}

#[test]
fn heads_cut_at_every_byte() {
    let count = damaged(&Scene::new(), is_head, cut, true);
    figure("heads cut, every byte", count);
}

#[test]
fn heads_garbled_at_every_byte() {
    let count = damaged(&Scene::new(), is_head, garbled, true);
    figure("heads garbled, every byte", count);
}

#[test]
fn validators_cut_and_garbled_at_every_byte() {
    let (scene, is_set) = (Scene::new(), |path: &str| path.starts_with("/validators"));
    figure("validators cut, every byte", damaged(&scene, is_set, cut, true));
    figure("validators garbled, every byte", damaged(&scene, is_set, garbled, true));
}

#[test]
fn checkpoints_cut_and_garbled_at_every_byte() {
    let (scene, is_pin) = (Scene::new(), |path: &str| path.starts_with("/checkpoint"));
    figure("checkpoints cut, every byte", damaged(&scene, is_pin, cut, true));
    figure("checkpoints garbled, every byte", damaged(&scene, is_pin, garbled, true));
}

#[test]
fn states_cut_and_garbled() {
    let scene = Scene::new();
    figure("state answers cut", damaged(&scene, is_lot, cut, false));
    figure("state answers garbled", damaged(&scene, is_lot, garbled, false));
}

#[test]
fn buckets_cut_and_garbled() {
    let scene = Scene::new();
    figure("buckets cut", damaged(&scene, is_bucket, cut, false));
    figure("buckets garbled", damaged(&scene, is_bucket, garbled, false));
}

#[test]
fn answers_that_break_off() {
    let scene = Scene::new();
    let all: [fn(&str) -> bool; 3] = [is_head, is_lot, is_bucket];
    let count = all.map(|kind| damaged(&scene, kind, torn, false)).iter().sum();
    figure("answers that break off", count);
}
