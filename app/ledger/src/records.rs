//! A file of records: appended, made durable, and read again from the start.
//!
//! A record is its length (4 bytes, big-endian), the first 8 bytes of its SM3 hash, and the
//! canonical bytes of one structure. Nothing is ever overwritten. Whoever loses power in the middle
//! of an append leaves a torn record at the end, which nobody was told about: it is cut off.

use minicbor::{Decode, Encode};
use sealight_verify::codec::{self, CodecError, Versioned};
use sealight_verify::hash::{HashSuite, Sm3};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

const LENGTH: usize = 4;
const SUM: usize = 8;
const FRAME: usize = LENGTH + SUM;

/// Why records cannot be read or written.
#[derive(Debug)]
pub enum RecordsError {
    /// The file system.
    Io {
        /// Which file.
        path: PathBuf,
        /// What it says.
        error: std::io::Error,
    },
    /// A record before the last is damaged: what follows it was made durable after it.
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where the record begins, in bytes.
        at: u64,
    },
    /// A whole record that is not the structure that it should be.
    Codec {
        /// Which file.
        path: PathBuf,
        /// Where the record begins, in bytes.
        at: u64,
        /// What is wrong.
        error: CodecError,
    },
    /// An append failed and could not be undone; nothing more is written until the file is opened
    /// again.
    Broken {
        /// Which file.
        path: PathBuf,
    },
}

impl std::fmt::Display for RecordsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Damaged { path, at } => {
                write!(f, "{}: the record at byte {at} is damaged", path.display())
            }
            Self::Codec { path, at, error } => {
                write!(f, "{}: the record at byte {at}: {error}", path.display())
            }
            Self::Broken { path } => {
                write!(f, "{}: an append failed and could not be undone", path.display())
            }
        }
    }
}

impl std::error::Error for RecordsError {}

/// The open file, to whose end records are appended.
#[derive(Debug)]
pub struct RecordFile<T> {
    path: PathBuf,
    file: File,
    /// Where each record begins.
    starts: Vec<u64>,
    end: u64,
    broken: bool,
    records: PhantomData<fn() -> T>,
}

impl<T> RecordFile<T>
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    /// Opens the file, made where there is none, shows every record in it to `each`, and cuts a
    /// torn end off. Gives the file and how many bytes were cut.
    ///
    /// # Errors
    /// [`RecordsError`], or what `each` says.
    pub fn open<E: From<RecordsError>>(
        path: &Path,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(Self, u64), E> {
        let io = |error| RecordsError::Io { path: path.to_owned(), error };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let (mut starts, mut end) = (Vec::new(), 0u64);
        while let Some(record) = read_record::<T>(&mut reader, length - end).map_err(io)? {
            let Record::Whole(bytes) = record else {
                if length - end > (FRAME + T::MAX_LEN) as u64 {
                    return Err(RecordsError::Damaged { path: path.to_owned(), at: end }.into());
                }
                break;
            };
            let record = codec::decode(&bytes);
            let unread = |error| RecordsError::Codec { path: path.to_owned(), at: end, error };
            each(record.map_err(unread)?)?;
            starts.push(end);
            end += (FRAME + bytes.len()) as u64;
        }
        if length > end {
            file.set_len(end).and_then(|()| file.sync_all()).map_err(io)?;
        }
        let (path, records) = (path.to_owned(), PhantomData);
        Ok((Self { path, file, starts, end, broken: false, records }, length - end))
    }

    /// How many records there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Where each record begins, in bytes.
    pub fn starts(&self) -> &[u64] {
        &self.starts
    }

    /// Appends one record; returns when it is on disk, or it does not count.
    ///
    /// # Errors
    /// [`RecordsError::Io`], and [`RecordsError::Broken`] after one that could not be undone.
    pub fn append(&mut self, record: &T) -> Result<(), RecordsError> {
        if self.broken {
            return Err(RecordsError::Broken { path: self.path.clone() });
        }
        let framed = frame(&codec::encode(record));
        let at = self.end;
        let written = self
            .file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.write_all(&framed))
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.broken = self.file.set_len(at).is_err();
            return Err(RecordsError::Io { path: self.path.clone(), error });
        }
        self.starts.push(at);
        self.end += framed.len() as u64;
        Ok(())
    }

    /// Cuts off every record behind the first `count`.
    ///
    /// # Errors
    /// [`RecordsError::Io`].
    pub fn keep_first(&mut self, count: usize) -> Result<(), RecordsError> {
        let Some(end) = self.starts.get(count).copied() else { return Ok(()) };
        let cut = self.file.set_len(end).and_then(|()| self.file.sync_all());
        cut.map_err(|error| RecordsError::Io { path: self.path.clone(), error })?;
        self.starts.truncate(count);
        self.end = end;
        Ok(())
    }
}

