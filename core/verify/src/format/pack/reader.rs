//! Reading a pack as it comes: chunk by chunk, with one frame in memory and no way back.

use super::{FrameHead, MAX_FRAME, PackEnd, PackError, PackStart, Place};
use crate::codec;
use crate::format::ids::PartyId;
use crate::hash::Hash32;
use crate::sign::PublicKey;
use alloc::vec::Vec;

/// A pack being read. Feed it bytes and take pieces until there is none.
#[derive(Debug)]
pub struct PackReader {
    bytes: Vec<u8>,
    /// How many of `bytes` are done with: they go when more come, so that nothing moves twice.
    done: usize,
    /// Place in the pack of what comes after them.
    at: u64,
    /// No more bytes come.
    over: bool,
    phase: Phase,
    next: u32,
    chain: Hash32,
    /// Every frame so far was there, in order, with a head that held.
    whole: bool,
    /// Bytes that were no frame, passed over since the last one.
    lost: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Start,
    Chunks,
    Ended,
    Dead,
}

/// What comes out of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Its beginning.
    Start(PackStart),
    /// A chunk whose bytes are those that its content address names; nothing more is verified.
    Chunk(Chunk),
    /// Something that is wrong; reading goes on behind it.
    Damage(Damage),
    /// Its end.
    End(Sealed),
}

/// A chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Where it belongs.
    pub place: Place,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its content address.
    pub content: Hash32,
}

/// Something that is wrong at one place of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Bytes before it.
    pub at: u64,
    /// The chunk, where its head still tells.
    pub place: Option<Place>,
    /// What is wrong.
    pub error: PackError,
}

/// Who made a pack, as its end says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The id that it says.
    pub id: Hash32,
    /// Frames before the end.
    pub frames: u32,
    /// The maker's key.
    pub maker: PublicKey,
    /// The party that the maker says it is.
    pub party: Option<PartyId>,
    /// Whether id, count and signature hold.
    pub signed: Result<(), PackError>,
}

impl Default for PackReader {
    fn default() -> Self {
        Self::new()
    }
}

impl PackReader {
    /// A reader before the first byte.
    pub fn new() -> Self {
        Self {
            bytes: Vec::new(),
            done: 0,
            at: 0,
            over: false,
            phase: Phase::Start,
            next: 0,
            chain: Hash32([0; 32]),
            whole: true,
            lost: 0,
        }
    }

    /// Most bytes that it holds when pieces are taken between portions of `portion` bytes.
    pub const fn most_held(portion: usize) -> usize {
        MAX_FRAME + portion
    }

    /// Bytes that it holds now.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// Adds the bytes that come next.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.phase != Phase::Dead {
            self.bytes.drain(..core::mem::take(&mut self.done));
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// No more bytes come.
    pub fn finish(&mut self) {
        self.over = true;
    }

    /// The next piece; none where more bytes are needed, or where all is over.
    pub fn piece(&mut self) -> Option<Piece> {
        loop {
            match self.phase {
                Phase::Dead => return None,
                Phase::Ended => return self.behind_the_end(),
                Phase::Start | Phase::Chunks => {}
            }
            let head = match FrameHead::decode(self.rest()) {
                Ok(Some(head)) => head,
                Ok(None) if self.over => return self.cut_off(),
                Ok(None) => return None,
                Err(error) => {
                    if self.phase == Phase::Start {
                        let only_start = matches!(error, PackError::NoFrame { .. });
                        return self.die(if only_start { PackError::NotAPack } else { error });
                    }
                    if let PackError::TooLong { .. } = error {
                        // Its head holds, so nothing was damaged: it was made so.
                        self.whole = false;
                        let at = self.at;
                        self.pass_over();
                        return Some(Piece::Damage(Damage { at, place: None, error }));
                    }
                    self.pass_over();
                    continue;
                }
            };
            if let Some(damage) = self.what_was_lost() {
                return Some(damage);
            }
            if self.rest().len() < head.frame_len() {
                return if self.over { self.cut_off() } else { None };
            }
            if let Some(piece) = self.frame(&head) {
                return Some(piece);
            }
        }
    }

    /// Passes over bytes up to where a frame may begin.
    fn pass_over(&mut self) {
        let bytes = FrameHead::look_further(self.rest());
        self.drop_first(bytes);
        self.lost += bytes as u64;
        self.whole = false;
    }

