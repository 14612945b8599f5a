//! One bounded HTTP exchange (reqwest, blocking, over rustls with ring and the Mozilla roots).
//!
//! Blocks the calling thread until the answer is there, the budget is used up, or the caller
//! cancels: cancelling is asked before sending and between two reads, so it takes effect within
//! `Timeouts::read`. The first exchange starts reqwest's own network thread, which lives as long as
//! the client. HTTP/1.1 only; no redirects, compression, cookies, referer or system proxy, on all
//! platforms alike. Certificates are checked against the built-in Mozilla roots, never the
//! platform's, so that every device refuses the same.

use super::error::{NetError, one_line};
use crate::cancel::Cancel;
use crate::clock::Budget;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::{Method, StatusCode, redirect};
use sealight_tag::deadline::Deadline;
use std::io::Read;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What every device says it is; no version, platform or device in it.
const USER_AGENT: &str = "sealight";
/// Most bytes of an error body that are looked at.
const ERROR_BODY: usize = 16 * 1024;

/// CometBFT answers `broadcast_tx_commit` after a block, or gives up after 10 s.
const BLOCK_WAIT: Duration = Duration::from_secs(15);

/// How long an exchange may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To resolve the name and connect.
    pub connect: Duration,
    /// To the first byte, and between two reads.
    pub read: Duration,
    /// In all, and at most one wait more.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            read: Duration::from_secs(8),
            total: Duration::from_secs(20),
        }
    }
}

/// An HTTP client; made once, shared by all gateways.
#[derive(Debug)]
pub struct Http {
    timeouts: Timeouts,
    client: OnceLock<Result<Client, NetError>>,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) verb: Verb<'a>,
    /// Whole address, query included.
    pub(super) address: &'a str,
    /// Most bytes of the answer's body.
    pub(super) limit: usize,
    /// Whether the answer waits for a block, so that patience is [`BLOCK_WAIT`] longer.
    pub(super) waits_for_block: bool,
}

/// How an exchange failed, and what is known of the request.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: NetError,
    /// Whether it left, so that it may have arrived and been done.
    pub(super) sent: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Verb<'a> {
    Get,
    Post { body: &'a [u8], json: bool },
    Put { body: &'a [u8] },
}

impl Http {
    /// A client; nothing is set up or sent before the first request.
    pub fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, client: OnceLock::new() }
    }

    /// The body of any answer, with its status; CometBFT sends errors as JSON with status 500.
    ///
    /// Where somebody waits it ends `within` a budget, and does not begin after that.
    pub(super) fn exchange(
        &self,
        request: Request<'_>,
        within: Option<Budget>,
        cancel: &Cancel,
    ) -> Result<(StatusCode, Vec<u8>), Failed> {
        if cancel.is_cancelled() {
            return Err(Failed::unsent(NetError::Cancelled));
        }
        let patience = self.patience(request, within);
        if patience.total.is_zero() {
            return Err(Failed::unsent(NetError::TimedOut));
        }
        let budget = Budget::of(patience.total);
        let mut response = self.send(request, &patience)?;
        let status = response.status();
        let honest = status.is_success();
        let limit = if honest { request.limit } else { ERROR_BODY.min(request.limit) };
        match read_body(&mut response, limit, &budget, cancel) {
            Ok(body) => Ok((status, body)),
            // What an error says is for people only: its status counts, however long it is.
            Err(NetError::TooLarge { .. }) if !honest => Ok((status, Vec::new())),
            Err(error) => Err(Failed::sent(error)),
        }
    }

    /// How long this exchange may take.
    fn patience(&self, request: Request<'_>, within: Option<Budget>) -> Timeouts {
        let extra = if request.waits_for_block { BLOCK_WAIT } else { Duration::ZERO };
        let left = within.map_or(Duration::MAX, |budget| budget.left());
        Timeouts {
            connect: self.timeouts.connect,
            read: self.timeouts.read.saturating_add(extra),
            total: self.timeouts.total.saturating_add(extra).min(left),
        }
    }

    fn send(&self, request: Request<'_>, patience: &Timeouts) -> Result<Response, Failed> {
        let client = self.client.get_or_init(|| client(&self.timeouts)).as_ref();
        let client = client.map_err(|error| Failed::unsent(error.clone()))?;
        let mut builder = match request.verb {
            Verb::Get => client.get(request.address),
            Verb::Post { body, json } => with_body(client, Method::POST, request, body, json),
            Verb::Put { body } => with_body(client, Method::PUT, request, body, false),
        };
        // reqwest's timeout of a client is for each wait, that of a request is also for all of it,
        // however steadily a long body comes in: so it is set only where less than one wait is
        // left, and for the short answers that wait for a block.
        let whole = patience.read.min(patience.total);
        if whole != self.timeouts.read {
            builder = builder.timeout(whole);
        }
        builder.send().map_err(|error| Failed {
            // Nothing leaves before there is a connection.
            sent: !(error.is_builder() || error.is_connect()),
            error: of_reqwest(&error),
        })
    }
}

impl Failed {
    pub(super) fn unsent(error: NetError) -> Self {
        Self { error, sent: false }
    }

    pub(super) fn sent(error: NetError) -> Self {
        Self { error, sent: true }
    }
}

impl From<Failed> for NetError {
    fn from(failed: Failed) -> Self {
        failed.error
    }
}

fn with_body(
    client: &Client,
    method: Method,
    request: Request<'_>,
    body: &[u8],
    json: bool,
) -> RequestBuilder {
    let kind = if json { "application/json" } else { "application/octet-stream" };
    client.request(method, request.address).header("content-type", kind).body(body.to_vec())
}

fn client(timeouts: &Timeouts) -> Result<Client, NetError> {
    let failed = |error: &dyn core::fmt::Display| NetError::Setup { why: error.to_string() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .use_preconfigured_tls(tls)
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.read)
        .pool_max_idle_per_host(2)
        .build()
        .map_err(|error| failed(&error))
}

/// Reads to the end, or to one byte past the limit.
fn read_body(
    response: &mut Response,
    limit: usize,
    budget: &Budget,
    cancel: &Cancel,
) -> Result<Vec<u8>, NetError> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(NetError::TooLarge { limit });
    }
    // An announced length is a promise, not a reason to allocate.
    let mut body = Vec::with_capacity(announced.min(64 * 1024) as usize);
    let mut chunk = [0u8; 16 * 1024];
    loop {
        if cancel.is_cancelled() {
            return Err(NetError::Cancelled);
        }
        if budget.expired() {
            return Err(NetError::TimedOut);
        }
        let got = response.read(&mut chunk).map_err(|error| of_io(&error))?;
        let Some(read) = chunk.get(..got).filter(|read| !read.is_empty()) else {
            return Ok(body);
        };
        if body.len() + read.len() > limit {
            return Err(NetError::TooLarge { limit });
        }
        body.extend_from_slice(read);
    }
}

fn of_io(error: &std::io::Error) -> NetError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    match inner {
        Some(inner) => of_reqwest(inner),
        None if error.kind() == std::io::ErrorKind::TimedOut => NetError::TimedOut,
        None => NetError::Unreachable { why: one_line(error.to_string().as_bytes()) },
    }
}

fn of_reqwest(error: &reqwest::Error) -> NetError {
    if error.is_timeout() {
        return NetError::TimedOut;
    }
    // The innermost cause has the fact; the outer ones repeat the address.
    let mut cause: &dyn core::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    NetError::Unreachable { why: one_line(cause.to_string().as_bytes()) }
}
