//! The file of blocks: records that are appended, made durable, and read again from the start.
//!
//! A record is its length (4 bytes, big-endian), the first 8 bytes of its SM3 hash, and the
//! canonical bytes of a [`Block`]. Nothing is ever overwritten. Whoever loses power in the middle
//! of an append leaves a torn record at the end, which nobody was told about: it is cut off.

use super::error::{BlocksError, HomeError};
use minicbor::{Decode, Encode};
use sealight_verify::codec::{self, Blob, Versioned};
use sealight_verify::comet::{Commit, Header};
use sealight_verify::hash::{HashSuite, Sm3};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// One block as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Block {
    #[n(0)]
    pub(super) version: u8,
    #[n(1)]
    pub(super) header: Header,
    /// Canonical bytes of each entry.
    #[n(2)]
    pub(super) entries: Vec<Blob>,
    /// The commit for the block before; absent in the first.
    #[n(3)]
    pub(super) last_commit: Option<Commit>,
}

impl Versioned for Block {
    const NAME: &'static str = "block";
    const MAX_LEN: usize = 16 * 1024 * 1024;
}

const LENGTH: usize = 4;
const SUM: usize = 8;
const FRAME: usize = LENGTH + SUM;

/// The open file, and where each block begins. Reads and appends may come from several threads.
#[derive(Debug)]
pub(super) struct BlockFile {
    path: PathBuf,
    file: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Start of block `i + 1`.
    starts: Vec<u64>,
    end: u64,
    /// An append that could not be undone; nothing more is written.
    broken: bool,
}

impl BlockFile {
    /// Opens the file, shows every block in it to `each`, and cuts a torn end off.
    ///
    /// Gives the file and how many bytes were cut.
    pub(super) fn open(
        path: &Path,
        mut each: impl FnMut(Block) -> Result<(), HomeError>,
    ) -> Result<(Self, u64), HomeError> {
        let io = HomeError::io(path);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(&io)?;
        let length = file.metadata().map_err(&io)?.len();
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let (mut starts, mut end) = (Vec::new(), 0u64);
        while let Some(record) = read_record(&mut reader, length - end).map_err(&io)? {
            let height = starts.len() as u64 + 1;
            let Record::Whole(bytes) = record else {
                torn_at_end(length - end, end)?;
                break;
            };
            let block = codec::decode(&bytes);
            each(block.map_err(|error| BlocksError::Codec { height, error })?)?;
            starts.push(end);
            end += (FRAME + bytes.len()) as u64;
        }
        if length > end {
            file.set_len(end).and_then(|()| file.sync_all()).map_err(&io)?;
        }
        let inner = Inner { file, starts, end, broken: false };
        Ok((Self { path: path.to_owned(), file: Mutex::new(inner) }, length - end))
    }

    /// Appends blocks; returns when all of them are on disk, or none of them counts.
    pub(super) fn append(&self, blocks: &[Block]) -> Result<(), HomeError> {
        let io = HomeError::io(&self.path);
        let mut all = Vec::new();
        let mut starts = Vec::new();
        let mut inner = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if inner.broken {
            return Err(io(std::io::ErrorKind::Other.into()));
        }
        for block in blocks {
            starts.push(inner.end + all.len() as u64);
            frame(&mut all, &codec::encode(block));
        }
        let end = inner.end;
        let written = inner
            .file
            .seek(SeekFrom::Start(end))
            .and_then(|_| inner.file.write_all(&all))
            .and_then(|()| inner.file.sync_data());
        if let Err(error) = written {
            inner.broken = inner.file.set_len(end).is_err();
            return Err(io(error));
        }
        inner.end += all.len() as u64;
        inner.starts.append(&mut starts);
        Ok(())
    }

    /// The block of a height; none where there is none.
    pub(super) fn read(&self, height: u64) -> Result<Option<Block>, HomeError> {
        let io = HomeError::io(&self.path);
        let mut inner = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let place = height.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        let Some(start) = place.and_then(|place| inner.starts.get(place).copied()) else {
            return Ok(None);
        };
        let room = inner.end - start;
        inner.file.seek(SeekFrom::Start(start)).map_err(&io)?;
        match read_record(&mut inner.file, room).map_err(&io)? {
            Some(Record::Whole(bytes)) => {
                let block = codec::decode(&bytes);
                Ok(Some(block.map_err(|error| BlocksError::Codec { height, error })?))
            }
            _ => Err(BlocksError::Damaged { at: start }.into()),
        }
    }
}

enum Record {
    Whole(Vec<u8>),
    Torn,
}

/// Reads the next record, of which `room` bytes are left in the file; none at its end.
fn read_record(reader: &mut impl Read, room: u64) -> Result<Option<Record>, std::io::Error> {
    if room == 0 {
        return Ok(None);
    }
    if room < FRAME as u64 {
        return Ok(Some(Record::Torn));
    }
    let mut frame = [0; FRAME];
    reader.read_exact(&mut frame)?;
    let (length, sum) = frame.split_at(LENGTH);
    let length = length.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    if length == 0 || length > Block::MAX_LEN || length as u64 > room - FRAME as u64 {
        return Ok(Some(Record::Torn));
    }
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    let whole = Sm3::hash(&[&bytes]).0[..SUM] == *sum;
    Ok(Some(if whole { Record::Whole(bytes) } else { Record::Torn }))
}

fn frame(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    out.extend_from_slice(&Sm3::hash(&[bytes]).0[..SUM]);
    out.extend_from_slice(bytes);
}

/// One append is at most two records long; more behind a bad record was durable and is damaged.
/// What was signed and is cut off here is noticed by the memory of what was signed.
fn torn_at_end(rest: u64, at: u64) -> Result<(), BlocksError> {
    let longest = 2 * (FRAME + Block::MAX_LEN) as u64;
    if rest > longest { Err(BlocksError::Damaged { at }) } else { Ok(()) }
}
