//! One gateway and the paths that it serves.
//!
//! Blocks and is cancelled as [`super::http`] says. Reading paths are CometBFT's own (`/status`,
//! `/commit`, `/validators`, `/abci_query`) and immutable or signed files beside them. What comes
//! back is bytes within a bound that fits the path; nothing is believed.

use super::entry::NotEntered;
use super::error::NetError;
use super::files::{self, Files};
use super::http::{Failed, Http, Request, Verb};
use super::rpc::{self, Queried, Status};
use super::url::GatewayUrl;
use crate::cancel::Cancel;
use crate::clock::{self, Budget};
use sealight_verify::codec::Versioned;
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::pack::{MAX_BODY, PackHead, Place};
use sealight_verify::format::picture;
use sealight_verify::hash::Hash32;
use sealight_verify::report::Page;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Validators to a page, CometBFT's largest.
const PAGE: u32 = 100;
/// Most validators of one set that are fetched.
const MAX_VALIDATORS: u32 = 1000;

/// How long a gateway is taken for a site before it is asked a call again: a node looks like one
/// while it is away, behind a web server that stays.
const SITE: Duration = Duration::from_secs(3600);

/// Bounds of bodies, each some times what an honest answer has.
mod limits {
    pub(super) const STATUS: usize = 64 * 1024;
    pub(super) const COMMIT: usize = 1024 * 1024;
    pub(super) const VALIDATORS: usize = 256 * 1024;
    /// The longest state answer is 4 MiB, in base64.
    pub(super) const QUERY: usize = 6 * 1024 * 1024;
    pub(super) const SIGNED: usize = 1024 * 1024;
    pub(super) const SUBMITTED: usize = 64 * 1024;
}

/// A gateway: an address and the client to reach it.
#[derive(Debug, Clone)]
pub struct Gateway {
    url: GatewayUrl,
    door: Door,
    /// When it last showed that it has files and answers no calls; known for a clone as well.
    site_since: Arc<Mutex<Option<Instant>>>,
    /// What its exchanges end within, where somebody waits.
    budget: Option<Budget>,
}

#[derive(Debug, Clone)]
enum Door {
    Http(Arc<Http>),
    Files(Files),
}

/// Which height's header is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// The newest that the gateway has.
    Latest,
    /// That of this height.
    At(u64),
}

/// Where an entry was entered, as the gateway says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submitted {
    /// Height of its block.
    pub height: u64,
}

impl Gateway {
    /// A gateway at this address; nothing is sent yet.
    pub fn new(url: GatewayUrl, http: Arc<Http>) -> Self {
        let door = match url.file() {
            Some(path) => Door::Files(Files::new(path)),
            None => Door::Http(http),
        };
        Self { url, door, site_since: Arc::default(), budget: None }
    }

    /// The same, asked for no longer than a budget lasts: an exchange that goes on until its end
    /// has timed out, and none begins after it. Files of this device are read all the same.
    #[must_use]
    pub fn within(&self, budget: Option<Budget>) -> Self {
        Self { budget, ..self.clone() }
    }

    /// The budget that it is asked within, if any.
    pub fn budget(&self) -> Option<Budget> {
        self.budget
    }

    /// Its address.
    pub fn url(&self) -> &GatewayUrl {
        &self.url
    }

    /// Whether it has files and answers no calls, as far as is known.
    pub fn is_site(&self) -> bool {
        matches!(self.door, Door::Files(_)) || self.site_since().is_some()
    }

    /// After a call that nobody answered: whether there are files instead; remembered until a call is
    /// answered, which [`Gateway::file`] sees to.
    pub(crate) fn turns_out_a_site(&self, error: &NetError, cancel: &Cancel) -> bool {
        let unanswered = matches!(error, NetError::Status { code: 403..=405, .. });
        if unanswered && !self.is_site() && self.pack_head(cancel).is_ok() {
            self.note_site(Some(clock::monotonic()));
        }
        self.is_site()
    }

    /// Asks what is taken for a site a call again, once an hour. It is one until it answers, so that
    /// nobody who reads its files comes to calls that nobody answers.
    fn look_for_a_node(&self, cancel: &Cancel) {
        let now = clock::monotonic();
        let is_due = |since: Instant| now.saturating_duration_since(since) >= SITE;
        if self.site_since().is_some_and(is_due) {
            self.note_site(self.status(cancel).is_err().then_some(now));
        }
    }

