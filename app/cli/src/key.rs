//! `sealight key`, and key files as the other commands read them.
//!
//! Beside a key file `NAME.json` stands a note `NAME.party.json` that says on which ledger, for
//! which party and in which place the key signs. It holds no secret and is believed by nobody: a
//! ledger refuses a signature that names the wrong party.

use crate::args::{AlgorithmName, KeyNew, KeyShow};
use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::key::SigningKey;
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::sign::{Algorithm, PublicKey};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Most bytes of a note.
const MAX_NOTE: usize = 4096;

/// `sealight key new`
pub(crate) fn new(console: &Console, args: &KeyNew) -> Result<(), Failure> {
    let algorithm = match args.algorithm {
        AlgorithmName::Sm2 => Algorithm::Sm2,
        AlgorithmName::P256 => Algorithm::P256,
        AlgorithmName::Ed25519 => Algorithm::Ed25519,
    };
    let key = make(algorithm)?;
    files::create_secret(&args.output, key.encode_file().as_bytes())?;
    console.tell(0, "cli.key.made", &[("path", &args.output.display().to_string())]);
    shown(console, &key, &args.output)
}

/// `sealight key show`
pub(crate) fn show(console: &Console, args: &KeyShow) -> Result<(), Failure> {
    shown(console, &read(&args.file)?, &args.file)
}

fn shown(console: &Console, key: &SigningKey, path: &Path) -> Result<(), Failure> {
    let public = hex(&key.public());
    let note = note(path)?;
    let mut pairs = vec![
        (console.say("cli.key.algorithm", &[]), key.algorithm().to_string()),
        (console.say("cli.key.public", &[]), public.clone()),
    ];
    if let Some(note) = &note {
        pairs.push((console.say("cli.key.party", &[]), note.party.to_string()));
    }
    console.pairs(2, &pairs);
    console.document(json!({
        "file": path.display().to_string(),
        "algorithm": key.algorithm().name(),
        "public": public,
        "party": note.map(|note| note.party),
    }));
    Ok(())
}

/// A new random key.
pub(crate) fn make(algorithm: Algorithm) -> Result<SigningKey, Failure> {
    loop {
        // One seed in 2^32 at most is no key.
        if let Ok(key) = SigningKey::from_seed(algorithm, &random()?) {
            return Ok(key);
        }
    }
}

/// Fresh random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| Failure::new("no-randomness", &[("why", &error)]))?;
    Ok(bytes)
}

/// Reads a key file.
pub(crate) fn read(path: &Path) -> Result<SigningKey, Failure> {
    let bytes = files::read(path, MAX_KEY_FILE)?;
    let text = String::from_utf8_lossy(&bytes);
    SigningKey::decode_file(&text)
        .map_err(|error| Failure::new("not-a-key", &[("path", &path.display()), ("why", &error)]))
}

/// For whom a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) ledger: LedgerId,
    pub(crate) party: PartyId,
    pub(crate) place: u16,
}

/// Where the note of a key file stands.
pub(crate) fn note_path(key: &Path) -> PathBuf {
    let stem = key.file_stem().unwrap_or_default().to_string_lossy();
    key.with_file_name(format!("{stem}.party.json"))
}

/// Writes the note of a key file.
pub(crate) fn write_note(key: &Path, note: &Note) -> Result<(), Failure> {
    let text = format!(
        "{:#}\n",
        json!({ "version": 1, "ledger": note.ledger, "party": note.party, "place": note.place })
    );
    files::write(&note_path(key), text.as_bytes())
}

/// Reads the note of a key file, if there is one.
pub(crate) fn note(key: &Path) -> Result<Option<Note>, Failure> {
    let path = note_path(key);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = files::read(&path, MAX_NOTE)?;
    let note = serde_json::from_slice::<Value>(&bytes).ok().as_ref().and_then(noted);
    note.map(Some).ok_or_else(|| Failure::new("not-a-note", &[("path", &path.display())]))
}

fn noted(value: &Value) -> Option<Note> {
    let text = |name: &str| value.get(name)?.as_str();
    Some(Note {
        ledger: LedgerId::from_hex(text("ledger")?)?,
        party: PartyId::from_hex(text("party")?)?,
        place: u16::try_from(value.get("place")?.as_u64()?).ok()?,
    })
}

/// A public key as hex.
pub(crate) fn hex(key: &PublicKey) -> String {
    key.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
