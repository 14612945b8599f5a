use super::*;
use crate::scratch::Scratch;
use serde_json::Value;

fn cards(scratch: &Scratch, count: u8) -> Vec<Card> {
    let mut drawn = 0u8;
    let mut random = || {
        drawn += 1;
        [drawn; 32]
    };
    let mut make = |place: u8| {
        let home = scratch.path().join(format!("n{place}"));
        let name = format!("Member {place} Ltd");
        let address = IpAddr::from([192, 0, 2, place]);
        let by = format!("Op {place}");
        make_card(&home, (&name, &by), (address, None), Algorithm::Sm2, &mut random)
    };
    (1..=count).map(|place| make(place).unwrap()).collect()
}

fn founded(cards: &[Card]) -> Result<Shared, NodeError> {
    let now = Timestamp::from_unix_secs(1_790_000_000);
    found("Test", cards, None, Duration::from_secs(60), now, [9; 32])
}

fn listen() -> Listen {
    let [rpc, metrics] = ["127.0.0.1:26657", "127.0.0.1:26690"].map(|text| text.parse().unwrap());
    Listen { address: None, rpc, metrics }
}

#[test]
fn members_on_machines_apart_make_one_network() {
    let scratch = Scratch::new();
    let mut cards = cards(&scratch, 4);
    cards[2].place.url = Some("https://seal.op3.example".into());
    let told: Vec<Card> = cards
        .iter()
        .map(|card| Card::decode(card.document().to_string().as_bytes()).unwrap())
        .collect();
    assert_eq!(told, cards);
    let shared = founded(&told).unwrap();
    assert_eq!(Shared::decode(shared.document().to_string().as_bytes()).unwrap(), shared);
    assert_eq!(shared.genesis.threshold, 3);
    let trust = shared.ledger_trust();
    assert_eq!(trust.operators.len(), 4);
    assert!(trust.operators.iter().all(|operator| operator.validators.len() == 1));
    assert_eq!(trust.operators[1].gateways, ["http://192.0.2.2:26680"]);
    assert_eq!(trust.operators[2].gateways, ["https://seal.op3.example"]);
    let home = scratch.path().join("n2");
    let joined = join(&home, &shared, &listen(), Some(b"trust")).unwrap();
    assert!(joined.validates);
    assert_eq!(joined.party, Some(shared.genesis.party_ids()[1]));
    let config = NodeConfig::read(&home).unwrap();
    assert_eq!(config.gateway, "192.0.2.2:26680".parse().unwrap());
    assert_eq!(config.peers.len(), 3);
    let engine = std::fs::read_to_string(home.join("comet/config/config.toml")).unwrap();
    assert!(engine.contains(&format!("{}@192.0.2.1:26656", cards[0].place.node)), "{engine}");
    assert!(!engine.contains(&cards[1].place.node), "its own peer: {engine}");
}

#[test]
fn a_card_and_a_folder_are_never_written_over() {
    let scratch = Scratch::new();
    let cards = cards(&scratch, 1);
    let home = scratch.path().join("n1");
    let (other, address) = (("Other", "Other"), (cards[0].place.address, None));
    let again = make_card(&home, other, address, Algorithm::Sm2, &mut || [7; 32]);
    assert!(matches!(again, Err(NodeError::Exists { .. })));
    let shared = founded(&cards).unwrap();
    join(&home, &shared, &listen(), None).unwrap();
    let again = join(&home, &shared, &listen(), None);
    assert!(matches!(again, Err(NodeError::Exists { .. })));
    let bare = join(&scratch.path().join("bare"), &shared, &listen(), None);
    assert!(matches!(bare, Err(NodeError::NoCard { .. })));
}

#[test]
fn one_who_comes_later_validates_nothing() {
    let scratch = Scratch::new();
    let cards = cards(&scratch, 3);
    let shared = founded(&cards[..2]).unwrap();
    let joined = join(&scratch.path().join("n3"), &shared, &listen(), None).unwrap();
    assert_eq!((joined.validates, joined.party), (false, None));
}

#[test]
fn two_cards_of_one_key_or_address_are_refused() {
    let scratch = Scratch::new();
    let cards = cards(&scratch, 2);
    type Change = fn(&mut Card, &Card);
    let changes: [(&str, Change); 5] = [
        ("member", |card, other| card.member = other.member.clone()),
        ("validator", |card, other| card.validator = other.validator),
        ("node", |card, other| card.place.node = other.place.node.clone()),
        ("address", |card, other| card.place.address = other.place.address),
        ("gateway", |card, other| card.place.url = Some(other.place.client_url())),
    ];
    for (expected, change) in changes {
        let mut both = cards.clone();
        change(&mut both[1], &cards[0]);
        let refused = founded(&both).unwrap_err();
        assert!(matches!(refused, NodeError::Twice { what, .. } if what == expected), "{refused}");
    }
    assert!(matches!(founded(&[]), Err(NodeError::Genesis(_))));
}

#[test]
fn documents_with_a_field_amiss_are_refused_by_name() {
    let scratch = Scratch::new();
    let cards = cards(&scratch, 1);
    let card = cards[0].document();
    for name in ["name", "operator", "member", "validator", "node", "address", "gateway"] {
        let mut bad = card.clone();
        bad[name] = match name {
            "name" | "operator" => Value::from(7),
            "gateway" => Value::from(""),
            _ => Value::from("x"),
        };
        let refused = Card::decode(bad.to_string().as_bytes()).unwrap_err();
        // Of a key the part is named that is missing.
        let field = if name == "member" { "algorithm" } else { name };
        assert_eq!(refused, DocumentError::Field { name: field });
    }
    let shared = founded(&cards).unwrap().document();
    for name in ["name", "interval_ms", "genesis", "nodes"] {
        let mut bad = shared.clone();
        bad[name] = Value::from(0);
        let refused = Shared::decode(bad.to_string().as_bytes());
        assert_eq!(refused.unwrap_err(), DocumentError::Field { name });
    }
    let long = vec![b' '; MAX_CARD + 1];
    assert!(matches!(Card::decode(&long), Err(DocumentError::TooLong { .. })));
    assert_eq!(Card::decode(b"[").unwrap_err(), DocumentError::Json);
    assert_eq!(Card::decode(b"{}").unwrap_err(), DocumentError::Version { got: 0 });
}
