//! The issuer's side past gateways that lose, garble and break off: what is not known of an entry
//! is said to be unknown, and a gateway that answers nonsense is told where it is the only one.

use super::world::{World, body_of};
use crate::cancel::Cancel;
use crate::client::{Client, SubmitError};
use crate::net::testserver::{Step, TestServer, reply};
use crate::net::{Fault, NetError};
use sealight_verify::codec::encode;
use sealight_verify::format::answer::decode_receipts;
use sealight_verify::format::lot::StorageReceipt;

/// Sends an entry past these gateways, in this order; the height of its block.
fn sent(world: &World, gateways: &[&TestServer], entry: &[u8]) -> Result<u64, SubmitError> {
    let (ledger, cancel) = (world.ledger.ledger(), Cancel::default());
    let sent = world.device(gateways).online.submit(&ledger, entry, &cancel);
    sent.map(|submitted| submitted.height)
}

/// A gateway that takes entries in and answers so.
fn takes_and_answers(world: &World, answer: fn() -> Vec<Step>) -> TestServer {
    world.gateway(move |path, steps| match path {
        "/" => answer(),
        _ => steps,
    })
}

#[test]
fn an_entry_that_was_entered_before_its_answer_was_lost_is_unknown_and_not_refused() {
    let world = World::new(1);
    let honest = world.honest();
    let lost: [fn() -> Vec<Step>; 4] = [
        || reply("500 Internal Server Error", b""),
        || reply("200 OK", b"{}"),
        || reply("200 OK", br#"{"error":{"message":"Internal error","data":"timed out"}}"#),
        || vec![Step::Send(b"broken off\r\n".to_vec())],
    ];
    for (number, answer) in lost.into_iter().enumerate() {
        let loses = takes_and_answers(&world, answer);
        for gateways in [&[&loses, &honest][..], &[&loses]] {
            let entry = world.entry(world.traced("bottling"));
            let got = sent(&world, gateways, &entry);
            assert!(matches!(got, Err(SubmitError::Unknown(_))), "{number}: {got:?}");
            // It did enter.
            let again = sent(&world, &[&honest], &entry);
            assert!(matches!(again, Err(SubmitError::Refused { .. })), "{number}: {again:?}");
        }
    }
}

#[test]
fn an_entry_that_one_gateway_loses_is_entered_by_the_next() {
    let world = World::new(1);
    let loses = TestServer::start(|_| reply("502 Bad Gateway", b""));
    let entry = world.entry(world.traced("bottling"));
    let height = sent(&world, &[&loses, &world.honest()], &entry).unwrap();
    assert!(height > 0 && height < world.ledger.head().height);
}

#[test]
fn an_entry_that_came_to_nobody_before_is_refused_where_it_is_refused() {
    let world = World::new(1);
    let turns_away = TestServer::start(|_| reply("405 Method Not Allowed", b""));
    let entry = world.entry(world.traced("bottling"));
    let honest = world.honest();
    sent(&world, &[&honest], &entry).unwrap();
    let twice = sent(&world, &[&turns_away, &honest], &entry);
    assert!(matches!(twice, Err(SubmitError::Refused { code: 9, .. })), "{twice:?}");
    let nobody = sent(&world, &[&turns_away], &entry);
    let status = NetError::Status { code: 405, text: String::new() };
    assert_eq!(nobody, Err(SubmitError::NoGateway(vec![Fault::Net(status)])));
}

#[test]
fn an_entry_that_is_cancelled_before_it_leaves_is_not_unknown() {
    let world = World::new(1);
    let (ledger, cancel) = (world.ledger.ledger(), Cancel::default());
    cancel.cancel();
    let entry = world.entry(world.traced("bottling"));
    let got = world.device(&[&world.honest()]).online.submit(&ledger, &entry, &cancel);
    let cancelled = vec![Fault::Net(NetError::Cancelled)];
    assert_eq!(got, Err(SubmitError::NoGateway(cancelled)));
    sent(&world, &[&world.honest()], &entry).unwrap();
}

fn receipts(world: &World, gateways: &[&TestServer]) -> Result<Vec<StorageReceipt>, Vec<Fault>> {
    let (lot, root, size) = (world.lot_id(), world.lot.lot.root(), world.lot.lot.size());
    let mut device = world.device(gateways);
    world.sync(&mut device);
    let Client { light, online } = &mut device;
    let chain = light.chain(&world.ledger.ledger()).unwrap();
    online.receipts(chain, (&lot, &root, size), &Cancel::default())
}

#[test]
fn an_answer_that_is_no_list_of_receipts_is_told_where_no_other_comes() {
    let world = World::new(1);
    let garbles = world.gateway(|path, steps| match path.contains("/receipt?") {
        true => reply("200 OK", b"<html>Welcome to the lounge</html>"),
        false => steps,
    });
    let malformed = Fault::Net(NetError::Malformed { what: "storage receipts" });
    assert_eq!(receipts(&world, &[&garbles]), Err(vec![malformed]));
    let honest = world.honest();
    let given = receipts(&world, &[&honest]).unwrap();
    assert!(!given.is_empty());
    assert_eq!(receipts(&world, &[&garbles, &honest]), Ok(given));
}

/// A gateway that changes each receipt.
fn forges(world: &World, forge: fn(&mut StorageReceipt)) -> TestServer {
    world.gateway(move |path, steps| {
        let honest = path.contains("/receipt?").then(|| body_of(&steps)).flatten();
        honest.map_or(steps, |bytes| {
            let mut list = decode_receipts(&bytes).unwrap();
            list.iter_mut().for_each(forge);
            reply("200 OK", &encode(&list))
        })
    })
}

#[test]
fn a_receipt_that_a_gateway_made_up_keeps_no_lot_from_the_ledger() {
    let world = World::new(1);
    let honest = world.honest();
    let given = receipts(&world, &[&honest]).unwrap();
    let forgeries: [fn(&mut StorageReceipt); 3] = [
        |receipt| receipt.signature.0[0] ^= 1,
        |receipt| receipt.key += 1,
        |receipt| receipt.member.0[0] ^= 1,
    ];
    for (number, forge) in forgeries.into_iter().enumerate() {
        let forges = forges(&world, forge);
        let bad = Fault::Bad { why: "no member's receipt of the lot".into() };
        assert_eq!(receipts(&world, &[&forges]), Err(vec![bad]), "{number}");
        assert_eq!(receipts(&world, &[&forges, &honest]), Ok(given.clone()), "{number}");
    }
}

#[test]
fn a_registered_party_that_is_no_member_signs_no_receipt() {
    let world = World::new(1);
    let (lot, root, size) = (world.lot_id(), world.lot.lot.root(), world.lot.lot.size());
    let own = world.receipt(&lot, &root, size);
    let signs = world.gateway(move |path, steps| match path.contains("/receipt?") {
        true => reply("200 OK", &encode(&vec![own.clone()])),
        false => steps,
    });
    let bad = Fault::Bad { why: "no member's receipt of the lot".into() };
    assert_eq!(receipts(&world, &[&signs]), Err(vec![bad]));
}
