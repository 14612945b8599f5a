//! Gateways that are files: a pack, or a folder with a site's files.
//!
//! Blocks on the file system; std's plain reads, no locks of files, alike on all platforms. The heads
//! of a pack's frames are read once, at the first question that finds it; a body is read when it is
//! asked for, and counts only where its content address holds. Nothing is believed, and a path comes
//! from [`Place`] alone, so that none leads out of the folder.

use super::error::NetError;
use crate::cancel::Cancel;
use sealight_verify::codec;
use sealight_verify::format::pack::{
    FrameHead, MAX_BODY, PackEnd, PackError, PackHead, PackStart, Place,
};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are looked through at once for the next frame.
const WINDOW: usize = 64 * 1024;
/// Most chunks of a pack that is read by places: 268 million items in buckets, and their lives.
const MAX_CHUNKS: usize = 8 << 20;

/// A pack, or a folder of a site's files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    path: PathBuf,
    /// What was there once something was; of a folder no index. No error is kept: what is mounted
    /// after the first question is read from then on.
    opened: Arc<Mutex<Option<Arc<Option<PackIndex>>>>>,
}

/// Where the chunks of a pack file are: what its frames' heads say, their bodies not read.
#[derive(Debug, Clone)]
pub struct PackIndex {
    start: PackStart,
    end: Option<PackEnd>,
    /// Hash of each chunk's name and where its frame begins, in this order: 16 bytes a chunk.
    places: Vec<(u64, u64)>,
    keys: RandomState,
}

impl Files {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, opened: Arc::default() }
    }

    /// The bytes at a place, at most `limit` of them.
    pub(super) fn read(
        &self,
        place: &Place,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, NetError> {
        if cancel.is_cancelled() {
            return Err(NetError::Cancelled);
        }
        match &*self.open()? {
            Some(index) => index.read(&self.path, place, limit),
            None => whole(&self.path.join(&place.to_string()[1..]), limit),
        }
    }

    /// Opens it once. Whoever asks meanwhile waits: two would read through the same pack.
    fn open(&self) -> Result<Arc<Option<PackIndex>>, NetError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*opened {
            return Ok(Arc::clone(index));
        }
        let index = match self.path.is_dir() {
            true => None,
            false => Some(PackIndex::of(&self.path)?),
        };
        Ok(Arc::clone(opened.insert(Arc::new(index))))
    }
}

impl PackIndex {
    /// Reads the heads of a pack's frames in one pass from its beginning to its end; damaged
    /// stretches are passed over. It takes 16 bytes of memory a chunk.
    ///
    /// # Errors
    /// The file system's, [`NetError::Malformed`] for what is no pack, and [`NetError::TooLarge`] for
    /// one of more than eight million chunks.
    pub fn of(path: &Path) -> Result<Self, NetError> {
        Self::of_at_most(path, MAX_CHUNKS)
    }

    fn of_at_most(path: &Path, limit: usize) -> Result<Self, NetError> {
        let mut pass = Pass::over(File::open(path).map_err(|error| io(&error))?);
        let no_pack = || NetError::Malformed { what: "pack" };
        let first = pass.head()?.ok().flatten().ok_or_else(no_pack)?;
        if first.name != "start" {
            return Err(no_pack());
        }
        let start = body(&mut pass.file, 0, &first)?.map_err(|_| no_pack())?;
        let start: PackStart = codec::decode(&start).map_err(|_| no_pack())?;
        start.bounds().map_err(|_| no_pack())?;
        let (mut places, mut end, keys) = (Vec::new(), None, RandomState::new());
        pass.at = first.frame_len() as u64;
        loop {
            match pass.head()? {
                Ok(Some(head)) if head.name == "end" => {
                    let body = body(&mut pass.file, pass.at, &head)?.ok();
                    end = body.and_then(|body| codec::decode(&body).ok());
                    break;
                }
                Ok(Some(head)) => {
                    if places.len() >= limit {
                        return Err(NetError::TooLarge { limit });
                    }
                    places.push((keys.hash_one(&head.name), pass.at));
                    pass.at += head.frame_len() as u64;
                }
                Ok(None) => break,
                Err(_) if !pass.look_further()? => break,
                Err(_) => {}
            }
        }
        places.sort_unstable();
        Ok(Self { start, end, places, keys })
    }

    /// What the pack begins with.
    pub fn start(&self) -> &PackStart {
        &self.start
    }

    /// What it ends with, unverified; none where its end is missing.
    pub fn end(&self) -> Option<&PackEnd> {
        self.end.as_ref()
    }

    /// Whether the pack says that it has something at this place.
    pub fn has(&self, place: &Place) -> bool {
        !self.frames(&place.to_string()).is_empty()
    }

