//! `sealight sync`: headers, checkpoints and recalls, fetched and verified.

use crate::args::{Common, ProfileName, Sync};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::{checkpoint, scan, stop};
use sealight_edge::client::{Progress, SyncReport};
use sealight_edge::clock;
use sealight_verify::format::ids::LedgerId;
use serde_json::{Value, json};

pub(crate) fn run(console: &Console, common: &Common, args: &Sync) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    device.ask_only(args.gateways.iter().map(String::as_str))?;
    let mut taken = Vec::new();
    for path in &args.checkpoints {
        taken.push(checkpoint::take(console, &mut device, path)?);
    }
    let (mut renewed, mut documents, mut failure) = (0, Vec::new(), None);
    if !args.offline {
        renewed = device.client.renew_trust(clock::system(), &device.cancel.clone());
        let ledgers: Vec<LedgerId> = device.client.light.ledgers().copied().collect();
        for ledger in &ledgers {
            let report = device.sync(console, ledger)?;
            let doubtful = device.clock_doubtful(ledger);
            documents.push(document(ledger, &report, doubtful));
            match &report.outcome {
                Ok(()) => tell(console, &device, ledger, &report, doubtful),
                Err(faults) => failure = Some(device.no_gateway(faults)),
            }
        }
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    let saved = args.save_checkpoint.as_deref();
    let saved = saved.map(|path| checkpoint::save(console, &mut device, path)).transpose()?;
    console.document(json!({
        "trust_files": renewed,
        "checkpoints": taken,
        "saved": saved,
        "ledgers": documents,
    }));
    Ok(())
}

impl Device {
    /// Whether this device's clock may be wrong, as far as a ledger's headers show.
    fn clock_doubtful(&mut self, ledger: &LedgerId) -> bool {
        self.client.light.now(ledger, clock::system()).is_some_and(|now| now.doubtful())
    }

    /// Syncs one ledger, with progress.
    pub(crate) fn sync(
        &mut self,
        console: &Console,
        ledger: &LedgerId,
    ) -> Result<SyncReport, Failure> {
        let policy = scan::policy(self, Some(ledger), ProfileName::Shopper);
        let told = &mut |progress: Progress| asking(console, progress);
        let cancel = self.cancel.clone();
        let report = self.client.sync(ledger, &policy, clock::system(), told, &cancel);
        console.clear();
        match &report.unkept {
            _ if cancel.is_cancelled() => Err(Failure::stopped()),
            Some(error) => Err(self.store_failed(error)),
            None => Ok(report),
        }
    }
}

fn asking(console: &Console, progress: Progress) {
    let (answers, bytes) = (progress.answers.to_string(), progress.bytes.to_string());
    console.progress("cli.sync.asking", &[("answers", &answers), ("bytes", &bytes)]);
}

fn tell(
    console: &Console,
    device: &Device,
    ledger: &LedgerId,
    report: &SyncReport,
    doubtful: bool,
) {
    let listed = device.client.light.trust().ledger(ledger);
    let name = listed.map_or_else(|| ledger.to_string(), |listed| listed.name.clone());
    let (height, time) = report.head.map_or((0, String::new()), |(h, t)| (h, t.to_string()));
    let (height, answers) = (height.to_string(), report.progress.answers.to_string());
    let bytes = report.progress.bytes.to_string();
    let words = [
        ("name", &*name),
        ("height", &*height),
        ("time", &*time),
        ("answers", &*answers),
        ("bytes", &*bytes),
    ];
    console.tell(0, "cli.sync.done", &words);
    if doubtful {
        console.tell(0, "cli.sync.clock", &[("name", &name)]);
    }
    if !report.recalled.is_empty() {
        let numbers: Vec<String> = report.recalled.iter().map(|id| id.0.to_string()).collect();
        let numbers = numbers.join(", ");
        console.tell(0, "cli.sync.recalled", &[("numbers", &numbers)]);
    }
}

fn document(ledger: &LedgerId, report: &SyncReport, doubtful: bool) -> Value {
    json!({
        "ledger": ledger,
        "height": report.head.map(|(height, _)| height),
        "time": report.head.map(|(_, time)| time),
        "answers": report.progress.answers,
        "bytes": report.progress.bytes,
        "changed_readings": report.recalled.iter().map(|id| id.0).collect::<Vec<_>>(),
        "clock_doubtful": doubtful,
    })
}
