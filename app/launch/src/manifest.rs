//! What an update says of itself, bounded and signed.

use crate::error::UpdateError;
use minisign_verify::{Error, PublicKey, Signature};
use sealight_verify::hash::{Hash32, HashSuite, Sha256, Sm3};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Most bytes of a manifest.
pub const MAX_MANIFEST: usize = 256 * 1024;
/// Most bytes of a signature.
pub(crate) const MAX_SIGNATURE: usize = 4096;
/// Most files, most bytes of one, most bytes of all.
pub(crate) const MAX_FILES: usize = 512;
pub(crate) const MAX_FILE: u64 = 128 * 1024 * 1024;
pub(crate) const MAX_TOTAL: u64 = 512 * 1024 * 1024;
/// Most bytes of a path.
const MAX_PATH: usize = 160;

/// Name of the manifest in an update, and of its signature.
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SIGNATURE: &str = "manifest.json.minisig";

const VERSION: u64 = 1;

/// The list of an update's files.
///
/// ```json
/// { "version": 1, "release": 12, "name": "0.3.0", "platform": "x86_64-linux",
///   "program": "sealight-kiosk",
///   "files": [{ "path": "sealight-kiosk", "size": 31457280, "sm3": "…", "executable": true },
///             { "path": "assets/logo.png", "size": 4096, "sha256": "…" }] }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Rises with each update.
    pub release: u64,
    /// Its version as people say it.
    pub name: String,
    /// The file that is started.
    pub program: String,
    /// All files.
    pub files: Vec<Listed>,
}

/// A file of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path, inside the update.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// Hash of its bytes.
    pub hash: FileHash,
    /// Whether it can be started.
    pub executable: bool,
}

/// A hash by either suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileHash {
    /// GB/T 32905.
    Sm3(Hash32),
    /// FIPS 180-4.
    Sha256(Hash32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "version")]
    _version: u64,
    release: u64,
    name: String,
    platform: String,
    program: String,
    files: Vec<WrittenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    path: String,
    size: u64,
    sm3: Option<String>,
    sha256: Option<String>,
    #[serde(default)]
    executable: bool,
}

/// This machine, as manifests name it.
pub fn platform() -> String {
    format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS)
}

impl Manifest {
    /// The manifest, if the key signed it.
    ///
    /// # Errors
    /// [`UpdateError::NoSignature`], [`UpdateError::ForeignSigner`], [`UpdateError::BadSignature`],
    /// and those of [`Manifest::decode`].
    pub fn open(bytes: &[u8], signature: &[u8], key: &PublicKey) -> Result<Self, UpdateError> {
        if bytes.len() > MAX_MANIFEST {
            return Err(UpdateError::TooLong { max: MAX_MANIFEST });
        }
        if signature.len() > MAX_SIGNATURE {
            return Err(UpdateError::TooLong { max: MAX_SIGNATURE });
        }
        let text = std::str::from_utf8(signature).map_err(|_| UpdateError::NoSignature)?;
        let signature = Signature::decode(text).map_err(|_| UpdateError::NoSignature)?;
        key.verify(bytes, &signature, false).map_err(|error| match error {
            Error::UnexpectedKeyId => UpdateError::ForeignSigner,
            _ => UpdateError::BadSignature,
        })?;
        Self::decode(bytes)
    }