/// Reads the record that begins at `start` of a file that may grow meanwhile; none where there is
/// no whole record.
///
/// # Errors
/// [`RecordsError::Io`], and [`RecordsError::Codec`].
pub fn read_at<T>(path: &Path, start: u64) -> Result<Option<T>, RecordsError>
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    let io = |error| RecordsError::Io { path: path.to_owned(), error };
    let mut file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    file.seek(SeekFrom::Start(start)).map_err(io)?;
    let mut reader = BufReader::new(file);
    match read_record::<T>(&mut reader, length.saturating_sub(start)).map_err(io)? {
        Some(Record::Whole(bytes)) => {
            let unread = |error| RecordsError::Codec { path: path.to_owned(), at: start, error };
            codec::decode(&bytes).map(Some).map_err(unread)
        }
        _ => Ok(None),
    }
}

enum Record {
    Whole(Vec<u8>),
    Torn,
}

/// Reads the next record, of which `room` bytes are left in the file; none at its end.
fn read_record<T: Versioned>(
    reader: &mut impl Read,
    room: u64,
) -> Result<Option<Record>, std::io::Error> {
    if room == 0 {
        return Ok(None);
    }
    if room < FRAME as u64 {
        return Ok(Some(Record::Torn));
    }
    let (mut length, mut sum) = ([0; LENGTH], [0; SUM]);
    reader.read_exact(&mut length)?;
    reader.read_exact(&mut sum)?;
    let length = u32::from_be_bytes(length);
    let fits = usize::try_from(length).is_ok_and(|length| (1..=T::MAX_LEN).contains(&length));
    if !fits || u64::from(length) > room - FRAME as u64 {
        return Ok(Some(Record::Torn));
    }
    let mut bytes = Vec::new();
    reader.take(u64::from(length)).read_to_end(&mut bytes)?;
    let whole = Sm3::hash(&[&bytes]).0[..SUM] == sum;
    Ok(Some(if whole { Record::Whole(bytes) } else { Record::Torn }))
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u32).to_be_bytes();
    [&length[..], &Sm3::hash(&[bytes]).0[..SUM], bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
    #[cbor(map)]
    struct Note {
        #[n(0)]
        version: u8,
        #[n(1)]
        number: u64,
    }

    impl Versioned for Note {
        const NAME: &'static str = "note";
        const MAX_LEN: usize = 16;
    }

    fn note(number: u64) -> Note {
        Note { version: 1, number }
    }

    fn read(path: &Path) -> Result<(RecordFile<Note>, Vec<u64>, u64), RecordsError> {
        let mut numbers = Vec::new();
        let (file, cut) = RecordFile::open(path, |note: Note| {
            numbers.push(note.number);
            Ok::<(), RecordsError>(())
        })?;
        Ok((file, numbers, cut))
    }

    fn written(scratch: &Scratch) -> PathBuf {
        let path = scratch.path().join("notes");
        let (mut file, ..) = read(&path).unwrap();
        (0..5).for_each(|number| file.append(&note(number)).unwrap());
        path
    }

    #[test]
    fn what_was_appended_is_read_again() {
        let scratch = Scratch::new();
        let (file, numbers, cut) = read(&written(&scratch)).unwrap();
        assert_eq!((file.count(), numbers, cut), (5, vec![0, 1, 2, 3, 4], 0));
    }

    #[test]
    fn a_torn_end_is_cut_off_at_every_byte() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let whole = std::fs::read(&path).unwrap();
        let last = whole.len() - whole.len() / 5;
        for length in last..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let (mut file, numbers, cut) = read(&path).unwrap();
            assert_eq!((numbers.len(), cut), (4, (length - last) as u64));
            file.append(&note(9)).unwrap();
            assert_eq!(read(&path).unwrap().1, [0, 1, 2, 3, 9]);
        }
    }

    #[test]
    fn damage_before_the_end_is_told() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[FRAME] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(read(&path).unwrap_err(), RecordsError::Damaged { at: 0, .. }));
    }

    #[test]
    fn records_behind_a_count_are_cut_off() {
        let scratch = Scratch::new();
        let path = written(&scratch);
        let (mut file, ..) = read(&path).unwrap();
        file.keep_first(9).unwrap();
        file.keep_first(2).unwrap();
        file.append(&note(7)).unwrap();
        assert_eq!(read(&path).unwrap().1, [0, 1, 7]);
    }
}
