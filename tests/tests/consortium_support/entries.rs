//! Parties of the network, and what they enter.

use super::{Consortium, Party};
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_issue::entry::{Signer, endorse, party_id, sign_entry};
use sealight_issue::key::SigningKey;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_tests::kit::rows;
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::{PARTY_PATH, StateAnswer};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;

impl Consortium {
    /// An entry of a party, endorsed by others.
    pub(crate) fn entry(&mut self, name: &str, others: &[&str], body: Body) -> Entry {
        let party = self.parties.get_mut(name).unwrap();
        let sequence = party.sequence;
        party.sequence += 1;
        let party = &self.parties[name];
        let signer = Signer { party: party.id, place: 0, key: &party.key };
        let mut entry = sign_entry(&self.ledger, sequence, body, signer);
        for other in others {
            let party = &self.parties[*other];
            endorse(&mut entry, Signer { party: party.id, place: 0, key: &party.key });
        }
        entry
    }

    /// Enters a body through a node; the height of its block.
    pub(crate) fn submit(&mut self, place: usize, name: &str, others: &[&str], body: Body) -> u64 {
        let entry = self.entry(name, others, body);
        self.send(place, &entry)
    }

    /// Sends an entry to a node and waits for its block.
    pub(crate) fn send(&self, place: usize, entry: &Entry) -> u64 {
        let mut device = self.device(&[place]);
        let sent = device.online.submit(&self.ledger, &encode(entry), &Cancel::default());
        sent.unwrap_or_else(|error| panic!("{error}")).height
    }

    /// A party's next sequence number, as a node has it.
    pub(crate) fn sequence(&self, name: &str) -> u64 {
        let mut device = self.device(&[0]);
        let gateway = device.online.gateways(&self.ledger).unwrap().all().remove(0);
        let id = self.parties[name].id;
        let answer = gateway.query(PARTY_PATH, &id.0, 0, &Cancel::default()).unwrap();
        let answer: StateAnswer = decode(&answer.value).unwrap();
        let party: sealight_verify::format::party::Party =
            decode(answer.parties[0].part.value.as_ref().unwrap()).unwrap();
        party.next_sequence
    }

    /// Registers a party by a quorum of members.
    pub(crate) fn register(
        &mut self,
        place: usize,
        name: &str,
        roles: Roles,
        namespaces: Vec<Namespace>,
    ) {
        let mut seed = [7; 32];
        seed[..name.len()].copy_from_slice(name.as_bytes());
        let key = SigningKey::from_seed(Algorithm::Sm2, &seed).unwrap();
        let registration = Registration {
            version: 1,
            legal_name: format!("{name} Ltd"),
            roles,
            namespaces,
            key: key.public(),
            report_key: None,
            nonce: 0,
        };
        let id = party_id(&self.ledger, &registration);
        self.decide(place, Body::Register(registration));
        self.parties.insert(name.into(), Party { id, key, sequence: 0 });
    }

    /// Enters what takes a quorum of members.
    pub(crate) fn decide(&mut self, place: usize, body: Body) -> u64 {
        let members = self.quorum();
        let others: Vec<&str> = members[1..].iter().map(String::as_str).collect();
        self.submit(place, &members[0], &others, body)
    }

    fn quorum(&self) -> Vec<String> {
        let threshold = usize::from(self.network.genesis().unwrap().threshold);
        self.members.iter().take(threshold).cloned().collect()
    }

    /// Builds a lot of so many bottles, uploads its files to one node, and anchors it there.
    pub(crate) fn lot(&mut self, place: usize, issuer: &str, number: u64, items: u32) -> WholeLot {
        self.lot_of(place, issuer, number, &rows(items), vec![brand(), gtin()])
    }

    /// The same with rows and namespaces.
    pub(crate) fn lot_of(
        &mut self,
        place: usize,
        issuer: &str,
        number: u64,
        rows: &[Row],
        namespaces: Vec<Namespace>,
    ) -> WholeLot {
        let mut count = 0u128;
        let mut secrets = || {
            count += 1;
            (count * 0x9e37_79b9_7f4a_7c15).to_be_bytes()
        };
        let plan = LotPlan {
            ledger: self.ledger,
            issuer: self.parties[issuer].id,
            number,
            title: "Blue Reverie, spring batch".into(),
            namespaces,
            life_roles: LifeRoles::USUAL,
            initial: LifeState::InTrade,
        };
        let whole = WholeLot::build(plan, rows, &mut secrets).unwrap();
        let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
        let (mut device, cancel) = (self.device(&[place]), Cancel::default());
        for (bucket, bytes) in whole.buckets.iter().enumerate() {
            let bucket = bucket as u32;
            device.online.upload_bucket(&self.ledger, &root, bucket, bytes, &cancel).unwrap();
        }
        let receipts = super::device::receipts(self, &mut device, place, (&id, &root, size));
        self.submit(place, issuer, &[], Body::AnchorLot(whole.lot.anchor(receipts)));
        whole
    }
}

/// A trace event of a whole lot.
pub(crate) fn event(lot: LotId, step: &str) -> Body {
    Body::AppendEvent(TraceEvent {
        lot,
        items: None,
        step: step.into(),
        at: clock::system(),
        place: None,
        facts: vec![],
        sensor: false,
        document: None,
    })
}

pub(crate) fn brand() -> Namespace {
    Namespace::Brand("Blue Reverie".into())
}

pub(crate) fn gtin() -> Namespace {
    Namespace::Gtin("0690123456789".into())
}
