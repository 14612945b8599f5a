//! Gateways that are files: a pack, or a folder with a site's files.
//!
//! Blocks on the file system; std's plain reads, no locks, alike on all platforms. The heads of a
//! pack's frames are read once, at the first question; a body is read when it is asked for, and
//! counts only where its content address holds. Nothing is believed, and a path comes from
//! [`Place`] alone, so that none leads out of the folder.

use super::error::NetError;
use crate::cancel::Cancel;
use sealight_verify::codec;
use sealight_verify::format::pack::{
    FrameHead, MAX_BODY, PackEnd, PackError, PackHead, PackStart, Place,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Bytes that are looked through at once for the next frame.
const WINDOW: usize = 64 * 1024;

/// A pack, or a folder of a site's files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    path: PathBuf,
    index: Arc<OnceLock<Result<Option<PackIndex>, NetError>>>,
}

/// Where the chunks of a pack file are: what its frames' heads say, their bodies not read.
#[derive(Debug, Clone)]
pub struct PackIndex {
    start: PackStart,
    end: Option<PackEnd>,
    /// Where each frame begins; of two for one place, the first.
    places: BTreeMap<Place, (u64, FrameHead)>,
}

impl Files {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, index: Arc::default() }
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
        let index = self.index.get_or_init(|| match self.path.is_dir() {
            true => Ok(None),
            false => PackIndex::of(&self.path).map(Some),
        });
        match index.as_ref().map_err(NetError::clone)? {
            Some(index) => index.read(&self.path, place, limit),
            None => whole(&self.path.join(&place.to_string()[1..]), limit),
        }
    }
}

impl PackIndex {
    /// Reads the heads of a pack's frames; damaged stretches are passed over.
    ///
    /// # Errors
    /// The file system's, and [`NetError::Malformed`] for what is no pack.
    pub fn of(path: &Path) -> Result<Self, NetError> {
        let mut file = File::open(path).map_err(|error| io(&error))?;
        let no_pack = || NetError::Malformed { what: "pack" };
        let first = head_at(&mut file, 0)?.ok().flatten().ok_or_else(no_pack)?;
        if first.name != "start" {
            return Err(no_pack());
        }
        let start = body(&mut file, 0, &first)?.map_err(|_| no_pack())?;
        let start: PackStart = codec::decode(&start).map_err(|_| no_pack())?;
        let (mut places, mut end) = (BTreeMap::new(), None);
        let mut at = first.frame_len() as u64;
        loop {
            match head_at(&mut file, at)? {
                Ok(Some(head)) => {
                    let next = at + head.frame_len() as u64;
                    if head.name == "end" {
                        let body = body(&mut file, at, &head)?.ok();
                        end = body.and_then(|body| codec::decode(&body).ok());
                        break;
                    }
                    if let Some(place) = Place::from_path(&head.name) {
                        places.entry(place).or_insert((at, head));
                    }
                    at = next;
                }
                Ok(None) => break,
                Err(_) => match look_further(&mut file, at)? {
                    Some(next) => at = next,
                    None => break,
                },
            }
        }
        Ok(Self { start, end, places })
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
        self.places.contains_key(place)
    }

    fn read(&self, path: &Path, place: &Place, limit: usize) -> Result<Vec<u8>, NetError> {
        let (at, head) = self.places.get(place).ok_or_else(absent)?;
        if head.length > limit {
            return Err(NetError::TooLarge { limit });
        }
        let mut file = File::open(path).map_err(|error| io(&error))?;
        body(&mut file, *at, head)?.map_err(|_| NetError::Malformed { what: "chunk of a pack" })
    }
}

/// The head at a place; none at the file's end.
fn head_at(file: &mut File, at: u64) -> Result<Result<Option<FrameHead>, PackError>, NetError> {
    let bytes = read_at(file, at, FrameHead::MAX_LEN)?;
    if bytes.is_empty() {
        return Ok(Ok(None));
    }
    Ok(match FrameHead::decode(&bytes) {
        Ok(None) => Err(PackError::Truncated),
        other => other,
    })
}

fn body(
    file: &mut File,
    at: u64,
    head: &FrameHead,
) -> Result<Result<Vec<u8>, PackError>, NetError> {
    let bytes = read_at(file, at + head.head_len() as u64, head.length.min(MAX_BODY))?;
    Ok(head.holds(&bytes).map(|()| bytes))
}

fn look_further(file: &mut File, mut at: u64) -> Result<Option<u64>, NetError> {
    loop {
        let bytes = read_at(file, at, WINDOW)?;
        if bytes.len() < 2 {
            return Ok(None);
        }
        let next = FrameHead::look_further(&bytes);
        at += next as u64;
        if next < bytes.len() {
            return Ok(Some(at));
        }
    }
}

fn read_at(file: &mut File, at: u64, most: usize) -> Result<Vec<u8>, NetError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).map_err(|error| io(&error))?;
    file.take(most as u64).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    Ok(bytes)
}

fn whole(path: &Path, limit: usize) -> Result<Vec<u8>, NetError> {
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
    codec::decode(bytes).map_err(|_| NetError::Malformed { what: "pack head" })
}
