//! Gateways that move with a trust file, and one of two ledgers for which nobody answers.

use super::*;
use crate::client::testseveral;
use crate::client::testworld::BUILT;
use crate::home::Home;
use crate::net::Timeouts;
use crate::net::testserver::{Step, TestServer, reply};
use crate::store::MemoryStore;
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, finish_rotation, sign_trust_file};
use sealight_verify::sign::Algorithm;
use sealight_verify::trust::{KeySet, SignedTrustFile, TrustFile, open};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn root() -> SigningKey {
    SigningKey::from_seed(Algorithm::Ed25519, &[8; 32]).unwrap()
}

/// A trust file of this serial that names one gateway.
fn naming(world: &World, gateway: &TestServer, serial: u64) -> SignedTrustFile {
    let mut file: TrustFile = (*open(&world.ledger.trust().unwrap()).unwrap()).clone();
    file.ledgers[0].operators[0].gateways = vec![gateway.url()];
    (file.roots, file.serial) = (KeySet { threshold: 1, keys: vec![root().public()] }, serial);
    let mut signed = SignedTrustFile::unsigned(&file);
    sign_trust_file(&mut signed, &root());
    signed
}

#[test]
fn after_a_rotation_the_gateways_of_the_newer_trust_file_are_asked() {
    let (world, folder) = (World::new(1), Folder::new());
    let moved = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&moved);
    // The old gateway gives the newer trust file, and nothing once that is taken.
    let old = world.gateway(move |_, steps| match gone.load(Ordering::SeqCst) {
        true => reply("503 Service Unavailable", b"moved"),
        false => steps,
    });
    let new = world.honest();
    let first = finish_first(&naming(&world, &old, 1)).unwrap();
    let second = finish_rotation(&open(&first).unwrap(), &naming(&world, &new, 2)).unwrap();
    std::fs::write(world.ledger.home().path().join("trust"), &second).unwrap();
    assert_eq!(world.ledger.trust().unwrap(), second);
    let home = Home::open(&folder.path("device")).unwrap();
    let built = Timestamp::from_unix_secs(BUILT);
    let light = Light::open(Box::new(MemoryStore::new()), &first, built, world.now()).unwrap();
    let light = light.with_home(home.clone()).unwrap();
    let online = Online::new(light.trust(), &[], Timeouts::default());
    let watched = watched(light, online);
    let taken = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(20));
        home.trust().unwrap().is_some_and(|bytes| bytes == second)
    });
    assert!(taken.take(1_500).any(|taken| taken), "the newer trust file was not taken");
    moved.store(true, Ordering::SeqCst);
    watched.read(world.claim(5));
    assert_eq!(watched.next(Screen::Verdict).tone, Tone::Half);
}

#[test]
fn one_dead_ledger_of_two_is_no_lost_network() {
    let (one, two) = (World::new(1), World::new(2));
    let (told, asked) = channel();
    let first = one.gateway(move |path, steps| {
        // Trust files are asked for after all headers.
        if path.starts_with("/trust") {
            let _ = told.send(());
        }
        steps
    });
    let dead = two.gateway(|_, _| -> Vec<Step> { reply("503 Service Unavailable", b"dead") });
    let device = testseveral::device([&one, &two], [&first, &dead]);
    let watched = watched(device.light, device.online);
    asked.recv_timeout(Duration::from_secs(60)).expect("nobody asked for trust files");
    watched.host.send(Action::SwitchLanguage);
    let switched = |view: &View| view.language == Language::Chinese;
    let view = loop {
        let view = watched.views.recv_timeout(Duration::from_secs(30)).expect("no such view");
        if switched(&view) {
            break view;
        }
    };
    assert!(!view.strip.offline, "{view:?}");
    assert!(view.strip.text.contains("截至"), "{view:?}");
}
