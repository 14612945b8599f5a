//! The application killed while its engine works on a block.

use crate::consortium_support::{Consortium, Engine, brand, event, gtin, kill, sync};
use sealight_ledger::node::NetworkOptions;
use sealight_verify::codec::encode;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::party::Roles;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

/// The node whose application is killed.
const VICTIM: usize = 3;
/// Events that are on their way at each kill; a lot holds 1,024.
const EVENTS: u32 = 20;
/// What the victim's engine says of a block as it works on it, and where that is.
const STEPS: [(&str, &str); 4] = [
    ("received complete proposal block", "voting"),
    ("finalizing commit of block", "finalizing"),
    ("finalized block", "between finalized and committed"),
    ("committed state", "committing"),
];

#[test]
fn an_application_killed_inside_blocks_has_its_peers_state() {
    killed_inside_blocks(8);
}

#[test]
#[ignore = "the claim consortium-fifty-kills"]
fn an_application_killed_fifty_times_inside_blocks_has_its_peers_state() {
    killed_inside_blocks(50);
}

fn killed_inside_blocks(kills: u32) {
    let options = NetworkOptions { interval: Duration::from_secs(1), ..NetworkOptions::default() };
    let Some(mut net) = Consortium::start(&options) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 100).lot.id();
    let mut met = [0u32; STEPS.len()];
    for number in 0..kills {
        let running = net.node(VICTIM).process("app_process").unwrap();
        let load = load(&mut net, lot, number);
        let mut engine = Engine::dial(net.rpc(0));
        engine.offer(&load);
        let wanted = number as usize % STEPS.len();
        met[wanted] += u32::from(met_in(&net, STEPS[wanted].0));
        kill(running);
        net.until("the application again", |net| {
            let node = net.node(VICTIM);
            node.process("app_process").is_some_and(|id| id != running)
                && node.process("engine_process").is_some()
                && node.height() >= net.node(0).height()
        });
    }
    let height = net.height(0);
    net.until("a block after the last kill", |net| net.height(VICTIM) > height);
    let due = net.parties["distillery"].sequence;
    net.until("all events", |net| net.sequence("distillery") == due);
    let hashes = [0, VICTIM].map(|place| {
        let mut device = net.device(&[place]);
        sync(&net, &mut device).unwrap();
        let head = device.light.chain(&net.ledger).unwrap().head().unwrap().clone();
        (head.height(), head.app_hash())
    });
    // Heads may be a block apart, the state under them is not: nothing was entered since.
    assert_eq!(hashes[0].1, hashes[1].1, "{hashes:?}");
    let told = net.node(VICTIM).running.unwrap();
    assert!(told["restarts"].as_u64().unwrap() >= u64::from(kills), "{told}");
    assert!(told["failure"].is_null(), "{told}");
    println!("figure: kills inside blocks: {kills}");
    for ((_, step), met) in STEPS.iter().zip(met) {
        println!("figure: of them met while {step}: {met}");
    }
    println!("figure: of them with a block decided and not durable here: {}", behind(&net));
    // One in ten may come while the engine itself is slow: a loaded machine is no fault of ours.
    assert!(met.iter().sum::<u32>() * 10 >= kills * 9, "kills that met no block: {met:?}");
}

fn load(net: &mut Consortium, lot: LotId, number: u32) -> Vec<Vec<u8>> {
    let entry = |step| {
        let body = event(lot, &format!("{number} {step}"));
        encode(&net.entry("distillery", &[], body))
    };
    (0..EVENTS).map(entry).collect()
}

/// Waits until the victim's engine says that it is there; false where it did not within three blocks.
/// Its log is written a line at a time, before the call to the application that follows.
fn met_in(net: &Consortium, step: &str) -> bool {
    let path = net.log_file(VICTIM, "comet.log");
    let mut log = File::open(path).unwrap();
    log.seek(SeekFrom::End(0)).unwrap();
    let mut said = Vec::new();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        log.read_to_end(&mut said).unwrap();
        if said.windows(step.len()).any(|part| part == step.as_bytes()) {
            return true;
        }
        std::thread::sleep(Duration::from_micros(100));
    }
    false
}

/// How often an engine came back to an application that had not made durable what was decided.
fn behind(net: &Consortium) -> usize {
    let log = net.log(VICTIM, "comet.log");
    let height = |line: &str, name: &str| -> Option<u64> {
        line.split_once(&format!("{name}="))?.1.split_whitespace().next()?.parse().ok()
    };
    let replays = log.lines().filter(|line| line.contains("ABCI Replay Blocks"));
    replays.filter(|line| height(line, "storeHeight") > height(line, "appHeight")).count()
}
