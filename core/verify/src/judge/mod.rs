//! The one page everybody reads: a claim, a bundle and a header chain in, a verdict out.
//!
//! [`verify`] is the only maker of [`ProvenItem`]. It walks the parts of a bundle in the order in
//! which they hang on each other: header, state, code, lot, item, life, events, parties; each step
//! is a function in `prove` with its own error. What is proven is then judged by policy.

pub mod claim;
mod original;
mod pack;
mod policy;
mod prove;
mod reason;
mod slice;
mod verdict;

pub use claim::{ItemName, LabelFacts, Named, SealClaim, Shown, Tap};
pub use original::tap_leaf;
pub use pack::{PackIndex, PackLot};
pub use policy::Policy;
pub use reason::{Contradiction, NotOnLedger, Part, ProofError, Unproven};
pub use slice::{ProvenSlice, verify_slice};
pub use verdict::{
    AsOf, Entered, Finding, Freshness, Happening, Life, NotLookedAt, Original, Outcome,
    ProvenEvent, ProvenItem, RecallShown, SaidBy, SealState, Speaker, Verdict,
};

use crate::chain::{Assurance, Basis, Change, HeaderChain, TrustStanding, TrustedHeader};
use crate::codec;
use crate::format::bundle::Bundle;
use crate::format::life::LifeState;
use crate::report::Recipient;
use crate::time::Now;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A verdict, and what the caller should remember of the header chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The header that was accepted on the way, or the fork that it shows; none where the bundle
    /// proves nothing.
    pub remember: Option<Change>,
}

/// Verifies a claim with a bundle under a header chain and judges it by policy.
///
/// `bundle` are untrusted bytes from a gateway, a file or the store. Nothing is remembered and no
/// clock is read: the same arguments give the same verdict.
pub fn verify(
    claim: &SealClaim,
    bundle: &[u8],
    chain: &HeaderChain,
    policy: &Policy,
    now: &Now,
) -> Judgement {
    let mut remember = None;
    let verdict = match walk(claim, bundle, chain, now, &mut remember) {
        Ok((found, header)) => judge(claim, found, &header, chain, policy, now),
        Err(reason) => Verdict::unproven(reason),
    };
    Judgement { verdict, remember }
}

/// What the parts of a bundle prove, before policy.
enum Found {
    Item(Box<prove::Proof>),
    Not(NotOnLedger, Option<Recipient>),
    Against(Contradiction, Option<Recipient>),
}

/// From bytes to what they prove.
fn walk(
    claim: &SealClaim,
    bytes: &[u8],
    chain: &HeaderChain,
    now: &Now,
    remember: &mut Option<Change>,
) -> Result<(Found, TrustedHeader), Unproven> {
    let bundle: Bundle = codec::decode(bytes)?;
    prove::ledger(bundle.ledger, chain, Some(claim))?;
    let accepted = chain.accept(&bundle.block, now).map_err(|error| {
        *remember = error.remember();
        Unproven::Header(error)
    })?;
    let header = accepted.header;
    prove::state(&bundle.roots, &header)?;
    let found = match prove::parts(claim, &bundle)? {
        prove::Walked::Item(proof) => found(claim, proof),
        prove::Walked::Not(not, to) => Found::Not(not, to),
    };
    *remember = Some(accepted.remember);
    Ok((found, header))
}

/// A proven item, or what of it speaks against the claim.
fn found(claim: &SealClaim, proof: Box<prove::Proof>) -> Found {
    match prove::contradiction(claim, &proof) {
        Some(against) => {
            let to = prove::report_to(&against, &proof);
            Found::Against(against, to)
        }
        None => Found::Item(proof),
    }
}

/// From what is proven to the verdict.
fn judge(
    claim: &SealClaim,
    found: Found,
    header: &TrustedHeader,
    chain: &HeaderChain,
    policy: &Policy,
    now: &Now,
) -> Verdict {
    let age = now.age_of(header.time());
    let standing = chain.trust_standing(now);
    let sound = header.basis() == Basis::Live && chain.frozen().is_none();
    let freshness = freshness(age, sound, standing, policy, now);
    let least = policy.least_operators.max(chain.least_operators());
    let to = |to, record| Verdict { report_to: to, ..Verdict::without_item(record) };
    let mut verdict = match found {
        Found::Not(not, issuer) => to(issuer, Finding::NotOnLedger(not)),
        Found::Against(against, issuer) => to(issuer, Finding::Contradicted(against)),
        Found::Item(proof) => proven(claim, *proof, freshness, now),
    };
    verdict.assurance = assurance(header.operators(), least, standing);
    verdict.operators = Some(header.operators());
    verdict.as_of = Some(AsOf { height: header.height(), time: header.time(), age });
    verdict.freshness = freshness;
    verdict.demo = chain.demo();
    verdict
}

/// How much the age of a header matters. Nothing is fresh on a ledger that forked, or from trust
/// that is historical.
fn freshness(
    age: u64,
    sound: bool,
    standing: TrustStanding,
    policy: &Policy,
    now: &Now,
) -> Freshness {
    if now.doubtful() {
        Freshness::ClockDoubtful
    } else if age > policy.stop {
        Freshness::TooOld
    } else if age > policy.fresh || !sound || standing != TrustStanding::Valid {
        Freshness::Stale
    } else {
        Freshness::Fresh
    }
}

/// How much stands behind a header of this many operators.
fn assurance(operators: u32, least: u32, standing: TrustStanding) -> Assurance {
    if operators < least || standing == TrustStanding::LongExpired {
        Assurance::Told
    } else {
        Assurance::QuorumFinalWithState
    }
}

fn proven(claim: &SealClaim, proof: prove::Proof, freshness: Freshness, now: &Now) -> Verdict {
    let (original, seal) = original::original(claim, proof.item.record());
    let life = life(&proof, now);
    let not_looked_at = not_looked_at(claim, &proof.item, original, freshness);
    let report_to = proof.recipient();
    Verdict {
        report_to,
        original,
        seal,
        life,
        not_looked_at,
        ..Verdict::without_item(Finding::Proven(Box::new(proof.item)))
    }
}

/// The worst of item, lot and issuer; a recall before everything else.
fn life(proof: &prove::Proof, now: &Now) -> Life {
    if let Some(recall) = &proof.recall {
        return Life::Recalled(recall.clone());
    }
    if proof.life_withdrawn {
        return Life::KeyWithdrawn;
    }
    match (proof.life.state, proof.item.record().expires) {
        (LifeState::NotApplied | LifeState::InTrade | LifeState::Sold, Some(since))
            if now.at() > since =>
        {
            Life::Expired { since }
        }
        (state, _) => Life::At(state),
    }
}

fn not_looked_at(
    claim: &SealClaim,
    item: &ProvenItem,
    original: Original,
    freshness: Freshness,
) -> Vec<NotLookedAt> {
    let mut list = Vec::new();
    let strongest = item.record().strongest_carrier();
    if strongest > claim.carrier {
        list.push(NotLookedAt::StrongerCarrier { carrier: strongest });
    }
    if original == (Original::RecordOnly { guessable: true }) {
        list.push(NotLookedAt::TheSeal);
    }
    if freshness != Freshness::Fresh {
        list.push(NotLookedAt::SinceThen);
    }
    list.extend([NotLookedAt::ScansElsewhere, NotLookedAt::Contents]);
    list
}
