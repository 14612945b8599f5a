//! A lot: from rows and secrets to records, buckets and the anchor, in two passes.
//!
//! The first pass takes one item after the other and keeps 32 bytes for every 64 of them, so a lot
//! of ten million fits into a few megabytes: [`LotBuilder::add`] gives back each bucket's records
//! as soon as it is full, a draft for the caller to put aside. The path above a bucket needs the
//! whole tree, so the second pass, [`BuiltLot::complete`], turns each draft into the bucket's file.
//! [`WholeLot`] does both in memory.

mod error;
mod record;

pub use error::LotError;

use crate::rows::Row;
use sealight_verify::codec::{self, Blob};
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::{BUCKET_ITEMS, LifeRoles, LotAnchor, MAX_SIZE, StorageReceipt};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::TapCodes;
use sealight_verify::format::seal::{SealCode, Secret};
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::time::Timestamp;
use sealight_verify::tree::Siblings;
use sealight_verify::tree::build::{self, Log};

/// What an issuer decides about a lot before its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotPlan {
    /// The ledger it is meant for.
    pub ledger: LedgerId,
    /// The issuer.
    pub issuer: PartyId,
    /// The issuer's number for the lot; a number once used is never used again.
    pub number: u64,
    /// What the lot is, in the issuer's words.
    pub title: String,
    /// Namespaces that the records stay in; each in one of the issuer's.
    pub namespaces: Vec<Namespace>,
    /// Who may take which step of an item's life.
    pub life_roles: LifeRoles,
    /// State in which every item starts: not applied or in trade.
    pub initial: LifeState,
}

impl LotPlan {
    /// The lot's id, which follows from issuer and number.
    pub fn id(&self) -> LotId {
        LotId::of_number(&self.issuer, self.number)
    }

    fn anchor(&self) -> LotAnchor {
        LotAnchor {
            number: self.number,
            root: Hash32([0; 32]),
            size: 1,
            namespaces: self.namespaces.clone(),
            life_roles: self.life_roles,
            initial: self.initial,
            receipts: Vec::new(),
            last_expiry: None,
            title: self.title.clone(),
        }
    }
}

/// A bucket's records without the path above them, for [`BuiltLot::complete`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which bucket, from 0.
    pub bucket: u32,
    /// To be put aside unchanged; holds no secret.
    pub bytes: Vec<u8>,
}

/// One item added.
#[derive(Debug)]
pub struct Added {
    /// What its seal carries: for the label alone, and never to be stored.
    pub seal: SealCode,
    /// The bucket that it made full.
    pub draft: Option<Draft>,
}

/// First pass: takes items in order.
#[derive(Debug)]
pub struct LotBuilder {
    plan: LotPlan,
    id: LotId,
    /// Roots of the full buckets.
    buckets: Log<Sm3>,
    /// Records of the bucket that is being filled.
    open: Vec<Blob>,
    size: u32,
    last_expiry: Option<Timestamp>,
    last_secret: Secret,
}

impl LotBuilder {
    /// A lot without items.
    ///
    /// # Errors
    /// [`LotError::Plan`] if no anchor can say what the plan says.
    pub fn new(plan: LotPlan) -> Result<Self, LotError> {
        plan.anchor().bounds().map_err(LotError::Plan)?;
        Ok(Self {
            id: plan.id(),
            plan,
            buckets: Log::new(),
            open: Vec::with_capacity(BUCKET_ITEMS as usize),
            size: 0,
            last_expiry: None,
            last_secret: Secret([0; 16]),
        })
    }

    /// Adds one item; `secret` are 16 fresh random bytes.
    ///
    /// # Errors
    /// What this item cannot have; see [`LotError`]. The lot stays as it was.
    pub fn add(
        &mut self,
        row: &Row,
        secret: Secret,
        taps: Option<TapCodes>,
    ) -> Result<Added, LotError> {
        if self.size == MAX_SIZE {
            return Err(LotError::Full);
        }
        // Zeros, the first that is compared with, are no secret either.
        if secret == self.last_secret {
            return Err(LotError::RepeatedSecret { row: self.size + 1 });
        }
        let seal =
            SealCode { ledger: self.plan.ledger.short(), lot: self.id, index: self.size, secret };
        let record = record::record(&self.plan, &seal, row, taps)?;
        self.open.push(Blob(record));
        self.size += 1;
        self.last_secret = secret;
        self.last_expiry = self.last_expiry.max(row.expires);
        let full = self.open.len() == BUCKET_ITEMS as usize;
        Ok(Added { seal, draft: full.then(|| self.close_bucket()) })
    }

