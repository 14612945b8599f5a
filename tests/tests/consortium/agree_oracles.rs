//! The same answers for three light clients, true or tampered with.

use crate::consortium_support::{Consortium, engine};
use sealight_edge::clock;
use sealight_tests::kit::gateway::{Liar, Sent, Upstream};
use sealight_verify::comet::json;
use sealight_verify::comet::{Anchor, CometError, Limits, Stock, Threshold, ValidatorSet, verify};
use sealight_verify::time::Seconds;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};
use tendermint::block::signed_header::SignedHeader;
use tendermint::{Time, validator};
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{
    TrustThreshold, TrustedBlockState, UntrustedBlockState,
};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier};

const DAY: u64 = 86_400;
const DRIFT: u64 = 10;

/// What is wrong with answers above the trusted height, or with what is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    None,
    FirstSignature,
    LastSignature,
    TooFewSigners,
    StateRoot,
    Time,
    OtherValidators,
    OtherChain,
    Expired,
}

impl Lie {
    pub(crate) const ALL: [(&str, Self); 8] = [
        ("the first signature altered", Self::FirstSignature),
        ("the last of four signatures altered", Self::LastSignature),
        ("two of four signed", Self::TooFewSigners),
        ("another state root", Self::StateRoot),
        ("another time", Self::Time),
        ("other validators", Self::OtherValidators),
        ("another chain's name", Self::OtherChain),
        ("trust past its period", Self::Expired),
    ];

    fn bend_header(self, signed: &mut Value) {
        let votes = signed["commit"]["signatures"].as_array().cloned().unwrap_or_default();
        let last = votes.len() - 1;
        let of = |place: usize| votes[place]["signature"].clone();
        match self {
            // Each a real signature over something else.
            Self::FirstSignature => signed["commit"]["signatures"][0]["signature"] = of(1),
            Self::LastSignature => signed["commit"]["signatures"][last]["signature"] = of(0),
            Self::TooFewSigners => {
                for place in [1, 2] {
                    signed["commit"]["signatures"][place] = json!({
                        "block_id_flag": 1, "validator_address": "",
                        "timestamp": "0001-01-01T00:00:00Z", "signature": null,
                    });
                }
            }
            Self::StateRoot => signed["header"]["app_hash"] = "AB".repeat(32).into(),
            Self::Time => signed["header"]["time"] = "2024-01-01T00:00:00Z".into(),
            _ => {}
        }
    }

    fn bend_validators(self, list: &mut Value) {
        if self == Self::OtherValidators {
            list[0]["voting_power"] = "11".into();
        }
    }

    fn trusting(self) -> u64 {
        if self == Self::Expired { 1 } else { DAY }
    }

    fn chain(self, own: &str) -> &str {
        if self == Self::OtherChain { "another-chain" } else { own }
    }
}

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Accepted,
    /// Too few of the trusted validators signed; a header between may help.
    NotEnoughTrust,
    Refused,
}

/// A node's answers from height 1 on.
pub(crate) struct Live {
    chain_id: String,
    headers: Vec<Value>,
    sets: Vec<Value>,
}

impl Live {
    pub(crate) fn read(net: &Consortium, blocks: u64) -> Self {
        let gateway = Upstream::new(net.node(0).gateway);
        let read = |path: String| -> Value {
            serde_json::from_slice(gateway.read(&path).body().unwrap()).unwrap()
        };
        let (mut headers, mut sets) = (Vec::new(), Vec::new());
        for height in 1..=blocks + 1 {
            let signed = read(format!("/commit?height={height}"));
            headers.push(signed["result"]["signed_header"].clone());
            let page = read(format!("/validators?height={height}&page=1&per_page=100"));
            sets.push(page["result"]["validators"].clone());
        }
        let chain_id = headers[0]["header"]["chain_id"].as_str().unwrap().to_owned();
        Self { chain_id, headers, sets }
    }

