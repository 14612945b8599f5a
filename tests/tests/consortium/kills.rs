//! The application killed while its engine works on a block.

use crate::consortium_support::{Consortium, Engine, brand, event, gtin, kill, sync};
use sealight_ledger::node::NetworkOptions;
use sealight_verify::codec::encode;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::party::Roles;
use serde_json::Value;
use std::time::{Duration, Instant};

/// The node whose application is killed.
const VICTIM: usize = 3;
/// Events that are on their way at each kill; a lot holds 1,024.
const EVENTS: u32 = 20;
/// Steps of a round in which it is killed, by the engine's numbers (`consensus/types`).
const STEPS: [(&str, &str); 4] =
    [("3", "proposing"), ("4", "first votes"), ("6", "second votes"), ("8", "committing")];

#[test]
fn an_application_killed_inside_blocks_has_its_peers_state() {
    killed_inside_blocks(8);
}

#[test]
#[ignore = "the claim consortium-kills: fifty kills"]
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
        std::thread::scope(|scope| {
            let offered = scope.spawn(move || engine.offer(&load));
            let wanted = number as usize % STEPS.len();
            met[wanted] += u32::from(met_in(&net, STEPS[wanted].0));
            kill(running);
            offered.join().unwrap();
        });
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
    assert!(met.iter().sum::<u32>() * 2 > kills, "most kills met no block");
}

fn load(net: &mut Consortium, lot: LotId, number: u32) -> Vec<Vec<u8>> {
    let entry = |step| {
        let body = event(lot, &format!("{number} {step}"));
        encode(&net.entry("distillery", &[], body))
    };
    (0..EVENTS).map(entry).collect()
}

/// Waits for a step of a round at the victim's engine; false where a second went by without it.
fn met_in(net: &Consortium, step: &str) -> bool {
    let mut engine = Engine::dial(net.rpc(VICTIM));
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(1) {
        let call = r#"{"jsonrpc":"2.0","id":1,"method":"consensus_state","params":{}}"#;
        let state: Value = engine.post(call);
        let at = &state["result"]["round_state"]["height/round/step"];
        if at.as_str().and_then(|at| at.rsplit('/').next()) == Some(step) {
            return true;
        }
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
