//! `sealight verify`: a bundle from a file, with what this device trusts, without network.

use crate::args::{Common, Verify};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::read::{self, Says, Seen};
use crate::show::{self, NO_SEAL, Register};
use crate::{files, scan};
use sealight_edge::clock;
use sealight_verify::codec::Versioned;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::judge::SealClaim;
use std::path::Path;

pub(crate) fn run(console: &Console, common: &Common, args: &Verify) -> Result<u8, Failure> {
    let profile = show::profile(args.profile);
    let claim = match seal(console, &args.seal)? {
        Says::Claim(claim) => *claim,
        Says::Trouble(trouble) => {
            let showing = show::showing(console, profile, Register::default());
            show::trouble(console, &showing, &trouble);
            console.document(show::trouble_document(&showing, &trouble));
            return Ok(NO_SEAL);
        }
        Says::NoPicture(failure) => return Err(failure.exits(NO_SEAL)),
    };
    let bundle = files::read(&args.bundle, Bundle::MAX_LEN)?;
    let mut device = Device::open(console, common)?;
    let verdict = device.verify(&claim, &bundle, args.profile);
    let ledger = device.only_ledger(&claim);
    let as_of = device.register_as_of(ledger.as_ref());
    let showing = show::showing(console, profile, Register { as_of, offline: false });
    show::verdict(console, &showing, &claim, &verdict);
    console.document(show::verdict_document(&claim, &verdict));
    Ok(verdict.outcome().exit_code())
}

/// The seal as it was given: standard input, a picture where there is such a file, else its text.
fn seal(console: &Console, given: &str) -> Result<Says, Failure> {
    let path = Path::new(given);
    let mut seen: Vec<Seen> = match given {
        "-" => read::standard_input()?,
        _ if path.is_file() => read::picture(path),
        text => return Ok(read::argument(console, text).says),
    };
    match (seen.pop(), seen.is_empty()) {
        (Some(only), true) => Ok(only.says),
        _ => Err(Failure::usage("several-seals", &[("path", &given)])),
    }
}

impl Device {
    /// Judges a bundle; nothing is fetched.
    pub(crate) fn verify(
        &mut self,
        claim: &SealClaim,
        bundle: &[u8],
        profile: crate::args::ProfileName,
    ) -> sealight_verify::judge::Verdict {
        let ledger = self.only_ledger(claim);
        let policy = scan::policy(self, ledger.as_ref(), profile);
        self.client.light.judge(claim, bundle, &policy, clock::system()).verdict
    }
}
