//! Outcomes in which nothing can be said: never a word against the goods.

use super::next;
use super::verdict::{Given, Said};
use crate::words::unproven_code;
use sealight_verify::judge::Unproven;

/// Nothing can be said, for this reason.
pub(super) fn unproven(given: &Given<'_>, reason: &Unproven) -> Said {
    let next = match reason {
        Unproven::AppTooOld(_) => next::newer(given.scene, "unproven.next.update"),
        Unproven::LedgerUnknown { .. } => next::newer(given.scene, "unproven.next.trust"),
        Unproven::Header(_) if asks_for_trust(unproven_code(reason)) => {
            next::newer(given.scene, "unproven.next.trust")
        }
        Unproven::KeyWithdrawn { .. } => given.words.text("unproven.next.maker"),
        Unproven::NotFound
        | Unproven::NoNetwork
        | Unproven::NoAnswerYet
        | Unproven::DataMissing { .. }
        | Unproven::EventsMissing { .. }
        | Unproven::Header(_)
        | Unproven::BadProof(_) => next::ask_again(given),
    };
    Said::whole(given.words.text("unproven.headline"), why(given, reason), next)
}

/// Whether only newer trust helps, not another answer.
fn asks_for_trust(code: &str) -> bool {
    matches!(code, "header-no-trust" | "header-fork" | "header-trust-expired")
}

/// Nothing was found.
pub(super) fn not_found(given: &Given<'_>) -> Said {
    unproven(given, &Unproven::NotFound)
}

fn why(given: &Given<'_>, reason: &Unproven) -> String {
    let (have, of) = match reason {
        Unproven::EventsMissing { have, of } => (have.to_string(), of.to_string()),
        _ => Default::default(),
    };
    let values = [
        ("this", given.kind_word("this")),
        ("goods", given.kind_word("goods")),
        ("have", have),
        ("of", of),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let text = given.words.say(&format!("unproven.{}", unproven_code(reason)), &values);
    if !given.scene.profile.jargon {
        return text;
    }
    // The verifier's own words name blocks and digests: for the handheld only.
    let detail = reason.to_string();
    given.words.say("unproven.detail", &[("reason", &text), ("detail", &detail)])
}
