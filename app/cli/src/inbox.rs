//! `sealight inbox`: what people sealed for a party, collected from every gateway and opened here.

use crate::args::{Common, Inbox};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::sign::Holder;
use crate::{files, report_key, token};
use sealight_edge::clock;
use sealight_flow::{Kind, outside};
use sealight_issue::report_key::{discarding, signed};
use sealight_verify::codec::{CodecError, encode};
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::hash::Hash32;
use sealight_verify::report::{
    About, Collect, Discard, Letter, LetterError, MAX_DISCARDED, Opened, Report, ReportKey, Take,
    Ticket,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// `sealight inbox`
pub(crate) fn run(console: &Console, common: &Common, args: &Inbox) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    device.ask_only(args.gateway.as_deref())?;
    let ledger = device.ledger()?;
    let party = args.party.as_deref();
    let holder = Holder::read(console, common, &args.key, party, &ledger)?;
    let key = report_key::read(&args.report_key)?;
    let cancel = device.cancel.clone();
    let asks = |after| {
        let request = Collect::unsigned(ledger, holder.party, holder.place, clock::system());
        signed(Collect { after, ..request }, &holder.key).map_err(|error| token::refused(&error))
    };
    let collected = device.client.online.collect(&ledger, asks, &cancel)?;
    // Letters that came before a gateway failed are no less letters.
    if collected.answered == 0 && collected.letters.is_empty() {
        return Err(device.no_gateway(&collected.faults));
    }
    let (answered, asked) = (collected.answered, collected.asked);
    let sorted = Sorted::of(&key, collected.letters);
    let documents: Vec<Value> =
        sorted.opened.iter().map(|(id, open)| document(id, &open.report)).collect();
    tell_all(console, &sorted);
    let counts = [answered, asked].map(|count| count.to_string());
    console.tell(0, "cli.inbox.answered", &[("count", &counts[0]), ("of", &counts[1])]);
    let kept = match &args.keep {
        Some(folder) => Some(keep(console, folder, &sorted, &documents)?),
        None => None,
    };
    let (mut taken, mut discarded) = (0, 0);
    if args.take {
        taken = take(console, &mut device, &holder, &sorted)?;
        discarded = discard(console, &mut device, &holder, &key, &sorted)?;
    }
    console.document(json!({
        "ledger": ledger,
        "party": holder.party,
        "gateways": { "asked": asked, "answered": answered },
        "letters": documents,
        "unopened": sorted.unopened(),
        "kept": kept,
        "taken": taken,
        "discarded": discarded,
    }));
    Ok(())
}

/// Letters by what a report key makes of them.
struct Sorted {
    /// Read, the oldest first.
    opened: Vec<(Hash32, Opened)>,
    /// Sealed to the key by a newer program: kept as they are.
    newer: Vec<(Hash32, Letter)>,
    /// Sealed to another key, or nobody's letters.
    rubbish: Vec<Hash32>,
}

impl Sorted {
    fn of(key: &ReportKey, letters: BTreeMap<Hash32, Letter>) -> Self {
        let mut sorted = Self { opened: Vec::new(), newer: Vec::new(), rubbish: Vec::new() };
        for (id, letter) in letters {
            match key.open(&letter) {
                Ok(opened) => sorted.opened.push((id, opened)),
                Err(LetterError::Codec(CodecError::UnknownVersion { .. })) => {
                    sorted.newer.push((id, letter));
                }
                Err(_) => sorted.rubbish.push(id),
            }
        }
        sorted.opened.sort_by_key(|(id, opened)| (opened.report.hour, *id));
        sorted
    }

    fn unopened(&self) -> usize {
        self.newer.len() + self.rubbish.len()
    }
}

/// Takes the letters that were opened off the gateways; how many.
fn take(
    console: &Console,
    device: &mut Device,
    holder: &Holder,
    sorted: &Sorted,
) -> Result<usize, Failure> {
    let tickets: Vec<Ticket> = sorted.opened.iter().map(|(_, opened)| opened.ticket).collect();
    let count = tickets.len();
    if count > 0 {
        let (ledger, cancel) = (device.ledger()?, device.cancel.clone());
        let take = Take { version: 1, party: holder.party, tickets };
        let done = device.client.online.take_off(&ledger, &take, &cancel);
        done.map_err(|faults| device.no_gateway(&faults))?;
        console.tell(0, "cli.inbox.taken", &[("count", &count.to_string())]);
    }
    Ok(count)
}

