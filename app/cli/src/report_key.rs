//! Report keys: they open what people sealed for a party, and never sign.

use crate::console::Console;
use crate::fail::Failure;
use crate::{files, key};
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::report_key::{ALGORITHM, decode_file, encode_file};
use sealight_verify::hash::Hash32;
use sealight_verify::report::ReportKey;
use serde_json::{Value, json};
use std::path::Path;

/// Most bytes of a document that tells a public key.
const MAX_DOCUMENT: usize = 4096;

/// `sealight key new --report`
pub(crate) fn new(console: &Console, path: &Path) -> Result<(), Failure> {
    files::create_secret(path, encode_file(&key::random()?).as_bytes())?;
    console.tell(0, "cli.key.report-made", &[("path", &path.display().to_string())]);
    tell(console, path, &read(path)?);
    Ok(())
}

/// Shows a report key, where the file is one's; whether it is.
pub(crate) fn shown(console: &Console, path: &Path) -> Result<bool, Failure> {
    if !files::read(path, MAX_KEY_FILE).is_ok_and(|bytes| algorithm(&bytes)) {
        return Ok(false);
    }
    tell(console, path, &read(path)?);
    Ok(true)
}

fn algorithm(bytes: &[u8]) -> bool {
    let value = serde_json::from_slice::<Value>(bytes);
    value.is_ok_and(|value| value["algorithm"] == ALGORITHM)
}

fn tell(console: &Console, path: &Path, key: &ReportKey) {
    let public = Hash32(key.public()).to_string();
    console.pairs(
        2,
        &[
            (console.say("cli.key.algorithm", &[]), ALGORITHM.into()),
            (console.say("cli.key.public", &[]), public.clone()),
        ],
    );
    console.document(json!({
        "file": path.display().to_string(),
        "algorithm": ALGORITHM,
        "public": public,
        "party": null,
    }));
}

/// Reads the file of a report key.
pub(crate) fn read(path: &Path) -> Result<ReportKey, Failure> {
    let bytes = files::read(path, MAX_KEY_FILE)?;
    decode_file(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        Failure::new("not-a-report-key", &[("path", &path.display()), ("why", &error)])
    })
}

/// The public report key that a key file tells, or a document of `sealight key show --json`.
pub(crate) fn public_of(path: &Path) -> Result<[u8; 32], Failure> {
    let bytes = files::read(path, MAX_DOCUMENT)?;
    let value = serde_json::from_slice::<Value>(&bytes).ok().filter(|_| algorithm(&bytes));
    let public = value.and_then(|value| Hash32::from_hex(value["public"].as_str()?));
    let public = public.map(|bytes| bytes.0);
    public.ok_or_else(|| Failure::new("no-public-key", &[("path", &path.display())]))
}
