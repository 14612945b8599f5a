//! What was signed last: so that no two blocks are ever signed at one height.
//!
//! Two slots of 48 bytes are written in turn, each with its own sum, so that one of them is whole
//! at any moment. A signature leaves the process only after its height stands here.

use super::error::{BlocksError, HomeError};
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const SLOT: usize = 8 + 32 + 8;

/// The newest height signed, and the block's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) height: u64,
    pub(super) hash: Hash32,
}

/// The open memory of what was signed.
#[derive(Debug)]
pub(super) struct SignedFile {
    path: PathBuf,
    file: File,
    /// Which slot is written next.
    next: bool,
}

impl SignedFile {
    /// Opens the memory and tells what it says; none in a home that has signed nothing.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<Signed>), HomeError> {
        let io = HomeError::io(path);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let mut file = file.map_err(&io)?;
        let mut bytes = Vec::new();
        (&mut file).take(2 * SLOT as u64).read_to_end(&mut bytes).map_err(&io)?;
        let slots: Vec<Option<Signed>> = bytes.chunks(SLOT).map(decode).collect();
        let newest = slots.iter().copied().flatten().max_by_key(|signed| signed.height);
        let next = newest.is_some() && slots.first() == Some(&newest);
        Ok((Self { path: path.to_owned(), file, next }, newest))
    }

    /// Remembers; returns when it is on disk.
    pub(super) fn remember(&mut self, signed: Signed) -> Result<(), HomeError> {
        let at = if self.next { SLOT as u64 } else { 0 };
        let written = self
            .file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.write_all(&encode(signed)))
            .and_then(|()| self.file.sync_data());
        written.map_err(HomeError::io(&self.path))?;
        self.next = !self.next;
        Ok(())
    }
}

/// The block at the height signed last is here, and it is the one that was signed.
pub(super) fn agrees(
    signed: Option<Signed>,
    have: u64,
    hash_at: impl Fn(u64) -> Result<Option<Hash32>, HomeError>,
) -> Result<(), HomeError> {
    let Some(Signed { height, hash }) = signed else { return Ok(()) };
    match hash_at(height)? {
        None => Err(BlocksError::SignedAhead { signed: height, have }.into()),
        Some(here) if here != hash => Err(BlocksError::SignedOther { height }.into()),
        Some(_) => Ok(()),
    }
}

fn encode(signed: Signed) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    bytes[..8].copy_from_slice(&signed.height.to_be_bytes());
    bytes[8..40].copy_from_slice(&signed.hash.0);
    let sum = Sm3::hash(&[&bytes[..40]]);
    bytes[40..].copy_from_slice(&sum.0[..8]);
    bytes
}

fn decode(bytes: &[u8]) -> Option<Signed> {
    let bytes: &[u8; SLOT] = bytes.try_into().ok()?;
    let (content, sum) = bytes.split_at(40);
    let (height, hash) = content.split_at(8);
    (Sm3::hash(&[content]).0[..8] == *sum).then_some(Signed {
        height: u64::from_be_bytes(height.try_into().ok()?),
        hash: Hash32(hash.try_into().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(height: u64) -> Signed {
        Signed { height, hash: Hash32([height as u8; 32]) }
    }

    #[test]
    fn the_newest_height_is_remembered_and_a_torn_slot_leaves_the_one_before() {
        let folder = crate::scratch::Scratch::new();
        let path = folder.path().join("signed");
        assert_eq!(SignedFile::open(&path).unwrap().1, None);
        for height in 1..=5 {
            let (mut file, before) = SignedFile::open(&path).unwrap();
            assert_eq!(before, (height > 1).then(|| signed(height - 1)));
            file.remember(signed(height)).unwrap();
        }
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut torn = whole.clone();
            torn[at] ^= 1;
            std::fs::write(&path, &torn).unwrap();
            let (_, newest) = SignedFile::open(&path).unwrap();
            assert!([Some(signed(4)), Some(signed(5))].contains(&newest), "byte {at}");
        }
    }
}
