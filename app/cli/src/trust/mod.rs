//! `sealight trust`: the file that everything else rests on.

mod checkpoint;
pub(crate) mod document;

pub(crate) use checkpoint::run as checkpoint;

use crate::args::{Common, TrustAdd, TrustRotate};
use crate::console::Console;
use crate::device::{self, Device, gateway_url};
use crate::fail::Failure;
use crate::{files, key, token};
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_edge::home::Home;
use sealight_edge::net::{Gateway, GatewayUrl, Http, Timeouts};
use sealight_issue::trust::{finish_first, finish_rotation, try_sign_trust_file};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::trust::{SignedTrustFile, TrustFile, open};
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;

/// The serial of the first trust file of a ledger, from which the others follow.
const FIRST: u64 = 1;
/// Most bytes of a trust file's content as JSON.
const MAX_CONTENT: usize = 1024 * 1024;

/// `sealight trust show`
pub(crate) fn show(console: &Console, common: &Common) -> Result<(), Failure> {
    let device = Device::open(console, common)?;
    let anchor = anchor(&device.home)?.unwrap_or_default();
    let trust = device.client.light.trust();
    tell(console, trust, &fingerprint(&anchor));
    console.document(json!({
        "anchor_fingerprint": fingerprint(&anchor),
        "trust": document::write(trust),
    }));
    Ok(())
}

/// `sealight trust add`
pub(crate) fn add(console: &Console, common: &Common, args: &TrustAdd) -> Result<(), Failure> {
    let home = device::home(common)?;
    let from = match args.source.contains("://") {
        true => Some(gateway_url(&args.source)?),
        false => None,
    };
    match anchor(&home)? {
        Some(_) => newer(console, common, args, from.as_ref()),
        None => first(console, &home, args, from.as_ref()),
    }
}

/// The trust file that a person added first.
fn anchor(home: &Home) -> Result<Option<Vec<u8>>, Failure> {
    home.trust().map_err(|error| device::home_failed(&error))
}

/// Nothing vouches for a first file but the person who compares its fingerprint.
fn first(
    console: &Console,
    home: &Home,
    args: &TrustAdd,
    from: Option<&GatewayUrl>,
) -> Result<(), Failure> {
    let bytes = match from {
        Some(url) => fetch(url, FIRST)?,
        None => files::read(Path::new(&args.source), SignedTrustFile::MAX_LEN)?,
    };
    let trust = open(&bytes).map_err(|error| refused(&error))?;
    let fingerprint = fingerprint(&bytes);
    tell(console, &trust, &fingerprint);
    agreed(console, args, &fingerprint)?;
    home.put_trust(&bytes).map_err(|error| device::home_failed(&error))?;
    if let Some(url) = from {
        device::add_gateway(home, &trust, url)?;
    }
    console.tell(0, "cli.trust.added", &[("home", &home.path().display().to_string())]);
    console.document(json!({
        "fingerprint": fingerprint,
        "serial": trust.serial,
        "home": home.path().display().to_string(),
    }));
    Ok(())
}

fn agreed(console: &Console, args: &TrustAdd, fingerprint: &str) -> Result<(), Failure> {
    let plain = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
    if let Some(told) = &args.fingerprint {
        return match plain(told) == plain(fingerprint) {
            true => Ok(()),
            false => Err(Failure::new("other-fingerprint", &[("got", &fingerprint)])),
        };
    }
    if args.yes {
        return Ok(());
    }
    if console.json || !std::io::stdin().is_terminal() {
        return Err(Failure::new("fingerprint-needed", &[("got", &fingerprint)]));
    }
    console.tell(0, "cli.trust.ask", &[]);
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    let yes = console.say("cli.trust.yes", &[]);
    match read {
        Ok(_) if answer.trim().eq_ignore_ascii_case(&yes) => Ok(()),
        _ => Err(Failure::new("not-added", &[])),
    }
}

/// A newer file is vouched for by the one before it.
fn newer(
    console: &Console,
    common: &Common,
    args: &TrustAdd,
    from: Option<&GatewayUrl>,
) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    let old = device.client.light.trust().serial;
    match from {
        Some(url) => {
            device.ask_only([args.source.as_str()])?;
            let cancel = device.cancel.clone();
            if device.client.renew_trust(clock::system(), &cancel) == 0 {
                // Why there is none is what the gateway says of the next one.
                let bytes = fetch(url, old + 1)?;
                take(&mut device, &bytes)?;
            }
            device::add_gateway(&device.home, device.client.light.trust(), url)?;
        }
        None => {
            let bytes = files::read(Path::new(&args.source), SignedTrustFile::MAX_LEN)?;
            take(&mut device, &bytes)?;
        }
    }
    let serial = device.client.light.trust().serial;
    let (was, is) = (old.to_string(), serial.to_string());
    console.tell(0, "cli.trust.rotated", &[("old", &was), ("new", &is)]);
    console.document(json!({ "serial": serial, "followed": old }));
    Ok(())
}

