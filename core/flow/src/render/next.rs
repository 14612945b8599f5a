//! Next steps that more than one outcome calls for.

use super::Scene;
use super::proven::number_is_printed;
use super::verdict::Given;
use crate::answer::tail;
use crate::profile::Face;
use crate::words::Words;
use sealight_verify::judge::Original;

/// What a person compares where the object itself is not proven.
pub(super) fn compare(given: &Given<'_>) -> String {
    let words = given.words;
    if number_is_printed(given)
        && given.answer.original == (Original::RecordOnly { guessable: true })
    {
        return words.text("e1.next.guessable");
    }
    match compared_tail(given) {
        Some(tail) => words.say("e1.next", &[("tail", &tail)]),
        None => words.text("strip-look.next"),
    }
}

/// Nothing rests on such a label; the brand is named where it can be sent something.
pub(super) fn not_relied_on(given: &Given<'_>) -> String {
    given.words.text(if given.reports() { "altered.next" } else { "altered.next.here" })
}

/// What whoever suspects an imitation keeps, and whom to ask.
pub(super) fn doubt_steps(words: &Words) -> Vec<String> {
    let steps = ["report.doubt.step.1", "report.doubt.step.2", "report.doubt.step.3"];
    steps.map(|key| words.text(key)).into()
}

/// Another one from the shelf, or the number to compare.
pub(super) fn another_one(given: &Given<'_>) -> String {
    match given.answer.number() {
        Some(number) => given.words.say("used-up.next", &[("tail", &tail(&number))]),
        None => given.words.text("used-up.next.no-number"),
    }
}

/// A newer program or trust file would help. Whoever stands before a kiosk can bring it neither.
pub(super) fn newer(scene: &Scene<'_>, key: &str) -> String {
    scene.words().text(match scene.profile.face {
        Face::Kiosk => "unproven.next.phone",
        Face::Shopper | Face::Inspector => key,
    })
}

/// It asks again by itself, or needs a network.
pub(super) fn ask_again(given: &Given<'_>) -> String {
    match given.retries {
        Some((0, _)) => given.words.text("unproven.next.now"),
        Some((left, _)) => {
            let key = match given.scene.profile.face {
                Face::Kiosk => "unproven.next.retry",
                _ => "unproven.next.retry-phone",
            };
            given.words.say(key, &[("seconds", &left.to_string())])
        }
        None => given.words.text(match given.scene.profile.face {
            Face::Kiosk => "unproven.next.phone",
            Face::Shopper | Face::Inspector => "unproven.next.connect",
        }),
    }
}

fn compared_tail(given: &Given<'_>) -> Option<String> {
    number_is_printed(given).then(|| given.answer.number()).flatten().map(|number| tail(&number))
}
