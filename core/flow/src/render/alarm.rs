//! Outcomes in which something proven, or seen, speaks against the object.

use super::verdict::{Given, Said};
use crate::words::{capitalised, quoted};
use sealight_verify::judge::{Contradiction, Happening, Life, ProvenEvent, RecallShown, SealState};
use sealight_verify::time::Timestamp;

/// The maker or an authority called it back.
pub(super) fn recalled(given: &Given<'_>) -> Said {
    let words = given.words;
    let notice = notice(given);
    let authority = notice.as_ref().is_some_and(|notice| notice.by_authority);
    let key = if authority { "recalled.headline.authority" } else { "recalled.headline" };
    let headline = words.say(key, &[("verb", &given.kind_word("verb"))]);
    let reason = recall_reason(given, notice.as_ref());
    Said::whole(headline, reason, words.text("recalled.next"))
}

/// A recall as the screen needs it.
pub(super) struct Notice {
    pub(super) by_authority: bool,
    pub(super) at: Option<Timestamp>,
    scope: &'static str,
    text: Option<String>,
}

/// The recall in force, with the notice of an item's recall from its events.
pub(super) fn notice(given: &Given<'_>) -> Option<Notice> {
    let Life::Recalled(recall) = &given.answer.life else { return None };
    Some(match recall {
        RecallShown::Item { by_authority } => {
            let event = given.subject().and_then(|subject| last_recall(&subject.events));
            Notice {
                by_authority: *by_authority,
                at: event.map(|event| event.entered.at),
                scope: "item",
                text: event.and_then(notice_of),
            }
        }
        RecallShown::Lot { recall, by_authority } => Notice {
            by_authority: *by_authority,
            at: Some(recall.at),
            scope: "lot",
            text: Some(recall.notice.clone()),
        },
        RecallShown::Issuer { recall, by_authority } => Notice {
            by_authority: *by_authority,
            at: Some(recall.at),
            scope: "issuer",
            text: Some(recall.notice.clone()),
        },
    })
}

fn last_recall(events: &[ProvenEvent]) -> Option<&ProvenEvent> {
    events.iter().rev().find(|event| {
        matches!(event.what, Happening::Recall { recalled: true, .. }) && !event.key_withdrawn
    })
}

fn notice_of(event: &ProvenEvent) -> Option<String> {
    match &event.what {
        Happening::Recall { notice, .. } => Some(notice.clone()),
        Happening::Trace(_) => None,
    }
}

fn recall_reason(given: &Given<'_>, notice: Option<&Notice>) -> String {
    let words = given.words;
    let who = match notice.is_some_and(|notice| notice.by_authority) {
        true => words.text("recalled.authority"),
        false => capitalised(&given.kind_word("maker")),
    };
    let this = given.kind_word("this");
    let Some((notice, text, at)) =
        notice.and_then(|notice| Some((notice, notice.text.as_ref()?, notice.at?)))
    else {
        return words.say("recalled.reason.bare", &[("Who", &who), ("this", &this)]);
    };
    let text = quoted(text.trim_end_matches(['.', '。', ' ']));
    let date = given.scene.present.date(words, at);
    let batch = given.subject().and_then(|subject| subject.batch.as_deref()).map(quoted);
    let key = match (notice.scope, &batch) {
        ("lot", Some(_)) => "recalled.reason.batch".to_owned(),
        (scope, _) => format!("recalled.reason.{scope}"),
    };
    words.say(
        &key,
        &[
            ("Who", &who),
            ("this", &this),
            ("date", &date),
            ("batch", &batch.unwrap_or_default()),
            ("notice", &text),
        ],
    )
}

/// Past the last day that the maker set.
pub(super) fn expired(given: &Given<'_>) -> Said {
    let words = given.words;
    let date = match given.answer.life {
        Life::Expired { since } => given.scene.present.date(words, since),
        _ => String::new(),
    };
    let maker = given.kind_word("maker");
    Said::whole(
        words.say("expired.headline", &[("verb", &given.kind_word("verb"))]),
        words.say("expired.reason", &[("date", &date), ("maker", &maker)]),
        words.text("recalled.next"),
    )
}

/// The seal says itself that it was opened.
pub(super) fn opened(given: &Given<'_>) -> Said {
    let headline = match given.answer.seal {
        SealState::Reclosed => "opened.headline.reclosed",
        _ => "opened.headline",
    };
    let words = given.words;
    Said::whole(words.text(headline), words.text("opened.reason"), words.text("opened.next"))
}

/// The register says that it was opened.
pub(super) fn reported_opened(given: &Given<'_>) -> Said {
    let words = given.words;
    Said::whole(
        words.text("reported-opened.headline"),
        words.say("reported-opened.reason", &[("this", &given.kind_word("this"))]),
        words.text("opened.next"),
    )
}

/// The label was withdrawn.
pub(super) fn void(given: &Given<'_>) -> Said {
    against(given, "void.headline", given.words.text("void.reason"))
}

/// The record has a chip and a person says that there is none.
pub(super) fn chip_missing(given: &Given<'_>) -> Said {
    against(given, "chip-missing.headline", given.words.text("chip-missing.reason"))
}

/// The record contradicts the claim.
pub(super) fn contradicted(given: &Given<'_>, reason: &Contradiction) -> Said {
    let words = given.words;
    match reason {
        Contradiction::LabelDiffers { label, record, .. } => {
            let key = if record.is_empty() { "altered.reason.none" } else { "altered.reason" };
            let values = [("label", quoted(label)), ("record", quoted(record))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            against(given, "altered.headline", words.say(key, &values))
        }
        Contradiction::ForeignNamespace { value, .. } => {
            let reason = words.say("foreign.reason", &[("value", &quoted(value))]);
            against(given, "foreign.headline", reason)
        }
        Contradiction::NotAnIssuer { .. } => {
            against(given, "foreign.headline", words.text("not-issuer.reason"))
        }
        Contradiction::TwoItems => {
            against(given, "two-items.headline", words.text("two-items.reason"))
        }
    }
}

fn against(given: &Given<'_>, headline: &str, reason: String) -> Said {
    Said::whole(given.words.text(headline), reason, given.words.text("altered.next"))
}
