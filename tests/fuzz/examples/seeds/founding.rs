//! What members hand to each other before there is a ledger.

use sealight_ledger::node::{Card, NodePlace, found};
use sealight_verify::codec::Blob;
use sealight_verify::sign::{Algorithm, PublicKey};
use sealight_verify::time::Timestamp;
use std::time::Duration;

pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    // The base point of Ed25519 (RFC 8032, 5.1): a key that is a point of its curve.
    let point = [&[0x58][..], &[0x66; 31]].concat();
    let card = Card {
        name: "North Distillery Ltd".into(),
        operator: "North".into(),
        member: PublicKey { algorithm: Algorithm::Ed25519, bytes: Blob(point.clone()) },
        validator: point.try_into().expect("32 bytes"),
        place: NodePlace { node: "0a".repeat(20), address: [192, 0, 2, 1].into(), url: None },
    };
    let now = Timestamp::from_unix_secs(1_790_000_000);
    let shared = found("North", &[card.clone()], None, Duration::from_secs(60), now, [9; 32]);
    let shared = shared.expect("one member");
    Card::decode(card.document().to_string().as_bytes()).expect("a card");
    vec![
        ("node_card", card.document().to_string().into_bytes()),
        ("network_file", shared.document().to_string().into_bytes()),
    ]
}
