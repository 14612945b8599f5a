//! Mutated light blocks: ours and `tendermint-light-client-verifier` 0.41 must agree, or the
//! disagreement is one of [`Explained`].
//!
//! Both read the same JSON. `SEALIGHT_CASES` sets the number of cases (20,000 without it); the seed
//! is fixed, so a run with more cases begins with those of a run with fewer.

use sealight_issue::comet::validators_answer;
use sealight_issue::comet::{Draft, Signers, ValidatorKey, Vote, commit_answer, header};
use sealight_verify::comet::json::{self, JsonError};
use sealight_verify::comet::{
    Anchor, CometError, Header, LightBlock, Limits, Slot, Stock, Threshold, ValidatorSet, verify,
};
use sealight_verify::hash::Hash32;
use sealight_verify::time::{Seconds, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tendermint::block::signed_header::SignedHeader;
use tendermint::{Time, validator};
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{
    TrustThreshold, TrustedBlockState, UntrustedBlockState,
};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};

const CHAIN: &str = "mutations-1";
const GENESIS: i64 = 1_700_000_000;
const DAY: i64 = 86_400;
const NOW: i64 = GENESIS + 20 * DAY;
const DRIFT: u64 = 10;

/// Why the two may disagree; always with us as the stricter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Explained {
    /// We verify every signature present; the oracle stops once two thirds are reached, and never
    /// looks at votes for nil.
    EverySignatureCounts,
    /// A vote stands in the slot of its validator here; the oracle looks votes up by address.
    VotesStandInTheirSlots,
    /// An absent vote names nobody here; the oracle reads past what stands there.
    AbsentVotesAreEmpty,
    /// Addresses of validators follow from keys here; the oracle believes the JSON.
    AddressesFollowFromKeys,
}

/// A generator of fixed seed: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

/// A case before it is written as JSON.
struct Case {
    /// The trusted header announces this set.
    trusted: Signers,
    trusted_height: u64,
    trusted_time: i64,
    threshold: Threshold,
    block: LightBlock,
}

fn set(random: &mut Random) -> Vec<(u8, u64)> {
    let count = 1 + random.below(4);
    let mut seats = BTreeMap::new();
    while seats.len() < count {
        seats.insert(1 + random.below(8) as u8, random.pick(&[1, 1, 10, 10, 10, 33, 1 << 40]));
    }
    seats.into_iter().collect()
}

fn signers(seats: &[(u8, u64)]) -> Signers {
    let key = |seed| ValidatorKey::from_seed(&[seed; 32]).expect("a key");
    Signers::new(seats.iter().map(|(seed, power)| (key(*seed), *power)).collect()).expect("a set")
}

/// A block that a chain could have, near the edges of every rule.
fn draw(random: &mut Random) -> Case {
    let old = set(random);
    let mut seats = old.clone();
    match random.below(6) {
        0 => seats = set(random),
        1 => {
            seats.pop();
            seats.push((9 + random.below(4) as u8, 10));
        }
        2 => seats.push((9 + random.below(4) as u8, random.pick(&[1, 10, 100]))),
        _ => {}
    }
    let trusted = signers(&old);
    let by = signers(&seats);
    let trusted_height = random.pick(&[1u64, 10, 1000]);
    // The trusting period is ten days, so it ends where the day count is ten.
    let trusted_time = match random.below(16) {
        0 => GENESIS + 10 * DAY,
        1 => GENESIS + 10 * DAY + 1,
        2 => GENESIS + random.below(10) as i64 * DAY,
        _ => GENESIS + 11 * DAY + random.below(9) as i64 * DAY,
    };
    let height = match random.below(32) {
        0 => trusted_height,
        1 => trusted_height.saturating_sub(1).max(1),
        2..=10 => trusted_height + 1,
        11..=14 => trusted_height + 2,
        _ => trusted_height + 1 + random.below(1_000_000) as u64,
    };
    let time = match random.below(48) {
        0 => trusted_time,
        1 => trusted_time - 1,
        2 => NOW + DRIFT as i64 - 1,
        3 => NOW + DRIFT as i64,
        4 => NOW + DAY,
        _ => trusted_time + 1 + random.below((NOW - trusted_time) as usize) as i64,
    };
    let next = if random.one_in(4) { signers(&set(random)) } else { by.clone() };
    let header = header(&Draft {
        chain_id: if random.one_in(32) { "mutations-2" } else { CHAIN },
        height,
        time: at(time),
        app_hash: &[random.next() as u8; 32],
        transactions: &[],
        validators: by.set(),
        next_validators: next.set(),
        last: None,
    });
    let round = random.pick(&[0, 0, 0, 1, 7, i32::MAX as u32]);
    let lazy = random.pick(&[0usize, 0, 4, 3, 2]);
    let votes: Vec<Vote> = (0..by.set().validators().len())
        .map(|_| match lazy != 0 && random.one_in(lazy) {
            true if random.one_in(2) => Vote::Nil(at(time)),
            true => Vote::Absent,
            false => Vote::Commit(at(time + random.below(3) as i64)),
        })
        .collect();
    let mut block = by.sign_with(header, round, |place| votes[place]);
    if random.one_in(2) {
        mutate(&mut block, random);
    }
    let threshold = random.pick(&[Threshold::OneThird, Threshold::TwoThirds]);
    Case { trusted, trusted_height, trusted_time, threshold, block }
}

