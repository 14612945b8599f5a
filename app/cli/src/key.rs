//! `sealight key`, and key files as the other commands read them.
//!
//! Beside a key file `NAME.json` stands a note `NAME.party.json` that says on which ledger, for
//! which party and in which place the key signs. It holds no secret and is believed by nobody: a
//! ledger refuses a signature that names the wrong party. A key in a token (`pkcs11:` in place of a
//! file's name, [`token`]) has its note in the device's folder, under `parties/`.

use crate::args::{AlgorithmName, Common, KeyNew, KeyShow};
use crate::console::Console;
use crate::device;
use crate::fail::Failure;
use crate::files;
use crate::report_key;
use crate::token;
use sealight_edge::random;
use sealight_edge::token::{TokenError, TokenKey};
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::key::{Sign, SigningKey};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::sign::{Algorithm, PublicKey, Signature};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Most bytes of a note.
const MAX_NOTE: usize = 4096;

/// A key that signs: from a file, or in a token.
#[derive(Debug)]
pub(crate) enum Key {
    File(SigningKey),
    Token(TokenKey),
}

impl Sign for Key {
    type Error = TokenError;

    fn public(&self) -> PublicKey {
        match self {
            Self::File(key) => key.public(),
            Self::Token(key) => key.public(),
        }
    }

    fn try_sign(&self, message: &[u8]) -> Result<Signature, TokenError> {
        match self {
            Self::File(key) => Ok(key.sign(message)),
            Self::Token(key) => key.try_sign(message),
        }
    }
}

/// `sealight key new`
pub(crate) fn new(console: &Console, common: &Common, args: &KeyNew) -> Result<(), Failure> {
    if args.report {
        return report_key::new(console, &args.output);
    }
    let algorithm = algorithm(args.algorithm);
    let key = match token::uri_text(&args.output) {
        Some(uri) => Key::Token(token::generate(console, uri, algorithm)?),
        None => {
            let key = make(algorithm)?;
            files::create_secret(&args.output, key.encode_file().as_bytes())?;
            Key::File(key)
        }
    };
    let words = match &key {
        Key::File(_) => "cli.key.made",
        Key::Token(_) => "cli.key.made-in-token",
    };
    console.tell(0, words, &[("path", &args.output.display().to_string())]);
    shown(console, common, &key, &args.output)
}

/// `sealight key show`
pub(crate) fn show(console: &Console, common: &Common, args: &KeyShow) -> Result<(), Failure> {
    if token::uri_text(&args.file).is_none() && report_key::shown(console, &args.file)? {
        return Ok(());
    }
    shown(console, common, &read(console, &args.file)?, &args.file)
}

fn shown(console: &Console, common: &Common, key: &Key, path: &Path) -> Result<(), Failure> {
    let public = key.public();
    let (algorithm, public) = (public.algorithm, hex(&public));
    let note = note(&note_place(common, path, &key.public())?)?;
    let mut pairs = vec![
        (console.say("cli.key.algorithm", &[]), algorithm.to_string()),
        (console.say("cli.key.public", &[]), public.clone()),
    ];
    if let Some(note) = &note {
        pairs.push((console.say("cli.key.party", &[]), note.party.to_string()));
    }
    console.pairs(2, &pairs);
    let mut document = json!({
        "file": path.display().to_string(),
        "algorithm": algorithm.name(),
        "public": public,
        "party": note.map(|note| note.party),
    });
    if let Key::Token(key) = key {
        document["extractable"] = key.extractable().into();
    }
    console.document(document);
    Ok(())
}

/// The algorithm of a name.
pub(crate) fn algorithm(name: AlgorithmName) -> Algorithm {
    match name {
        AlgorithmName::Sm2 => Algorithm::Sm2,
        AlgorithmName::P256 => Algorithm::P256,
        AlgorithmName::Ed25519 => Algorithm::Ed25519,
    }
}

/// The public key that a key file tells, or a document of `sealight key show --json`: of a key
/// whose secret part is elsewhere.
pub(crate) fn public_of(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = files::read(path, MAX_NOTE)?;
    let told = serde_json::from_slice::<Value>(&bytes).ok().as_ref().and_then(told);
    told.ok_or_else(|| Failure::new("no-public-key", &[("path", &path.display())]))
}

/// The same of a key in a token too.
pub(crate) fn public_of_any(console: &Console, path: &Path) -> Result<PublicKey, Failure> {
    match token::uri_text(path) {
        Some(uri) => token::open(console, uri).map(|key| key.public()),
        None => public_of(path),
    }
}

fn told(value: &Value) -> Option<PublicKey> {
    let algorithm = value.get("algorithm")?.as_str()?.parse().ok()?;
    let digits: Vec<u32> = value
        .get("public")?
        .as_str()?
        .chars()
        .map(|digit| digit.to_digit(16))
        .collect::<Option<_>>()?;
    let byte = |pair: &[u32]| u8::try_from(pair.first()? << 4 | pair.get(1)?).ok();
    let bytes = digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?;
    PublicKey::decode(algorithm, &bytes).ok()
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
    random::bytes().map_err(|error| Failure::new("no-randomness", &[("why", &error.why)]))
}

/// Reads a key file, or opens the key in a token that the argument names.
pub(crate) fn read(console: &Console, path: &Path) -> Result<Key, Failure> {
    match token::uri_text(path) {
        Some(uri) => token::open(console, uri).map(Key::Token),
        None => read_file(path).map(Key::File),
    }
}

/// Reads a key file.
pub(crate) fn read_file(path: &Path) -> Result<SigningKey, Failure> {
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

/// Where the note of a key stands: beside its file; that of a key in a token in the device's
/// folder, by the public key.
pub(crate) fn note_place(
    common: &Common,
    key: &Path,
    public: &PublicKey,
) -> Result<PathBuf, Failure> {
    if token::uri_text(key).is_none() {
        return Ok(note_path(key));
    }
    let folder = device::home(common)?.path().join("parties");
    Ok(folder.join(format!("{}.party.json", hex(public))))
}

/// Writes the note of a key.
pub(crate) fn write_note(place: &Path, note: &Note) -> Result<(), Failure> {
    let text = format!(
        "{:#}\n",
        json!({ "version": 1, "ledger": note.ledger, "party": note.party, "place": note.place })
    );
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::folder(folder)?;
    }
    files::write(place, text.as_bytes())
}

/// Reads the note of a key, if there is one.
pub(crate) fn note(place: &Path) -> Result<Option<Note>, Failure> {
    if !place.exists() {
        return Ok(None);
    }
    let bytes = files::read(place, MAX_NOTE)?;
    let note = serde_json::from_slice::<Value>(&bytes).ok().as_ref().and_then(noted);
    note.map(Some).ok_or_else(|| Failure::new("not-a-note", &[("path", &place.display())]))
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