    fn site_since(&self) -> Option<Instant> {
        *self.site_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_site(&self, since: Option<Instant>) {
        *self.site_since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    /// The file at a place, as it came. Where the files of a site begin is asked for before all others:
    /// with that, once an hour, whether it answers calls by now.
    ///
    /// # Errors
    /// The network's or the file system's, and what the gateway answers instead; see [`NetError`].
    /// Of these only one that [`NetError::says_absent`] tells that nothing is there.
    pub fn file(&self, place: &Place, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        if *place == Place::Head {
            self.look_for_a_node(cancel);
        }
        self.fetch_file(place, MAX_BODY, cancel)
    }

    /// Where its files begin.
    ///
    /// # Errors
    /// The network's or the file system's, and [`NetError::Status`] where nothing is there; see
    /// [`NetError`]. [`NetError::Malformed`] for what is no head.
    pub fn pack_head(&self, cancel: &Cancel) -> Result<PackHead, NetError> {
        files::pack_head(&self.fetch_file(&Place::Head, PackHead::MAX_LEN, cancel)?)
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// The network's, what the gateway answers instead, and [`NetError::Malformed`] for what is no
    /// status; see [`NetError`].
    pub fn status(&self, cancel: &Cancel) -> Result<Status, NetError> {
        rpc::status(&self.fetch("/status", limits::STATUS, cancel)?)
    }

    /// The answer to `/commit` as it came.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn commit(&self, which: Committed, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        let path = match which {
            Committed::Latest => "/commit".to_owned(),
            Committed::At(height) => format!("/commit?height={height}"),
        };
        self.fetch(&path, limits::COMMIT, cancel)
    }

    /// One page of `/validators` as it came; pages count from 1 and hold 100.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn validators(&self, height: u64, page: u32, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        let path = format!("/validators?height={height}&page={page}&per_page={PAGE}");
        self.fetch(&path, limits::VALIDATORS, cancel)
    }

    /// The pages of `/validators` that a set of `total` members takes; at most 1,000 members.
    pub fn pages(total: u32) -> std::ops::RangeInclusive<u32> {
        1..=total.clamp(1, MAX_VALIDATORS).div_ceil(PAGE)
    }

    /// Asks the application; `height` 0 is its newest.
    ///
    /// # Errors
    /// The network's, [`NetError::Refused`] where the application refuses, what the gateway answers
    /// instead, and [`NetError::Malformed`] for what is no answer to a query; see [`NetError`].
    pub fn query(
        &self,
        path: &str,
        data: &[u8],
        height: u64,
        cancel: &Cancel,
    ) -> Result<Queried, NetError> {
        let mut address = format!("/abci_query?path=%22{path}%22&height={height}&data=0x");
        for byte in data {
            // Writing to a String cannot fail.
            let _ = write!(address, "{byte:02x}");
        }
        rpc::query(&self.fetch(&address, limits::QUERY, cancel)?)
    }

    /// A bucket file of the lot with this root.
    ///
    /// # Errors
    /// The network's or the file system's, and [`NetError::Status`] where nothing is there; see
    /// [`NetError`].
    pub fn bucket(&self, root: &Hash32, bucket: u32, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        self.fetch_file(&Place::Bucket(*root, bucket), Bucket::MAX_LEN, cancel)
    }

