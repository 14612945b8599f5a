//! The home folder: genesis, keys, trust file; made once, opened by one process at a time.
//!
//! | name | what |
//! |---|---|
//! | `genesis` | the genesis document |
//! | `keys/*.key` | `root`, `checkpoint`, `authority`, `member-N`, `validator-N` |
//! | `trust` | the signed trust file |
//! | `blocks`, `signed` | the chain, and what was signed last |
//! | `checkpoint` | the newest signed checkpoint |
//! | `lots/`, `indexes/` | files of lots and code indexes |
//! | `lock` | held while a process has the home open |

use super::error::HomeError;
use crate::state::{Genesis, State};
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::entry::Signer;
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, sign_trust_file};
use sealight_verify::codec::Versioned;
use sealight_verify::format::governance::{ValidatorSeat, Validators};
use sealight_verify::format::party::{KeyStanding, Registration, Roles};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, SignedTrustFile, TrustFile, ValidatorKey,
};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

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

/// A home with its genesis and keys; the lock is held while this lives.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    genesis: Genesis,
    keys: Vec<(String, SigningKey)>,
    _lock: File,
}

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

    /// Opens a home that no other process has open.
    ///
    /// # Errors
    /// [`HomeError::NoLedger`], [`HomeError::InUse`], or what of it cannot be read.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let none = || HomeError::NoLedger { home: path.to_owned() };
        let document = read(&path.join("genesis"), Genesis::MAX_LEN)?.ok_or_else(none)?;
        let genesis = Genesis::decode(&document).map_err(HomeError::Codec)?;
        let _lock = lock(path)?;
        let keys = read_keys(&path.join("keys"))?;
        Ok(Self { path: path.to_owned(), genesis, keys, _lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the ledger started with.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The key with this file name, without `.key`.
    ///
    /// # Errors
    /// [`HomeError::NoKey`].
    pub fn key(&self, name: &'static str) -> Result<&SigningKey, HomeError> {
        let found = self.keys.iter().find(|(known, _)| known == name);
        found.map(|(_, key)| key).ok_or(HomeError::NoKey { name })
    }

    /// The validators' keys.
    pub(super) fn validator_keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().filter(|(name, _)| name.starts_with("validator-")).map(|(_, key)| key)
    }

    /// The parties with one of `roles` for which a key in force at `height` is in this home, in
    /// the order of the key files' names; each once.
    pub fn signers(&self, state: &State, roles: Roles, height: u64) -> Vec<Signer<'_>> {
        let mut signers: Vec<Signer<'_>> = Vec::new();
        for (_, key) in &self.keys {
            let public = key.public();
            for row in state.parties().filter(|row| row.party.roles.meets(roles)) {
                let place = row.party.keys.iter().position(|had| had.key == public);
                let Some(place) = place.map(|place| place as u16) else { continue };
                let standing = row.party.key_standing(place, height);
                let signs =
                    matches!(standing, Some(KeyStanding::InForce | KeyStanding::RetiredSince(_)));
                let signs = signs && row.party.suspended.is_none();
                if signs && signers.iter().all(|known| known.party != row.id) {
                    signers.push(Signer { party: row.id, place, key });
                }
            }
        }
        signers
    }

    /// The signed trust file.
    ///
    /// # Errors
    /// [`HomeError::NoLedger`] where it is gone, or the file system's.
    pub fn trust(&self) -> Result<Vec<u8>, HomeError> {
        let none = || HomeError::NoLedger { home: self.path.clone() };
        read(&self.path.join("trust"), SignedTrustFile::MAX_LEN)?.ok_or_else(none)
    }
}

fn in_range(
    name: &'static str,
    value: u8,
    range: std::ops::RangeInclusive<u8>,
) -> Result<(), HomeError> {
    if range.contains(&value) { Ok(()) } else { Err(HomeError::Option { name }) }
}

/// Holds the home's lock until the file is dropped.
fn lock(home: &Path) -> Result<File, HomeError> {
    let path = home.join("lock");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(HomeError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(HomeError::InUse { home: home.to_owned() }),
        Err(fs::TryLockError::Error(error)) => Err(HomeError::io(&path)(error)),
    }
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

fn read_keys(folder: &Path) -> Result<Vec<(String, SigningKey)>, HomeError> {
    let io = HomeError::io(folder);
    let mut keys = Vec::new();
    for file in fs::read_dir(folder).map_err(&io)? {
        let path = file.map_err(&io)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.and_then(|name| name.strip_suffix(".key")) else { continue };
        let bytes = read(&path, MAX_KEY_FILE)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let key = SigningKey::decode_file(&text)
            .map_err(|error| HomeError::Key { path: path.clone(), error })?;
        keys.push((name.to_owned(), key));
    }
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keys)
}

/// Reads a file of at most `max` bytes; none where there is none.
pub(super) fn read(path: &Path, max: usize) -> Result<Option<Vec<u8>>, HomeError> {
    let io = HomeError::io(path);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(&io)?;
    if bytes.len() > max {
        return Err(io(ErrorKind::FileTooLarge.into()));
    }
    Ok(Some(bytes))
}

/// Waits until the names in a folder are on disk; other systems than Unix do that by themselves.
pub(super) fn sync_names(folder: &Path) -> Result<(), HomeError> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        return synced.map_err(HomeError::io(folder));
    }
    Ok(())
}

/// Writes a file as a whole and waits until it is on disk; secret ones are the owner's alone.
pub(super) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> Result<(), HomeError> {
    let io = HomeError::io(path);
    let half = path.with_extension("half");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let mut file = options.open(&half).map_err(&io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&io)?;
    fs::rename(&half, path).map_err(&io)
}