    /// Where frames of this name begin, in the pack's order.
    fn frames(&self, name: &str) -> &[(u64, u64)] {
        let key = self.keys.hash_one(name);
        let from = self.places.partition_point(|(other, _)| *other < key);
        let rest = &self.places[from..];
        &rest[..rest.partition_point(|(other, _)| *other == key)]
    }

    /// Of two chunks for one place, the first.
    fn read(&self, path: &Path, place: &Place, limit: usize) -> Result<Vec<u8>, NetError> {
        let name = place.to_string();
        let mut pass = Pass::over(File::open(path).map_err(|error| io(&error))?);
        for (_, at) in self.frames(&name) {
            pass.at = *at;
            let Ok(Some(head)) = pass.head()? else { continue };
            if head.name != name {
                continue;
            }
            if head.length > limit {
                return Err(NetError::TooLarge { limit });
            }
            let body = body(&mut pass.file, *at, &head)?;
            return body.map_err(|_| NetError::Malformed { what: "chunk of a pack" });
        }
        Err(absent())
    }
}

/// A way through a file that only goes on: where nothing is damaged it reads heads and passes over
/// bodies, and through what is damaged it reads each byte once.
struct Pass {
    file: File,
    at: u64,
    /// Bytes that were read, and where they begin.
    read: (u64, Vec<u8>),
    /// Whether what lies before is damaged, so that each of the next bytes may have to be looked at.
    hurt: bool,
}

impl Pass {
    fn over(file: File) -> Self {
        Self { file, at: 0, read: (0, Vec::new()), hurt: false }
    }

    /// The head that begins here; none at the file's end.
    fn head(&mut self) -> Result<Result<Option<FrameHead>, PackError>, NetError> {
        let most = if self.hurt { WINDOW } else { FrameHead::MAX_LEN };
        let bytes = self.bytes(FrameHead::MAX_LEN, most)?;
        if bytes.is_empty() {
            return Ok(Ok(None));
        }
        let head = match FrameHead::decode(bytes) {
            Ok(None) => Err(PackError::Truncated),
            other => other,
        };
        self.hurt = head.is_err();
        Ok(head)
    }

    /// Goes to where the next frame may begin; whether there is one.
    fn look_further(&mut self) -> Result<bool, NetError> {
        loop {
            let bytes = self.bytes(FrameHead::MAX_LEN, WINDOW)?;
            if bytes.len() < 2 {
                return Ok(false);
            }
            let (next, held) = (FrameHead::look_further(bytes), bytes.len());
            self.at += next as u64;
            if next < held {
                return Ok(true);
            }
        }
    }

    /// The bytes from here on: at least so many, unless the file ends; where they have to be read,
    /// `most` of them are.
    fn bytes(&mut self, least: usize, most: usize) -> Result<&[u8], NetError> {
        let (begins, held) = &self.read;
        let from = self.at.checked_sub(*begins).and_then(|from| usize::try_from(from).ok());
        let there = from.and_then(|from| held.get(from..)).is_some_and(|held| held.len() >= least);
        if !there {
            self.read = (self.at, read_at(&mut self.file, self.at, most)?);
        }
        let from = (self.at - self.read.0) as usize;
        Ok(self.read.1.get(from..).unwrap_or_default())
    }
}

fn body(
    file: &mut File,
    at: u64,
    head: &FrameHead,
) -> Result<Result<Vec<u8>, PackError>, NetError> {
    let bytes = read_at(file, at + head.head_len() as u64, head.length.min(MAX_BODY))?;
    Ok(head.holds(&bytes).map(|()| bytes))
}

fn read_at(file: &mut File, at: u64, most: usize) -> Result<Vec<u8>, NetError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).map_err(|error| io(&error))?;
    file.take(most as u64).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    Ok(bytes)
}

pub(super) fn whole(path: &Path, limit: usize) -> Result<Vec<u8>, NetError> {
    // A pipe might be waited for for ever.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(absent());
    }
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => absent(),
        _ => io(&error),
    })?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    if bytes.len() > limit { Err(NetError::TooLarge { limit }) } else { Ok(bytes) }
}

/// As a web server says it.
fn absent() -> NetError {
    NetError::Status { code: 404, text: "nothing is here".into() }
}

fn io(error: &std::io::Error) -> NetError {
    NetError::Unreachable { why: error.to_string() }
}