/// Has the gateways throw away what did not open; how many. Only with the key that the party
/// registered: to any other, honest letters look like rubbish.
fn discard(
    console: &Console,
    device: &mut Device,
    holder: &Holder,
    key: &ReportKey,
    sorted: &Sorted,
) -> Result<usize, Failure> {
    let newer = sorted.newer.iter().map(|(id, _)| *id);
    let ids: Vec<Hash32> = newer.chain(sorted.rubbish.iter().copied()).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let registered = device.party(&holder.party)?.report_key;
    if registered.is_none_or(|registered| registered[..] != key.public()[..]) {
        console.tell(0, "cli.inbox.other-key", &[]);
        return Ok(0);
    }
    let (ledger, cancel) = (device.ledger()?, device.cancel.clone());
    let mut requests = Vec::new();
    for ids in ids.chunks(MAX_DISCARDED) {
        let (now, ids) = (clock::system(), ids.to_vec());
        let request = Discard::unsigned(ledger, holder.party, holder.place, now, ids);
        requests.push(discarding(request, &holder.key).map_err(|error| token::refused(&error))?);
    }
    let done = device.client.online.discard(&ledger, &requests, &cancel);
    done.map_err(|faults| device.no_gateway(&faults))?;
    console.tell(0, "cli.inbox.discarded", &[("count", &ids.len().to_string())]);
    Ok(ids.len())
}

/// Writes each report to a file of its own; how many are new. All are on the disk when this returns,
/// and no half one ever had its name: a gateway may forget them then. A letter of a newer program is
/// written as it is, sealed, in hex.
fn keep(
    console: &Console,
    folder: &Path,
    sorted: &Sorted,
    documents: &[Value],
) -> Result<usize, Failure> {
    files::folder(folder)?;
    let mut new = 0;
    for ((id, _), document) in sorted.opened.iter().zip(documents) {
        new += usize::from(keep_one(&folder.join(format!("{id}.json")), &format!("{document:#}"))?);
    }
    for (id, letter) in &sorted.newer {
        let mut hex = String::new();
        for byte in encode(letter) {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        new += usize::from(keep_one(&folder.join(format!("{id}.letter")), &hex)?);
    }
    files::settle(folder)?;
    let (path, count) = (folder.display().to_string(), new.to_string());
    console.tell(0, "cli.inbox.kept", &[("path", &path), ("count", &count)]);
    Ok(new)
}

/// Writes a file that is not there yet; whether it did.
fn keep_one(path: &Path, text: &str) -> Result<bool, Failure> {
    if path.exists() {
        return Ok(false);
    }
    let mut file = files::Secret::begin(path)?;
    file.line(text)?;
    file.finish()?;
    Ok(true)
}

fn document(id: &Hash32, report: &Report) -> Value {
    let (item, code) = match &report.about {
        About::Item(lot, index) => {
            let number = TypedNumber { lot: *lot, index: *index }.text();
            (json!({ "lot": lot, "index": index, "number": number }), Value::Null)
        }
        About::Code(code) => (Value::Null, json!(code)),
    };
    let label = &report.label;
    json!({
        "id": id,
        "kind": report.kind,
        "item": item,
        "code": code,
        "inner_hash": report.inner,
        "label": { "gtin": label.gtin, "serial": label.serial, "batch": label.batch },
        "case": report.case,
        "phrases": report.phrases,
        "words": report.words,
        "hour": report.since(),
    })
}

fn tell_all(console: &Console, sorted: &Sorted) {
    if sorted.opened.is_empty() {
        console.tell(0, "cli.inbox.empty", &[]);
    }
    for (id, opened) in &sorted.opened {
        tell(console, id, &opened.report);
    }
    let unopened = sorted.unopened();
    if unopened > 0 {
        console.tell(0, "cli.inbox.unopened", &[("count", &unopened.to_string())]);
    }
}

fn tell(console: &Console, id: &Hash32, report: &Report) {
    let say = |key: &str| console.say(key, &[]);
    let since = report.since().to_string();
    let kind = say(&format!("report.kind.{}", report.kind.name()));
    console.line(&format!("**{kind}**  {since}"));
    let about = match &report.about {
        About::Item(lot, index) => TypedNumber { lot: *lot, index: *index }.text(),
        About::Code(code) => outside(code),
    };
    let mut pairs = vec![(say("report.row.item"), about)];
    if report.inner.is_some() {
        pairs.push((say("report.row.proof"), say("cli.inbox.proof")));
    }
    let label = [&report.label.gtin, &report.label.serial, &report.label.batch];
    let label: Vec<String> = label.into_iter().flatten().map(|text| outside(text)).collect();
    if !label.is_empty() {
        pairs.push((say("report.row.label"), label.join(", ")));
    }
    let noun = Kind::Item.word(console.words, "noun");
    let case = console.words.find(&format!("history.line.{}", report.case)).is_some();
    let answer = match case {
        true => console.say(&format!("history.line.{}", report.case), &[("noun", &noun)]),
        false => outside(&report.case),
    };
    pairs.push((say("report.row.answer"), answer));
    for phrase in &report.phrases {
        let text = say(&format!("report.phrase.{}", phrase.name()));
        pairs.push((say("cli.inbox.chose"), text));
    }
    if let Some(words) = &report.words {
        pairs.push((say("cli.inbox.words"), outside(words)));
    }
    pairs.push((say("cli.inbox.id"), id.to_string()));
    console.pairs(2, &pairs);
}
