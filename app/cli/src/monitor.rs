//! `sealight monitor`: follows the log and tells what concerns a brand or an authority.
//!
//! What is told of an entry is `sealight_verify::follow`'s to say; this file keeps the place in the
//! log (`monitor-LEDGER` in the device's folder) and writes the lines. A finding is written before
//! the place moves past it: a kill at any moment tells it again, and loses none.

mod tell;

use crate::args::{Common, Monitor};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::sign::party_id;
use crate::{files, stop};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{LedgerAlarm, Look};
use sealight_edge::clock;
use sealight_verify::codec::{self, Versioned};
use sealight_verify::follow::{Finding, Follower, Watch, Weight};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::namespace::Namespace;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Exit code where somebody should look at what was told.
const ALARM: u8 = 30;
/// Exit code where something speaks against the ledger itself.
const LEDGER_ALARM: u8 = 31;
/// How often Ctrl-C is looked for between two looks.
const LOOK: Duration = Duration::from_millis(50);

pub(crate) fn run(console: &Console, common: &Common, args: &Monitor) -> Result<u8, Failure> {
    let watch = watch(args)?;
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    device.ask_only(args.gateways.iter().map(String::as_str))?;
    let ledger = device.ledger()?;
    let place = Place::open(device.home.path(), &ledger)?;
    let mut follower = place.follower(args.again)?;
    let (mut worst, mut told) = (0, None);
    loop {
        let look = look(console, &mut device, &place, &mut follower, &watch, &mut worst)?;
        if look.alarm != told {
            if let Some(alarm) = &look.alarm {
                tell::alarm(console, &ledger, alarm, follower.head());
                worst = LEDGER_ALARM;
            }
            told.clone_from(&look.alarm);
        }
        if args.once {
            return once(console, &device, &look, worst);
        }
        if let Err(faults) = &look.outcome
            && look.alarm.is_none()
            && !device.cancel.is_cancelled()
        {
            let text = device.no_gateway(faults).words(console).0;
            console.aside(&console.say("cli.note", &[("text", &text)]));
        }
        if paused(&device.cancel, Duration::from_secs(args.every)) {
            return Ok(worst);
        }
    }
}

/// One look, its findings told and its place kept page by page.
fn look(
    console: &Console,
    device: &mut Device,
    place: &Place,
    follower: &mut Follower,
    watch: &Watch,
    worst: &mut u8,
) -> Result<Look, Failure> {
    let cancel = device.cancel.clone();
    let ledger = *follower.ledger();
    let mut broken = None;
    let mut keep = |next: &Follower, findings: &[Finding]| {
        for finding in findings {
            tell::finding(console, &ledger, finding);
            if finding.what.weight() == Weight::Alarm {
                *worst = (*worst).max(ALARM);
            }
        }
        console.progress("cli.monitor.reading", &[("entries", &next.size().to_string())]);
        broken = place.keep(next).err();
        broken.is_none() && !cancel.is_cancelled()
    };
    let look = device.client.follow(follower, watch, clock::system(), &mut keep, &cancel);
    console.clear();
    match (broken, &look.unkept) {
        (Some(failure), _) => Err(failure),
        (None, Some(error)) => Err(device.store_failed(error)),
        (None, None) => Ok(look),
    }
}

fn once(console: &Console, device: &Device, look: &Look, worst: u8) -> Result<u8, Failure> {
    match &look.outcome {
        _ if device.cancel.is_cancelled() => Err(Failure::stopped()),
        Err(faults) if look.alarm.is_none() => Err(device.no_gateway(faults)),
        outcome => {
            let (height, time) = look.head.map_or((0, String::new()), |(h, t)| (h, t.to_string()));
            let (height, entries) = (height.to_string(), look.entries.to_string());
            let words = [("height", &*height), ("time", &*time), ("entries", &*entries)];
            if outcome.is_ok() && !matches!(look.alarm, Some(LedgerAlarm::Rewritten(_))) {
                console.tell(0, "cli.monitor.done", &words);
            }
            Ok(worst)
        }
    }
}

/// Waits; whether it was stopped.
fn paused(cancel: &Cancel, pause: Duration) -> bool {
    let mut left = pause;
    while !left.is_zero() && !cancel.is_cancelled() {
        let step = left.min(LOOK);
        std::thread::sleep(step);
        left -= step;
    }
    cancel.is_cancelled()
}

fn watch(args: &Monitor) -> Result<Watch, Failure> {
    let parties = args.parties.iter().map(|text| party_id(text)).collect::<Result<Vec<_>, _>>()?;
    let named = |names: &[String], make: fn(String) -> Namespace| {
        names.iter().cloned().map(make).collect::<Vec<_>>()
    };
    let namespaces = [
        named(&args.brands, Namespace::Brand),
        named(&args.gtins, Namespace::Gtin),
        named(&args.hosts, Namespace::Host),
    ]
    .concat();
    let bounds = namespaces.iter().try_for_each(Namespace::bounds);
    bounds.map_err(|error| Failure::usage("out-of-bounds", &[("why", &error)]))?;
    if parties.is_empty() && namespaces.is_empty() && !args.everybody {
        return Err(Failure::usage("nothing-watched", &[]));
    }
    let (everybody, factor) = (args.everybody, args.factor);
    Ok(Watch { parties, namespaces, names: Vec::new(), everybody, factor })
}

/// Where the place in the log is kept; one process at a time holds it.
struct Place {
    path: PathBuf,
    ledger: LedgerId,
    _lock: File,
}

impl Place {
    fn open(home: &Path, ledger: &LedgerId) -> Result<Self, Failure> {
        let path = home.join(format!("monitor-{ledger}"));
        let lock = path.with_extension("lock");
        let open = OpenOptions::new().write(true).create(true).truncate(false).open(&lock);
        let file = open.map_err(|error| files::unreadable(&lock, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, ledger: *ledger, _lock: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::new("monitor-runs", &[("home", &home.display())]))
            }
            Err(TryLockError::Error(error)) => Err(files::unreadable(&lock, &error)),
        }
    }

    /// The follower that was kept; a new one where there is none, or where all is to be read again.
    fn follower(&self, again: bool) -> Result<Follower, Failure> {
        if again || !self.path.exists() {
            return Ok(Follower::new(self.ledger));
        }
        let bytes = files::read(&self.path, Follower::MAX_LEN)?;
        let kept = codec::decode::<Follower>(&bytes).ok();
        kept.filter(|kept| *kept.ledger() == self.ledger)
            .ok_or_else(|| Failure::new("monitor-damaged", &[("path", &self.path.display())]))
    }

    fn keep(&self, follower: &Follower) -> Result<(), Failure> {
        files::write(&self.path, &codec::encode(follower))
    }
}
