//! Lots: minted, anchored, and proven item by item.

use super::world::{PartyKeys, World};
use sealight_issue::entry::sign_receipt;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_ledger::answer::{CodeFiles, CodesOfPrefix, answer};
use sealight_ledger::state::Refused;
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::{Bucket, LOT_PATH, StateAnswer};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::Body;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{BUCKET_ITEMS, LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{Judgement, Policy, SealClaim, verify};

/// What to mint.
#[derive(Debug, Clone)]
pub struct Minting {
    /// The issuer's number for the lot.
    pub number: u64,
    /// Items.
    pub items: u32,
    /// Namespaces that the lot declares.
    pub namespaces: Vec<Namespace>,
    /// State in which the items start.
    pub initial: LifeState,
}

impl Minting {
    /// A lot of so many bottles of Blue Reverie.
    pub fn bottles(number: u64, items: u32) -> Self {
        let namespaces = vec![Namespace::Brand("Blue Reverie".into()), gtin_space()];
        Self { number, items, namespaces, initial: LifeState::InTrade }
    }
}

/// A lot with its secrets.
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// Files and seals.
    pub whole: WholeLot,
    /// The entry's body that anchors it.
    pub anchor: LotAnchor,
}

/// Rows of so many bottles.
pub fn rows(items: u32) -> Vec<Row> {
    let field = |key: &str, value: &str| Field { key: key.into(), value: value.into() };
    (0..items)
        .map(|at| Row {
            product: "Blue Reverie 52% 500 ml".into(),
            brand: Some("Blue Reverie".into()),
            gtin: Some("06901234567892".into()),
            serial: Some(format!("BR-{at:06}")),
            batch: Some("2026-03".into()),
            category: "baijiu".into(),
            expires: None,
            carriers: vec![Carrier::Qr],
            fields: vec![
                field("origin", "Suqian, Jiangsu"),
                field("brewing-time", "2021-03-02"),
                field("production-date", "2026-03-01"),
                field("storage-time", "5 years"),
                field("seal-position", "over the cap"),
            ],
            private: Vec::new(),
        })
        .collect()
}

impl Lot {
    /// Builds a lot of the rows of [`rows`] without anchoring it.
    pub fn build(world: &World, issuer: &PartyKeys, minting: &Minting) -> Self {
        let mut counter = 0u128;
        let mut secrets = || {
            counter += 1;
            (counter * 0x9e37_79b9_7f4a_7c15).to_be_bytes()
        };
        let plan = LotPlan {
            ledger: world.ledger,
            issuer: issuer.id,
            number: minting.number,
            title: "Blue Reverie, spring batch".into(),
            namespaces: minting.namespaces.clone(),
            life_roles: LifeRoles::USUAL,
            initial: minting.initial,
        };
        let whole = WholeLot::build(plan, &rows(minting.items), &mut secrets).unwrap();
        let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
        let member = world.authority.signer();
        let receipt = sign_receipt(&world.ledger, &id, &root, size, member);
        let anchor = whole.lot.anchor(vec![receipt]);
        Self { id, whole, anchor }
    }

    /// Builds a lot and anchors it.
    ///
    /// # Errors
    /// The rule by which the ledger refuses the anchor; see [`Refused`].
    pub fn mint(world: &mut World, issuer: &PartyKeys, minting: &Minting) -> Result<Self, Refused> {
        let lot = Self::build(world, issuer, minting);
        world.submit(Body::AnchorLot(lot.anchor.clone()), issuer, &[])?;
        Ok(lot)
    }

    /// The live claim of an item.
    pub fn claim(&self, index: u32) -> SealClaim {
        SealClaim::of_seal(&self.whole.seals[index as usize], Carrier::Qr)
    }

    /// The bundle of an item under the newest block.
    pub fn bundle(&self, world: &World, index: u32) -> Bundle {
        self.bundle_at(world, world.height(), index)
    }

    /// The bundle of an item under the block of a height.
    pub fn bundle_at(&self, world: &World, height: u64, index: u32) -> Bundle {
        let bucket = index / BUCKET_ITEMS;
        let file = self.whole.buckets.get(bucket as usize);
        let item = file.and_then(|file| decode::<Bucket>(file).unwrap().item(index % BUCKET_ITEMS));
        let answer = state_answer(world, height, &self.id, bucket);
        answer.into_bundle(world.ledger, world.blocks[&height].clone(), None, item)
    }

    /// Verifies an item's live claim under the newest block.
    pub fn judge(&self, world: &World, index: u32) -> Judgement {
        self.judge_with(world, index, &world.chain())
    }

    /// The same with a chain of the test's own.
    pub fn judge_with(&self, world: &World, index: u32, chain: &HeaderChain) -> Judgement {
        let bundle = encode(&self.bundle(world, index));
        verify(&self.claim(index), &bundle, chain, &Policy::SHOPPER, &world.now())
    }
}

/// What an honest gateway answers about a lot under the header of a height.
pub fn state_answer(world: &World, height: u64, lot: &LotId, bucket: u32) -> StateAnswer {
    let state = &world.states[&(height - 1)];
    let data = [&lot.0[..], &bucket.to_be_bytes()].concat();
    decode(&answer(state, height, &NoCodes, LOT_PATH, &data).unwrap()).unwrap()
}

/// A gateway that holds no code index.
pub struct NoCodes;

impl CodeFiles for NoCodes {
    fn codes(&self, _: &Hash32, _: u8, _: u32) -> Option<CodesOfPrefix> {
        None
    }
}

fn gtin_space() -> Namespace {
    Namespace::Gtin("0690123".into())
}