    pub(crate) fn sets(&self) -> usize {
        let hash = |signed: &Value| signed["header"]["validators_hash"].to_string();
        self.headers.iter().map(hash).collect::<BTreeSet<_>>().len()
    }

    /// The newest height with four signatures, where three suffice.
    pub(crate) fn signed_by_all(&self) -> u64 {
        let all = |signed: &Value| {
            let votes = signed["commit"]["signatures"].as_array().unwrap();
            votes.len() == 4 && votes.iter().all(|vote| vote["block_id_flag"] == 2)
        };
        let found = self.headers[..self.headers.len() - 1].iter().rposition(all);
        found.expect("a block that all signed") as u64 + 1
    }

    pub(crate) fn hash(&self, height: u64) -> String {
        let signed = self.header(height);
        signed["commit"]["block_id"]["hash"].as_str().unwrap().to_owned()
    }

    fn header(&self, height: u64) -> &Value {
        &self.headers[height as usize - 1]
    }

    fn set(&self, height: u64) -> &Value {
        &self.sets[height as usize - 1]
    }

    fn told(&self, height: u64, lie: Lie) -> (Value, Value) {
        let (mut signed, mut list) = (self.header(height).clone(), self.set(height).clone());
        lie.bend_header(&mut signed);
        lie.bend_validators(&mut list);
        (signed, json!({ "validators": list }))
    }

    pub(crate) fn ours(&self, from: u64, to: u64, lie: Lie) -> Step {
        let (signed, list) = self.told(to, lie);
        let read = |list: &Value| -> Result<ValidatorSet, json::JsonError> {
            json::validator_list::<Stock>(list.to_string().as_bytes())
        };
        let block = json::signed_header::<Stock>(signed.to_string().as_bytes())
            .and_then(|signed| signed.with_validators::<Stock>(read(&list)?));
        let Ok(block) = block else { return Step::Refused };
        let trusted = json::signed_header::<Stock>(self.header(from).to_string().as_bytes());
        let trusted = trusted.unwrap().header;
        let next = read(&json!({ "validators": self.set(from + 1) })).unwrap();
        let anchor = Anchor {
            chain_id: lie.chain(&self.chain_id),
            height: trusted.height,
            time: trusted.time,
            next_validators_hash: trusted.next_validators_hash,
            next_validators: Some(&next),
        };
        let now = clock::system();
        let limits = Limits {
            trusting: Seconds(lie.trusting()),
            measured_at: now,
            now: Some(now),
            drift: Seconds(DRIFT),
            threshold: Threshold::OneThird,
        };
        match verify::<Stock>(&block, &anchor, &limits) {
            Ok(_) => Step::Accepted,
            Err(CometError::NotEnoughTrust { .. }) => Step::NotEnoughTrust,
            Err(_) => Step::Refused,
        }
    }

    pub(crate) fn theirs(&self, from: u64, to: u64, lie: Lie) -> Step {
        let (signed, list) = self.told(to, lie);
        let header = |value: &Value| serde_json::from_value::<SignedHeader>(value.clone());
        let set = |list: &Value| {
            let infos = serde_json::from_value::<Vec<validator::Info>>(list.clone());
            validator::Set::without_proposer(infos.unwrap())
        };
        let Ok(signed) = header(&signed) else { return Step::Refused };
        let (validators, next) = (set(&list["validators"]), set(self.set(from + 1)));
        let trusted = header(self.header(from)).unwrap().header;
        let chain_id = lie.chain(&self.chain_id).parse().unwrap();
        let verdict = ProdVerifier::default().verify_update_header(
            UntrustedBlockState {
                signed_header: &signed,
                validators: &validators,
                next_validators: None,
            },
            TrustedBlockState {
                chain_id: &chain_id,
                header_time: trusted.time,
                height: trusted.height,
                next_validators: &next,
                next_validators_hash: trusted.next_validators_hash,
            },
            &Options {
                trust_threshold: TrustThreshold::ONE_THIRD,
                trusting_period: Duration::from_secs(lie.trusting()),
                clock_drift: Duration::from_secs(DRIFT),
            },
            now(),
        );
        match verdict {
            Verdict::Success => Step::Accepted,
            Verdict::NotEnoughTrust(_) => Step::NotEnoughTrust,
            Verdict::Invalid(_) => Step::Refused,
        }
    }

