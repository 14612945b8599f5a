//! `sealight scan`: from pictures or text to a verdict, remembered without its secret.

use crate::args::{Common, ProfileName, Scan};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::read::{self, Says, Seen};
use crate::show::{self, NO_SEAL, Register};
use crate::{files, stop};
use sealight_edge::client::{Proven, Reach};
use sealight_edge::clock;
use sealight_edge::store::ScanId;
use sealight_flow::{Answer, Chips, Entry, Profile, Showing};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{Policy, SealClaim};
use serde_json::{Value, json};

pub(crate) fn run(console: &Console, common: &Common, args: &Scan) -> Result<u8, Failure> {
    if args.pictures.is_empty() && args.text.is_empty() && args.reading.is_none() {
        return Err(Failure::usage("nothing-to-scan", &[]));
    }
    let stdin = args.pictures.iter().filter(|path| path.as_os_str() == "-").count();
    if stdin + args.text.iter().filter(|text| *text == "-").count() > 1 {
        return Err(Failure::usage("stdin-twice", &[]));
    }
    let mut scanning = Scanning::new(console, common, args);
    let mut seen: Vec<Seen> = Vec::new();
    seen.extend(args.reading.map(|number| scanning.reading(number)).transpose()?);
    for text in &args.text {
        match text.as_str() {
            "-" => seen.extend(read::lines()?),
            text => seen.push(read::argument(console, text)),
        }
    }
    seen.extend(args.pictures.iter().flat_map(|path| read::picture(path)));
    let (mut worst, mut documents) = (0, Vec::new());
    let many = seen.len() > 1;
    for (at, seen) in seen.iter().enumerate() {
        if at > 0 {
            console.line("");
        }
        if many {
            console.line(&console.faint(&seen.source));
        }
        let (code, document) = scanning.one(seen)?;
        worst = worse(worst, code);
        documents.push(document);
    }
    console.document(json!({ "exit_code": worst, "results": documents }));
    Ok(worst)
}

/// The worse of two exit codes: what speaks against goods before what says nothing of them.
fn worse(one: u8, other: u8) -> u8 {
    const WORST_FIRST: [u8; 7] = [21, 20, 10, 22, 23, 11, 0];
    let place = |code| WORST_FIRST.iter().position(|known| *known == code);
    if place(other) < place(one) { other } else { one }
}

/// The limits of a profile on a ledger, as the trust file sets them; the strictest where none is
/// named.
pub(crate) fn policy(device: &Device, ledger: Option<&LedgerId>, profile: ProfileName) -> Policy {
    let light = &device.client.light;
    let meant = light.ledgers().filter(|known| ledger.is_none_or(|ledger| ledger == *known));
    let listed = meant.filter_map(|id| light.trust().ledger(id)).map(|listed| Policy {
        fresh: match profile {
            ProfileName::Inspector => listed.periods.fresh_inspector.0,
            ProfileName::Shopper | ProfileName::Kiosk => listed.periods.fresh.0,
        },
        stop: listed.periods.stop.0,
        ..show::profile(profile).policy
    });
    let stricter = |one: Policy, other: Policy| Policy {
        fresh: one.fresh.min(other.fresh),
        stop: one.stop.min(other.stop),
        ..one
    };
    listed.reduce(stricter).unwrap_or(show::profile(profile).policy)
}

/// One run of the command. The device is opened at the first seal: what is no seal needs none.
struct Scanning<'a> {
    console: &'a Console,
    common: &'a Common,
    args: &'a Scan,
    profile: Profile,
    device: Option<Device>,
}

impl<'a> Scanning<'a> {
    fn new(console: &'a Console, common: &'a Common, args: &'a Scan) -> Self {
        Self { console, common, args, profile: show::profile(args.profile), device: None }
    }

    fn device(&mut self) -> Result<&mut Device, Failure> {
        if self.device.is_none() {
            let mut device = Device::open(self.console, self.common)?;
            device.ask_packs_only(&self.args.packs)?;
            if !self.args.offline {
                device.cancel = stop::on_interrupt();
            }
            self.device = Some(device);
        }
        self.device.as_mut().ok_or_else(|| Failure::new("no-ledger", &[]))
    }

