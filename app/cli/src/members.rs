//! `sealight members`: who decides, and who signs blocks; changed by a quorum of members.
//!
//! A change goes one of two ways. Where all keys are at hand it is signed and sent at once. Else the
//! first member drafts it (`--draft FILE`, which every signing command has), each other one adds a
//! signature on its own machine (`endorse`), and anybody sends it (`send`).

use crate::args::{Common, Endorse, MembersChange, Send, ValidatorsChange};
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use crate::sign::{self, Entered, Holder, party_id};
use crate::{stop, token};
use sealight_issue::entry;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::Body;
use sealight_verify::format::governance::{GovernanceChange, Members, ValidatorSeat, Validators};
use sealight_verify::format::ids::PartyId;
use serde_json::json;

/// Power of a seat where none is named: that of a new network's seats.
const POWER: u64 = 10;

/// `sealight members show`
pub(crate) fn show(console: &Console, common: &Common) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    let (members, validators) = proven(&mut device)?;
    let threshold = members.threshold.to_string();
    let count = members.parties.len().to_string();
    console.tell(0, "cli.members.quorum", &[("threshold", &threshold), ("count", &count)]);
    members.parties.iter().for_each(|party| console.line(&format!("  {party}")));
    console.line("");
    console.tell(0, "cli.members.validators", &[]);
    let row = |seat: &ValidatorSeat| (hex(&seat.key), format!("{}  {}", seat.power, seat.operator));
    console.pairs(2, &validators.seats.iter().map(row).collect::<Vec<_>>());
    let seat = |seat: &ValidatorSeat| json!({ "key": hex(&seat.key), "power": seat.power, "operator": seat.operator });
    console.document(json!({
        "members": members.parties,
        "threshold": members.threshold,
        "validators": validators.seats.iter().map(seat).collect::<Vec<_>>(),
    }));
    Ok(())
}

/// `sealight members change`
pub(crate) fn change(
    console: &Console,
    common: &Common,
    args: &MembersChange,
) -> Result<(), Failure> {
    let ids = |texts: &[String]| -> Result<Vec<PartyId>, Failure> {
        texts.iter().map(|text| party_id(text)).collect()
    };
    let (add, remove) = (ids(&args.add)?, ids(&args.remove)?);
    let (mut members, _) = now(console, common, args.signing.gateway.as_deref())?;
    members.parties.retain(|party| !remove.contains(party));
    members.parties.extend(add);
    members.parties.sort();
    members.parties.dedup();
    members.threshold = args.threshold.unwrap_or(members.threshold);
    let bounds = members.bounds();
    bounds.map_err(|error| Failure::usage("out-of-bounds", &[("why", &error)]))?;
    let body = Body::Govern(GovernanceChange::Members(members));
    let entered = sign::submit(console, common, &args.signing, |_| Ok(body))?;
    entered.iter().for_each(|entered| done(console, entered));
    Ok(())
}

/// `sealight members validators`
pub(crate) fn validators(
    console: &Console,
    common: &Common,
    args: &ValidatorsChange,
) -> Result<(), Failure> {
    let seats: Vec<ValidatorSeat> =
        args.seats.iter().map(|text| seat(text)).collect::<Result<_, _>>()?;
    let remove: Vec<Blob> = args.remove.iter().map(|text| key(text)).collect::<Result<_, _>>()?;
    let (_, mut set) = now(console, common, args.signing.gateway.as_deref())?;
    set.seats.retain(|old| !remove.contains(&old.key));
    for mut seat in seats {
        if let Some(at) = set.seats.iter().position(|old| old.key == seat.key) {
            let old = set.seats.remove(at);
            if seat.operator.is_empty() {
                seat.operator = old.operator;
            }
        }
        set.seats.push(seat);
    }
    set.seats.sort_by(|one, other| one.key.cmp(&other.key));
    let bounds = set.bounds();
    bounds.map_err(|error| Failure::usage("out-of-bounds", &[("why", &error)]))?;
    let body = Body::Govern(GovernanceChange::Validators(set));
    let entered = sign::submit(console, common, &args.signing, |_| Ok(body))?;
    entered.iter().for_each(|entered| done(console, entered));
    Ok(())
}

/// `sealight members endorse`
pub(crate) fn endorse(console: &Console, common: &Common, args: &Endorse) -> Result<(), Failure> {
    let mut drafted = sign::draft(&args.draft)?;
    for path in &args.keys {
        let holder = Holder::read(console, common, path, None, &drafted.ledger)?;
        drafted.signatures.retain(|signature| signature.party != holder.party);
        let agreed = entry::try_endorse(&mut drafted, holder.signer());
        agreed.map_err(|error| token::refused(&error))?;
    }
    // Whose entry it is signs first.
    let own = drafted.party;
    drafted.signatures.sort_by_key(|signature| signature.party != own);
    sign::drafted(console, &args.draft, &drafted)
}

/// `sealight members send`
pub(crate) fn send(console: &Console, common: &Common, args: &Send) -> Result<(), Failure> {
    let drafted = sign::draft(&args.draft)?;
    let mut device = Device::open(console, common)?;
    device.cancel = stop::on_interrupt();
    device.ask_only(args.gateway.as_deref())?;
    console.progress("cli.sign.waiting", &[]);
    let entered = device.submit(&drafted)?;
    done(console, &entered);
    Ok(())
}

fn done(console: &Console, entered: &Entered) {
    console.tell(0, "cli.members.entered", &[("height", &entered.height.to_string())]);
    console.document(json!({ "entry": entered.id, "height": entered.height }));
}

/// Members and validators as they stand.
fn now(
    console: &Console,
    common: &Common,
    gateway: Option<&str>,
) -> Result<(Members, Validators), Failure> {
    let mut device = Device::open(console, common)?;
    device.ask_only(gateway)?;
    proven(&mut device)
}

fn proven(device: &mut Device) -> Result<(Members, Validators), Failure> {
    device.sync_headers()?;
    let (ledger, cancel) = (device.ledger()?, device.cancel.clone());
    let Some(chain) = device.client.light.chain(&ledger) else {
        return Err(Failure::new("no-ledger", &[]));
    };
    let found = device.client.online.governance(chain, &cancel);
    found.map_err(|faults| device.no_gateway(&faults))
}

/// `KEY`, `KEY=POWER` or `KEY=POWER:OPERATOR`; a seat that was there keeps its operator.
fn seat(text: &str) -> Result<ValidatorSeat, Failure> {
    let unfit = || Failure::usage("not-a-seat", &[("got", &text)]);
    let (name, rest) = text.split_once('=').unwrap_or((text, ""));
    let (power, operator) = rest.split_once(':').unwrap_or((rest, ""));
    let power = if power.is_empty() { Some(POWER) } else { power.parse().ok() };
    let power = power.ok_or_else(unfit)?;
    Ok(ValidatorSeat { key: key(name)?, power, operator: operator.into() })
}

/// An Ed25519 key as hex.
fn key(text: &str) -> Result<Blob, Failure> {
    let unfit = || Failure::usage("not-a-seat", &[("got", &text)]);
    let digits = text.is_ascii().then_some(text).filter(|text| text.len() == 64);
    let digits = digits.ok_or_else(unfit)?;
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(byte).collect();
    bytes.map(Blob).ok_or_else(unfit)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