/// Decodes a head file.
pub(super) fn pack_head(bytes: &[u8]) -> Result<PackHead, NetError> {
    let head: Option<PackHead> = codec::decode(bytes).ok();
    let head = head.filter(|head| head.bounds().is_ok());
    head.ok_or(NetError::Malformed { what: "pack head" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testfolder::Folder;
    use sealight_verify::format::ids::LedgerId;
    use sealight_verify::format::pack::PackWriter;
    use sealight_verify::hash::Hash32;

    const MARKER: [u8; 4] = [0xf5, b'S', b'L', b'P'];

    fn start() -> PackStart {
        PackStart { version: 1, ledger: LedgerId([7; 32]), height: 9, bases: Vec::new() }
    }

    fn bucket(number: u32) -> Place {
        Place::Bucket(Hash32([3; 32]), number)
    }

    #[test]
    fn a_hostile_index_is_read_in_one_pass() {
        let folder = Folder::new();
        let path = folder.path("hostile.pack");
        let (mut writer, mut pack) = PackWriter::begin(&start());
        pack.extend(writer.chunk(&bucket(0), b"first").unwrap());
        // What looks like a frame at every fourth byte, and what lies behind it.
        pack.extend(MARKER.repeat(256 * 1024));
        pack.extend(writer.chunk(&bucket(1), b"last").unwrap());
        std::fs::write(&path, &pack).unwrap();
        let read = || Pass::over(File::open(&path).unwrap());
        let (mut pass, mut bytes, mut last) = (read(), 0, 0);
        // The same way that the index takes, with what it reads of the file counted.
        loop {
            let more = match pass.head().unwrap() {
                Ok(Some(head)) => {
                    pass.at += head.frame_len() as u64;
                    true
                }
                Ok(None) => false,
                Err(_) => pass.look_further().unwrap(),
            };
            if pass.read.0 != last {
                (last, bytes) = (pass.read.0, bytes + pass.read.1.len());
            }
            if !more {
                break;
            }
        }
        assert!(bytes < pack.len() + pack.len() / 8, "{bytes} of {}", pack.len());
        let index = PackIndex::of(&path).unwrap();
        for (number, expected) in [(0, &b"first"[..]), (1, b"last")] {
            assert_eq!(index.read(&path, &bucket(number), 99).as_deref(), Ok(expected));
        }
        assert_eq!(index.read(&path, &bucket(2), 99), Err(absent()));
        assert!(index.has(&bucket(1)) && !index.has(&bucket(2)));
    }

    #[test]
    fn an_index_has_a_bound() {
        let folder = Folder::new();
        let path = folder.path("long.pack");
        let (mut writer, mut pack) = PackWriter::begin(&start());
        (0..5).for_each(|number| pack.extend(writer.chunk(&bucket(number), b"x").unwrap()));
        std::fs::write(&path, &pack).unwrap();
        assert!(PackIndex::of_at_most(&path, 5).is_ok());
        let refused = PackIndex::of_at_most(&path, 4).err();
        assert_eq!(refused, Some(NetError::TooLarge { limit: 4 }));
    }

    #[test]
    fn a_pack_that_is_mounted_later_is_read_from_then_on() {
        let folder = Folder::new();
        let path = folder.path("mount/late.pack");
        let files = Files::new(path.clone());
        let read = |files: &Files| files.read(&bucket(0), 99, &Cancel::default());
        assert!(matches!(read(&files), Err(NetError::Unreachable { .. })));
        let (mut writer, mut pack) = PackWriter::begin(&start());
        pack.extend(writer.chunk(&bucket(0), b"first").unwrap());
        std::fs::create_dir(folder.path("mount")).unwrap();
        std::fs::write(&path, b"half of it").unwrap();
        assert_eq!(read(&files), Err(NetError::Malformed { what: "pack" }));
        std::fs::write(&path, &pack).unwrap();
        assert_eq!(read(&files), Ok(b"first".to_vec()));
        assert_eq!(read(&files.clone()), Ok(b"first".to_vec()));
    }

    #[test]
    fn a_beginning_out_of_bounds_is_no_packs() {
        let folder = Folder::new();
        let path = folder.path("odd.pack");
        let bases = vec![Hash32([2; 32]), Hash32([1; 32])];
        for odd in [PackStart { bases, ..start() }, PackStart { height: 0, ..start() }] {
            std::fs::write(&path, PackWriter::begin(&odd).1).unwrap();
            let refused = PackIndex::of(&path).err();
            assert_eq!(refused, Some(NetError::Malformed { what: "pack" }));
        }
    }

    #[test]
    fn of_two_chunks_for_one_place_the_first_is_read() {
        let folder = Folder::new();
        let path = folder.path("twice.pack");
        let (mut writer, mut pack) = PackWriter::begin(&start());
        for body in [b"first", b"again"] {
            pack.extend(writer.chunk(&bucket(0), body).unwrap());
        }
        std::fs::write(&path, &pack).unwrap();
        let index = PackIndex::of(&path).unwrap();
        assert_eq!(index.read(&path, &bucket(0), 99).as_deref(), Ok(&b"first"[..]));
    }
}