    /// Ends the first pass; gives the last, short bucket if there is one.
    ///
    /// # Errors
    /// [`LotError::Empty`] for a lot without items.
    pub fn finish(mut self) -> Result<(BuiltLot, Option<Draft>), LotError> {
        if self.size == 0 {
            return Err(LotError::Empty);
        }
        let last = (!self.open.is_empty()).then(|| self.close_bucket());
        let Self { plan, buckets, size, last_expiry, .. } = self;
        let root = buckets.root();
        Ok((BuiltLot { plan, buckets, root, size, last_expiry }, last))
    }

    fn close_bucket(&mut self) -> Draft {
        let bucket = Bucket {
            version: 1,
            records: std::mem::take(&mut self.open),
            upper: Siblings::default(),
        };
        // A bucket is a perfect subtree, or the ragged one at the right edge, so the tree above
        // the buckets is the tree of their roots.
        self.buckets.append(build::root::<Sm3>(&bucket.leaves()));
        Draft { bucket: (self.size - 1) / BUCKET_ITEMS, bytes: codec::encode(&bucket) }
    }
}

/// A lot whose items are all known.
#[derive(Debug)]
pub struct BuiltLot {
    plan: LotPlan,
    buckets: Log<Sm3>,
    root: Hash32,
    size: u32,
    last_expiry: Option<Timestamp>,
}

impl BuiltLot {
    /// The lot's id.
    pub fn id(&self) -> LotId {
        self.plan.id()
    }

    /// Root of the item tree.
    pub fn root(&self) -> Hash32 {
        self.root
    }

    /// Number of items.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// Number of buckets.
    pub fn bucket_count(&self) -> u32 {
        self.size.div_ceil(BUCKET_ITEMS)
    }

    /// Second pass: the file of a bucket, from its draft.
    ///
    /// # Errors
    /// [`LotError::NotTheDraft`] if the bytes are not that bucket's draft unchanged.
    pub fn complete(&self, draft: &Draft) -> Result<Vec<u8>, LotError> {
        let not_the_draft = LotError::NotTheDraft { bucket: draft.bucket };
        let Ok(mut bucket) = codec::decode::<Bucket>(&draft.bytes) else {
            return Err(not_the_draft);
        };
        let place = u64::from(draft.bucket);
        let upper = self.buckets.inclusion_path(place, self.buckets.size());
        bucket.upper = upper.map_err(|_| not_the_draft.clone())?.into();
        match bucket.lot_root(draft.bucket, self.size) {
            Ok(root) if root == self.root => Ok(codec::encode(&bucket)),
            _ => Err(not_the_draft),
        }
    }

    /// What the issuer anchors, with the receipts of the members that store the files.
    pub fn anchor(&self, receipts: Vec<StorageReceipt>) -> LotAnchor {
        LotAnchor {
            root: self.root,
            size: self.size,
            last_expiry: self.last_expiry,
            receipts,
            ..self.plan.anchor()
        }
    }
}

/// A lot with everything in memory.
#[derive(Debug)]
pub struct WholeLot {
    /// The lot.
    pub lot: BuiltLot,
    /// The file of each bucket.
    pub buckets: Vec<Vec<u8>>,
    /// What each item's seal carries.
    pub seals: Vec<SealCode>,
}

impl WholeLot {
    /// Builds a lot of these rows; `secrets` gives 16 fresh random bytes each time.
    ///
    /// # Errors
    /// See [`LotError`].
    pub fn build<'a>(
        plan: LotPlan,
        rows: impl IntoIterator<Item = &'a Row>,
        secrets: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<Self, LotError> {
        let mut builder = LotBuilder::new(plan)?;
        let (mut seals, mut drafts) = (Vec::new(), Vec::new());
        for row in rows {
            let added = builder.add(row, Secret(secrets()), None)?;
            seals.push(added.seal);
            drafts.extend(added.draft);
        }
        let (lot, last) = builder.finish()?;
        drafts.extend(last);
        let buckets = drafts.iter().map(|draft| lot.complete(draft)).collect::<Result<_, _>>()?;
        Ok(Self { lot, buckets, seals })
    }
}

#[cfg(test)]
mod tests;
