//! Sealed reports: taken in from anybody, handed to the party that they are for.
//!
//! A letter is taken for a party of the ledger that has a report key. It is handed out to whoever
//! signs for the party, and removed by the ticket that only the letter's reader has; who signs is
//! not asked then. What does not open has no ticket, and is thrown away for whoever signs that for
//! the party: else anybody could fill a mailbox for good. A gateway that hides or keeps letters can be gone around by asking another one.

use super::paths::{absent, refused};
use super::reply::{cbor, done, refusal};
use super::source::Source;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::answer::{PARTY_PATH, StateAnswer};
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::party::Party;
use sealight_verify::report::{Collect, Discard, Letter, Take};
use sealight_verify::time::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// Most bytes of any request here: one to discard letters is the longest.
pub(super) const MAX_BODY: usize = Discard::MAX_LEN;
/// Requests here at once: they come from anybody and take turns at the mailboxes, so the writers'
/// places stay free of them.
pub(super) const CLERKS: usize = 8;

/// What is asked of a mailbox.
#[derive(Debug)]
pub(super) enum Mail {
    Put,
    Collect,
    Take,
    Discard,
}

impl Mail {
    /// Reads the segments of a `POST`.
    pub(super) fn post(segments: &[&str]) -> Option<Self> {
        match segments {
            ["report"] => Some(Self::Put),
            ["report", "collect"] => Some(Self::Collect),
            ["report", "take"] => Some(Self::Take),
            ["report", "discard"] => Some(Self::Discard),
            _ => None,
        }
    }

    /// Runs it; blocks.
    pub(super) fn run(self, ledger: &dyn Source, body: &[u8]) -> Response<Body> {
        match self {
            Self::Put => put(ledger, body),
            Self::Collect => collect(ledger, body),
            Self::Take => take(ledger, body),
            Self::Discard => discard(ledger, body),
        }
    }
}

fn put(ledger: &dyn Source, body: &[u8]) -> Response<Body> {
    let letter = match Letter::decode(body) {
        Ok(letter) => letter,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, "letter", error),
    };
    if letter.ledger != ledger.ledger() {
        return absent();
    }
    match party(ledger, &letter.party) {
        Some((_, party)) if party.report_key.is_some() => {
            ledger.files().mailbox().put(&letter).map_or_else(|error| refused(&error), |()| done())
        }
        _ => absent(),
    }
}

fn collect(ledger: &dyn Source, body: &[u8]) -> Response<Body> {
    let request: Collect = match codec::decode(body) {
        Ok(request) => request,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, "letter", error),
    };
    let known = party(ledger, &request.party).filter(|_| request.ledger == ledger.ledger());
    let asks = known.is_some_and(|(height, party)| request.is_by(&party, height, now()));
    if !asks {
        return not_asked();
    }
    match ledger.files().mailbox().page(&request.party, request.after) {
        Ok(page) => cbor(codec::encode(&page), "no-store"),
        Err(error) => refused(&error),
    }
}

fn take(ledger: &dyn Source, body: &[u8]) -> Response<Body> {
    let take: Take = match codec::decode(body) {
        Ok(take) => take,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, "letter", error),
    };
    if let Err(error) = take.bounds() {
        return refusal(StatusCode::BAD_REQUEST, "letter", error);
    }
    let mailbox = ledger.files().mailbox();
    mailbox.take(&take.party, &take.tickets).map_or_else(|error| refused(&error), |()| done())
}

fn discard(ledger: &dyn Source, body: &[u8]) -> Response<Body> {
    let request: Discard = match codec::decode(body) {
        Ok(request) => request,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, "letter", error),
    };
    if let Err(error) = request.bounds() {
        return refusal(StatusCode::BAD_REQUEST, "letter", error);
    }
    let known = party(ledger, &request.party).filter(|_| request.ledger == ledger.ledger());
    if !known.is_some_and(|(height, party)| request.is_by(&party, height, now())) {
        return not_asked();
    }
    let mailbox = ledger.files().mailbox();
    mailbox
        .discard(&request.party, &request.letters)
        .map_or_else(|error| refused(&error), |()| done())
}

fn not_asked() -> Response<Body> {
    refusal(StatusCode::FORBIDDEN, "signature", "not signed for this party, or not now")
}

/// A party as the newest state has it, with the height that it is proven under.
fn party(ledger: &dyn Source, id: &PartyId) -> Option<(u64, Party)> {
    let (height, answer) = ledger.answer(PARTY_PATH, &id.0, 0)?;
    let answer: StateAnswer = codec::decode(&answer).ok()?;
    let part = answer.parties.into_iter().find(|part| part.id == *id)?;
    Some((height, codec::decode(&part.part.value?).ok()?))
}

/// The system clock: requests are bound to their time.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
