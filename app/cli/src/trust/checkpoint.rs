//! `sealight trust checkpoint`: a fresh header, signed for devices that slept for long.
//!
//! The header needs no earlier one: validators that the device's trust file lists have signed it
//! with more than two thirds of the power. A gateway could only show an older such header than the
//! newest, so its height and time are told, and several gateways may be named.

use super::refused;
use crate::args::{Common, TrustCheckpoint};
use crate::console::Console;
use crate::device::{Device, gateway_url};
use crate::fail::Failure;
use crate::{files, key, token};
use sealight_edge::clock;
use sealight_edge::net::{Committed, Gateway, Http, NetError, Timeouts};
use sealight_issue::trust::{checkpoint_of_listed, finish_checkpoint, try_sign_checkpoint};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::comet::json::{JsonError, commit_answer, validators_answer};
use sealight_verify::comet::{LightBlock, Stock};
use sealight_verify::trust::{LedgerTrust, SignedCheckpoint};
use serde_json::json;
use std::sync::Arc;

/// `sealight trust checkpoint`
pub(crate) fn run(
    console: &Console,
    common: &Common,
    args: &TrustCheckpoint,
) -> Result<(), Failure> {
    let device = Device::open(console, common)?;
    let ledger = device.ledger()?;
    let file = device.client.light.trust().clone();
    let trust = file.ledgers.iter().find(|known| known.id == ledger);
    let trust = trust.ok_or_else(|| Failure::new("no-ledger", &[]))?;
    let earlier = args.from.as_deref().map(|path| {
        let bytes = files::read(path, SignedCheckpoint::MAX_LEN)?;
        codec::decode::<SignedCheckpoint>(&bytes).map_err(|error| refused(&error))
    });
    let earlier = earlier.transpose()?;
    let which = earlier.as_ref().map_or(Committed::Latest, |of| Committed::At(of.body.height));
    let block = newest(&device, trust, &args.gateways, which)?;
    let made = earlier.as_ref().map_or_else(clock::system, |of| of.body.made);
    let mut signed = checkpoint_of_listed(trust, &block, made).map_err(|error| refused(&error))?;
    if let Some(earlier) = earlier {
        if earlier.body != signed.body {
            return Err(Failure::new("other-checkpoint", &[("height", &earlier.body.height)]));
        }
        signed.signatures = earlier.signatures;
    }
    for path in &args.keys {
        let agreed = try_sign_checkpoint(&mut signed, &key::read(console, path)?);
        agreed.map_err(|error| token::refused(&error))?;
    }
    let whole = finish_checkpoint(&file.checkpoints, &signed).is_ok();
    files::write(&args.output, &codec::encode(&signed))?;
    let (height, time) = (signed.body.height.to_string(), signed.body.time.to_string());
    let (got, of) = (signed.signatures.len().to_string(), file.checkpoints.threshold.to_string());
    let path = args.output.display().to_string();
    let words = [
        ("height", &*height),
        ("time", &*time),
        ("path", &*path),
        ("got", &*got),
        ("threshold", &*of),
    ];
    let is = if whole { "cli.trust.checkpoint" } else { "cli.trust.checkpoint-begun" };
    console.tell(0, is, &words);
    console.document(json!({
        "ledger": ledger,
        "height": signed.body.height,
        "time": time,
        "made": signed.body.made,
        "signatures": signed.signatures.len(),
        "threshold": file.checkpoints.threshold,
        "complete": whole,
        "output": path,
    }));
    Ok(())
}

/// The highest header among those that the gateways give.
fn newest(
    device: &Device,
    trust: &LedgerTrust,
    named: &[String],
    which: Committed,
) -> Result<LightBlock, Failure> {
    let listed = trust.operators.iter().flat_map(|operator| &operator.gateways);
    let urls: Vec<&String> =
        if named.is_empty() { listed.collect() } else { named.iter().collect() };
    let http = Arc::new(Http::new(Timeouts::default()));
    let (mut best, mut why) = (None::<LightBlock>, String::new());
    for url in urls {
        let gateway = Gateway::new(gateway_url(url)?, http.clone());
        match block(device, &gateway, which) {
            Ok(found) if best.as_ref().is_none_or(|best| found.height() > best.height()) => {
                best = Some(found);
            }
            Ok(_) => {}
            Err(error) => why = format!("{url}: {error}"),
        }
    }
    best.ok_or_else(|| Failure::new("no-header", &[("why", &why)]))
}

fn block(device: &Device, gateway: &Gateway, which: Committed) -> Result<LightBlock, Unread> {
    let signed = commit_answer::<Stock>(&gateway.commit(which, &device.cancel)?)?;
    let height = signed.header.height;
    let page = |number| -> Result<_, Unread> {
        Ok(validators_answer::<Stock>(&gateway.validators(height, number, &device.cancel)?)?)
    };
    let mut whole = page(1)?;
    let total = u32::try_from(whole.total).unwrap_or(u32::MAX);
    for number in Gateway::pages(total).skip(1) {
        whole.validators.extend(page(number)?.validators);
    }
    Ok(signed.with_validators::<Stock>(whole.into_set()?)?)
}

/// Why a gateway's answer is no header.
enum Unread {
    Net(NetError),
    Json(JsonError),
}

impl From<NetError> for Unread {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl From<JsonError> for Unread {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(error) => error.fmt(f),
            Self::Json(error) => error.fmt(f),
        }
    }
}
