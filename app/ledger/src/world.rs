//! A world of a few parties, and short ways to say things in it.

use crate::state::{Applied, Genesis, LotRow, Refused, State};
use sealight_issue::entry::{Signer, endorse, sign_entry, sign_receipt};
use sealight_issue::key::SigningKey;
use sealight_verify::codec;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::{Body, Entry, KeyRotation};
use sealight_verify::format::entry::{LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::governance::ValidatorSeat;
use sealight_verify::format::governance::Validators;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Registration;
use sealight_verify::format::party::Roles;
use sealight_verify::hash::Hash32;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use std::collections::BTreeMap;

pub(crate) const LOT_SIZE: u32 = 200;
/// Quorum of the four members.
pub(crate) const THRESHOLD: u16 = 3;

/// Names, roles and GTIN namespaces of the parties that there are from the start.
const CAST: [(&str, Roles, &str); 11] = [
    ("member-1", Roles::MEMBER, ""),
    ("member-2", Roles::MEMBER, ""),
    ("member-3", Roles::MEMBER, ""),
    ("member-4", Roles::MEMBER, ""),
    ("issuer", Roles::ISSUER, "0690123"),
    ("rival", Roles::ISSUER, "0690999"),
    ("lab", Roles::LAB, ""),
    ("carrier", Roles::CARRIER, ""),
    ("retailer", Roles::RETAILER, ""),
    ("authority", Roles::AUTHORITY, ""),
    ("other-authority", Roles::AUTHORITY, ""),
];

pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) height: u64,
    pub(crate) ids: BTreeMap<&'static str, PartyId>,
    /// Keys of each party in the order of their places.
    pub(crate) keys: BTreeMap<&'static str, Vec<SigningKey>>,
}

/// Block time of a height.
pub(crate) fn at(height: u64) -> Timestamp {
    Timestamp::from_unix_secs(1_700_000_000 + height as i64)
}

pub(crate) fn key(name: &str, place: u8) -> SigningKey {
    let mut seed = [place + 1; 32];
    for (byte, letter) in seed.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    SigningKey::from_seed(Algorithm::Ed25519, &seed).unwrap()
}

pub(crate) fn gtin(digits: &str) -> Namespace {
    Namespace::Gtin(digits.into())
}

pub(crate) fn registration(name: &str, roles: Roles, namespaces: Vec<Namespace>) -> Registration {
    Registration {
        version: 1,
        legal_name: format!("{name} Ltd"),
        roles,
        namespaces,
        key: key(name, 0).public(),
        report_key: None,
        nonce: 0,
    }
}

pub(crate) fn seat(number: u8, power: u64) -> ValidatorSeat {
    let key = key(&format!("validator-{number}"), 0).public().bytes;
    ValidatorSeat { key, power, operator: "Demo".into() }
}

pub(crate) fn validators(seats: impl IntoIterator<Item = ValidatorSeat>) -> Validators {
    let mut seats: Vec<_> = seats.into_iter().collect();
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    Validators { version: 1, seats }
}

