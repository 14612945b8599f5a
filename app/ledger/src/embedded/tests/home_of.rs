//! A home for a test, a clock on its wall, and people who use it.

use super::*;
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Registration;
use sealight_verify::sign::Algorithm;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands until a test moves it.
#[derive(Clone)]
pub(crate) struct Wall(Arc<AtomicI64>);

impl Wall {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_800_000_000)))
    }

    pub(crate) fn forward(&self, secs: i64) {
        self.0.fetch_add(secs, Ordering::Relaxed);
    }

    pub(crate) fn back(&self, secs: i64) {
        self.forward(-secs);
    }
}

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_secs(self.0.load(Ordering::Relaxed))
    }
}

/// Bytes that differ at each call and are the same in each run.
pub(crate) fn draws() -> impl FnMut() -> [u8; 32] {
    let mut count = 0u8;
    move || {
        count += 1;
        [count; 32]
    }
}

pub(crate) fn init(scratch: &Scratch, options: &InitOptions, wall: &Wall) -> Result<(), HomeError> {
    Embedded::init(scratch.path(), options, wall.now(), &mut draws())
}

pub(crate) fn open(scratch: &Scratch, wall: &Wall) -> Result<Embedded, HomeError> {
    Embedded::open(scratch.path(), OpenOptions::default(), Arc::new(wall.clone()))
}

/// A fresh home, open. Ed25519 keys, since tests sign much.
pub(crate) fn opened(scratch: &Scratch) -> (Embedded, Wall) {
    let wall = Wall::new();
    let options = InitOptions { algorithm: Algorithm::Ed25519, ..InitOptions::default() };
    init(scratch, &options, &wall).unwrap();
    let ledger = open(scratch, &wall).unwrap();
    (ledger, wall)
}

/// Somebody registered on the ledger.
pub(crate) struct Person {
    pub(crate) id: PartyId,
    pub(crate) key: SigningKey,
}

impl Person {
    /// An issuer registered by the home's members, with a brand of the same name.
    pub(crate) fn registered(ledger: &Embedded, wall: &Wall, name: &str) -> Self {
        let namespaces = vec![Namespace::Brand(name.into())];
        Self::registered_as(ledger, wall, name, Roles::ISSUER, namespaces)
    }

    pub(crate) fn registered_as(
        ledger: &Embedded,
        wall: &Wall,
        name: &str,
        roles: Roles,
        namespaces: Vec<Namespace>,
    ) -> Self {
        let mut seed = [9; 32];
        for (byte, letter) in seed.iter_mut().zip(name.bytes()) {
            *byte = letter;
        }
        let key = SigningKey::from_seed(Algorithm::Ed25519, &seed).unwrap();
        let body = Registration {
            version: 1,
            legal_name: format!("{name} Ltd"),
            roles,
            namespaces,
            key: key.public(),
            report_key: None,
            nonce: 0,
        };
        let id = party_id(&ledger.ledger(), &body);
        wall.forward(1);
        by_members(ledger, Body::Register(body));
        Self { id, key }
    }

    pub(crate) fn signer(&self) -> Signer<'_> {
        Signer::first(self.id, &self.key)
    }

    pub(crate) fn entry(&self, ledger: &Embedded, body: Body) -> Vec<u8> {
        codec::encode(&self.signed(ledger, body))
    }

    pub(crate) fn signed(&self, ledger: &Embedded, body: Body) -> Entry {
        let (_, state) = ledger.newest();
        let sequence = state.party(&self.id).unwrap().party.next_sequence;
        sign_entry(&ledger.ledger(), sequence, body, self.signer())
    }

    pub(crate) fn event(&self, ledger: &Embedded, lot: LotId, step: &str) -> Vec<u8> {
        self.entry(ledger, Body::AppendEvent(event(lot, step)))
    }

    /// Says something so many times: recalls all that it issued, and lifts that again.
    pub(crate) fn number_of_entries(&self, ledger: &Embedded, count: u64) -> Vec<Committed> {
        use sealight_verify::format::entry::{RecallChange, RecallScope};
        let say = |turn| {
            let (_, state) = ledger.newest();
            let recalled = state
                .party(&self.id)
                .unwrap()
                .party
                .recalls
                .iter()
                .all(|recall| recall.lifted.is_some());
            let notice = format!("turn {turn}");
            let scope = RecallScope::Issuer(self.id);
            let body = Body::Recall(RecallChange { scope, recalled, notice });
            ledger.submit(&self.entry(ledger, body)).unwrap()
        };
        (0..count).map(say).collect()
    }
}

pub(crate) fn event(lot: LotId, step: &str) -> TraceEvent {
    TraceEvent {
        lot,
        items: None,
        step: step.into(),
        at: Timestamp::from_unix_secs(1_800_000_000),
        place: None,
        facts: vec![],
        sensor: false,
        document: None,
    }
}

/// Submits an entry that a quorum of the home's members signs.
pub(crate) fn by_members(ledger: &Embedded, body: Body) -> Committed {
    ledger.submit(&codec::encode(&signed_by_members(ledger, body))).unwrap()
}

pub(crate) fn signed_by_members(ledger: &Embedded, body: Body) -> Entry {
    let (height, state) = ledger.newest();
    let members = ledger.home().signers(&state, Roles::MEMBER, height + 1);
    let sequence = state.party(&members[0].party).unwrap().party.next_sequence;
    let mut entry = sign_entry(&ledger.ledger(), sequence, body, members[0]);
    for member in &members[1..usize::from(state.members().threshold)] {
        endorse(&mut entry, *member);
    }
    entry
}