/// Changes a signed block without signing it again.
fn mutate(block: &mut LightBlock, random: &mut Random) {
    let slots = block.commit.slots.len();
    let place = random.below(slots);
    match random.below(14) {
        0 => flip(&mut block.commit.slots[place], random),
        1 => block.commit.slots[place] = Slot::Absent,
        2 => {
            let other = block.commit.slots[random.below(slots)];
            block.commit.slots[place] = other;
        }
        3 => block.commit.slots.swap(place, random.below(slots)),
        4 => _ = block.commit.slots.pop(),
        5 => block.commit.slots.push(Slot::Absent),
        6 => {
            block.commit.slots[place] = match block.commit.slots[place] {
                Slot::Commit { timestamp, signature } => Slot::Nil { timestamp, signature },
                Slot::Nil { timestamp, signature } => Slot::Commit { timestamp, signature },
                Slot::Absent => Slot::Absent,
            }
        }
        7 => block.commit.round ^= 1,
        8 => block.commit.parts.total += 1,
        9 => block.commit.parts.hash.0[random.below(32)] ^= 1,
        10 => {
            if let Slot::Commit { timestamp, .. } | Slot::Nil { timestamp, .. } =
                &mut block.commit.slots[place]
            {
                *timestamp = timestamp.saturating_add(Seconds(1));
            }
        }
        11 => change_set(block, random),
        _ => change_header(&mut block.header, random),
    }
}

fn flip(slot: &mut Slot, random: &mut Random) {
    if let Slot::Commit { signature, .. } | Slot::Nil { signature, .. } = slot {
        signature.0[random.below(64)] ^= 1 << random.below(8);
    }
}

fn change_set(block: &mut LightBlock, random: &mut Random) {
    let mut seats = block.validators.validators().to_vec();
    let place = random.below(seats.len());
    match random.below(3) {
        0 => seats[place].power += 1,
        1 => seats[place].key.0[random.below(32)] ^= 1,
        _ => seats.rotate_left(1),
    }
    if let Ok(set) = ValidatorSet::new(seats) {
        block.validators = set;
    }
}

fn change_header(header: &mut Header, random: &mut Random) {
    let other = Some(Hash32([random.next() as u8; 32]));
    match random.below(14) {
        0 => header.version.block ^= 1,
        1 => header.chain_id.push('x'),
        2 => header.height += 1,
        3 => header.time = header.time.saturating_add(Seconds(1)),
        4 => header.last_commit_hash = other,
        5 => header.data_hash = other,
        6 => header.validators_hash.0[random.below(32)] ^= 1,
        7 => header.next_validators_hash.0[random.below(32)] ^= 1,
        8 => header.consensus_hash = other,
        9 => header.app_hash.0 = vec![1; random.pick(&[0, 1, 31, 64, 65, 100])],
        10 => header.last_results_hash = other,
        11 => header.evidence_hash = other,
        12 => header.proposer.0[random.below(20)] ^= 1,
        _ => header.version.app ^= 1,
    }
}

