//! A signer's folder: made anew, from an engine's key, or reset.
//!
//! | name | what |
//! |---|---|
//! | `signer.key` | the validator's key, its owner's alone |
//! | `state.json`, `mark` | what was signed last; see [`super::state`] |

use super::SignerError;
use super::state::{Store, replace};
use base64ct::{Base64, Encoding};
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::key::SigningKey;
use sealight_verify::sign::Algorithm;
use serde_json::Value;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Most bytes of an engine's file that is read: a genesis holds every first party.
const MAX_ENGINE_FILE: u64 = 64 << 20;

/// Makes a signer with this key, for a chain where it never signed.
///
/// # Errors
/// [`SignerError::Exists`] where a signer's files are, or the system's.
pub fn init(home: &Path, chain: &str, key: &SigningKey) -> Result<(), SignerError> {
    begin(home, chain, key, 0)
}

/// Makes a signer with the key, the chain and the height of an engine's folder. The engine must
/// have stopped for good: whatever it signs from now on is not known here.
///
/// # Errors
/// [`SignerError::NoEngineKey`], and as [`init`].
pub fn adopt(home: &Path, comet: &Path) -> Result<(), SignerError> {
    let file = |name: &str| {
        let path = comet.join(name);
        let none = || SignerError::NoEngineKey { path: path.clone() };
        let mut bytes = Vec::new();
        let open = File::open(&path).map_err(|_| none())?;
        open.take(MAX_ENGINE_FILE).read_to_end(&mut bytes).map_err(|_| none())?;
        serde_json::from_slice::<Value>(&bytes).map_err(|_| none())
    };
    let none = |name: &str| SignerError::NoEngineKey { path: comet.join(name) };
    let (key, genesis, state) =
        ("config/priv_validator_key.json", "config/genesis.json", "data/priv_validator_state.json");
    let seed = engine_seed(&file(key)?).ok_or_else(|| none(key))?;
    let seed = SigningKey::from_seed(Algorithm::Ed25519, &seed).map_err(|_| none(key))?;
    let chain = file(genesis)?["chain_id"].as_str().map(str::to_owned);
    let height = file(state)?["height"].as_str().and_then(|text| text.parse::<i64>().ok());
    let height = height.ok_or_else(|| none(state))?;
    // The engine may have signed at its last height: the signer begins above it.
    let first = if height == 0 { 0 } else { height.saturating_add(1) };
    begin(home, &chain.ok_or_else(|| none(genesis))?, &seed, first)
}

/// Begins anew with the key that is there: nothing below `height` is ever signed again.
///
/// # Errors
/// The key's, [`SignerError::Locked`], [`SignerError::Behind`] and [`SignerError::OtherChain`] where
/// the last state can still be read, or the system's.
pub fn reset(home: &Path, chain: &str, height: i64) -> Result<(), SignerError> {
    read_key(home)?;
    Store::begin(home, chain, height)
}

/// The public key of the signer in a folder, whether it runs or not.
///
/// # Errors
/// The key's.
pub fn public_key(home: &Path) -> Result<Vec<u8>, SignerError> {
    Ok(read_key(home)?.public().bytes.to_vec())
}

fn begin(home: &Path, chain: &str, key: &SigningKey, height: i64) -> Result<(), SignerError> {
    fs::create_dir_all(home).map_err(SignerError::io(home))?;
    for name in ["signer.key", "state.json", "mark"] {
        let path = home.join(name);
        if path.exists() {
            return Err(SignerError::Exists { path });
        }
    }
    let path = home.join("signer.key");
    replace(&path, key.encode_file().as_bytes()).map_err(SignerError::io(&path))?;
    Store::begin(home, chain, height)
}

pub(super) fn read_key(home: &Path) -> Result<SigningKey, SignerError> {
    let path = home.join("signer.key");
    let io = SignerError::io(&path);
    let file = File::open(&path).map_err(&io)?;
    let mode = file.metadata().map_err(&io)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SignerError::Open { path, mode });
    }
    let mut text = String::new();
    file.take(MAX_KEY_FILE as u64 + 1).read_to_string(&mut text).map_err(&io)?;
    let bad = |error| SignerError::Key { path: path.clone(), error };
    let key = SigningKey::decode_file(&text).map_err(|error| bad(Some(error)))?;
    if key.algorithm() == Algorithm::Ed25519 { Ok(key) } else { Err(bad(None)) }
}

/// CometBFT writes the seed and the public key behind each other.
fn engine_seed(file: &Value) -> Option<[u8; 32]> {
    let key = file.get("priv_key")?;
    (key.get("type")?.as_str()? == "tendermint/PrivKeyEd25519").then_some(())?;
    let bytes = Base64::decode_vec(key.get("value")?.as_str()?).ok()?;
    bytes.get(..32).filter(|_| bytes.len() == 64)?.try_into().ok()
}
