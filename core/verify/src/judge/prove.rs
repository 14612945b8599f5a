//! The steps of a proof, one rule a function, in the order in which they hang on each other.

use super::claim::{ItemName, Named, SealClaim, Shown};
use super::reason::{Contradiction, NotOnLedger, Part, ProofError, Unproven};
use super::verdict::{Entered, Happening, ProvenEvent, ProvenItem, RecallShown, SaidBy, Speaker};
use crate::chain::{HeaderChain, TrustedHeader};
use crate::codec::{self, Versioned};
use crate::format::bundle::{Bundle, CodePart, EventPart, ItemPart, LotPart, MapPart};
use crate::format::entry::{Body, Entry, RecallScope};
use crate::format::ids::{LedgerId, LotId, PartyId};
use crate::format::index::{CodeIndex, CodeTarget, code_key};
use crate::format::life::{self, ItemLife, LEAF_ITEMS};
use crate::format::lot::{LotState, Recall};
use crate::format::party::{KeyStanding, Party, Roles};
use crate::format::private::{self, ItemPlace};
use crate::format::record::{self, ItemRecord};
use crate::format::seal::commitment;
use crate::format::state::MapDomain;
use crate::format::{event, namespace::Namespace};
use crate::hash::{Hash32, Sm3};
use crate::tree::{TreeError, build, log, map};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// What a bundle proves of an item.
pub(super) struct Proof {
    pub(super) item: ProvenItem,
    pub(super) lot: LotState,
    pub(super) issuer: Party,
    pub(super) life: ItemLife,
    pub(super) life_withdrawn: bool,
    pub(super) recall: Option<RecallShown>,
}

/// What the parts of a bundle lead to.
pub(super) enum Walked {
    Item(Box<Proof>),
    Not(NotOnLedger),
}

/// The bundle is for the chain's ledger, and so is the seal.
pub(super) fn ledger(
    bundle: &Bundle,
    chain: &HeaderChain,
    claim: &SealClaim,
) -> Result<(), Unproven> {
    if bundle.ledger != *chain.ledger() {
        return Err(ProofError::WrongLedger { got: bundle.ledger }.into());
    }
    if let Named::Item(ItemName { ledger: Some(short), .. }) = &claim.names
        && *short != bundle.ledger.short()
    {
        return Err(Unproven::LedgerUnknown { ledger: *short });
    }
    Ok(())
}

/// The roots are the ones under the trusted header.
pub(super) fn state(bundle: &Bundle, header: &TrustedHeader) -> Result<(), ProofError> {
    let (expected, got) = (header.app_hash(), bundle.roots.app_hash());
    if expected.0 != got.0 {
        return Err(ProofError::AppHash { expected, got });
    }
    Ok(())
}

/// Every part, from the claim's name to the signers of events.
pub(super) fn parts(claim: &SealClaim, bundle: &Bundle) -> Result<Walked, Unproven> {
    let (lot, index, shown) = match (&claim.names, &bundle.code) {
        (Named::Item(name), None) => (name.lot, name.index, name.shown),
        (Named::Item(_), Some(_)) => return Err(ProofError::Superfluous(Part::CodeIndex).into()),
        (Named::Code(_), None) => return Err(ProofError::Missing(Part::CodeIndex).into()),
        (Named::Code(code), Some(part)) => match code_target(code, part, bundle)? {
            Ok(target) => (target.lot, target.index, Shown::Nothing),
            Err(not) => return nothing_further(bundle, not),
        },
    };
    let part = bundle.lot.as_ref().ok_or(ProofError::Missing(Part::Lot))?;
    if part.id != lot {
        return Err(ProofError::WrongItem.into());
    }
    let Some(state) = lot_state(part, &bundle.roots.lots)? else {
        no_lot_parts(part, bundle)?;
        return Ok(Walked::Not(NotOnLedger::NoSuchLot { lot }));
    };
    let parties = Parties::prove(bundle)?;
    let (issuer, title) = anchor(part, &state, &parties, &bundle.ledger)?;
    if index >= state.size {
        no_item_parts(part)?;
        parties.all_used()?;
        return Ok(Walked::Not(NotOnLedger::PastTheLot { index, size: state.size }));
    }
    let record = item(part.item.as_ref(), index, &state)?;
    let life = item_life(part, index, &state)?;
    let events = events(part, index, &state, &parties, &bundle.ledger)?;
    parties.all_used()?;
    let place = ItemPlace { ledger: &bundle.ledger, lot: &lot, index };
    if !shown_is_committed(&record, place, &shown) {
        return Ok(Walked::Not(NotOnLedger::SecretNotCommitted { lot, index }));
    }
    let key_retired = issuer_key(&state, &issuer)?;
    let item = ProvenItem {
        ledger: bundle.ledger,
        lot,
        index,
        lot_size: state.size,
        private: private_fields(&record, place, &shown),
        record,
        issuer: speaker(state.issuer, &issuer),
        anchored: Entered { height: state.height, at: state.at },
        title,
        key_retired,
        events,
    };
    let recall = worst_recall(&state, &issuer, life);
    let recalls_withdrawn = state.recalls.iter().chain(&issuer.recalls).any(|r| r.withdrawn);
    let life_withdrawn = state.life_withdrawn || recalls_withdrawn;
    Ok(Walked::Item(Box::new(Proof { item, lot: state, issuer, life, life_withdrawn, recall })))
}