/// The JSON that both read: signed header and validators.
struct Body {
    signed_header: Value,
    validators: Value,
}

fn body(case: &Case, random: &mut Random) -> Body {
    let result = |answer: String| -> Value {
        let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
        answer["result"].take()
    };
    let mut signed_header = result(commit_answer(&case.block))["signed_header"].take();
    let mut list = result(validators_answer(case.block.height(), &case.block.validators, 1, 100));
    let mut validators = serde_json::json!({ "validators": list["validators"].take() });
    // The writer leaves votes without a validator out; an added slot is an absent vote.
    let slots = case.block.commit.slots.len();
    let votes = signed_header["commit"]["signatures"].as_array_mut().expect("votes");
    while votes.len() < slots {
        votes.push(serde_json::json!({
            "block_id_flag": 1, "validator_address": "",
            "timestamp": "0001-01-01T00:00:00Z", "signature": null,
        }));
    }
    if random.one_in(10) {
        edit(&mut signed_header, &mut validators, random);
    }
    Body { signed_header, validators }
}

/// Changes what the JSON says twice, or what only JSON can say.
fn edit(signed: &mut Value, validators: &mut Value, random: &mut Random) {
    let votes = signed["commit"]["signatures"].as_array().map_or(0, Vec::len);
    let seats = validators["validators"].as_array().map_or(0, Vec::len);
    if votes == 0 || seats == 0 {
        return;
    }
    let vote = random.below(votes);
    let seat = random.below(seats);
    match random.below(9) {
        0 => signed["commit"]["block_id"]["hash"] = "AB".repeat(32).into(),
        1 => signed["commit"]["height"] = "77".into(),
        2 => signed["commit"]["signatures"][vote]["validator_address"] = "CD".repeat(20).into(),
        3 => signed["commit"]["signatures"][vote]["block_id_flag"] = random.below(5).into(),
        4 => {
            validators["validators"][seat]["voting_power"] =
                random.pick(&["0", "-1", "9223372036854775807", "18446744073709551615"]).into()
        }
        5 => validators["validators"][seat]["address"] = "EF".repeat(20).into(),
        6 => {
            let again = validators["validators"][seat].clone();
            validators["validators"].as_array_mut().expect("a list").push(again);
        }
        7 => {
            // Votes in another order than the validators.
            let list = signed["commit"]["signatures"].as_array_mut().expect("votes");
            list.reverse();
        }
        _ => validators["validators"].as_array_mut().expect("a list").reverse(),
    }
}

#[derive(Debug)]
enum Refusal {
    Json(JsonError),
    Rule(CometError),
}

fn ours(case: &Case, body: &Body) -> Result<(), Refusal> {
    let signed = json::signed_header::<Stock>(body.signed_header.to_string().as_bytes())
        .map_err(Refusal::Json)?;
    let set = json::validator_list::<Stock>(body.validators.to_string().as_bytes())
        .map_err(Refusal::Json)?;
    let block = signed.with_validators::<Stock>(set).map_err(Refusal::Json)?;
    let anchor = Anchor {
        chain_id: CHAIN,
        height: case.trusted_height,
        time: at(case.trusted_time),
        next_validators_hash: case.trusted.set().hash::<Stock>(),
        next_validators: Some(case.trusted.set()),
    };
    let limits = Limits {
        trusting: Seconds::days(10),
        measured_at: at(NOW),
        now: Some(at(NOW)),
        drift: Seconds(DRIFT),
        threshold: case.threshold,
    };
    verify::<Stock>(&block, &anchor, &limits).map(|_| ()).map_err(Refusal::Rule)
}

