//! Outcomes in which the record is proven and nothing speaks against it.

use super::next;
use super::verdict::{Given, Said};
use crate::answer::NamedAs;
use crate::case::Slip;
use crate::view::Panel;
use crate::words::is_chip;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Original, SealState};

/// E1: the record, and nothing about the object.
pub(super) fn record_only(given: &Given<'_>) -> Said {
    let key = match (given.answer.original, given.answer.carrier) {
        (Original::OneTap, _) => "e1.object.one-tap",
        (Original::RecordOnly { guessable: true }, _) => "e1.object.guessable",
        (_, Carrier::Qr) => "e1.object.printed",
        _ => "e1.object.plain-chip",
    };
    let reason = given.words.say(key, &[("other", &given.kind_word("other"))]);
    split(given, cannot_tell(given), reason, next::compare(given))
}

/// E2: the record, and a chip of the maker's type.
pub(super) fn chip_maker(given: &Given<'_>) -> Said {
    let reason = given.words.text("e2.object.reason");
    split(given, cannot_tell(given), reason, next::compare(given))
}

/// E3: two committed codes.
pub(super) fn tap_codes(given: &Given<'_>) -> Said {
    whole_seal(given, ["e3.headline", "e3.headline.seal-unknown"], "e3.reason")
}

/// E4: a challenge answered.
pub(super) fn challenge(given: &Given<'_>) -> Said {
    whole_seal(given, ["e4.headline", "e4.headline.seal-unknown"], "e4.reason")
}

/// One right code; a copy could do that, so another tap is asked for.
pub(super) fn second_tap(given: &Given<'_>) -> Said {
    let headline = given.words.text("tap.headline");
    split(given, headline, asks(given, "tap.reason"), given.words.text("tap.next"))
}

/// The record lists a chip and a weaker carrier was read. A chip without keys proves no more, but a
/// copied code has none beside it.
pub(super) fn stronger_carrier(given: &Given<'_>) -> Said {
    let reads = |chip: Carrier| given.scene.profile.has.chip_reader.reads(chip);
    let listed = |chip| given.subject().is_some_and(|subject| subject.carriers.contains(&chip));
    let keyed = [Carrier::NfcTap, Carrier::NfcChallenge];
    let [reason, next] = match keyed.into_iter().any(|chip| listed(chip) && reads(chip)) {
        true => ["chip.reason", "chip.next"],
        false => ["chip.reason.plain", "chip.next.plain"],
    };
    split(given, given.kind_word("chip"), asks(given, reason), given.words.text(next))
}

/// Why a chip is asked for, or how the one that was held there failed.
fn asks(given: &Given<'_>, reason: &str) -> String {
    given.words.text(match given.slip {
        None => reason,
        Some(Slip::Unread) => "chip-unread.reason",
        Some(Slip::NoSeal) => "chip-no-seal.reason",
    })
}

/// The record is genuine and every committed code was read before.
pub(super) fn used_up(given: &Given<'_>) -> Said {
    let count = given.subject().map_or(0, |subject| subject.tap_codes).to_string();
    Said::whole(
        given.words.text("used-up.headline"),
        given.words.say("used-up.reason", &[("count", &count)]),
        next::another_one(given),
    )
}

fn whole_seal(given: &Given<'_>, [intact, unknown]: [&str; 2], reason: &str) -> Said {
    let words = given.words;
    let reason = words.text(reason);
    if given.answer.seal == SealState::Intact {
        let next = words.say("e3.next", &[("inside", &given.kind_word("inside"))]);
        Said::whole(words.text(intact), reason, next)
    } else {
        Said::whole(words.text(unknown), reason, words.text("strip-look.next"))
    }
}

fn cannot_tell(given: &Given<'_>) -> String {
    given.words.say("e1.object.headline", &[("noun", &given.kind_word("noun"))])
}

/// Record left, object right.
fn split(given: &Given<'_>, headline: String, reason: String, next: String) -> Said {
    let maker = given.kind_word("maker");
    let field = Panel {
        headline: given.words.text("e1.record.headline"),
        reason: Some(given.words.say("e1.record.reason", &[("maker", &maker)])),
    };
    Said { field, beside: Some(Panel { headline, reason: Some(reason) }), next }
}

/// Whether the number under the code is on the object, to be compared: what was made with a printed
/// code has it, whatever was read of it.
pub(super) fn number_is_printed(given: &Given<'_>) -> bool {
    let has_code = given.subject().is_some_and(|subject| subject.carriers.contains(&Carrier::Qr));
    matches!(given.answer.named, NamedAs::Number { .. })
        && (has_code || !is_chip(given.answer.carrier))
}