/// What of the proven speaks against the claim.
pub(super) fn contradiction(claim: &SealClaim, proof: &Proof) -> Option<Contradiction> {
    let record = proof.item.record();
    not_an_issuer(&proof.lot, &proof.issuer)
        .or_else(|| foreign_lot_namespace(&proof.lot, &proof.issuer))
        .or_else(|| foreign_gtin(record, &proof.lot))
        .or_else(|| foreign_brand(record, &proof.lot))
        .or_else(|| label_differs("gtin", &claim.label.gtin, &record.gtin))
        .or_else(|| label_differs("serial", &claim.label.serial, &record.serial))
        .or_else(|| label_differs("batch", &claim.label.batch, &record.batch))
}

fn not_an_issuer(lot: &LotState, issuer: &Party) -> Option<Contradiction> {
    (!issuer.roles.meets(Roles::ISSUER)).then_some(Contradiction::NotAnIssuer { party: lot.issuer })
}

fn foreign_lot_namespace(lot: &LotState, issuer: &Party) -> Option<Contradiction> {
    let foreign = lot.namespaces.iter().find(|inner| !issuer.covers(core::slice::from_ref(inner)));
    foreign.map(|inner| Contradiction::ForeignNamespace {
        field: "lot",
        value: match inner {
            Namespace::Gtin(text)
            | Namespace::Host(text)
            | Namespace::Pattern(text)
            | Namespace::Brand(text) => text.clone(),
        },
    })
}

fn foreign_gtin(record: &ItemRecord, lot: &LotState) -> Option<Contradiction> {
    let gtin = record.gtin.as_ref()?;
    let own = lot.namespaces.iter().any(|namespace| namespace.holds_gtin(gtin));
    (!own).then(|| Contradiction::ForeignNamespace { field: "gtin", value: gtin.clone() })
}

fn foreign_brand(record: &ItemRecord, lot: &LotState) -> Option<Contradiction> {
    let brand = record.brand.as_ref()?;
    let own = lot.namespaces.iter().any(|namespace| namespace.holds_brand(brand));
    (!own).then(|| Contradiction::ForeignNamespace { field: "brand", value: brand.clone() })
}

fn label_differs(
    field: &'static str,
    label: &Option<alloc::string::String>,
    record: &Option<alloc::string::String>,
) -> Option<Contradiction> {
    let label = label.as_ref()?;
    let record = record.as_deref().unwrap_or("");
    (label != record).then(|| Contradiction::LabelDiffers {
        field,
        label: label.clone(),
        record: record.to_string(),
    })
}

/// A value of one of the state's maps, or its proven absence.
fn map_value<T>(
    domain: MapDomain,
    root: &Hash32,
    own_key: &[u8],
    part: &MapPart,
    name: Part,
) -> Result<Option<T>, Unproven>
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    let path = |error| ProofError::Path { part: name, error };
    let key = domain.key(own_key);
    let Some(value) = &part.value else {
        map::verify_absence::<Sm3>(root, &key, &part.proof).map_err(path)?;
        return Ok(None);
    };
    let hash = domain.value_hash(value);
    map::verify_membership::<Sm3>(root, &key, &hash, &part.proof).map_err(path)?;
    Ok(Some(codec::decode(value)?))
}

