//! `sealight life`: steps in the life of items, and recalls.

use crate::args::{Common, Life, LifeStep};
use crate::console::Console;
use crate::event::range;
use crate::fail::Failure;
use crate::sign::{self, lot_id, party_id};
use sealight_verify::format::entry::{Body, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::LifeState;
use serde_json::json;

pub(crate) fn run(console: &Console, common: &Common, args: &Life) -> Result<(), Failure> {
    let body = match state(args.step) {
        Some(to) => Body::ChangeLife(change(args, to)?),
        None => Body::Recall(recall(args)?),
    };
    let entered = sign::submit(console, common, &args.signing, |_| Ok(body))?;
    let Some(entered) = entered else { return Ok(()) };
    let height = entered.height.to_string();
    let items = args.items.clone().unwrap_or_else(|| console.say("cli.life.all", &[]));
    let step = console.say(&format!("cli.life.{}", name(args.step)), &[]);
    let words = [("step", &*step), ("items", &*items), ("lot", &*args.lot), ("height", &*height)];
    console.tell(0, "cli.life.done", &words);
    console.document(json!({
        "entry": entered.id,
        "height": entered.height,
        "of": args.lot,
        "items": args.items,
        "step": name(args.step),
    }));
    Ok(())
}

fn name(step: LifeStep) -> &'static str {
    match step {
        LifeStep::Applied => "applied",
        LifeStep::Sold => "sold",
        LifeStep::Opened => "opened",
        LifeStep::Void => "void",
        LifeStep::Recalled => "recalled",
        LifeStep::RecallLifted => "recall-lifted",
    }
}

fn state(step: LifeStep) -> Option<LifeState> {
    match step {
        LifeStep::Applied => Some(LifeState::InTrade),
        LifeStep::Sold => Some(LifeState::Sold),
        LifeStep::Opened => Some(LifeState::Opened),
        LifeStep::Void => Some(LifeState::Void),
        LifeStep::Recalled | LifeStep::RecallLifted => None,
    }
}

fn change(args: &Life, to: LifeState) -> Result<LifeChange, Failure> {
    if args.issuer || args.notice.is_some() {
        return Err(Failure::usage("recall-only", &[]));
    }
    let Some(items) = &args.items else { return Err(Failure::usage("items-needed", &[])) };
    let ranges = ranges(items)?;
    Ok(LifeChange { lot: lot_id(&args.lot)?, ranges, to, restore: args.restore.clone() })
}

fn recall(args: &Life) -> Result<RecallChange, Failure> {
    if args.restore.is_some() {
        return Err(Failure::usage("restore-only", &[]));
    }
    let scope = match (&args.items, args.issuer) {
        (None, true) => RecallScope::Issuer(party_id(&args.lot)?),
        (Some(_), true) => return Err(Failure::usage("items-or-issuer", &[])),
        (Some(items), false) => RecallScope::Items(lot_id(&args.lot)?, range(items)?),
        (None, false) => RecallScope::Lot(lot_id(&args.lot)?),
    };
    let Some(notice) = args.notice.clone().filter(|notice| !notice.trim().is_empty()) else {
        return Err(Failure::usage("notice-needed", &[]));
    };
    Ok(RecallChange { scope, recalled: args.step == LifeStep::Recalled, notice })
}

/// Reads ranges with commas between, puts them in order and joins those that touch.
fn ranges(text: &str) -> Result<Vec<ItemRange>, Failure> {
    let mut ranges: Vec<ItemRange> = text.split(',').map(range).collect::<Result<_, _>>()?;
    ranges.sort_unstable_by_key(|range| range.first);
    let mut joined: Vec<ItemRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.first <= last.last.saturating_add(1) => {
                last.last = last.last.max(range.last);
            }
            _ => joined.push(range),
        }
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_in_order_and_never_touch() {
        let pairs = |text| -> Vec<(u32, u32)> {
            ranges(text).unwrap_or_default().iter().map(|r| (r.first, r.last)).collect()
        };
        assert_eq!(pairs("7,1-3,4,20-30,25"), [(1, 4), (7, 7), (20, 30)]);
        assert_eq!(pairs("1-3,x"), []);
    }
}