/// The oracle's answer: accepted, refused by a rule, or unreadable.
fn theirs(case: &Case, body: &Body) -> Result<(), String> {
    let signed: SignedHeader = serde_json::from_value(body.signed_header.clone())
        .map_err(|error| format!("unreadable: {error}"))?;
    // Their set panics on some hostile powers, so it is read as it is read from a node.
    let list = body.validators["validators"].clone();
    let infos: Vec<validator::Info> =
        serde_json::from_value(list).map_err(|error| format!("unreadable: {error}"))?;
    let total = infos.iter().try_fold(0u64, |sum, info| sum.checked_add(info.power.value()));
    if total.is_none_or(|total| total > i64::MAX as u64 / 8) {
        return Err("unreadable: total power".into());
    }
    let validators = validator::Set::without_proposer(infos);
    let trusted = trusted_set(case);
    let time = |secs: i64| Time::from_unix_timestamp(secs, 0).expect("a time");
    let chain_id = CHAIN.parse().expect("a chain id");
    let verdict = ProdVerifier::default().verify_update_header(
        UntrustedBlockState {
            signed_header: &signed,
            validators: &validators,
            next_validators: None,
        },
        TrustedBlockState {
            chain_id: &chain_id,
            header_time: time(case.trusted_time),
            height: u32::try_from(case.trusted_height).expect("a small height").into(),
            next_validators: &trusted,
            next_validators_hash: trusted.hash(),
        },
        &Options {
            trust_threshold: match case.threshold {
                Threshold::OneThird => TrustThreshold::ONE_THIRD,
                Threshold::TwoThirds => TrustThreshold::TWO_THIRDS,
            },
            trusting_period: Duration::from_secs(10 * DAY as u64),
            clock_drift: Duration::from_secs(DRIFT),
        },
        time(NOW),
    );
    match verdict {
        Verdict::Success => Ok(()),
        refused => Err(format!("{refused:?}")),
    }
}

fn trusted_set(case: &Case) -> validator::Set {
    let answer = validators_answer(1, case.trusted.set(), 1, 100);
    let mut answer: Value = serde_json::from_str(&answer).expect("JSON");
    let list = answer["result"]["validators"].take();
    validator::Set::without_proposer(serde_json::from_value(list).expect("validators"))
}

/// Which explanation fits our refusal of what the oracle accepts.
fn explanation(refusal: &Refusal) -> Option<Explained> {
    Some(match refusal {
        Refusal::Rule(CometError::BadSignature { .. }) => Explained::EverySignatureCounts,
        Refusal::Json(JsonError::SignerAddress { .. }) => Explained::VotesStandInTheirSlots,
        Refusal::Json(JsonError::Field { field: "block_id_flag" }) => {
            Explained::AbsentVotesAreEmpty
        }
        Refusal::Json(JsonError::ValidatorAddress { .. }) => Explained::AddressesFollowFromKeys,
        _ => return None,
    })
}

#[test]
fn mutated_light_blocks_come_out_as_tendermint_rs_says() {
    let count = std::env::var("SEALIGHT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let mut random = Random(0x5ea1_1647);
    let (mut accepted, mut refused) = (0u32, 0u32);
    let mut explained: BTreeMap<Explained, u32> = BTreeMap::new();
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for number in 0..count {
        let case = draw(&mut random);
        let body = body(&case, &mut random);
        match (ours(&case, &body), theirs(&case, &body)) {
            (Ok(()), Ok(())) => accepted += 1,
            (Err(refusal), Err(_)) => {
                refused += 1;
                *kinds.entry(kind(&refusal)).or_default() += 1;
            }
            (Err(refusal), Ok(())) => match explanation(&refusal) {
                Some(class) => *explained.entry(class).or_default() += 1,
                None => panic!("case {number}: only we refuse: {refusal:?}\n{:?}", case.block),
            },
            (Ok(()), Err(verdict)) => {
                panic!("case {number}: only we accept: {verdict}\n{:?}", case.block)
            }
        }
    }
    println!("figure: mutated light blocks: {count}");
    println!("figure: accepted by both: {accepted}");
    println!("figure: refused by both: {refused}");
    for (class, count) in &explained {
        println!("figure: stricter, {class:?}: {count}");
    }
    kinds.iter().for_each(|(kind, count)| println!("refused by both, {kind}: {count}"));
    println!("figure: unexplained disagreements: 0");
    assert!(accepted > count / 10, "cases that nobody accepts show nothing");
    assert!(kinds.len() >= 15, "only {} kinds of refusal were seen", kinds.len());
}

/// The name of a refusal's rule.
fn kind(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::Json(error) => format!("Json{error:?}"),
        Refusal::Rule(error) => format!("{error:?}"),
    };
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}
