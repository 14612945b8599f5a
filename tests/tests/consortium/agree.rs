//! Ours, tendermint-rs and the engine's own light client, on what real nodes made: blocks with
//! changes of the validators between them, by adjacent and by skipping steps, and answers that were
//! tampered with.

use crate::agree_oracles::{Lie, LightProxy, Live, Step};
use crate::consortium_support::{Consortium, POWER};
use sealight_issue::comet::ValidatorKey;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::Body;
use sealight_verify::format::governance::{GovernanceChange, ValidatorSeat, Validators};
use std::time::Duration;

/// Blocks that are compared.
const BLOCKS: u64 = 40;
/// Steps that the engine's light client takes too; each is a process of its own.
const PROXIED: usize = 10;

#[test]
#[ignore = "the claim light-clients-agree"]
fn three_light_clients_agree_on_live_blocks_and_on_lies() {
    let interval = Duration::from_millis(500);
    let Some(mut net) = Consortium::start(&NetworkOptions { interval, ..Default::default() })
    else {
        return;
    };
    change_validators(&mut net);
    net.until("enough blocks", |net| net.height(0) > BLOCKS + 2);
    let live = Live::read(&net, BLOCKS);
    println!("figure: validator sets among them: {}", live.sets());
    let (mut accepted, mut not_enough) = (0, 0);
    for from in 1..=BLOCKS {
        for to in from + 1..=BLOCKS {
            let (ours, theirs) = (live.ours(from, to, Lie::None), live.theirs(from, to, Lie::None));
            assert_eq!(ours, theirs, "{from} to {to}");
            accepted += u32::from(ours == Step::Accepted);
            not_enough += u32::from(ours == Step::NotEnoughTrust);
            assert_ne!(ours, Step::Refused, "{from} to {to}");
        }
    }
    println!("figure: steps accepted by ours and tendermint-rs: {accepted}");
    println!("figure: steps too wide for both: {not_enough}");
    assert!(not_enough > 0, "no step was too wide");

    // The engine's own: it bisects by itself, so that a step too wide is accepted in the end.
    let far = [(1, 2), (1, BLOCKS), (2, BLOCKS), (3, 4), (5, 20), (10, 11), (10, 39), (20, 40)];
    let adjacent = (0..).map(|n| (BLOCKS - 2 - n, BLOCKS - 1 - n));
    let mut proxied = 0;
    for (from, to) in far.into_iter().chain(adjacent).take(PROXIED) {
        let proxy = LightProxy::start(&net, &live, from, Lie::None);
        assert!(live.reaches(from, to), "{from} to {to}");
        assert_eq!(proxy.commit(to), Ok(live.hash(to)), "{from} to {to}");
        proxied += 1;
    }
    println!("figure: steps accepted by cometbft light: {proxied}");

    let mut refused = 0;
    let to = live.signed_by_all();
    for (name, lie) in Lie::ALL {
        for from in [to - 1, to - 3] {
            let (ours, theirs) = (live.ours(from, to, lie), live.theirs(from, to, lie));
            let proxy = LightProxy::start(&net, &live, from, lie);
            let engines = proxy.commit(to);
            println!("{name}, {from} to {to}: {ours:?}, {theirs:?}, {engines:?}");
            match lie {
                // The only one: they stop once two thirds are reached, we look at every signature.
                Lie::LastSignature => {
                    assert_eq!((ours, theirs), (Step::Refused, Step::Accepted), "{name}");
                    assert_eq!(engines, Ok(live.hash(to)), "{name}");
                }
                _ => {
                    assert_eq!((ours, theirs), (Step::Refused, Step::Refused), "{name}");
                    assert!(engines.is_err(), "{name}: {engines:?}");
                    refused += 1;
                }
            }
        }
    }
    println!("figure: lies refused by all three: {refused}");
}

/// Sets of three, of other powers, and with a key that signs nothing, so that steps across them
/// overlap in little; at the end the first set again.
fn change_validators(net: &mut Consortium) {
    let own: Vec<ValidatorKey> = (0..4).map(|place| net.validator_key(place)).collect();
    let ghost = ValidatorKey::from_seed(&[1; 32]).unwrap();
    // Powers of the four and of the ghost; those who run are always a quorum.
    let sets: [[u64; 5]; 5] = [
        [10, 10, 10, 0, 0],
        [100, 10, 10, 1_000, 0],
        [10, 10, 10, 0, 0],
        [10, 10_000, 10_000, 10_000, 10],
        [POWER, POWER, POWER, POWER, 0],
    ];
    for powers in sets {
        let keys = own.iter().chain([&ghost]).zip(powers).filter(|(_, power)| *power > 0);
        let seat = |(key, power): (&ValidatorKey, u64)| ValidatorSeat {
            key: Blob(key.public().0.to_vec()),
            power,
            operator: "Operator".into(),
        };
        let mut seats: Vec<ValidatorSeat> = keys.map(seat).collect();
        seats.sort_by(|one, other| one.key.cmp(&other.key));
        let change = GovernanceChange::Validators(Validators { version: 1, seats });
        let height = net.decide(0, Body::Govern(change));
        net.until("the new set", |net| net.height(0) > height + 3);
    }
}