    fn drop_first(&mut self, bytes: usize) {
        self.done += bytes;
        self.at += bytes as u64;
    }

    /// What is not done with.
    fn rest(&self) -> &[u8] {
        &self.bytes[self.done..]
    }

    fn what_was_lost(&mut self) -> Option<Piece> {
        let bytes = core::mem::take(&mut self.lost);
        let (at, error) = (self.at.saturating_sub(bytes), PackError::NoFrame { bytes });
        (bytes > 0).then_some(Piece::Damage(Damage { at, place: None, error }))
    }

    /// A whole frame at the beginning of the bytes.
    fn frame(&mut self, head: &FrameHead) -> Option<Piece> {
        let (at, expected, got) = (self.at, self.next, head.number);
        let damage = |place, error| Some(Piece::Damage(Damage { at, place, error }));
        let place = Place::from_path(&head.name);
        if got != expected && self.phase == Phase::Chunks {
            self.whole = false;
            if got < expected {
                self.drop_first(head.frame_len());
                return damage(place, PackError::Order { expected, got });
            }
            // It is looked at again, in its turn.
            self.next = got;
            return damage(None, PackError::Order { expected, got });
        }
        let body = self.rest()[head.head_len()..head.frame_len()].to_vec();
        self.drop_first(head.frame_len());
        let held = head.holds(&body);
        match (self.phase, head.name.as_str()) {
            (Phase::Start, "start") if got == 0 && held.is_ok() => match start(&body) {
                Ok(start) => {
                    self.phase = Phase::Chunks;
                    self.go_on(head);
                    Some(Piece::Start(start))
                }
                Err(error) => self.die(error),
            },
            (Phase::Start, _) => self.die(PackError::NotAPack),
            (_, "end") => {
                self.phase = Phase::Ended;
                match held.and_then(|()| Ok(codec::decode::<PackEnd>(&body)?)) {
                    Ok(end) => Some(Piece::End(self.sealed(end))),
                    Err(error) => damage(None, error),
                }
            }
            _ => {
                self.go_on(head);
                match (held, place) {
                    (Ok(()), Some(place)) => {
                        let content = head.content;
                        Some(Piece::Chunk(Chunk { place, bytes: body, content }))
                    }
                    (Ok(()), None) => damage(None, PackError::UnknownPlace),
                    (Err(error), place) => damage(place, error),
                }
            }
        }
    }

    fn go_on(&mut self, head: &FrameHead) {
        self.chain = head.chain(&self.chain);
        self.next = self.next.saturating_add(1);
    }

    fn sealed(&self, end: PackEnd) -> Sealed {
        let signed = self.holds(&end);
        let PackEnd { id, frames, maker, party, .. } = end;
        Sealed { id, frames, maker, party, signed }
    }

    fn holds(&self, end: &PackEnd) -> Result<(), PackError> {
        if !self.whole {
            return Err(PackError::Incomplete);
        }
        if end.frames != self.next {
            return Err(PackError::Count { expected: self.next, got: end.frames });
        }
        if end.id != self.chain {
            return Err(PackError::Id { expected: self.chain, got: end.id });
        }
        end.maker.verify(&end.signing_bytes(), &end.signature).map_err(PackError::Signature)
    }

    fn behind_the_end(&mut self) -> Option<Piece> {
        if self.rest().is_empty() {
            return None;
        }
        self.die(PackError::Surplus)
    }

    fn cut_off(&mut self) -> Option<Piece> {
        if let Some(damage) = self.what_was_lost() {
            return Some(damage);
        }
        let none = self.phase == Phase::Start;
        self.die(if none { PackError::NotAPack } else { PackError::Truncated })
    }

    fn die(&mut self, error: PackError) -> Option<Piece> {
        let at = if self.phase == Phase::Start { 0 } else { self.at };
        self.phase = Phase::Dead;
        (self.bytes, self.done) = (Vec::new(), 0);
        Some(Piece::Damage(Damage { at, place: None, error }))
    }
}

fn start(body: &[u8]) -> Result<PackStart, PackError> {
    let start: PackStart = codec::decode(body)?;
    start.bounds().map_err(PackError::Bounds)?;
    Ok(start)
}