    /// Reads a manifest, whoever signed it.
    ///
    /// # Errors
    /// The first rule that it breaks; see [`UpdateError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, UpdateError> {
        if bytes.len() > MAX_MANIFEST {
            return Err(UpdateError::TooLong { max: MAX_MANIFEST });
        }
        let malformed = |why: &dyn ToString| UpdateError::Malformed { why: why.to_string() };
        let value: Value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(got) => return Err(UpdateError::UnknownVersion { got }),
            None => return Err(malformed(&"no version")),
        }
        let written: Written = serde_json::from_value(value).map_err(|error| malformed(&error))?;
        same_platform(written.platform)?;
        few_files(written.files.len())?;
        let files: Vec<Listed> = written.files.into_iter().map(listed).collect::<Result<_, _>>()?;
        once_each(&files)?;
        small_enough(&files)?;
        program_is_listed(&written.program, &files)?;
        let Written { release, name, program, .. } = written;
        let name = name.chars().filter(|c| !c.is_control()).take(64).collect();
        Ok(Self { release, name, program, files })
    }

    /// Bytes of all files.
    pub fn total(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

impl Listed {
    /// Whether these bytes are the file.
    ///
    /// # Errors
    /// [`UpdateError::Size`] and [`UpdateError::Hash`].
    pub fn holds(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let (path, expected, got) = (self.path.clone(), self.size, bytes.len() as u64);
        if got != expected {
            return Err(UpdateError::Size { path, expected, got });
        }
        let same = match self.hash {
            FileHash::Sm3(hash) => Sm3::hash(&[bytes]) == hash,
            FileHash::Sha256(hash) => Sha256::hash(&[bytes]) == hash,
        };
        if same { Ok(()) } else { Err(UpdateError::Hash { path }) }
    }
}

fn listed(file: WrittenFile) -> Result<Listed, UpdateError> {
    let WrittenFile { path, size, sm3, sha256, executable } = file;
    inside(&path)?;
    if size > MAX_FILE {
        return Err(UpdateError::TooLarge { got: size, max: MAX_FILE });
    }
    let hash = match (&sm3, &sha256) {
        (Some(text), None) => Hash32::from_hex(text).map(FileHash::Sm3),
        (None, Some(text)) => Hash32::from_hex(text).map(FileHash::Sha256),
        _ => None,
    };
    let hash = hash.ok_or_else(|| UpdateError::Malformed { why: format!("hash of {path:?}") })?;
    Ok(Listed { path, size, hash, executable })
}

/// For this machine.
fn same_platform(got: String) -> Result<(), UpdateError> {
    let expected = platform();
    if got == expected { Ok(()) } else { Err(UpdateError::Platform { expected, got }) }
}

fn few_files(got: usize) -> Result<(), UpdateError> {
    let max = MAX_FILES;
    if got > max { Err(UpdateError::TooManyFiles { got, max }) } else { Ok(()) }
}

/// A path that leads to a file inside the update, on every system alike.
fn inside(path: &str) -> Result<(), UpdateError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    let fit = path.len() <= MAX_PATH && path.split('/').all(part);
    let own = |name: &str| path.eq_ignore_ascii_case(name);
    if fit && !own(MANIFEST) && !own(SIGNATURE) {
        return Ok(());
    }
    Err(UpdateError::Path { path: path.chars().take(80).collect() })
}

/// No two of one name, and no file where another has its folder.
fn once_each(files: &[Listed]) -> Result<(), UpdateError> {
    let mut seen = BTreeSet::new();
    for file in files {
        if !seen.insert(file.path.to_ascii_lowercase()) {
            return Err(UpdateError::Twice { path: file.path.clone() });
        }
    }
    for file in files {
        let lower = file.path.to_ascii_lowercase();
        let mut above = lower.match_indices('/').map(|(at, _)| &lower[..at]);
        if above.any(|folder| seen.contains(folder)) {
            return Err(UpdateError::Twice { path: file.path.clone() });
        }
    }
    Ok(())
}

fn small_enough(files: &[Listed]) -> Result<(), UpdateError> {
    // No sum of 512 files of at most 128 MiB overflows.
    let (got, max) = (files.iter().map(|file| file.size).sum(), MAX_TOTAL);
    if got > max { Err(UpdateError::TooLarge { got, max }) } else { Ok(()) }
}

fn program_is_listed(program: &str, files: &[Listed]) -> Result<(), UpdateError> {
    if files.iter().any(|file| file.path == program && file.executable) {
        return Ok(());
    }
    Err(UpdateError::NoProgram { path: program.chars().take(80).collect() })
}
