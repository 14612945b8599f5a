//! `sealight days`, `sealight doctor`, `sealight config pin` and `staff-key`: a kiosk's figures, what
//! is wrong with a device, and who may open the staff's page.

use crate::args::{Common, Days, Doctor, StaffKey};
use crate::console::Console;
use crate::device::{self, Device};
use crate::fail::Failure;
use crate::files;
use crate::key::random;
use crate::layout::{pad, width};
use sealight_edge::clock;
use sealight_edge::days::{self, Day};
use sealight_edge::doctor::{CameraSeen, Look, ReaderSeen, Roots, StoreSeen};
use sealight_edge::pin::{self, PinError};
use sealight_edge::stick;
use sealight_flow::staff::{Finding, LONGEST_PIN, SHORTEST_PIN, Weight};
use sealight_verify::format::ids::LedgerId;
use serde_json::{Value, json};
use std::io::IsTerminal;
use zeroize::Zeroizing;

/// Exit code of a device on which something stands in the way of answers.
const BROKEN: u8 = 1;
/// Most bytes of standard input that are read for a PIN.
const MAX_LINE: usize = 256;

/// `sealight days`
pub(crate) fn days(console: &Console, common: &Common, args: &Days) -> Result<(), Failure> {
    let home = device::home(common)?;
    let days = days::all(&home.days());
    if args.csv && !console.json {
        let rows = std::iter::once(Day::COLUMNS.to_owned()).chain(days.iter().map(Day::row));
        let text: String = rows.map(|row| row + "\r\n").collect();
        console.script(text.as_bytes());
        return Ok(());
    }
    if days.is_empty() {
        console.tell(0, "cli.days.none", &[]);
    }
    for day in &days {
        console.line(&format!("**{}**", day.date));
        console.pairs(2, &told(console, day));
    }
    let documents: Vec<Value> = days.iter().map(document).collect();
    console.document(json!({ "days": documents }));
    Ok(())
}

fn told(console: &Console, day: &Day) -> Vec<(String, String)> {
    let tally = &day.tally;
    let count = |key: &str, value: u64| (console.say(key, &[]), value.to_string());
    let mut pairs =
        vec![count("cli.days.answers", tally.answers()), count("cli.days.unread", tally.unread())];
    if let Some((median, most)) = tally.answer_ms.under(50).zip(tally.answer_ms.under(95)) {
        let (median, most) = (median.to_string(), most.to_string());
        let is = console.say("cli.days.time-is", &[("median", &median), ("most", &most)]);
        pairs.push((console.say("cli.days.time", &[]), is));
    }
    pairs.push(count("cli.days.register-age", tally.register_oldest_s / 3600));
    pairs.push(count("cli.days.camera-failures", tally.camera_failures));
    pairs.push(count("cli.days.reader-failures", tally.reader_failures));
    pairs.push(count("cli.days.scanner-reads", tally.scanner_reads));
    pairs.push(count("cli.days.reloads", tally.page_reloads));
    pairs
}

fn document(day: &Day) -> Value {
    let tally = &day.tally;
    json!({
        "date": day.date,
        "starts": tally.starts,
        "answers": tally.answers(),
        "verdicts": tally.verdicts,
        "unread": tally.unread,
        "answer_ms": {
            "count": tally.answer_ms.count(),
            "median": tally.answer_ms.under(50),
            "p95": tally.answer_ms.under(95),
        },
        "register_oldest_s": tally.register_oldest_s,
        "camera": { "failures": tally.camera_failures, "away_s": tally.camera_away_s },
        "reader": { "failures": tally.reader_failures, "away_s": tally.reader_away_s },
        "scanner_reads": tally.scanner_reads,
        "not_kept": tally.not_kept,
        "kept_later": tally.kept_later,
        "page_reloads": tally.page_reloads,
    })
}