fn lot_state(part: &LotPart, root: &Hash32) -> Result<Option<LotState>, Unproven> {
    map_value(MapDomain::LOTS, root, &part.id.0, &part.state, Part::Lot)
}

/// Where a code leads, by the index of its namespace.
fn code_target(
    code: &str,
    part: &CodePart,
    bundle: &Bundle,
) -> Result<Result<CodeTarget, NotOnLedger>, Unproven> {
    if !holds(&part.namespace, code) {
        return Err(ProofError::WrongItem.into());
    }
    let own_key = codec::encode(&part.namespace);
    let root = &bundle.roots.indexes;
    let index: Option<CodeIndex> =
        map_value(MapDomain::INDEXES, root, &own_key, &part.index, Part::CodeIndex)?;
    let (index, bucket) = match (index, &part.bucket) {
        (Some(index), Some(bucket)) => (index, bucket),
        (Some(_), None) => return Err(ProofError::Missing(Part::Codes).into()),
        (None, Some(_)) => return Err(ProofError::Superfluous(Part::Codes).into()),
        (None, None) if part.targets.is_empty() => return Ok(Err(NotOnLedger::NoIndex)),
        (None, None) => return Err(ProofError::Superfluous(Part::Codes).into()),
    };
    let key = code_key(code);
    let entries = map::verify_prefix::<Sm3>(&index.root, index.prefix_bits, &key, bucket)
        .map_err(|error| ProofError::Path { part: Part::Codes, error })?;
    let fit = entries.len() == part.targets.len()
        && entries.iter().zip(&part.targets).all(|(e, target)| e.value_hash == target.value_hash());
    if !fit {
        return Err(ProofError::WrongEntry(Part::Codes).into());
    }
    let found = entries.iter().position(|entry| entry.key == key);
    Ok(found.map(|at| part.targets[at]).ok_or(NotOnLedger::CodeNotIndexed))
}

/// Whether a code, or the GTIN in its canonical text, lies in a namespace.
fn holds(namespace: &Namespace, code: &str) -> bool {
    let gtin = code.strip_prefix("(01)").and_then(|rest| rest.get(..14));
    namespace.holds_code(code) || gtin.is_some_and(|gtin| namespace.holds_gtin(gtin))
}

fn nothing_further(bundle: &Bundle, not: NotOnLedger) -> Result<Walked, Unproven> {
    if bundle.lot.is_some() {
        return Err(ProofError::Superfluous(Part::Lot).into());
    }
    if !bundle.parties.is_empty() {
        return Err(ProofError::Superfluous(Part::Party).into());
    }
    Ok(Walked::Not(not))
}

fn no_lot_parts(part: &LotPart, bundle: &Bundle) -> Result<(), ProofError> {
    if part.anchor.is_some() {
        return Err(ProofError::Superfluous(Part::Anchor));
    }
    if !bundle.parties.is_empty() {
        return Err(ProofError::Superfluous(Part::Party));
    }
    no_item_parts(part)
}

fn no_item_parts(part: &LotPart) -> Result<(), ProofError> {
    if part.item.is_some() {
        Err(ProofError::Superfluous(Part::Item))
    } else if part.life.is_some() {
        Err(ProofError::Superfluous(Part::Life))
    } else if !part.events.is_empty() {
        Err(ProofError::Superfluous(Part::Events))
    } else {
        Ok(())
    }
}

/// The parties of a bundle, each proven, and which of them were called for.
struct Parties {
    proven: Vec<(PartyId, Party)>,
    used: core::cell::RefCell<BTreeSet<PartyId>>,
}

impl Parties {
    fn prove(bundle: &Bundle) -> Result<Self, Unproven> {
        if bundle.parties.windows(2).any(|pair| pair[0].id >= pair[1].id) {
            return Err(ProofError::Superfluous(Part::Party).into());
        }
        let mut proven = Vec::with_capacity(bundle.parties.len());
        for part in &bundle.parties {
            let root = &bundle.roots.parties;
            let party: Option<Party> =
                map_value(MapDomain::PARTIES, root, &part.id.0, &part.part, Part::Party)?;
            proven.push((part.id, party.ok_or(ProofError::Superfluous(Part::Party))?));
        }
        Ok(Self { proven, used: core::cell::RefCell::default() })
    }

