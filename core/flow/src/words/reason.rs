//! Refusals in people's words: one code and one text for each rule of the verifier.

use sealight_verify::chain::AcceptError;
use sealight_verify::comet::CometError;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Contradiction, NotLookedAt, NotOnLedger, Unproven};

/// Code of a reason for "not on the ledger", as in documents; its text is `reason.CODE`.
pub fn not_on_ledger_code(reason: &NotOnLedger) -> &'static str {
    match reason {
        NotOnLedger::NoSuchLot { .. } => "no-such-lot",
        NotOnLedger::PastTheLot { .. } => "past-the-lot",
        NotOnLedger::SecretNotCommitted { .. } => "secret-not-committed",
        NotOnLedger::CodeNotIndexed => "code-not-indexed",
        NotOnLedger::NoIndex => "no-index",
    }
}

/// Code of a reason for "contradicted"; its text is `reason.CODE`.
pub fn contradiction_code(reason: &Contradiction) -> &'static str {
    match reason {
        Contradiction::ForeignNamespace { .. } => "foreign-namespace",
        Contradiction::LabelDiffers { .. } => "label-differs",
        Contradiction::NotAnIssuer { .. } => "not-an-issuer",
        Contradiction::TwoItems => "two-items",
    }
}

/// Code of a reason for "unproven"; its text is `reason.CODE`, what shoppers read
/// `unproven.CODE`.
pub fn unproven_code(reason: &Unproven) -> &'static str {
    match reason {
        Unproven::NotFound => "not-found",
        Unproven::NoNetwork => "no-network",
        Unproven::NoAnswerYet => "no-answer-yet",
        Unproven::DataMissing { .. } => "data-missing",
        Unproven::EventsMissing { .. } => "events-missing",
        Unproven::AppTooOld(_) => "app-too-old",
        Unproven::LedgerUnknown { .. } => "ledger-unknown",
        Unproven::KeyWithdrawn { .. } => "key-withdrawn",
        Unproven::Header(error) => header_code(error),
        Unproven::BadProof(_) => "bad-proof",
    }
}

fn header_code(error: &AcceptError) -> &'static str {
    match error {
        AcceptError::NoTrust => "header-no-trust",
        AcceptError::Frozen { .. } | AcceptError::Fork(_) => "header-fork",
        AcceptError::Rule(CometError::FromFuture { .. }) => "header-from-future",
        AcceptError::Rule(CometError::TrustExpired { .. }) => "header-trust-expired",
        _ => "header-not-accepted",
    }
}

/// Code of something that a verdict says nothing about; its text is `not-looked-at.CODE`.
pub fn not_looked_at_code(what: &NotLookedAt) -> &'static str {
    match what {
        NotLookedAt::ScansElsewhere => "scans-elsewhere",
        NotLookedAt::Contents => "contents",
        NotLookedAt::SinceThen => "since-then",
        NotLookedAt::StrongerCarrier { .. } => "stronger-carrier",
        NotLookedAt::TheSeal => "the-seal",
    }
}

/// Whether a carrier is a chip that is held to a reader.
pub(crate) fn is_chip(carrier: Carrier) -> bool {
    matches!(carrier, Carrier::Nfc | Carrier::NfcTap | Carrier::NfcChallenge)
}
