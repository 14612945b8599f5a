//! What was signed last, on the disk.
//!
//! `state.json` is replaced as a whole. Beside it `mark` stays one file for good: it is locked by
//! who signs, holds the number of the newest state, and its inode stands in the state. So a state
//! that was put back is behind the mark, and a folder that was copied has another mark.

use super::SignerError;
use super::rules::{Last, Place, Step};
use sealight_verify::hash::{HashSuite, Sha256};
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Most bytes of a state: sign bytes hold a chain's id of 50 bytes and two hashes.
const MAX_STATE: u64 = 8192;
/// Digits of the number in the mark.
const DIGITS: usize = 20;

/// The state of one signer, locked.
#[derive(Debug)]
pub(super) struct Store {
    home: PathBuf,
    mark: File,
    serial: u64,
    pub(super) chain: String,
    pub(super) last: Last,
}

impl Store {
    /// Makes the files of a signer that signs nothing before `height`; a mark that is there is
    /// gone on with, and a state that can still be read is never gone behind.
    pub(super) fn begin(home: &Path, chain: &str, height: i64) -> Result<(), SignerError> {
        let path = home.join("mark");
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mark = options.open(&path).map_err(SignerError::io(&path))?;
        lock(&mark, home)?;
        let known = read(&home.join("state.json")).ok().and_then(|bytes| decode(&bytes));
        if let Some((_, _, expected, last)) = &known {
            goes_on(expected, last, chain, height)?;
        }
        // Above every number that a state of this folder can have had.
        let before = read_mark(&mark).unwrap_or(0).max(known.map_or(0, |(serial, ..)| serial));
        let place = Place { height, round: -1, step: Step::Start };
        let last = Last { place, signed: None };
        let serial = before.saturating_add(1);
        let mut store = Self { home: home.to_owned(), mark, serial, chain: chain.into(), last };
        store.write()
    }

    /// Opens and locks the files, and refuses whatever could be signed past.
    pub(super) fn open(home: &Path) -> Result<Self, SignerError> {
        let path = home.join("mark");
        let mark = OpenOptions::new().read(true).write(true).open(&path);
        let mark = mark.map_err(|error| missing(&path, error))?;
        lock(&mark, home)?;
        let marked = read_mark(&mark).ok_or(SignerError::Garbled { path: path.clone() })?;
        let state = home.join("state.json");
        let bytes = read(&state).map_err(|error| missing(&state, error))?;
        let (serial, inode, chain, last) =
            decode(&bytes).ok_or(SignerError::Garbled { path: state })?;
        if inode != mark.metadata().map_err(SignerError::io(&path))?.ino() {
            return Err(SignerError::Copied { home: home.to_owned() });
        }
        if serial < marked {
            return Err(SignerError::Older { expected: marked, got: serial });
        }
        // One ahead where the process ended between the two writes.
        if serial > marked.saturating_add(1) {
            return Err(SignerError::Garbled { path });
        }
        write_mark(&mark, serial).map_err(SignerError::io(&path))?;
        Ok(Self { home: home.to_owned(), mark, serial, chain, last })
    }

    /// Remembers a signature; only then may it leave.
    pub(super) fn keep(
        &mut self,
        place: Place,
        bytes: Vec<u8>,
        signature: Vec<u8>,
    ) -> Result<(), SignerError> {
        self.last = Last { place, signed: Some((bytes, signature)) };
        self.serial = self.serial.saturating_add(1);
        self.write()
    }

    fn write(&mut self) -> Result<(), SignerError> {
        let path = self.home.join("state.json");
        let inode = self.mark.metadata().map_err(SignerError::io(&path))?.ino();
        let text = encode(self.serial, inode, &self.chain, &self.last);
        replace(&path, text.as_bytes()).map_err(SignerError::io(&path))?;
        write_mark(&self.mark, self.serial).map_err(SignerError::io(&path))
    }
}

fn lock(mark: &File, home: &Path) -> Result<(), SignerError> {
    match mark.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(SignerError::Locked { home: home.to_owned() }),
        Err(TryLockError::Error(error)) => Err(SignerError::io(home)(error)),
    }
}

fn missing(path: &Path, error: std::io::Error) -> SignerError {
    match error.kind() {
        ErrorKind::NotFound => SignerError::Lost { path: path.to_owned() },
        _ => SignerError::io(path)(error),
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_STATE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_mark(mark: &File) -> Option<u64> {
    let mut digits = [0; DIGITS];
    let whole = mark.metadata().ok()?.len() == DIGITS as u64;
    mark.read_exact_at(&mut digits, 0).ok().filter(|()| whole)?;
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

fn write_mark(mark: &File, serial: u64) -> std::io::Result<()> {
    mark.write_all_at(format!("{serial:0DIGITS$}").as_bytes(), 0)?;
    mark.set_len(DIGITS as u64)?;
    mark.sync_data()
}

/// Refuses a beginning at which something could be signed a second time, as far as the last state
/// tells: it may be a copy or an older one, and what was signed then is signed all the same.
fn goes_on(expected: &str, last: &Last, chain: &str, height: i64) -> Result<(), SignerError> {
    if expected != chain {
        let (expected, got) = (expected.to_owned(), chain.to_owned());
        return Err(SignerError::OtherChain { expected, got });
    }
    let lowest = last.place.height.saturating_add(i64::from(last.signed.is_some()));
    match height < lowest {
        true => Err(SignerError::Behind { lowest, got: height }),
        false => Ok(()),
    }
}

/// Writes a file as a whole, and waits until its bytes and its name are on the disk.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let half = path.with_extension("half");
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&half, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn encode(serial: u64, inode: u64, chain: &str, last: &Last) -> String {
    let Last { place, signed } = last;
    let (bytes, signature) = signed.clone().unwrap_or_default();
    let mut value = json!({
        "sealight_signer": 1,
        "serial": serial,
        "mark": inode,
        "chain": chain,
        "height": place.height,
        "round": place.round,
        "step": place.step as u8,
        "signed": hex(&bytes),
        "signature": hex(&signature),
    });
    value["sum"] = sum(&value).into();
    format!("{value:#}\n")
}

fn decode(bytes: &[u8]) -> Option<(u64, u64, String, Last)> {
    if bytes.len() as u64 > MAX_STATE {
        return None;
    }
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    let told = value.as_object_mut()?.remove("sum")?;
    (told.as_str()? == sum(&value)).then_some(())?;
    let number = |name: &str| value.get(name)?.as_i64();
    (number("sealight_signer")? == 1).then_some(())?;
    let place = Place {
        height: number("height")?,
        round: number("round")?.try_into().ok()?,
        step: Step::of(number("step")?.try_into().ok()?)?,
    };
    let part = |name: &str| unhex(value.get(name)?.as_str()?);
    let (bytes, signature) = (part("signed")?, part("signature")?);
    let signed = match (bytes.is_empty(), signature.len()) {
        (true, 0) => None,
        (false, 64) => Some((bytes, signature)),
        _ => return None,
    };
    let serial = value.get("serial")?.as_u64()?;
    let inode = value.get("mark")?.as_u64()?;
    let chain = value.get("chain")?.as_str()?.to_owned();
    Some((serial, inode, chain, Last { place, signed }))
}

/// Notices damage; no defence against somebody who writes here.
fn sum(value: &Value) -> String {
    hex(&Sha256::hash(&[value.to_string().as_bytes()]).0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
        _ => None,
    });
    pairs.collect()
}
