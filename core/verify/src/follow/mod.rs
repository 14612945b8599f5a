//! Following the log: what somebody who reads every entry holds, proves, and is told of.
//!
//! A [`Follower`] holds the edge of the log up to some size, the head that it was last proven
//! under, and what the volumes of parties were. [`Follower::take`] proves a page of entries against
//! an accepted header and returns the follower after it with its findings: it remembers nothing by
//! itself. Whoever keeps each follower before asking for the next page is told of every entry at
//! least once.
//!
//! An entry of the log was judged by a quorum of validators; a follower looks for what a rule
//! cannot refuse: a name like one's own, a key that was changed, a lot of unusual size, another
//! lot than the party itself knows of. Without followers the log protects nobody.

mod error;
mod finding;
mod history;
mod likeness;
mod names;
mod watch;

pub use error::FollowError;
pub use finding::{Finding, Weight, What};
pub use history::Volume;
pub use likeness::alike;
pub use names::{Names, Party};
pub use watch::Watch;

use crate::chain::TrustedHeader;
use crate::codec::Versioned;
use crate::format::entry::log_leaf;
use crate::format::ids::LedgerId;
use crate::format::log::LogPage;
use crate::hash::{Hash32, Sm3};
use crate::time::Timestamp;
use crate::tree::Siblings;
use crate::tree::log::{empty_root, verify_consistency};
use crate::tree::peaks::Peaks;
use alloc::vec::Vec;
use history::History;
use minicbor::{Decode, Encode};

/// A header under which the whole log was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct SeenHead {
    /// Its height.
    #[n(0)]
    pub height: u64,
    /// Its hash.
    #[n(1)]
    pub hash: Hash32,
    /// Its time.
    #[n(2)]
    pub time: Timestamp,
    /// Entries of the log under it.
    #[n(3)]
    pub log_size: u64,
}

/// Where somebody who follows the log stands.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Follower {
    /// Format version, 1.
    #[n(0)]
    version: u8,
    #[n(1)]
    ledger: LedgerId,
    /// Entries read.
    #[n(2)]
    size: u64,
    /// The edge of the log of these.
    #[n(3)]
    edge: Siblings,
    /// The newest head up to which all was read.
    #[n(4)]
    head: Option<SeenHead>,
    #[n(5)]
    names: Names,
    #[n(6)]
    history: History,
}

impl Versioned for Follower {
    const NAME: &'static str = "follower";
    const MAX_LEN: usize = 64 * 1024 * 1024;
}

/// A page that was proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Where the follower stands now.
    pub follower: Follower,
    /// What it is told of, in the order of the log.
    pub findings: Vec<Finding>,
    /// Whether the log under the header is read to its end.
    pub whole: bool,
}

impl Follower {
    /// A follower that has read nothing yet.
    pub fn new(ledger: LedgerId) -> Self {
        let (names, history) = (Names::default(), History::default());
        Self { version: 1, ledger, size: 0, edge: Siblings::default(), head: None, names, history }
    }

    /// The ledger.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// Entries read: the place of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The newest head up to which all was read.
    pub fn head(&self) -> Option<&SeenHead> {
        self.head.as_ref()
    }

    /// Parties that were registered in the log, by what they may speak for.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Takes the next page under an accepted header.
    ///
    /// # Errors
    /// What of the page is not proven: a bad gateway, unless [`FollowError::proves_a_rewrite`].
    pub fn take(
        &self,
        page: &LogPage,
        header: &TrustedHeader,
        watch: &Watch,
    ) -> Result<Taken, FollowError> {
        under_the_header(page, header)?;
        self.not_shorter(page)?;
        self.goes_on(page)?;
        let mut edge = self.edge()?;
        page.entries.iter().for_each(|entry| edge.append(log_leaf(entry)));
        self.one_log(page, &edge)?;
        let mut next = self.clone();
        next.history.look(header.time(), self.head.map(|head| head.time));
        let mut findings = Vec::new();
        for (place, entry) in (page.from..).zip(&page.entries) {
            next.read(place, entry, header, watch, &mut findings);
        }
        (next.size, next.edge) = (edge.size(), edge.hashes().to_vec().into());
        let whole = next.size == page.roots.log_size;
        if whole {
            let (height, hash, time) = (header.height(), header.hash(), header.time());
            next.head = Some(SeenHead { height, hash, time, log_size: next.size });
        }
        Ok(Taken { follower: next, findings, whole })
    }

    fn edge(&self) -> Result<Peaks<Sm3>, FollowError> {
        Peaks::of(self.size, self.edge.0.clone()).ok_or(FollowError::Damaged)
    }

    /// A log never grows shorter.
    fn not_shorter(&self, page: &LogPage) -> Result<(), FollowError> {
        let (have, got) = (self.size, page.roots.log_size);
        if got < have { Err(FollowError::Shorter { have, got }) } else { Ok(()) }
    }

    /// The page begins where the follower stands, and leads on where there is more.
    fn goes_on(&self, page: &LogPage) -> Result<(), FollowError> {
        let (expected, got) = (self.size, page.from);
        if got != expected {
            return Err(FollowError::OtherPlace { expected, got });
        }
        let (left, count) = (page.roots.log_size - got, page.entries.len() as u64);
        match count {
            0 if left > 0 => Err(FollowError::Withheld { left }),
            count if count > left => Err(FollowError::PastTheEnd { left, got: count }),
            _ => Ok(()),
        }
    }

    /// What was read before, and these entries, are the beginning of the log under the header.
    fn one_log(&self, page: &LogPage, edge: &Peaks<Sm3>) -> Result<(), FollowError> {
        let roots = &page.roots;
        let (size, root) = (edge.size(), edge.root());
        if page.entries.is_empty() && root != roots.log_root {
            // Nothing new, and yet another log: the header alone shows it.
            return Err(FollowError::Rewritten { size, read: root, got: roots.log_root });
        }
        if size == 0 {
            let empty = roots.log_root == empty_root::<Sm3>() && page.path.is_empty();
            return if empty { Ok(()) } else { Err(FollowError::NotEmpty) };
        }
        verify_consistency::<Sm3>(size, &root, roots.log_size, &roots.log_root, &page.path)
            .map_err(FollowError::Inconsistent)
    }
}

/// The roots are those of the header.
fn under_the_header(page: &LogPage, header: &TrustedHeader) -> Result<(), FollowError> {
    let (expected, got) = (header.app_hash(), page.roots.app_hash());
    if page.height == header.height() && got == expected {
        return Ok(());
    }
    Err(FollowError::OtherRoots { expected, got })
}

#[cfg(test)]
mod tests;