fn take(device: &mut Device, bytes: &[u8]) -> Result<(), Failure> {
    let taken = device.client.light.rotate_trust(bytes, clock::system());
    taken.map_err(|error| Failure::new("trust-refused", &[("why", &error)]))
}

fn fetch(url: &GatewayUrl, serial: u64) -> Result<Vec<u8>, Failure> {
    let gateway = Gateway::new(url.clone(), Arc::new(Http::new(Timeouts::default())));
    gateway
        .trust_file(serial, &Cancel::default())
        .map_err(|error| Failure::new("no-trust-there", &[("url", &url.as_str()), ("why", &error)]))
}

/// `sealight trust rotate`
pub(crate) fn rotate(
    console: &Console,
    common: &Common,
    args: &TrustRotate,
) -> Result<(), Failure> {
    let path = &args.content;
    let bad = |why: &dyn ToString| {
        Failure::new("bad-trust-content", &[("path", &path.display()), ("why", why)])
    };
    let content: Value =
        serde_json::from_slice(&files::read(path, MAX_CONTENT)?).map_err(|error| bad(&error))?;
    let file = document::read(content.get("trust").unwrap_or(&content)).map_err(|why| bad(&why))?;
    let mut signed = SignedTrustFile::unsigned(&file);
    for path in &args.keys {
        let agreed = try_sign_trust_file(&mut signed, &key::read(console, path)?);
        agreed.map_err(|error| token::refused(&error))?;
    }
    let bytes = match anchor(&device::home(common)?)?.is_some() {
        true => finish_rotation(Device::open(console, common)?.client.light.trusted(), &signed),
        false => finish_first(&signed),
    };
    let bytes = bytes.map_err(|error| refused(&error))?;
    files::write(&args.output, &bytes)?;
    let (serial, output) = (file.serial.to_string(), args.output.display().to_string());
    console.tell(0, "cli.trust.signed", &[("serial", &serial), ("path", &output)]);
    console.document(json!({
        "serial": file.serial,
        "fingerprint": fingerprint(&bytes),
        "output": output,
    }));
    Ok(())
}

fn refused(error: &dyn ToString) -> Failure {
    Failure::new("trust-refused", &[("why", error)])
}

/// What a person compares: 80 bits of the hash of what the roots signed, in groups of four digits.
pub(crate) fn fingerprint(signed: &[u8]) -> String {
    let body = codec::decode::<SignedTrustFile>(signed).map(|signed| signed.body.0);
    let hash = Sm3::hash(&[&body.unwrap_or_default()]).to_string();
    let groups: Vec<&str> = (0..5).filter_map(|at| hash.get(at * 4..at * 4 + 4)).collect();
    groups.join(" ")
}

fn tell(console: &Console, trust: &TrustFile, fingerprint: &str) {
    let say = |key: &str| console.say(key, &[]);
    console.line(&format!("**{}**", say("cli.trust.title")));
    let roots = (trust.roots.threshold.to_string(), trust.roots.keys.len().to_string());
    let mut pairs = vec![
        (say("cli.trust.fingerprint"), format!("**{fingerprint}**")),
        (say("cli.trust.serial"), trust.serial.to_string()),
        (say("cli.trust.expires"), trust.expires.to_string()),
        (
            say("cli.trust.roots"),
            console.say("cli.trust.of", &[("threshold", &roots.0), ("keys", &roots.1)]),
        ),
    ];
    for ledger in &trust.ledgers {
        pairs.push((say("cli.trust.ledger"), format!("{} ({})", ledger.name, ledger.chain_id)));
        for operator in &ledger.operators {
            let count = operator.validators.len().to_string();
            let words = [("name", &*operator.name), ("count", &*count)];
            pairs.push((say("cli.trust.operator"), console.say("cli.trust.runs", &words)));
        }
    }
    if trust.demo {
        pairs.push((say("cli.trust.purpose"), say("cli.trust.demo")));
    }
    console.pairs(2, &pairs);
}
