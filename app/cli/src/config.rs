//! `sealight config`: which of the trust file's ledgers this device uses, and which gateways first.

mod signed;

pub(crate) use signed::sign;

use crate::args::{Common, ConfigSet, ConfigShow};
use crate::console::Console;
use crate::device::{self, Device};
use crate::fail::Failure;
use crate::files;
use sealight_edge::clock;
use sealight_edge::home::{Config, MAX_CONFIG};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::Timestamp;
use serde_json::{Value, json};

/// `sealight config show`
pub(crate) fn show(console: &Console, common: &Common, args: &ConfigShow) -> Result<(), Failure> {
    if let Some(file) = &args.file {
        return signed::show(console, file, args.operator_key.as_deref());
    }
    let device = Device::open(console, common)?;
    tell(console, &device)
}

/// `sealight config set`
pub(crate) fn set(console: &Console, common: &Common, args: &ConfigSet) -> Result<(), Failure> {
    let device = Device::open(console, common)?;
    let bytes = files::read(&args.file, MAX_CONFIG)?;
    let trust = device.client.light.trust();
    let put = Config::decode(&bytes, trust).and_then(|new| {
        device.home.put_config(&new)?;
        Ok(new)
    });
    let new = put.map_err(|error| device::home_failed(&error))?;
    console.tell(0, "cli.config.set", &[("serial", &new.serial.to_string())]);
    // What is in force from now on, with the ledgers that it chose.
    tell(console, &Device::open(console, common)?)
}

fn tell(console: &Console, device: &Device) -> Result<(), Failure> {
    let light = &device.client.light;
    let config = device.home.config(light.trust()).map_err(|error| device::home_failed(&error))?;
    let over = config.clone().in_force(clock::system()) != config;
    let say = |key: &str| console.say(key, &[]);
    let expires = match config.expires.map(Timestamp::from_unix_secs) {
        None => say("cli.config.never"),
        Some(time) if over => console.say("cli.config.over", &[("time", &time.to_string())]),
        Some(time) => time.to_string(),
    };
    let ledgers: Vec<LedgerId> = light.ledgers().copied().collect();
    let gateways: Vec<&str> = config.gateways.iter().map(|url| url.given()).collect();
    console.line(&format!("**{}**", say("cli.config.title")));
    let mut pairs = vec![
        (say("cli.config.serial"), config.serial.to_string()),
        (say("cli.config.expires"), expires),
    ];
    pairs.extend(ledgers.iter().map(|id| {
        let listed = light.trust().ledger(id);
        let name = listed.map(|listed| listed.name.clone()).unwrap_or_default();
        (say("cli.config.ledgers"), format!("{name} ({id})"))
    }));
    pairs.push((say("cli.config.gateways"), gateways.join(", ")));
    console.pairs(2, &pairs);
    console.document(json!({
        "serial": config.serial,
        "expires": config.expires.map(Timestamp::from_unix_secs),
        "over": over,
        "ledgers": ledgers,
        "gateways": gateways.into_iter().map(Value::from).collect::<Vec<_>>(),
    }));
    Ok(())
}