    /// The file of a picture, as it came: it proves itself by its hash.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn picture(&self, hash: &Hash32, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        self.fetch_file(&Place::Picture(*hash), picture::MAX_LEN, cancel)
    }

    /// Uploads the file of a picture.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn upload_picture(
        &self,
        hash: &Hash32,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<(), NetError> {
        self.put(&format!("/picture/{hash}"), bytes, cancel).map(|_| ())
    }

    /// The newest signed checkpoint of a ledger.
    ///
    /// # Errors
    /// The network's or the file system's, and [`NetError::Status`] where nothing is there; see
    /// [`NetError`].
    pub fn checkpoint(&self, ledger: &LedgerId, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        self.fetch_file(&Place::Checkpoint(*ledger), limits::SIGNED, cancel)
    }

    /// The signed trust file of one version.
    ///
    /// # Errors
    /// The network's or the file system's, and [`NetError::Status`] where nothing is there; see
    /// [`NetError`].
    pub fn trust_file(&self, version: u64, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        self.fetch_file(&Place::Trust(version), limits::SIGNED, cancel)
    }

    /// The newest signed trust file; taken only where it follows the one before.
    ///
    /// # Errors
    /// The network's or the file system's, and [`NetError::Status`] where nothing is there; see
    /// [`NetError`]. Where neither it nor a head that leads to it is there, what the gateway
    /// answered first.
    pub fn newest_trust_file(&self, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        let error = match self.is_site() {
            true => NetError::Status { code: 404, text: String::new() },
            false => match self.fetch("/trust", limits::SIGNED, cancel) {
                Ok(signed) => return Ok(signed),
                Err(error) => error,
            },
        };
        // A folder `trust` has no file of that name beside it.
        let moved = matches!(error, NetError::Status { code: 301..=308 | 403..=405, .. });
        match moved.then(|| self.pack_head(cancel)) {
            Some(Ok(head)) => self.trust_file(head.trust, cancel),
            _ => Err(error),
        }
    }

    /// Sends an entry and waits for its block (`broadcast_tx_commit`).
    ///
    /// # Errors
    /// [`NotEntered::Refused`] where the application or the block refuses it,
    /// [`NotEntered::NotTaken`] where it did not leave or was turned away, and
    /// [`NotEntered::Unknown`] for all that may come after it was entered.
    pub fn submit(&self, entry: &[u8], cancel: &Cancel) -> Result<Submitted, NotEntered> {
        let body = rpc::broadcast_request(entry);
        let request = Request {
            verb: Verb::Post { body: &body, json: true },
            address: self.url.as_str(),
            limit: limits::SUBMITTED,
            waits_for_block: true,
        };
        let (_, answer) = self.exchange(request, cancel).map_err(NotEntered::of_exchange)?;
        let sent = rpc::broadcast(&answer).map_err(NotEntered::of_answer)?;
        Ok(Submitted { height: sent.height })
    }

    /// Uploads a bucket file of a lot that is not anchored yet.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn upload(
        &self,
        root: &Hash32,
        bucket: u32,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<(), NetError> {
        self.put(&format!("/lot/{root}/{bucket}"), bytes, cancel).map(|_| ())
    }

    /// Uploads the codes of one prefix of an index.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn upload_codes(
        &self,
        root: &Hash32,
        bits: u8,
        prefix: u32,
        bytes: &[u8],
        cancel: &Cancel,
    ) -> Result<(), NetError> {
        self.put(&format!("/index/{root}/{bits}/{prefix}"), bytes, cancel).map(|_| ())
    }

    /// Asks the members behind the gateway for their storage receipts, after all files are there: a
    /// CBOR list.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn receipts(
        &self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, NetError> {
        let address = format!("{}/lot/{root}/receipt?lot={lot}&size={size}", self.url);
        let request = Request {
            verb: Verb::Post { body: &[], json: false },
            address: &address,
            limit: limits::SUBMITTED,
            waits_for_block: true,
        };
        self.answer(request, cancel)
    }

    /// Brings a sealed report.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn put_letter(&self, letter: &[u8], cancel: &Cancel) -> Result<(), NetError> {
        self.hand_in("/report", letter, cancel)
    }

    /// Asks for a page of a party's letters.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn collect_letters(&self, request: &[u8], cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        self.post("/report/collect", request, Page::MAX_LEN, cancel).map(|(_, body)| body)
    }

    /// Takes letters off a party's mailbox.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn take_letters(&self, take: &[u8], cancel: &Cancel) -> Result<(), NetError> {
        self.hand_in("/report/take", take, cancel)
    }

    /// Throws letters of a party away.
    ///
    /// # Errors
    /// The network's, and what the gateway answers instead; see [`NetError`].
    pub fn discard_letters(&self, request: &[u8], cancel: &Cancel) -> Result<(), NetError> {
        self.hand_in("/report/discard", request, cancel)
    }

    fn fetch_file(
        &self,
        place: &Place,
        limit: usize,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, NetError> {
        match &self.door {
            Door::Http(_) => self.fetch(&place.to_string(), limit, cancel),
            Door::Files(files) => files.read(place, limit, cancel),
        }
    }

    fn fetch(&self, path: &str, limit: usize, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        let address = format!("{}{path}", self.url);
        let verb = Verb::Get;
        let request = Request { verb, address: &address, limit, waits_for_block: false };
        self.answer(request, cancel)
    }

    /// Posts what a mailbox answers with 204 once it is done: a page of somebody in between comes with
    /// 200 and has done nothing.
    fn hand_in(&self, path: &str, body: &[u8], cancel: &Cancel) -> Result<(), NetError> {
        match self.post(path, body, limits::SUBMITTED, cancel)? {
            (204, _) => Ok(()),
            _ => Err(NetError::Malformed { what: "answer of a mailbox" }),
        }
    }

    fn post(
        &self,
        path: &str,
        body: &[u8],
        limit: usize,
        cancel: &Cancel,
    ) -> Result<(u16, Vec<u8>), NetError> {
        let address = format!("{}{path}", self.url);
        let verb = Verb::Post { body, json: false };
        let request = Request { verb, address: &address, limit, waits_for_block: false };
        Ok(self.exchange(request, cancel)?)
    }

    fn put(&self, path: &str, body: &[u8], cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        let address = format!("{}{path}", self.url);
        let verb = Verb::Put { body };
        let limit = limits::SUBMITTED;
        self.answer(Request { verb, address: &address, limit, waits_for_block: false }, cancel)
    }

    fn answer(&self, request: Request<'_>, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        Ok(self.exchange(request, cancel)?.1)
    }

    /// A good answer with its status.
    fn exchange(&self, request: Request<'_>, cancel: &Cancel) -> Result<(u16, Vec<u8>), Failed> {
        let Door::Http(http) = &self.door else {
            let text = "a file answers no calls".into();
            return Err(Failed::unsent(NetError::Status { code: 405, text }));
        };
        let (status, body) = http.exchange(request, self.budget, cancel)?;
        match status.as_u16() {
            code @ 200..=204 => Ok((code, body)),
            code => {
                let told = rpc::error_text(&body);
                let text = told.unwrap_or_else(|| super::error::one_line(&body));
                Err(Failed::sent(NetError::Status { code, text }))
            }
        }
    }
}

#[cfg(test)]
mod tests;
