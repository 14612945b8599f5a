//! The verdict as a document for programs: stable, versioned.
//!
//! Keys are only added under one `version`. Codes are in kebab-case; each reason stands with its
//! text in every language, by language tag. Times are UTC (RFC 3339), periods seconds, ids and
//! hashes lower-case hex.
//!
//! ```text
//! { "version": 1,
//!   "outcome": proven | proven-but | proven-stale | not-on-ledger | contradicted | unproven,
//!   "exit_code": 0 | 10 | 11 | 20 | 21 | 22,
//!   "case": the screen's case, such as "e1" or "recalled",
//!   "record": { "is": proven | not-on-ledger | contradicted | unproven,
//!     where proven: "item": {
//!       "ledger", "lot", "lot_title", "lot_size", "index", "number",
//!       "product", "category", "brand", "gtin", "serial", "batch", "expires",
//!       "carriers": [...], "fields": [{"key", "value"}], "private_fields": [{"key", "value"}],
//!       "issuer": {"id", "legal_name", "roles", "suspended_since"},
//!       "anchored": {"height", "at"}, "key_retired_since",
//!       "events": [{ "kind": trace | recall | recall-lifted, "entry", "entered": {"height", "at"},
//!         "by": {"id", "legal_name", "roles", "suspended_since"},
//!         "said_by": brand | independent | sensor, "key_withdrawn",
//!         where trace: "step", "at", "place", "items", "facts": [{"key", "value"}], "document",
//!         else: "notice" }] },
//!     else: "reason": { "code", "text": {"en", "zh-CN"}, "detail", facts of the code... } },
//!   "assurance": told | linked | quorum-final | quorum-final-with-state,
//!   "operators": fewest operators who together could have forged it, or null,
//!   "original": { "level": unknown | record-only | one-tap | codes-used-up | chip-maker |
//!                          tap-codes | challenge, "evidence": null | E1 | E2 | E3 | E4,
//!                 "guessable": true | false },
//!   "seal": unknown | intact | opened | reclosed,
//!   "life": { "is": unknown | key-withdrawn | not-applied | in-trade | sold | opened | void |
//!                   expired | recalled,
//!     where expired: "since", where recalled: "scope": item | lot | issuer, "by_authority",
//!     "at", "height", "notice", "by" },
//!   "as_of": { "height", "time", "age" } or null,
//!   "freshness": fresh | stale | too-old | clock-doubtful | unknown,
//!   "not_looked_at": [{ "code", "carrier" where it is stronger-carrier, "text": {...} }],
//!   "demo": whether it rests on the anchors of a demonstration }
//! ```

use crate::answer::Answer;
use crate::case::{Case, Told};
use crate::profile::Chips;
use crate::words::{
    Language, contradiction_code, not_looked_at_code, not_on_ledger_code, unproven_code,
};
use sealight_verify::chain::Assurance;
use sealight_verify::format::record::Field;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{
    Contradiction, Finding, Happening, Life, NotLookedAt, NotOnLedger, Original, ProvenEvent,
    ProvenItem, RecallShown, SealClaim, Unproven, Verdict,
};
use serde_json::{Map, Value, json};

/// Version of the document.
pub const VERSION: u32 = 1;

/// The document of a claim's verdict. It holds private fields where the seal was seen, and never
/// its secret.
pub fn verdict_json(claim: &SealClaim, verdict: &Verdict) -> Value {
    let answer = Answer::of(claim, verdict);
    let outcome = verdict.outcome();
    json!({
        "version": VERSION,
        "outcome": outcome,
        "exit_code": outcome.exit_code(),
        "case": Case::of(&answer, Told::HalfIsEnough, Chips::NONE).name(),
        "record": record(&verdict.record),
        "assurance": assurance(verdict.assurance),
        "operators": verdict.operators,
        "original": original(verdict.original),
        "seal": verdict.seal,
        "life": life(&verdict.life),
        "as_of": verdict.as_of,
        "freshness": verdict.freshness,
        "not_looked_at": verdict.not_looked_at.iter().map(not_looked_at).collect::<Vec<_>>(),
        "demo": verdict.demo,
    })
}

/// Texts of a key in every language, by tag.
fn texts(key: &str) -> Value {
    let text = |language: Language| (language.tag().to_owned(), language.words().text(key).into());
    Value::Object(Language::all().map(text).collect())
}

fn record(finding: &Finding) -> Value {
    match finding {
        Finding::Proven(item) => json!({ "is": "proven", "item": proven(item) }),
        Finding::NotOnLedger(reason) => {
            let facts = not_on_ledger_facts(reason);
            refused("not-on-ledger", not_on_ledger_code(reason), reason.to_string(), facts)
        }
        Finding::Contradicted(reason) => {
            let facts = contradiction_facts(reason);
            refused("contradicted", contradiction_code(reason), reason.to_string(), facts)
        }
        Finding::Unproven(reason) => {
            refused("unproven", unproven_code(reason), reason.to_string(), unproven_facts(reason))
        }
    }
}

fn refused(is: &str, code: &str, detail: String, facts: Value) -> Value {
    let mut reason = Map::new();
    reason.insert("code".into(), code.into());
    reason.insert("text".into(), texts(&format!("reason.{code}")));
    reason.insert("detail".into(), detail.into());
    if let Value::Object(facts) = facts {
        reason.extend(facts);
    }
    json!({ "is": is, "reason": reason })
}

fn not_on_ledger_facts(reason: &NotOnLedger) -> Value {
    match reason {
        NotOnLedger::NoSuchLot { lot } => json!({ "lot": lot }),
        NotOnLedger::PastTheLot { index, size } => json!({ "index": index, "lot_size": size }),
        NotOnLedger::SecretNotCommitted { lot, index } => json!({ "lot": lot, "index": index }),
        NotOnLedger::CodeNotIndexed | NotOnLedger::NoIndex => Value::Null,
    }
}

