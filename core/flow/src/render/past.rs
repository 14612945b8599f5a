//! Outcomes that hold only as of then, and absence.

use super::next;
use super::verdict::{Given, Said};
use crate::case::Case;
use crate::profile::Face;
use sealight_verify::judge::NotOnLedger;

/// Proven as of a time that is too long ago for now.
pub(super) fn stale(given: &Given<'_>) -> Said {
    as_of(given, "stale.headline", "stale.reason")
}

/// The same, because this device's clock may be wrong.
pub(super) fn clock_doubtful(given: &Given<'_>) -> Said {
    as_of(given, "stale.headline", "stale.reason.clock")
}

/// So long ago that it only says what was.
pub(super) fn too_old(given: &Given<'_>) -> Said {
    as_of(given, "too-old.headline", "too-old.reason")
}

/// Too few operators stand behind it, or the trust file expired long ago.
pub(super) fn told(given: &Given<'_>) -> Said {
    let words = given.words;
    let headline = match given.subject() {
        Some(_) => "told.headline",
        None => "told.headline.against",
    };
    let next = next::newer(given.scene, "told.next");
    Said::whole(words.text(headline), words.text("told.reason"), next)
}

/// The label was not yet put on a product.
pub(super) fn not_applied(given: &Given<'_>) -> Said {
    plain(given, "not-applied.headline", "not-applied.reason", "not-applied.next")
}

/// A key that changed the item's life was in other hands.
pub(super) fn life_unknown(given: &Given<'_>) -> Said {
    plain(given, "life-unknown.headline", "life-unknown.reason", "unproven.next.maker")
}

/// Not on the ledger, which is proven.
pub(super) fn absent(given: &Given<'_>, reason: &NotOnLedger) -> Said {
    let words = given.words;
    if given.case == Case::AbsentThen {
        return as_of(given, "absent-then.headline", "absent-then.reason");
    }
    let altered = next::not_relied_on(given);
    match reason {
        NotOnLedger::NoIndex => {
            plain(given, "no-index.headline", "no-index.reason", "not-a-seal.next")
        }
        NotOnLedger::NoSuchLot { .. } => {
            Said::whole(words.text("no-lot.headline"), words.text("no-lot.reason"), altered)
        }
        NotOnLedger::PastTheLot { size, .. } => {
            let reason = words.say("invented.reason.past", &[("size", &size.to_string())]);
            Said::whole(words.text("invented.headline"), reason, altered)
        }
        NotOnLedger::SecretNotCommitted { .. } => {
            Said::whole(words.text("invented.headline"), words.text("invented.reason"), altered)
        }
        NotOnLedger::CodeNotIndexed => Said::whole(
            words.text("invented.headline"),
            words.text("invented.reason.list"),
            altered,
        ),
    }
}

fn as_of(given: &Given<'_>, headline: &str, reason: &str) -> Said {
    let words = given.words;
    let time = given
        .answer
        .as_of
        .map_or_else(String::new, |as_of| given.scene.present.dated(words, as_of.time));
    Said::whole(
        words.say(headline, &[("time", &time)]),
        words.text(reason),
        words.text(match given.scene.profile.face {
            // Whoever stands before a kiosk cannot connect it.
            Face::Kiosk => "stale.next.kiosk",
            Face::Shopper | Face::Inspector => "stale.next",
        }),
    )
}

fn plain(given: &Given<'_>, headline: &str, reason: &str, next: &str) -> Said {
    let words = given.words;
    Said::whole(words.text(headline), words.text(reason), words.text(next))
}
