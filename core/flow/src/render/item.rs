//! What the answer is about: by its record, or only by its label.

use super::rows;
use super::verdict::Given;
use crate::answer::{NamedAs, Record, tail};
use crate::case::Case;
use crate::view::Item;
use crate::words::{outside, quoted};

/// The item, from its record where that is proven.
pub(super) fn item(given: &Given<'_>) -> Item {
    let words = given.words;
    let number = given.answer.number();
    let text = number.map(|number| number.text());
    let tail = number.as_ref().map(tail);
    match given.subject() {
        Some(subject) => {
            let maker = outside(&subject.issuer.legal_name);
            let code = subject.serial.as_deref().map(outside).or_else(|| text.clone());
            let maker = match code {
                Some(code) => words.say("item.maker", &[("maker", &maker), ("code", &code)]),
                None => maker,
            };
            let name = outside(&subject.product);
            let picture = subject.picture.map(|hash| hash.to_string());
            Item { name, maker, number: text, tail, from_label: false, picture }
        }
        None => {
            let code = match &given.answer.named {
                NamedAs::Number { number, .. } => number.text(),
                NamedAs::Code(code) => quoted(code),
            };
            let maker = match given.answer.record {
                Record::Unproven(_) => "item.from-label",
                _ => "item.according",
            };
            Item {
                name: words.say("item.code", &[("code", &code)]),
                maker: words.text(maker),
                number: text,
                tail,
                from_label: true,
                picture: None,
            }
        }
    }
}

/// Remarks under the evidence.
pub(super) fn notes(given: &Given<'_>) -> Vec<String> {
    let words = given.words;
    let mut notes = Vec::new();
    if let Some(subject) = given.subject() {
        if subject.issuer.suspended.is_some() {
            notes.push(words.text("note.suspended"));
        }
        if let Some(height) = subject.key_retired.filter(|_| given.scene.profile.jargon) {
            notes.push(words.say("note.key-retired", &[("height", &height.to_string())]));
        }
    } else if given.case != Case::Altered {
        let label = &given.answer.label;
        let facts = [("gtin", &label.gtin), ("serial", &label.serial), ("batch", &label.batch)];
        for (what, value) in facts {
            if let Some(value) = value {
                let label = words.text(&format!("what.{what}"));
                let text = words.say("story.fact", &[("label", &label), ("value", &quoted(value))]);
                notes.push(words.say("note.only-label", &[("text", &text)]));
            }
        }
    }
    notes.extend(offline_statement(given));
    notes
}

/// What the handheld says of an answer without network, word for word.
fn offline_statement(given: &Given<'_>) -> Option<String> {
    let scene = given.scene;
    let as_of = given.answer.as_of.filter(|_| scene.profile.jargon)?;
    scene.register.offline_since?;
    let time = scene.present.dated(given.words, as_of.time);
    let list = rows::not_looked_at_text(given);
    let height = rows::grouped(as_of.height);
    let values = [("height", height.as_str()), ("time", &time), ("list", &list)];
    Some(given.words.say("offline.statement", &values))
}