    /// A reading out of the history: recorded, without its secret.
    fn reading(&mut self, number: u64) -> Result<Seen, Failure> {
        let unknown = || Failure::new("no-such-reading", &[("number", &number)]);
        let id = ScanId(i64::try_from(number).map_err(|_| unknown())?);
        let device = self.device()?;
        let scan = device.client.light.store().scan(id);
        let scan = scan.map_err(|error| device.store_failed(&error))?.ok_or_else(unknown)?;
        let claim = scan.entry.claim.to_claim().ok_or_else(unknown)?;
        Ok(Seen { source: format!("--reading {number}"), says: Says::Claim(Box::new(claim)) })
    }

    /// Shows one code; its exit code and document.
    fn one(&mut self, seen: &Seen) -> Result<(u8, Value), Failure> {
        let (code, mut document) = match &seen.says {
            Says::Claim(claim) => self.claim(claim)?,
            Says::Trouble(trouble) => {
                let showing = show::showing(self.console, self.profile, Register::default());
                show::trouble(self.console, &showing, trouble);
                (NO_SEAL, show::trouble_document(&showing, trouble))
            }
            Says::NoPicture(failure) => {
                let (what, hint) = failure.words(self.console);
                self.console.wrapped(0, &format!("× {what}"));
                self.console.wrapped(2, &hint);
                let document = json!({
                    "outcome": "no-seal",
                    "exit_code": NO_SEAL,
                    "code": failure.code(),
                    "text": what,
                });
                (NO_SEAL, document)
            }
        };
        document["source"] = seen.source.clone().into();
        Ok((code, document))
    }

    fn claim(&mut self, claim: &SealClaim) -> Result<(u8, Value), Failure> {
        let (console, args, profile) = (self.console, self.args, self.profile);
        let device = self.device()?;
        let asked = device.only_ledger(claim);
        let policy = policy(device, asked.as_ref(), args.profile);
        let reach = if args.offline { Reach::Offline } else { Reach::Online };
        let proven = device.prove(console, claim, &policy, reach)?;
        if let (Some(path), Some(bundle)) = (&args.bundle, &proven.bundle) {
            files::write(path, bundle)?;
        }
        let offline = args.offline || proven.offline.is_some();
        // A scan that came to nothing is kept as one of the ledger that was asked first.
        let first = || device.client.light.ledgers_of(claim).ok()?.first().copied();
        let ledger = proven.ledger.or_else(first);
        let as_of = device.register_as_of(ledger.as_ref());
        let showing = show::showing(console, profile, Register { as_of, offline });
        let verdict = &proven.judgement.verdict;
        let reading = match (args.forget, ledger) {
            (false, Some(ledger)) => device.record(&ledger, claim, &proven, &showing)?,
            _ => None,
        };
        show::verdict(console, &showing, claim, verdict);
        let mut document = show::verdict_document(claim, verdict);
        document["offline"] = offline.into();
        document["reading"] = json!(reading.map(|id| id.0));
        Ok((verdict.outcome().exit_code(), document))
    }
}

impl Device {
    /// Proves a claim, with progress.
    pub(crate) fn prove(
        &mut self,
        console: &Console,
        claim: &SealClaim,
        policy: &Policy,
        reach: Reach,
    ) -> Result<Proven, Failure> {
        let told = &mut |progress: sealight_edge::client::Progress| {
            let (answers, bytes) = (progress.answers.to_string(), progress.bytes.to_string());
            let values = [("answers", &*answers), ("bytes", &*bytes)];
            console.progress("cli.scan.asking", &values);
        };
        let cancel = self.cancel.clone();
        let proven = self.client.prove(claim, policy, reach, clock::system(), told, &cancel);
        console.clear();
        if cancel.is_cancelled() { Err(Failure::stopped()) } else { Ok(proven) }
    }

    /// Keeps a scan in the history.
    pub(crate) fn record(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        proven: &Proven,
        showing: &Showing,
    ) -> Result<Option<ScanId>, Failure> {
        let verdict = &proven.judgement.verdict;
        let answer = Answer::of(claim, verdict);
        let digest = proven.bundle.as_ref().map(|bundle| Sm3::hash(&[bundle]).to_string());
        let entry = Entry::of(showing.now, claim, &answer, Chips::NONE, digest);
        let kept = self.client.light.record(ledger, claim, verdict, entry);
        kept.map_err(|error| self.store_failed(&error))
    }
}