/// `sealight doctor`
pub(crate) fn doctor(console: &Console, common: &Common, args: &Doctor) -> Result<u8, Failure> {
    let home = device::home(common)?;
    let now = clock::system();
    // A device that does not open is what the others of its findings say.
    let mut opened = Device::at(console, home.clone()).ok();
    let register = opened.as_mut().map(|device| {
        let light = &mut device.client.light;
        let ledgers: Vec<LedgerId> = light.ledgers().copied().collect();
        let as_of = light.register_as_of();
        let mut times = ledgers.iter().filter_map(|ledger| light.now(ledger, now));
        (as_of, times.any(|now| now.doubtful()))
    });
    let (as_of, clock_doubtful) = register.unwrap_or_default();
    let look = Look {
        home: &home,
        roots: &Roots::default(),
        now,
        as_of,
        store: StoreSeen::Well,
        trust_until: None,
        clock_doubtful,
        camera: if args.kiosk { CameraSeen::Unknown } else { CameraSeen::Well },
        reader: ReaderSeen::Unknown,
        scanner: args.scanner,
        staff: args.kiosk,
        config_trouble: None,
        days_unkept: None,
    };
    let found = look.findings();
    if found.is_empty() {
        console.tell(0, "cli.doctor.well", &[]);
    }
    let parts = found.iter().map(|finding| width(&finding.part(console.words))).max();
    for finding in &found {
        let part = pad(&finding.part(console.words), parts.unwrap_or(0));
        console.line(&format!("{part}  **{}**", finding.what(console.words)));
        console.wrapped(parts.unwrap_or(0) + 2, &finding.mend(console.words));
    }
    let documents: Vec<Value> = found.iter().map(|finding| said(console, finding)).collect();
    let broken = found.iter().any(|finding| finding.weight() == Weight::Broken);
    let exit = if broken { BROKEN } else { 0 };
    console.document(json!({ "findings": documents, "exit_code": exit }));
    Ok(exit)
}

fn said(console: &Console, finding: &Finding) -> Value {
    let plain = |text: String| sealight_flow::plain(&text);
    let facts: serde_json::Map<String, Value> =
        finding.values().into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    json!({
        "code": finding.code(),
        "weight": if finding.weight() == Weight::Broken { "broken" } else { "soon" },
        "what": plain(finding.what(console.words)),
        "mend": plain(finding.mend(console.words)),
        "facts": facts,
    })
}

/// `sealight config pin`: from standard input, or asked for twice on a terminal.
pub(crate) fn set_pin(console: &Console, common: &Common) -> Result<(), Failure> {
    let home = device::home(common)?;
    let typed = typed_pin(console)?;
    pin::set(&home, &typed, random()?).map_err(|error| match error {
        PinError::NotDigits => {
            Failure::new("pin-not-digits", &[("least", &SHORTEST_PIN), ("most", &LONGEST_PIN)])
        }
        PinError::Home(error) => device::home_failed(&error),
        PinError::NoMemory => Failure::new("pin-no-memory", &[]),
    })?;
    console.tell(0, "cli.config.pin-set", &[]);
    console.document(json!({ "pin": "set" }));
    Ok(())
}

fn typed_pin(console: &Console) -> Result<Zeroizing<String>, Failure> {
    if !std::io::stdin().is_terminal() {
        let bytes = Zeroizing::new(files::read_stdin(MAX_LINE)?);
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        return Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()));
    }
    let ask = |key: &str| {
        let typed = rpassword::prompt_password(format!("{} ", console.say(key, &[])));
        typed.map(Zeroizing::new).map_err(|_| Failure::stopped())
    };
    let (first, second) = (ask("cli.config.pin-ask")?, ask("cli.config.pin-again")?);
    if first == second { Ok(first) } else { Err(Failure::new("pin-differs", &[])) }
}

/// `sealight config staff-key`
pub(crate) fn staff_key(
    console: &Console,
    common: &Common,
    args: &StaffKey,
) -> Result<(), Failure> {
    let home = device::home(common)?;
    let made = stick::make(&home, &args.folder, random()?);
    let path = made.map_err(|error| device::home_failed(&error))?.display().to_string();
    console.tell(0, "cli.config.staff-key-made", &[("path", &path)]);
    console.document(json!({ "path": path }));
    Ok(())
}
