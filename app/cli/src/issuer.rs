//! `sealight issuer`: parties and their keys.

use crate::args::{Common, Register, Revoke, RevokeReason, Rotate, Suspend};
use crate::console::Console;
use crate::fail::Failure;
use crate::key::{self, Note};
use crate::report_key;
use crate::sign::{self, party_id};
use sealight_issue::entry;
use sealight_issue::key::Sign;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::{Body, KeyRevocation, KeyRotation, Suspension};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Registration, Roles};
use serde_json::json;
use std::cell::Cell;
use std::path::Path;

/// Heights ahead at which a key retires where none is named.
const RETIRE_AHEAD: u64 = 5;

/// `sealight issuer register`
pub(crate) fn register(console: &Console, common: &Common, args: &Register) -> Result<(), Failure> {
    let registration = registration(console, args)?;
    let made = Cell::new(None);
    let entered = sign::submit(console, common, &args.signing, |signers| {
        let ledger = signers.ledger;
        made.set(Some((ledger, entry::party_id(&ledger, &registration))));
        Ok(Body::Register(registration.clone()))
    })?;
    // The party's id does not depend on who signs, so its key is noted of a draft too.
    let place = key::note_place(common, &args.party_key, &registration.key)?;
    if let Some((ledger, party)) = made.get() {
        key::write_note(&place, &Note { ledger, party, place: 0 })?;
    }
    let Some(entered) = entered else { return Ok(()) };
    if let Some((_, party)) = made.get() {
        let (id, height) = (party.to_string(), entered.height.to_string());
        let words = [("name", &*args.name), ("party", &*id), ("height", &*height)];
        console.tell(0, "cli.issuer.registered", &words);
        console.document(json!({
            "entry": entered.id,
            "height": entered.height,
            "party": party,
            "name": args.name,
            "note": place.display().to_string(),
        }));
    }
    Ok(())
}

fn registration(console: &Console, args: &Register) -> Result<Registration, Failure> {
    let mut roles = Roles::default();
    for name in &args.roles {
        let role =
            Roles::from_name(name).ok_or_else(|| Failure::usage("not-a-role", &[("got", name)]))?;
        roles = roles.with(role);
    }
    let named = |names: &[String], make: fn(String) -> Namespace| {
        names.iter().cloned().map(make).collect::<Vec<_>>()
    };
    let namespaces = [
        named(&args.gtins, Namespace::Gtin),
        named(&args.hosts, Namespace::Host),
        named(&args.patterns, Namespace::Pattern),
        named(&args.brands, Namespace::Brand),
    ];
    let registration = Registration {
        version: 1,
        legal_name: args.name.clone(),
        roles,
        namespaces: namespaces.concat(),
        key: key::public_of_any(console, &args.party_key)?,
        report_key: args.report_key.as_deref().map(report_key).transpose()?,
        nonce: u64::from_be_bytes(key::random()?),
    };
    let bounds = registration.bounds();
    bounds.map_err(|error| Failure::usage("out-of-bounds", &[("why", &error)]))?;
    Ok(registration)
}

fn report_key(path: &Path) -> Result<Blob, Failure> {
    Ok(Blob(report_key::public_of(path)?.to_vec()))
}

/// `sealight issuer rotate`
pub(crate) fn rotate(console: &Console, common: &Common, args: &Rotate) -> Result<(), Failure> {
    let new = key::read(console, &args.new_key)?.public();
    let made = Cell::new(None);
    let entered = sign::submit(console, common, &args.signing, |signers| {
        let old = signers.own.place;
        made.set(Some(Note { ledger: signers.ledger, party: signers.own.party, place: old + 1 }));
        Ok(Body::RotateKey(KeyRotation { old, new: new.clone() }))
    })?;
    let Some(entered) = entered else { return Ok(()) };
    if let Some(note) = made.get() {
        key::write_note(&key::note_place(common, &args.new_key, &new)?, &note)?;
        let (id, height) = (note.party.to_string(), entered.height.to_string());
        console.tell(0, "cli.issuer.rotated", &[("party", &id), ("height", &height)]);
        console.document(json!({
            "entry": entered.id,
            "height": entered.height,
            "party": note.party,
            "place": note.place,
        }));
    }
    Ok(())
}

/// `sealight issuer revoke`
pub(crate) fn revoke(console: &Console, common: &Common, args: &Revoke) -> Result<(), Failure> {
    let party = party_id(&args.of)?;
    let reason = match args.reason {
        RevokeReason::Retired => KeyEnd::Retired,
        RevokeReason::Compromised => KeyEnd::Compromised,
    };
    let from = Cell::new(0);
    let entered = sign::submit(console, common, &args.signing, |signers| {
        // A retirement lies ahead of its own block, and blocks go on while this is signed.
        let next = match reason {
            KeyEnd::Retired => signers.next_height + RETIRE_AHEAD,
            KeyEnd::Compromised => signers.next_height,
        };
        from.set(args.from.unwrap_or(next));
        let (key, from) = (args.place, from.get());
        Ok(Body::RevokeKey(KeyRevocation { party, key, reason, from }))
    })?;
    let Some(entered) = entered else { return Ok(()) };
    let (since, height) = (from.get().to_string(), entered.height.to_string());
    let words = [("party", &*args.of), ("from", &*since), ("height", &*height)];
    console.tell(0, "cli.issuer.revoked", &words);
    console.document(json!({
        "entry": entered.id,
        "height": entered.height,
        "party": party,
        "place": args.place,
        "reason": reason,
        "from": from.get(),
    }));
    Ok(())
}

/// `sealight issuer suspend`
pub(crate) fn suspend(console: &Console, common: &Common, args: &Suspend) -> Result<(), Failure> {
    let (party, suspended) = (party_id(&args.of)?, !args.lift);
    let body = Body::Suspend(Suspension { party, suspended });
    let entered = sign::submit(console, common, &args.signing, |_| Ok(body))?;
    let Some(entered) = entered else { return Ok(()) };
    let words = [("party", &*args.of), ("height", &*entered.height.to_string())];
    let is = if suspended { "cli.issuer.suspended" } else { "cli.issuer.let-in" };
    console.tell(0, is, &words);
    console.document(json!({
        "entry": entered.id,
        "height": entered.height,
        "party": party,
        "suspended": suspended,
    }));
    Ok(())
}
