//! Outcomes in which something proven, or seen, speaks against the object.

use super::next;
use super::verdict::{Given, Said};
use crate::answer::RecallScope;
use crate::words::{capitalised, quoted, quoted_whole};
use sealight_verify::judge::{Contradiction, Life, SealState};

/// The maker or an authority called it back.
pub(super) fn recalled(given: &Given<'_>) -> Said {
    let words = given.words;
    let authority = given.answer.recall().is_some_and(|recall| recall.by_authority);
    let key = if authority { "recalled.headline.authority" } else { "recalled.headline" };
    let headline = words.say(key, &[("verb", &given.kind_word("verb"))]);
    Said::whole(headline, recall_reason(given), words.text("recalled.next"))
}

/// Who called what back, when and why; the notice is cut where there is little room.
fn recall_reason(given: &Given<'_>) -> String {
    recall_told(given, quoted)
}

/// The same with the notice as it was entered.
pub(super) fn recall_in_full(given: &Given<'_>) -> String {
    recall_told(given, quoted_whole)
}

fn recall_told(given: &Given<'_>, quoted_notice: fn(&str) -> String) -> String {
    let words = given.words;
    let recall = given.answer.recall();
    let who = match recall.is_some_and(|recall| recall.by_authority) {
        true => words.text("recalled.authority"),
        false => capitalised(&given.kind_word("maker")),
    };
    let this = given.kind_word("this");
    let Some((scope, notice, at)) =
        recall.and_then(|recall| Some((recall.scope, recall.notice?, recall.at?)))
    else {
        return words.say("recalled.reason.bare", &[("Who", &who), ("this", &this)]);
    };
    let batch = given.subject().and_then(|subject| subject.batch.as_deref()).map(quoted);
    let key = match (scope, &batch) {
        (RecallScope::Lot, Some(_)) => "recalled.reason.batch",
        (RecallScope::Lot, None) => "recalled.reason.lot",
        (RecallScope::Issuer, _) => "recalled.reason.issuer",
        (RecallScope::Item, _) => "recalled.reason.item",
    };
    let values = [
        ("Who", who),
        ("this", this),
        ("date", given.scene.present.date(words, at)),
        ("batch", batch.unwrap_or_default()),
        ("notice", quoted_notice(notice.trim_end_matches(['.', '。', ' ']))),
    ];
    words.say(key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
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
            let [headline, reason, next] =
                ["headline", "reason", "next"].map(|part| words.text(&format!("two-items.{part}")));
            Said::whole(headline, reason, next)
        }
    }
}

fn against(given: &Given<'_>, headline: &str, reason: String) -> Said {
    Said::whole(given.words.text(headline), reason, next::not_relied_on(given))
}
