//! From pictures and text to claims: what the seals in front of this command say.

use crate::console::Console;
use crate::fail::Failure;
use crate::files;
use sealight_edge::clock::Budget;
use sealight_flow::Trouble;
use sealight_tag::claim::claim;
use sealight_tag::luma::LumaFrame;
use sealight_tag::picture;
use sealight_tag::qr::{Code, CodeReader, FrameReader};
use sealight_tag::reading::TagReading;
use sealight_verify::judge::{ItemName, Named, SealClaim, Shown};
use std::path::Path;
use std::time::Duration;

/// How long one picture is looked at.
const LOOK: Duration = Duration::from_secs(3);

/// Most bytes of texts from standard input.
const MAX_TEXT: usize = 1024 * 1024;

/// One code, or one picture in which there is none.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Where it was: a path, `-`, or the text's place.
    pub(crate) source: String,
    /// What it says.
    pub(crate) says: Says,
}

/// What was read.
#[derive(Debug)]
pub(crate) enum Says {
    /// A claim to be verified.
    Claim(Box<SealClaim>),
    /// No seal, or one that cannot be read.
    Trouble(Trouble),
    /// A picture that cannot be opened.
    NoPicture(Failure),
}

/// Every seal in a picture. Codes that are no seal count only where there is no seal beside them:
/// a price barcode stands on most bottles.
pub(crate) fn picture(path: &Path) -> Vec<Seen> {
    let source = path.display().to_string();
    let codes = match codes(path) {
        Ok(codes) => codes,
        Err(failure) => return vec![Seen { source, says: Says::NoPicture(failure) }],
    };
    seals(codes, &source)
}

fn seals(codes: Vec<Code>, source: &str) -> Vec<Seen> {
    let mut says: Vec<Says> =
        distinct(codes).into_iter().map(|code| decoded(code.into(), false)).collect();
    if says.iter().any(|says| matches!(says, Says::Claim(_))) {
        says.retain(|says| !matches!(says, Says::Trouble(Trouble::NotASeal { .. })));
    }
    if says.is_empty() {
        says.push(Says::Trouble(Trouble::Unreadable));
    }
    says.into_iter().map(|says| Seen { source: source.to_owned(), says }).collect()
}

/// Each content once: what is verified is what a code says, not where it stands.
fn distinct(codes: Vec<Code>) -> Vec<Code> {
    let mut kept: Vec<Code> = Vec::new();
    for code in codes {
        if !kept.iter().any(|old| old.symbology == code.symbology && old.bytes == code.bytes) {
            kept.push(code);
        }
    }
    kept
}

fn codes(path: &Path) -> Result<Vec<Code>, Failure> {
    let file = match path.to_str() {
        Some("-") => files::read_stdin(picture::MAX_FILE)?,
        _ => files::read(path, picture::MAX_FILE)?,
    };
    let frame = picture::decode(&file).map_err(|error| {
        Failure::new("not-a-picture", &[("path", &path.display()), ("why", &error)])
    })?;
    // The file is no longer needed, and a photograph's is large.
    drop(file);
    Ok(look(&frame))
}

/// The codes in a picture's bytes; none where they are no picture.
pub(crate) fn codes_in(file: &[u8]) -> Option<Vec<Code>> {
    picture::decode(file).ok().map(|frame| look(&frame))
}

fn look(frame: &LumaFrame) -> Vec<Code> {
    FrameReader::default().read(frame, &Budget::of(LOOK))
}

/// A code's text, or a typed number.
fn text(text: &str) -> Seen {
    Seen { source: "--text".to_owned(), says: decoded(TagReading::typed(text), true) }
}

/// The same from the command line: a secret there is read by others, which is said.
pub(crate) fn argument(console: &Console, given: &str) -> Seen {
    let seen = text(given);
    if let Says::Claim(claim) = &seen.says
        && let Named::Item(ItemName { shown: Shown::Live(_), .. }) = &claim.names
    {
        let warning = console.say("cli.secret-shown", &[]);
        console.aside(&console.say("cli.note", &[("text", &warning)]));
    }
    seen
}

/// Texts from standard input, one a line; empty lines are passed over.
pub(crate) fn lines() -> Result<Vec<Seen>, Failure> {
    let bytes = files::read_stdin(MAX_TEXT)?;
    let seen = texts(&bytes);
    match seen.is_empty() {
        true => Err(Failure::usage("nothing-to-scan", &[])),
        false => Ok(seen),
    }
}

/// Standard input, as texts or as a picture.
pub(crate) fn standard_input() -> Result<Vec<Seen>, Failure> {
    let bytes = files::read_stdin(picture::MAX_FILE)?;
    if let Some(codes) = codes_in(&bytes) {
        return Ok(seals(codes, "-"));
    }
    Ok(texts(bytes.get(..MAX_TEXT).unwrap_or(&bytes)))
}

fn texts(bytes: &[u8]) -> Vec<Seen> {
    let given = String::from_utf8_lossy(bytes);
    given.lines().map(str::trim).filter(|line| !line.is_empty()).map(text).collect()
}

fn decoded(reading: TagReading, typed: bool) -> Says {
    match claim(reading.decode(), reading.medium.carrier()) {
        Ok(claim) => Says::Claim(Box::new(claim)),
        Err(error) => Says::Trouble(Trouble::of(&error, typed)),
    }
}
