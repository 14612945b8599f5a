//! Verdicts, shown: as text through the flow's views, or as the flow's documents.

use crate::args::ProfileName;
use crate::console::Console;
use crate::paint;
use sealight_edge::clock;
use sealight_edge::local::LocalTime;
use sealight_flow::json::verdict_json;
use sealight_flow::{Answer, Equipment, Face, Profile, Showing, Trouble};
use sealight_verify::judge::{Finding, SealClaim, Verdict};
use sealight_verify::time::Timestamp;
use serde_json::{Value, json};

/// Exit code of something that is no seal, or cannot be read.
pub(crate) const NO_SEAL: u8 = 23;

/// What is known of the register while something is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Register {
    /// Time of the newest accepted header.
    pub(crate) as_of: Option<Timestamp>,
    /// Whether no gateway answered in this run.
    pub(crate) offline: bool,
}

/// The profile of a name, as a terminal is equipped: neither reader nor staff.
pub(crate) fn profile(name: ProfileName) -> Profile {
    let profile = match name {
        ProfileName::Shopper => Profile::SHOPPER,
        ProfileName::Kiosk => Profile::KIOSK,
        ProfileName::Inspector => Profile::INSPECTOR,
    };
    // A terminal calls itself "this device", as the handheld does.
    Profile { face: Face::Inspector, ..profile.with(Equipment::default()) }
}

/// How things are shown now.
pub(crate) fn showing(console: &Console, profile: Profile, register: Register) -> Showing {
    let now = clock::system();
    Showing {
        profile,
        language: console.words.language(),
        now,
        zone: LocalTime::System.zone(now),
        register_as_of: register.as_of,
        offline_since: register.offline.then_some(now),
    }
}

/// Writes a verdict with the story of its item.
pub(crate) fn verdict(console: &Console, showing: &Showing, claim: &SealClaim, of: &Verdict) {
    let answer = Answer::of(claim, of);
    let view = showing.answer(&answer);
    paint::verdict(console, &view, &reason(of).1);
    if of.item().is_some() {
        console.line("");
        let title = console.say("cli.story.title", &[]);
        console.line(&format!("  **{title}**"));
        if let Some(story) = &showing.story(&answer).story {
            let maker = view.item.as_ref().map_or("", |item| &item.maker);
            paint::story(console, story, maker);
        }
    }
}

/// Why a verdict is not "proven": the code of a rule and the library's own words, both empty where
/// it is.
pub(crate) fn reason(of: &Verdict) -> (&'static str, String) {
    match &of.record {
        Finding::Proven(_) => ("", String::new()),
        Finding::NotOnLedger(not) => (sealight_flow::not_on_ledger_code(not), not.to_string()),
        Finding::Contradicted(why) => (sealight_flow::contradiction_code(why), why.to_string()),
        Finding::Unproven(why) => (sealight_flow::unproven_code(why), why.to_string()),
    }
}

/// Writes that there is no seal.
pub(crate) fn trouble(console: &Console, showing: &Showing, of: &Trouble) {
    let view = showing.trouble(of);
    paint::headline(console, &view);
    if let Some(next) = view.next.or_else(|| view.steps.into_iter().next()) {
        console.line("");
        console.wrapped(2, &format!("→ {next}"));
    }
}

/// The document of a verdict.
pub(crate) fn verdict_document(claim: &SealClaim, of: &Verdict) -> Value {
    verdict_json(claim, of)
}

/// The document of something that is no seal.
pub(crate) fn trouble_document(showing: &Showing, of: &Trouble) -> Value {
    let code = match of {
        Trouble::NotASeal { .. } => "not-a-seal",
        Trouble::Mistyped => "mistyped",
        Trouble::Damaged => "damaged",
        Trouble::ChipUnread => "chip-unread",
        Trouble::AppTooOld => "app-too-old",
        Trouble::Unreadable => "no-code-found",
        Trouble::NoCamera | Trouble::NoNetwork => "no-device",
    };
    let read = match of {
        Trouble::NotASeal { read, .. } => Some(read),
        _ => None,
    };
    json!({
        "outcome": "no-seal",
        "exit_code": NO_SEAL,
        "code": code,
        "read": read,
        "text": sealight_flow::plain(&showing.trouble(of).field.headline),
    })
}
