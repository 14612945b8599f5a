//! `sealight event`: what a party says happened to a lot.

use crate::args::{Common, Event};
use crate::console::Console;
use crate::fail::Failure;
use crate::sign::{self, lot_id};
use sealight_edge::clock;
use sealight_issue::rows;
use sealight_verify::format::entry::Body;
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::record::Field;
use sealight_verify::time::Timestamp;
use serde_json::json;

pub(crate) fn run(console: &Console, common: &Common, args: &Event) -> Result<(), Failure> {
    let event = TraceEvent {
        lot: lot_id(&args.lot)?,
        items: args.items.as_deref().map(range).transpose()?,
        step: args.step.clone(),
        at: args.at.as_deref().map_or_else(|| Ok(clock::system()), moment)?,
        place: args.place.clone(),
        facts: args.facts.iter().map(|fact| self::fact(fact)).collect::<Result<_, _>>()?,
        sensor: args.sensor,
        document: None,
    };
    event.bounds().map_err(|error| Failure::usage("out-of-bounds", &[("why", &error)]))?;
    let body = Body::AppendEvent(event);
    let entered = sign::submit(console, common, &args.signing, |_| Ok(body))?;
    let Some(entered) = entered else { return Ok(()) };
    let height = entered.height.to_string();
    let words = [("step", &*args.step), ("lot", &*args.lot), ("height", &*height)];
    console.tell(0, "cli.event.done", &words);
    console.document(json!({ "entry": entered.id, "height": entered.height, "lot": args.lot }));
    Ok(())
}

/// Reads `FIRST-LAST` or one number.
pub(crate) fn range(text: &str) -> Result<ItemRange, Failure> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(ItemRange { first, last }),
        _ => Err(Failure::usage("not-a-range", &[("got", &text)])),
    }
}

fn moment(text: &str) -> Result<Timestamp, Failure> {
    rows::moment(text).ok_or_else(|| Failure::usage("not-a-time", &[("got", &text)]))
}

fn fact(text: &str) -> Result<Field, Failure> {
    let (key, value) =
        text.split_once('=').ok_or_else(|| Failure::usage("not-a-fact", &[("got", &text)]))?;
    Ok(Field { key: key.trim().to_owned(), value: value.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_two_numbers_or_one() {
        assert_eq!(range("3-7").ok(), Some(ItemRange { first: 3, last: 7 }));
        assert_eq!(range("5").ok(), Some(ItemRange { first: 5, last: 5 }));
        for text in ["7-3", "", "-", "a-b", "1-2-3", "4294967296"] {
            assert!(range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fact_is_a_name_and_a_value() {
        let alcohol = Field { key: "alcohol".into(), value: "52 % = strong".into() };
        assert_eq!(fact("alcohol=52 % = strong").ok(), Some(alcohol));
        assert!(fact("alcohol").is_err());
    }
}
