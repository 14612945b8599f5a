//! `sealight config sign`, and `config show` of a signed file: what an operator sets on kiosks.

use crate::args::ConfigSign;
use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use crate::{key, token};
use sealight_edge::clock;
use sealight_edge::operator::{MAX_DOCUMENT, MAX_SIGNED, OperatorKey, Shop, SignedShop};
use sealight_issue::key::Sign as _;
use serde_json::{Value, json};
use std::path::Path;

/// `sealight config sign`
pub(crate) fn sign(console: &Console, args: &ConfigSign) -> Result<(), Failure> {
    let bytes = files::read(&args.document, MAX_DOCUMENT)?;
    let shop = Shop::decode(&bytes).map_err(|error| refused(&args.document, &error))?;
    // Nothing but UTF-8 decodes.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let key = key::read(console, &args.key)?;
    let public = operator(&args.key, OperatorKey::new(key.public()))?;
    let signature = key.try_sign(&SignedShop::signing_bytes(&text));
    let signature = signature.map_err(|error| token::refused(&error))?;
    let hex = public.hex();
    files::write(&args.output, &SignedShop::new(text, public, signature).encode())?;
    let path = args.output.display().to_string();
    let serial = shop.serial.to_string();
    console.tell(0, "cli.config.signed", &[("serial", &serial), ("path", &path)]);
    console.document(json!({ "serial": shop.serial, "signer": hex, "output": path }));
    Ok(())
}

/// `sealight config show FILE`
pub(crate) fn show(
    console: &Console,
    file: &Path,
    operator_key: Option<&Path>,
) -> Result<(), Failure> {
    let bytes = files::read(file, MAX_SIGNED)?;
    let signed = SignedShop::decode(&bytes).map_err(|error| refused(file, &error))?;
    let signer = operator(file, OperatorKey::new(signed.signer().clone()))?;
    let expected = operator_key.map(|path| operator(path, OperatorKey::read(path))).transpose()?;
    // Without the operator's key only that the signature is by whom the file names.
    let by = expected.as_ref().unwrap_or(&signer);
    let shop = signed.open(by).map_err(|error| refused(file, &error))?;
    let over = shop.is_over(clock::system());
    let expires = shop.expires.to_string();
    let expires = match over {
        true => console.say("cli.config.over", &[("time", &expires)]),
        false => expires,
    };
    let by = if expected.is_some() { "cli.config.by-operator" } else { "cli.config.by" };
    console.line(&format!("**{}**", console.say("cli.config.title", &[])));
    console.pairs(
        2,
        &[
            (console.say("cli.config.serial", &[]), shop.serial.to_string()),
            (console.say("cli.config.expires", &[]), expires),
            (console.say("cli.config.signer", &[]), console.say(by, &[("key", &signer.hex())])),
        ],
    );
    let mut document = shop.document();
    if let Some(fields) = document.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    for line in format!("{document:#}").lines() {
        console.line(&format!("  {line}"));
    }
    console.document(json!({
        "file": file.display().to_string(),
        "signer": signer.hex(),
        "operator": expected.map_or(Value::Null, |_| true.into()),
        "over": over,
        "shop": document,
    }));
    Ok(())
}

fn operator<E: ToString>(path: &Path, key: Result<OperatorKey, E>) -> Result<OperatorKey, Failure> {
    key.map_err(|error| Failure::new("config-key", &[("path", &path.display()), ("why", &error)]))
}

fn refused(path: &Path, error: &dyn ToString) -> Failure {
    Failure::new("config-refused", &[("path", &path.display()), ("why", &error.to_string())])
}