    fn find(&self, id: &PartyId) -> Result<&Party, ProofError> {
        let at = self.proven.binary_search_by(|(known, _)| known.cmp(id));
        let at = at.map_err(|_| ProofError::Missing(Part::Party))?;
        self.used.borrow_mut().insert(*id);
        Ok(&self.proven[at].1)
    }

    fn all_used(&self) -> Result<(), ProofError> {
        if self.used.borrow().len() == self.proven.len() {
            Ok(())
        } else {
            Err(ProofError::Superfluous(Part::Party))
        }
    }
}

/// The anchoring entry is the one in the state, signed by its issuer, and says what the state says.
fn anchor(
    part: &LotPart,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<(Party, alloc::string::String), ProofError> {
    let entry = part.anchor.as_ref().ok_or(ProofError::Missing(Part::Anchor))?;
    let issuer = parties.find(&state.issuer)?;
    let wrong = ProofError::WrongEntry(Part::Anchor);
    let Body::AnchorLot(anchor) = &entry.body else { return Err(wrong) };
    let fits = entry.party == state.issuer
        && entry.id() == state.entry
        && entry.signatures.len() == 1
        && entry.signatures[0].key == state.key
        && LotId::of_number(&entry.party, anchor.number) == part.id
        && (anchor.root, anchor.size, anchor.initial) == (state.root, state.size, state.initial)
        && anchor.namespaces == state.namespaces;
    if !fits {
        return Err(wrong);
    }
    entry
        .verify_own(ledger, issuer)
        .map_err(|error| ProofError::Entry { part: Part::Anchor, error })?;
    Ok((issuer.clone(), anchor.title.clone()))
}

/// The key that anchored the lot was in force; since when it is retired, if it is.
fn issuer_key(state: &LotState, issuer: &Party) -> Result<Option<u64>, Unproven> {
    match issuer.key_standing(state.key, state.height) {
        Some(KeyStanding::InForce) => Ok(None),
        Some(KeyStanding::RetiredSince(height)) => Ok(Some(height)),
        Some(KeyStanding::Compromised { since }) => {
            Err(Unproven::KeyWithdrawn { since, height: state.height })
        }
        Some(KeyStanding::NotInForce) | None => Err(ProofError::WrongEntry(Part::Anchor).into()),
    }
}

/// The record is the leaf at the claim's index of the lot.
fn item(part: Option<&ItemPart>, index: u32, state: &LotState) -> Result<ItemRecord, Unproven> {
    let part = part.ok_or(ProofError::Missing(Part::Item))?;
    let (index, size) = (u64::from(index), u64::from(state.size));
    let leaf = record::leaf(&part.record);
    log::verify_inclusion::<Sm3>(&leaf, index, size, &part.path, &state.root)
        .map_err(|error| ProofError::Path { part: Part::Item, error })?;
    let record: ItemRecord = codec::decode(&part.record)?;
    record.bounds().map_err(ProofError::Bounds)?;
    Ok(record)
}

/// The item's life is in the lot's life tree, or the lot is untouched.
fn item_life(part: &LotPart, index: u32, state: &LotState) -> Result<ItemLife, ProofError> {
    let path = |error| ProofError::Path { part: Part::Life, error };
    let untouched = life::untouched_root(state.initial, state.size) == state.life_root;
    let Some(life) = &part.life else {
        return match untouched {
            true => Ok(ItemLife::new(state.initial)),
            false => Err(ProofError::Missing(Part::Life)),
        };
    };
    if untouched || life.leaf.len() != LEAF_ITEMS as usize {
        return Err(ProofError::Superfluous(Part::Life));
    }
    let (at, leaves) = (u64::from(index / LEAF_ITEMS), life::leaf_count(state.size));
    let leaf = life::leaf(&life.leaf);
    log::verify_inclusion::<Sm3>(&leaf, at, leaves, &life.path, &state.life_root).map_err(path)?;
    ItemLife::from_byte(life.leaf[(index % LEAF_ITEMS) as usize])
        .ok_or(ProofError::WrongEntry(Part::Life))
}

/// All events of the lot, each signed by its party; those that concern the item come back.
fn events(
    part: &LotPart,
    index: u32,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<Vec<ProvenEvent>, Unproven> {
    let have = part.events.len() as u64;
    if have < state.events {
        return Err(Unproven::EventsMissing { have, of: state.events });
    }
    let leaves: Vec<Hash32> = part
        .events
        .iter()
        .map(|part| event::leaf(part.height, &part.at, &codec::encode(&part.entry)))
        .collect();
    let root = build::root::<Sm3>(&leaves);
    if root != state.event_root || have != state.events {
        let error = TreeError::RootMismatch { expected: state.event_root, got: root };
        return Err(ProofError::Path { part: Part::Events, error }.into());
    }
    let mut proven = Vec::new();
    for part in &part.events {
        let event = one_event(part, state, parties, ledger)?;
        if concerns(&part.entry, index) {
            proven.push(event);
        }
    }
    Ok(proven)
}

fn one_event(
    part: &EventPart,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<ProvenEvent, ProofError> {
    let by = parties.find(&part.entry.party)?;
    let failed = |error| ProofError::Entry { part: Part::Events, error };
    part.entry.bounds().map_err(ProofError::Bounds)?;
    part.entry.verify_own(ledger, by).map_err(failed)?;
    let key = part.entry.own_endorsement().map_err(failed)?.key;
    let key_withdrawn = match by.key_standing(key, part.height) {
        Some(KeyStanding::InForce | KeyStanding::RetiredSince(_)) => false,
        Some(KeyStanding::Compromised { .. }) => true,
        Some(KeyStanding::NotInForce) | None => return Err(ProofError::WrongEntry(Part::Events)),
    };
    let (what, sensor) = match &part.entry.body {
        Body::AppendEvent(event) => (Happening::Trace(event.clone()), event.sensor),
        Body::Recall(change) if matches!(change.scope, RecallScope::Items(..)) => {
            let notice = change.notice.clone();
            (Happening::Recall { recalled: change.recalled, notice }, false)
        }
        _ => return Err(ProofError::WrongEntry(Part::Events)),
    };
    let said_by = match (sensor, part.entry.party == state.issuer) {
        (true, _) => SaidBy::Sensor,
        (false, true) => SaidBy::Brand,
        (false, false) => SaidBy::Independent,
    };
    Ok(ProvenEvent {
        entered: Entered { height: part.height, at: part.at },
        by: speaker(part.entry.party, by),
        said_by,
        key_withdrawn,
        entry: part.entry.id(),
        what,
    })
}

fn concerns(entry: &Entry, index: u32) -> bool {
    match &entry.body {
        Body::AppendEvent(event) => event.items.is_none_or(|items| items.holds(index)),
        Body::Recall(change) => match &change.scope {
            RecallScope::Items(_, items) => items.holds(index),
            _ => false,
        },
        _ => false,
    }
}

/// The record commits to what was shown; a typed number shows nothing and needs nothing.
fn shown_is_committed(record: &ItemRecord, place: ItemPlace<'_>, shown: &Shown) -> bool {
    shown.inner().is_none_or(|inner| {
        commitment(place.ledger, place.lot, place.index, &inner) == record.commitment
    })
}

/// Private fields, for a live scan; what does not open is not shown.
fn private_fields(record: &ItemRecord, place: ItemPlace<'_>, shown: &Shown) -> Vec<record::Field> {
    match (&record.private, shown) {
        (Some(bytes), Shown::Live(secret)) => {
            private::open(place, secret, bytes).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The worst recall in force: of the issuer, of the lot, of the item.
fn worst_recall(lot: &LotState, issuer: &Party, life: ItemLife) -> Option<RecallShown> {
    let in_force = |recalls: &[Recall]| recalls.iter().find(|recall| !recall.withdrawn).cloned();
    let by_authority = |recall: &Recall| recall.by != lot.issuer;
    if let Some(recall) = in_force(&issuer.recalls) {
        return Some(RecallShown::Issuer { by_authority: by_authority(&recall), recall });
    }
    if let Some(recall) = in_force(&lot.recalls) {
        return Some(RecallShown::Lot { by_authority: by_authority(&recall), recall });
    }
    let item = life.recalled_by_issuer || life.recalled_by_authority;
    (item && !lot.life_withdrawn)
        .then_some(RecallShown::Item { by_authority: life.recalled_by_authority })
}

fn speaker(id: PartyId, party: &Party) -> Speaker {
    Speaker {
        id,
        legal_name: party.legal_name.clone(),
        roles: party.roles,
        suspended: party.suspended,
    }
}
