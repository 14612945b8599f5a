//! A home made: keys drawn, genesis and first trust file written.

use super::error::HomeError;
use super::home::{Home, lock, sync_names, write_new};
use crate::state::{Genesis, State};
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, sign_trust_file};
use sealight_verify::format::governance::{ValidatorSeat, Validators};
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, SignedTrustFile, TrustFile, ValidatorKey,
};
use std::fs;
use std::path::Path;

/// What a new ledger starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitOptions {
    /// The ledger's name for people.
    pub name: String,
    /// Who runs it: all validators stand under this one operator.
    pub operator: String,
    /// Members, 1 to 32; their keys are in the home.
    pub members: u8,
    /// How many members must sign what needs a quorum.
    pub threshold: u8,
    /// Validators, 1 to 32; their keys are in the home.
    pub validators: u8,
    /// Addresses at which it will be reached, for the trust file.
    pub gateways: Vec<String>,
    /// How long the trust file lasts.
    pub trusted_for: Seconds,
    /// Fewest operators below which clients call a header only told.
    pub least_operators: u32,
    /// Whether this is a demonstration, which no release trusts.
    pub demo: bool,
    /// Algorithm of all keys but the validators', which are Ed25519.
    pub algorithm: Algorithm,
}

impl Default for InitOptions {
    fn default() -> Self {
        Self {
            name: "Sealight embedded ledger".into(),
            operator: "Embedded operator".into(),
            members: 4,
            threshold: 3,
            validators: 4,
            gateways: Vec::new(),
            trusted_for: Seconds::days(366),
            least_operators: 1,
            demo: true,
            algorithm: Algorithm::Sm2,
        }
    }
}

/// Power of each validator at the start.
const POWER: u64 = 10;

impl Home {
    /// Makes a home. `random` gives 32 fresh random bytes at each call.
    ///
    /// # Errors
    /// [`HomeError::Taken`], [`HomeError::Option`], or the file system's.
    pub fn init(
        path: &Path,
        options: &InitOptions,
        now: Timestamp,
        random: &mut dyn FnMut() -> [u8; 32],
    ) -> Result<(), HomeError> {
        let io = HomeError::io(path);
        in_range("members", options.members, 1..=32)?;
        in_range("threshold", options.threshold, 1..=options.members)?;
        in_range("validators", options.validators, 1..=32)?;
        fs::create_dir_all(path.join("keys")).map_err(&io)?;
        let _lock = lock(path)?;
        if path.join("genesis").exists() {
            return Err(HomeError::Taken { home: path.to_owned() });
        }
        let keys = draw_keys(options, random);
        let genesis = genesis(options, now, &keys, random());
        State::genesis(&genesis).map_err(HomeError::Genesis)?;
        let trust = trust_file(options, &genesis, &keys, now)?;
        for (name, key) in &keys {
            let file = path.join("keys").join(format!("{name}.key"));
            write_new(&file, key.encode_file().as_bytes(), true)?;
        }
        write_new(&path.join("trust"), &trust, false)?;
        // Last, because a home is one from here on.
        write_new(&path.join("genesis"), &genesis.encode(), false)?;
        sync_names(&path.join("keys"))?;
        sync_names(path)
    }
}

fn in_range(
    name: &'static str,
    value: u8,
    range: std::ops::RangeInclusive<u8>,
) -> Result<(), HomeError> {
    if range.contains(&value) { Ok(()) } else { Err(HomeError::Option { name }) }
}

fn draw_keys(
    options: &InitOptions,
    random: &mut dyn FnMut() -> [u8; 32],
) -> Vec<(String, SigningKey)> {
    let numbered = |kind: &str, count: u8| -> Vec<String> {
        (1..=count).map(|number| format!("{kind}-{number:02}")).collect()
    };
    let single = ["root", "checkpoint", "authority"].map(String::from);
    let names = single
        .into_iter()
        .chain(numbered("member", options.members))
        .chain(numbered("validator", options.validators));
    let mut draw = |algorithm| loop {
        // One seed in 2^32 is no key; another is drawn.
        if let Ok(key) = SigningKey::from_seed(algorithm, &random()) {
            break key;
        }
    };
    names
        .map(|name| match name.starts_with("validator-") {
            true => (name, draw(Algorithm::Ed25519)),
            false => (name, draw(options.algorithm)),
        })
        .collect()
}

fn genesis(
    options: &InitOptions,
    now: Timestamp,
    keys: &[(String, SigningKey)],
    random: [u8; 32],
) -> Genesis {
    let party = |name: &str, key: &SigningKey, roles| Registration {
        version: 1,
        legal_name: format!("{}, {name}", options.operator),
        roles,
        namespaces: Vec::new(),
        key: key.public(),
        report_key: None,
        nonce: 0,
    };
    let parties = keys.iter().filter_map(|(name, key)| match name.split('-').next() {
        Some("member") => Some(party(name, key, Roles::MEMBER)),
        Some("authority") => Some(party(name, key, Roles::AUTHORITY)),
        _ => None,
    });
    let seat = |key: &SigningKey| ValidatorSeat {
        key: key.public().bytes,
        power: POWER,
        operator: options.operator.clone(),
    };
    let validators = keys.iter().filter(|(name, _)| name.starts_with("validator-"));
    let mut seats: Vec<ValidatorSeat> = validators.map(|(_, key)| seat(key)).collect();
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    let tail: String = random.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Genesis {
        version: 1,
        chain_id: format!("sealight-embedded-{tail}"),
        time: now,
        parties: parties.collect(),
        threshold: u16::from(options.threshold),
        validators: Validators { version: 1, seats },
    }
}

/// The first trust file: one ledger, one operator who runs all of its validators.
fn trust_file(
    options: &InitOptions,
    genesis: &Genesis,
    keys: &[(String, SigningKey)],
    now: Timestamp,
) -> Result<Vec<u8>, HomeError> {
    let key = |name: &'static str| {
        let found = keys.iter().find(|(known, _)| known == name).map(|(_, key)| key);
        found.ok_or(HomeError::NoKey { name })
    };
    let role = |key: &SigningKey| KeySet { threshold: 1, keys: vec![key.public()] };
    let validators = genesis.validators.seats.iter();
    let operator = Operator {
        name: options.operator.clone(),
        validators: validators
            .filter_map(|seat| <[u8; 32]>::try_from(&seat.key[..]).ok().map(ValidatorKey))
            .collect(),
        gateways: options.gateways.clone(),
    };
    let ledger = LedgerTrust {
        id: genesis.ledger(),
        name: options.name.clone(),
        chain_id: genesis.chain_id.clone(),
        kind: LedgerKind::Comet,
        genesis: genesis.time,
        operators: vec![operator],
        periods: Periods::DEFAULT,
        least_operators: options.least_operators,
    };
    let root = key("root")?;
    let mut signed = SignedTrustFile::unsigned(&TrustFile {
        version: 1,
        serial: 1,
        expires: now.saturating_add(options.trusted_for),
        roots: role(root),
        checkpoints: role(key("checkpoint")?),
        ledgers: vec![ledger],
        demo: options.demo,
    });
    sign_trust_file(&mut signed, root);
    finish_first(&signed).map_err(HomeError::Trust)
}