pub(crate) fn genesis() -> Genesis {
    let party = |(name, roles, digits): (&str, Roles, &str)| {
        let namespaces = if digits.is_empty() { vec![] } else { vec![gtin(digits)] };
        registration(name, roles, namespaces)
    };
    Genesis {
        version: 1,
        chain_id: "sealight-test".into(),
        time: at(0),
        parties: CAST.into_iter().map(party).collect(),
        threshold: THRESHOLD,
        validators: validators([seat(1, 10), seat(2, 10)]),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let genesis = genesis();
        let names = CAST.iter().map(|(name, ..)| *name);
        Self {
            state: State::genesis(&genesis).unwrap(),
            height: 5,
            ids: names.clone().zip(genesis.party_ids()).collect(),
            keys: names.map(|name| (name, vec![key(name, 0)])).collect(),
        }
    }

    pub(crate) fn id(&self, name: &str) -> PartyId {
        self.ids[name]
    }

    /// The party's newest key.
    pub(crate) fn signer(&self, name: &str) -> Signer<'_> {
        let keys = &self.keys[name];
        self.signer_with(name, keys.len() - 1)
    }

    pub(crate) fn signer_with(&self, name: &str, place: usize) -> Signer<'_> {
        let key = &self.keys[name][place];
        Signer { party: self.id(name), place: place as u16, key }
    }

    pub(crate) fn sequence(&self, name: &str) -> u64 {
        self.state.party(&self.id(name)).unwrap().party.next_sequence
    }

    pub(crate) fn entry(&self, name: &str, body: Body) -> Entry {
        sign_entry(&self.state.ledger(), self.sequence(name), body, self.signer(name))
    }

    /// An entry of the first, endorsed by the others.
    pub(crate) fn joint(&self, names: &[&str], body: Body) -> Entry {
        let mut entry = self.entry(names[0], body);
        for name in &names[1..] {
            endorse(&mut entry, self.signer(name));
        }
        entry
    }

    pub(crate) fn by_quorum(&self, body: Body) -> Entry {
        self.joint(&["member-1", "member-2", "member-3"], body)
    }

    /// Applies in a block of its own.
    pub(crate) fn apply(&mut self, entry: &Entry) -> Result<Applied, Refused> {
        let applied = self.state.apply(&codec::encode(entry), self.height, at(self.height));
        self.height += u64::from(applied.is_ok());
        applied
    }

    pub(crate) fn refusal(&mut self, entry: &Entry) -> Refused {
        self.apply(entry).unwrap_err()
    }

    pub(crate) fn lot_id(&self, number: u64) -> LotId {
        LotId::of_number(&self.id("issuer"), number)
    }

    pub(crate) fn lot_state(&self, number: u64) -> &LotRow {
        self.state.lot(&self.lot_id(number)).unwrap()
    }

    pub(crate) fn anchor_of(&self, issuer: &str, number: u64) -> LotAnchor {
        let root = Hash32([number as u8; 32]);
        let lot = LotId::of_number(&self.id(issuer), number);
        let receipt =
            |name| sign_receipt(&self.state.ledger(), &lot, &root, LOT_SIZE, self.signer(name));
        LotAnchor {
            number,
            root,
            size: LOT_SIZE,
            namespaces: vec![gtin("06901234")],
            life_roles: LifeRoles::USUAL,
            initial: LifeState::InTrade,
            receipts: vec![receipt("member-1"), receipt("member-2")],
            last_expiry: None,
            title: "Blue Reverie".into(),
        }
    }

    pub(crate) fn anchor_body(&self, issuer: &str, number: u64) -> Body {
        Body::AnchorLot(self.anchor_of(issuer, number))
    }

    pub(crate) fn event_body(&self, number: u64, step: &str) -> Body {
        Body::AppendEvent(TraceEvent {
            lot: self.lot_id(number),
            items: None,
            step: step.into(),
            at: at(1),
            place: None,
            facts: vec![],
            sensor: false,
            document: None,
        })
    }

    pub(crate) fn life_body(
        &self,
        number: u64,
        ranges: &[(u32, u32)],
        to: LifeState,
        restore: Option<&str>,
    ) -> Body {
        let range = |&(first, last): &(u32, u32)| ItemRange { first, last };
        Body::ChangeLife(LifeChange {
            lot: self.lot_id(number),
            ranges: ranges.iter().map(range).collect(),
            to,
            restore: restore.map(Into::into),
        })
    }

    pub(crate) fn recall_body(&self, scope: RecallScope, recalled: bool) -> Body {
        Body::Recall(RecallChange { scope, recalled, notice: "glass in the neck".into() })
    }

    /// Anchors one of the issuer's lots.
    pub(crate) fn lot(&mut self, number: u64) {
        let entry = self.entry("issuer", self.anchor_body("issuer", number));
        self.apply(&entry).unwrap();
    }

    pub(crate) fn trace(&mut self, by: &str, number: u64, step: &str) {
        let entry = self.entry(by, self.event_body(number, step));
        self.apply(&entry).unwrap();
    }

    pub(crate) fn sell(&mut self, number: u64, first: u32, last: u32) {
        let body = self.life_body(number, &[(first, last)], LifeState::Sold, None);
        let entry = self.entry("retailer", body);
        self.apply(&entry).unwrap();
    }

    /// Rotates a party's key to its next one.
    pub(crate) fn rotate(&mut self, name: &'static str) {
        let old = self.keys[name].len() - 1;
        let new = key(name, old as u8 + 1);
        let body = Body::RotateKey(KeyRotation { old: old as u16, new: new.public() });
        let entry = self.joint(&[name, "other-authority"], body);
        self.apply(&entry).unwrap();
        self.keys.get_mut(name).unwrap().push(new);
    }

    pub(crate) fn item_byte(&self, number: u64, item: u32) -> u8 {
        let (bytes, _) = self.lot_state(number).life.prove(u64::from(item / 64)).unwrap();
        bytes[item as usize % 64]
    }
}

pub(crate) fn blob(bytes: &[u8]) -> Blob {
    Blob(bytes.to_vec())
}
