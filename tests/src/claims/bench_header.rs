//! Header acceptance beside the verifier of tendermint-rs.

use super::{Claim, NotShown, Report, Run};
use crate::bench::chain::LongChain;
use crate::bench::pair;
use core::time::Duration;
use sealight_verify::chain::HeaderChain;
use serde_json::Value;
use std::hint::black_box;
use tendermint::{Time, block::Height, block::signed_header::SignedHeader, chain, validator};
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{
    TrustThreshold, TrustedBlockState, UntrustedBlockState,
};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "header-acceptance",
    group: "speed",
    about: "a skip over 1,000,000 heights costs at most 1.5 times what tendermint-rs takes for it",
    clock: true,
    run: Run::Here(acceptance),
}];

const HEAD: u64 = 1_000_000;
const LIMIT: f64 = 1.5;

/// Both verify the same block from the same trusted header. Theirs stops when two thirds of the
/// power have signed; ours holds every signature, so of four it verifies one more.
fn acceptance(report: &mut Report) -> Result<(), NotShown> {
    let ledger = LongChain::new(HEAD, &[]);
    let (chain, _) = ledger.cold_sync(&[]).map_err(NotShown::broken)?;
    let pinned = pinned(&ledger)?;
    let (block, now) = (ledger.block(HEAD), ledger.now());
    let peer = Peer::of(&ledger)?;
    if peer.verdict() != Verdict::Success {
        return Err(NotShown::broken(format!("tendermint-rs says {:?}", peer.verdict())));
    }
    let ours = pinned.accept(&block, &now).map_err(NotShown::broken)?;
    if Some(ours.header.hash()) != chain.head().map(|head| head.hash()) {
        return Err(NotShown::broken("another header than the synchronisation's"));
    }
    let times = pair(
        31,
        || _ = black_box(pinned.accept(black_box(&block), &now)),
        || _ = black_box(peer.verdict()),
    );
    report.figure("ours, all four signatures", times.ours / 1e3, "us");
    report.figure("tendermint-rs, up to two thirds", times.peer / 1e3, "us");
    report.at_most("ours by theirs", times.ratio, LIMIT, "x")
}

/// A chain that trusts height 1 alone.
fn pinned(ledger: &LongChain) -> Result<HeaderChain, NotShown> {
    let mut chain = ledger.device();
    let pin = sealight_verify::codec::decode(&ledger.checkpoint()).map_err(NotShown::broken)?;
    let change = chain.checkpoint(&pin).map_err(NotShown::broken)?;
    chain.apply(&change);
    Ok(chain)
}

/// The same in the types of tendermint-rs.
struct Peer {
    chain_id: chain::Id,
    trusted_time: Time,
    now: Time,
    header: SignedHeader,
    validators: validator::Set,
    options: Options,
}

impl Peer {
    fn of(ledger: &LongChain) -> Result<Self, NotShown> {
        let header: SignedHeader = part(&ledger.commit(HEAD), "signed_header")?;
        let validators: Vec<validator::Info> = part(&ledger.validators(HEAD), "validators")?;
        let time = |text: &str| Time::parse_from_rfc3339(text).map_err(NotShown::broken);
        Ok(Self {
            chain_id: header.header.chain_id.clone(),
            trusted_time: time(&ledger.trusted_time().to_string())?,
            now: time(&ledger.now().at().to_string())?,
            header,
            validators: validator::Set::without_proposer(validators),
            options: Options {
                trust_threshold: TrustThreshold::ONE_THIRD,
                trusting_period: Duration::from_secs(30 * 24 * 3600),
                clock_drift: Duration::from_secs(10),
            },
        })
    }

    fn verdict(&self) -> Verdict {
        let trusted = TrustedBlockState {
            chain_id: &self.chain_id,
            header_time: self.trusted_time,
            height: Height::from(1u32),
            next_validators: &self.validators,
            next_validators_hash: self.header.header.validators_hash,
        };
        let untrusted = UntrustedBlockState {
            signed_header: &self.header,
            validators: &self.validators,
            next_validators: None,
        };
        ProdVerifier::default().verify_update_header(untrusted, trusted, &self.options, self.now)
    }
}

/// One part of an answer's result.
fn part<T: for<'d> serde::Deserialize<'d>>(body: &str, name: &str) -> Result<T, NotShown> {
    let mut answer: Value = serde_json::from_str(body).map_err(NotShown::broken)?;
    serde_json::from_value(answer["result"][name].take()).map_err(NotShown::broken)
}
