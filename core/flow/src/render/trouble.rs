//! Trouble of a device or a reading: no answer about any goods.

use super::{Scene, aloud, next};
use crate::view::{Action, Button, Panel, Rank, Screen, Shape, Tone, View};
use crate::words::quoted;
use sealight_tag::claim::ClaimError;
use sealight_tag::payload::Kind;
use sealight_verify::format::seal::SealError;

/// What is in the way of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// What was read is no seal.
    NotASeal {
        /// What it is.
        kind: Kind,
        /// What was read, to be shown; untrusted.
        read: String,
    },
    /// A typed number's check character does not fit.
    Mistyped,
    /// A seal's check value does not fit: damaged or covered.
    Damaged,
    /// A chip does not give what it holds: it slipped, or is damaged.
    ChipUnread,
    /// A seal of a version that this app does not know.
    AppTooOld,
    /// No code was found.
    Unreadable,
    /// The camera does not answer.
    NoCamera,
    /// No gateway answers; scanning goes on.
    NoNetwork,
}

impl Trouble {
    /// The trouble that a reading without a claim is; `typed` where a person typed it.
    pub fn of(error: &ClaimError, typed: bool) -> Self {
        match error {
            ClaimError::NotASeal(not) => Self::NotASeal { kind: not.kind, read: not.read.clone() },
            ClaimError::Unreadable(SealError::UnknownVersion { .. }) => Self::AppTooOld,
            ClaimError::Unreadable(_) if typed => Self::Mistyped,
            ClaimError::Unreadable(_) => Self::Damaged,
        }
    }
}

/// The view of trouble.
pub(crate) fn trouble(scene: &Scene<'_>, trouble: &Trouble) -> View {
    let mut view = scene.blank(Screen::Trouble, Tone::Trouble);
    match trouble {
        Trouble::NotASeal { kind, read } => not_a_seal(scene, &mut view, *kind, read),
        Trouble::Mistyped => mistyped(scene, &mut view),
        Trouble::Damaged => damaged(scene, &mut view),
        Trouble::ChipUnread => chip_unread(scene, &mut view),
        Trouble::AppTooOld => app_too_old(scene, &mut view),
        Trouble::Unreadable => unreadable(scene, &mut view),
        Trouble::NoCamera => no_camera(scene, &mut view),
        Trouble::NoNetwork => no_network(scene, &mut view),
    }
    view.actions.extend(scene.quiet_buttons());
    (view.sound, view.haptic) = Tone::Trouble.heard();
    view.aloud = aloud(&view);
    view
}

fn say(scene: &Scene<'_>, view: &mut View, shape: Shape, keys: [&str; 3]) {
    let [headline, reason, next] = keys.map(|key| scene.words().text(key));
    view.shape = Some(shape);
    view.field = Panel { headline, reason: Some(reason) };
    view.next = Some(next);
}

fn scan_or_type(scene: &Scene<'_>) -> Vec<Button> {
    vec![
        scene.button(Action::Scan, "action.again", Rank::Filled),
        scene.button(Action::Type, "action.type", Rank::Outlined),
    ]
}

fn not_a_seal(scene: &Scene<'_>, view: &mut View, kind: Kind, read: &str) {
    let words = scene.words();
    let what = match kind {
        Kind::PriceBarcode => words.text("not-a-seal.what.price"),
        Kind::WebAddress => words.text("not-a-seal.what.web"),
        Kind::Payment => words.text("not-a-seal.what.payment"),
        Kind::Text | Kind::Binary => words.text("not-a-seal.what.other"),
    };
    let keys = ["not-a-seal.headline", "not-a-seal.reason", "not-a-seal.next"];
    say(scene, view, Shape::NotASeal, keys);
    view.field.reason = Some(words.say("not-a-seal.reason", &[("what", &what)]));
    view.steps = ["not-a-seal.step.1", "not-a-seal.step.2"].map(|key| words.text(key)).into();
    if !read.is_empty() {
        view.notes = vec![words.say("note.only-label", &[("text", &quoted(read))])];
    }
    view.actions = scan_or_type(scene);
}

fn mistyped(scene: &Scene<'_>, view: &mut View) {
    let keys = ["mistyped.headline", "mistyped.reason", "mistyped.next"];
    say(scene, view, Shape::NotASeal, keys);
    view.actions = vec![
        scene.button(Action::Type, "action.type", Rank::Filled),
        scene.button(Action::Scan, "action.again", Rank::Outlined),
    ];
}

fn damaged(scene: &Scene<'_>, view: &mut View) {
    say(scene, view, Shape::NotASeal, ["damaged.headline", "damaged.reason", "damaged.next"]);
    view.actions = scan_or_type(scene);
}

fn chip_unread(scene: &Scene<'_>, view: &mut View) {
    let next = if scene.camera_out { "chip-unread.next.alone" } else { "chip-unread.next" };
    let keys = ["chip-unread.headline", "chip-unread.reason", next];
    say(scene, view, Shape::NotASeal, keys);
    view.actions = scan_or_type(scene);
}

fn app_too_old(scene: &Scene<'_>, view: &mut View) {
    let keys = ["seal-too-new.headline", "seal-too-new.reason", "unproven.next.update"];
    say(scene, view, Shape::NotASeal, keys);
    view.next = Some(next::newer(scene, "unproven.next.update"));
    view.actions = scan_or_type(scene);
}

fn unreadable(scene: &Scene<'_>, view: &mut View) {
    let keys = ["unreadable.headline", "unreadable.reason", "damaged.next"];
    say(scene, view, Shape::NotASeal, keys);
    view.actions = scan_or_type(scene);
}

fn no_camera(scene: &Scene<'_>, view: &mut View) {
    let has = scene.profile.has;
    let reason = if has.staff { "no-camera.reason" } else { "no-camera.reason.own" };
    let next = format!("no-camera.next.{}", without_camera(scene));
    say(scene, view, Shape::NoCamera, ["no-camera.headline", reason, &next]);
    view.actions = vec![scene.button(Action::Type, "action.type", Rank::Filled)];
    if has.staff {
        let button = scene.button(Action::CallStaff, "action.call-staff", Rank::Outlined);
        view.actions.push(button);
    }
}

/// What there is beside the camera, as texts are named after it.
pub(super) fn without_camera(scene: &Scene<'_>) -> &'static str {
    match (scene.profile.has.hand_scanner, scene.profile.has.chip_reader.any()) {
        (true, true) => "both",
        (true, false) => "scanner",
        (false, true) => "reader",
        (false, false) => "type",
    }
}

fn no_network(scene: &Scene<'_>, view: &mut View) {
    let keys = ["no-network.headline", "no-network.reason.none", "no-network.next"];
    say(scene, view, Shape::NoNetwork, keys);
    if let Some(at) = scene.register.as_of {
        let words = scene.words();
        let time = scene.present.brief(words, at);
        view.field.reason = Some(words.say("no-network.reason", &[("time", &time)]));
    }
    view.actions = vec![scene.button(Action::Scan, "action.scan", Rank::Filled)];
}