fn contradiction_facts(reason: &Contradiction) -> Value {
    match reason {
        Contradiction::ForeignNamespace { field, value } => {
            json!({ "field": field, "value": value })
        }
        Contradiction::LabelDiffers { field, label, record } => {
            json!({ "field": field, "label": label, "record": record })
        }
        Contradiction::NotAnIssuer { party } => json!({ "party": party }),
        Contradiction::TwoItems => Value::Null,
    }
}

fn unproven_facts(reason: &Unproven) -> Value {
    match reason {
        Unproven::EventsMissing { have, of } => json!({ "have": have, "of": of }),
        Unproven::DataMissing { what } => json!({ "what": what }),
        Unproven::LedgerUnknown { ledger } => json!({ "ledger": ledger }),
        Unproven::KeyWithdrawn { since, height } => json!({ "since": since, "height": height }),
        Unproven::NotFound
        | Unproven::NoNetwork
        | Unproven::NoAnswerYet
        | Unproven::AppTooOld(_)
        | Unproven::Header(_)
        | Unproven::BadProof(_) => Value::Null,
    }
}

fn proven(item: &ProvenItem) -> Value {
    let record = item.record();
    let number = TypedNumber { lot: *item.lot(), index: item.index() };
    json!({
        "ledger": item.ledger(),
        "lot": item.lot(),
        "lot_title": item.title(),
        "lot_size": item.lot_size(),
        "index": item.index(),
        "number": number.text(),
        "product": record.product,
        "category": record.category,
        "brand": record.brand,
        "gtin": record.gtin,
        "serial": record.serial,
        "batch": record.batch,
        "expires": record.expires,
        "carriers": record.carriers,
        "fields": fields(&record.fields),
        "private_fields": fields(item.private_fields()),
        "issuer": speaker(item.issuer()),
        "anchored": item.anchored(),
        "key_retired_since": item.key_retired(),
        "events": item.events().iter().map(event).collect::<Vec<_>>(),
    })
}

fn fields(fields: &[Field]) -> Value {
    fields.iter().map(|field| json!({ "key": field.key, "value": field.value })).collect()
}

fn speaker(speaker: &sealight_verify::judge::Speaker) -> Value {
    json!({
        "id": speaker.id,
        "legal_name": speaker.legal_name,
        "roles": speaker.roles,
        "suspended_since": speaker.suspended,
    })
}

fn event(event: &ProvenEvent) -> Value {
    let mut document = Map::new();
    let mut put = |key: &str, value: Value| document.insert(key.into(), value);
    match &event.what {
        Happening::Trace(trace) => {
            put("kind", "trace".into());
            put("step", json!(trace.step));
            put("at", json!(trace.at));
            put("place", json!(trace.place));
            put("items", json!(trace.items));
            put("facts", fields(&trace.facts));
            put("document", json!(trace.document.map(|hash| hash.to_string())));
        }
        Happening::Recall { recalled, notice } => {
            put("kind", if *recalled { "recall" } else { "recall-lifted" }.into());
            put("notice", json!(notice));
        }
    }
    put("entry", json!(event.entry.to_string()));
    put("entered", json!(event.entered));
    put("by", speaker(&event.by));
    put("said_by", json!(event.said_by));
    put("key_withdrawn", json!(event.key_withdrawn));
    Value::Object(document)
}

fn assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Told => "told",
        Assurance::Linked => "linked",
        Assurance::QuorumFinal => "quorum-final",
        Assurance::QuorumFinalWithState => "quorum-final-with-state",
    }
}

fn original(original: Original) -> Value {
    let (level, evidence) = match original {
        Original::Unknown => ("unknown", None),
        Original::RecordOnly { .. } => ("record-only", Some("E1")),
        Original::OneTap => ("one-tap", Some("E1")),
        Original::CodesUsedUp => ("codes-used-up", Some("E1")),
        Original::ChipMaker => ("chip-maker", Some("E2")),
        Original::TapCodes => ("tap-codes", Some("E3")),
        Original::Challenge => ("challenge", Some("E4")),
    };
    let guessable = original == Original::RecordOnly { guessable: true };
    json!({ "level": level, "evidence": evidence, "guessable": guessable })
}

fn life(life: &Life) -> Value {
    match life {
        Life::Unknown => json!({ "is": "unknown" }),
        Life::KeyWithdrawn => json!({ "is": "key-withdrawn" }),
        Life::At(state) => json!({ "is": state }),
        Life::Expired { since } => json!({ "is": "expired", "since": since }),
        Life::Recalled(RecallShown::Item { by_authority }) => {
            json!({ "is": "recalled", "scope": "item", "by_authority": by_authority })
        }
        Life::Recalled(RecallShown::Lot { recall, by_authority }) => {
            recalled("lot", recall, *by_authority)
        }
        Life::Recalled(RecallShown::Issuer { recall, by_authority }) => {
            recalled("issuer", recall, *by_authority)
        }
    }
}

fn recalled(
    scope: &str,
    recall: &sealight_verify::format::lot::Recall,
    by_authority: bool,
) -> Value {
    json!({
        "is": "recalled",
        "scope": scope,
        "by_authority": by_authority,
        "by": recall.by,
        "at": recall.at,
        "height": recall.height,
        "notice": recall.notice,
    })
}

fn not_looked_at(what: &NotLookedAt) -> Value {
    let code = not_looked_at_code(what);
    let text = texts(&format!("not-looked-at.{code}"));
    match what {
        NotLookedAt::StrongerCarrier { carrier } => {
            json!({ "code": code, "carrier": carrier, "text": text })
        }
        _ => json!({ "code": code, "text": text }),
    }
}