    /// Whether steps lead there, with headers between where one is too wide; both say the same.
    pub(crate) fn reaches(&self, from: u64, to: u64) -> bool {
        let step = self.ours(from, to, Lie::None);
        assert_eq!(step, self.theirs(from, to, Lie::None), "{from} to {to}");
        let middle = from + (to - from) / 2;
        match step {
            Step::Accepted => true,
            Step::Refused => false,
            Step::NotEnoughTrust => self.reaches(from, middle) && self.reaches(middle, to),
        }
    }
}

fn now() -> Time {
    let now = clock::system();
    Time::from_unix_timestamp(now.secs(), now.nanos()).unwrap()
}

/// `cometbft light`: a proxy that answers only what it verified itself.
pub(crate) struct LightProxy {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
    // Its primary and its witness, of one mind.
    _liars: [Liar; 2],
}

impl LightProxy {
    /// Trusts the header at `from`; above it both of its sources tell the lie.
    pub(crate) fn start(net: &Consortium, live: &Live, from: u64, lie: Lie) -> Self {
        static STARTS: AtomicU8 = AtomicU8::new(0);
        let start = STARTS.fetch_add(1, Ordering::Relaxed);
        let liars = [0, 1].map(|place| {
            let liar = Liar::before(net.rpc(place));
            liar.lie(move |path, upstream| bend(from, lie, path, upstream.read(path)));
            liar
        });
        let mut address = net.rpc(0);
        let std::net::IpAddr::V4(ip) = address.ip() else { unreachable!() };
        let [a, b, c, _] = ip.octets();
        address.set_ip([a, b, c, 100 + start].into());
        let folder = net.folder().join(format!("light-{start}"));
        let mut command = Command::new(engine().unwrap());
        command.arg("light").arg(lie.chain(&live.chain_id));
        command.args(["--primary", &liars[0].url(), "--witnesses", &liars[1].url()]);
        command.args(["--height", &from.to_string(), "--hash", &live.hash(from)]);
        command.args(["--trusting-period", &format!("{}s", lie.trusting())]);
        command.args(["--laddr", &format!("tcp://{address}"), "--log_level", "error"]);
        command.arg("--home").arg(&folder).arg("--home-dir").arg(&folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        Self { child, address, folder, _liars: liars }
    }

    /// The hash of a header that it verified, or what it says instead.
    pub(crate) fn commit(mut self, height: u64) -> Result<String, String> {
        let (began, gateway) = (Instant::now(), Upstream::new(self.address));
        while began.elapsed() < Duration::from_secs(30) {
            if let Sent::Whole(_, body) = gateway.read(&format!("/commit?height={height}")) {
                let answer: Value = serde_json::from_slice(&body).map_err(|e| e.to_string())?;
                let hash = &answer["result"]["signed_header"]["commit"]["block_id"]["hash"];
                return hash.as_str().map(str::to_owned).ok_or(answer["error"].to_string());
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                return Err(format!("it does not even start: {status}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("no answer in half a minute".into())
    }
}

impl Drop for LightProxy {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The trusted height itself is told as it is.
fn bend(from: u64, lie: Lie, path: &str, sent: Sent) -> Sent {
    let trusted = format!("height={from}");
    if path.split(['?', '&']).any(|part| part == trusted) {
        return sent;
    }
    sent.bent(|body| {
        let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else { return body };
        if path.starts_with("/commit") {
            lie.bend_header(&mut answer["result"]["signed_header"]);
        } else if path.starts_with("/validators") {
            lie.bend_validators(&mut answer["result"]["validators"]);
        }
        answer.to_string().into_bytes()
    })
}
