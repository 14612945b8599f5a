//! Screens before an answer: inviting, aiming, typing, checking.

use super::{Scene, aloud, trouble};
use crate::profile::Face;
use crate::view::{Action, Button, Keypad, Panel, Progress, Rank, Screen, Tone, View};
use crate::words::plain;

/// What helps a reader to see a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hint {
    /// Nothing in particular.
    #[default]
    None,
    /// Too far away.
    Closer,
    /// Too close.
    Back,
    /// It shines.
    Tilt,
    /// It moves.
    HoldStill,
    /// It is dark.
    MoreLight,
}

/// What is true so far while an answer is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    /// The maker, by an earlier proof.
    pub(crate) maker: Option<String>,
    /// Bytes that came, of so many.
    pub(crate) bytes: Option<(u64, Option<u64>)>,
    /// Whether everything came and is compared.
    pub(crate) comparing: bool,
    /// Whether stopping is offered.
    pub(crate) may_stop: bool,
}

/// Invites to scan, in its language and the one that the switch leads to at once.
pub(crate) fn attract(scene: &Scene<'_>) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Attract, Tone::Act);
    let instead = format!("attract.no-camera.{}", trouble::without_camera(scene));
    let headline = if scene.camera_out { &*instead } else { "attract.headline" };
    view.field = panel(scene, headline, None);
    let other = scene.next_language.words().text(headline);
    view.other_language = Some(plain(&other));
    let hold = match (scene.camera_out, scene.profile.has.chip_reader.any()) {
        (true, _) => &*instead,
        (false, true) => "attract.step.2.reader",
        (false, false) => "attract.step.2",
    };
    view.steps = ["attract.step.1", hold, "attract.step.3"].map(|key| words.text(key)).into();
    view.notes = vec![words.text("attract.note")];
    if scene.camera_out {
        view.notes.insert(0, words.text("no-camera.headline"));
    }
    view.actions = vec![scene.button(Action::Scan, "action.scan", Rank::Filled), scene.switch()];
    view.aloud = aloud(&view);
    view
}

/// The camera looks for a code.
pub(crate) fn aiming(scene: &Scene<'_>, hint: Hint, others: &[String]) -> View {
    let words = scene.words();
    let face = scene.profile.face;
    let mut view = scene.blank(Screen::Aiming, Tone::Act);
    let (headline, reason) = match (hint, face) {
        (Hint::None, Face::Kiosk) => ("aim.none", None),
        (Hint::None, Face::Shopper) => ("scan.headline", Some("scan.or-hold")),
        (Hint::None, Face::Inspector) => ("scan.headline", Some("scan.pull")),
        (Hint::Closer, _) => ("aim.closer", Some("aim.tilt.why")),
        (Hint::Back, _) => ("aim.back", None),
        (Hint::Tilt, _) => ("aim.tilt", Some("aim.tilt.why")),
        (Hint::HoldStill, _) => ("aim.hold-still", None),
        (Hint::MoreLight, _) => ("aim.more-light", None),
    };
    let reason = reason.filter(|key| *key != "scan.or-hold" || scene.profile.has.chip_reader.any());
    view.field =
        Panel { headline: words.text(headline), reason: reason.map(|key| words.text(key)) };
    scene.list_others(&mut view, others);
    view.actions = aiming_buttons(scene, scene.profile.has.hand_scanner);
    view.aloud = aloud(&view);
    view
}

/// The same, for whoever takes the hand scanner.
pub(crate) fn aiming_by_hand(scene: &Scene<'_>) -> View {
    let mut view = scene.blank(Screen::Aiming, Tone::Act);
    view.field = panel(scene, "aim.by-hand", None);
    view.actions = aiming_buttons(scene, false);
    view.aloud = aloud(&view);
    view
}

fn aiming_buttons(scene: &Scene<'_>, offers_scanner: bool) -> Vec<Button> {
    let mut buttons = Vec::new();
    if scene.profile.face == Face::Kiosk {
        if offers_scanner {
            let action = Action::HandScanner;
            buttons.push(scene.button(action, "action.hand-scanner", Rank::Outlined));
        }
        buttons.push(scene.button(Action::Type, "action.type", Rank::Outlined));
        buttons.push(scene.switch());
        buttons.push(scene.button(Action::Stop, "action.start-again", Rank::Quiet));
    } else {
        if scene.profile.history {
            buttons.push(scene.button(Action::ShowHistory, "action.history", Rank::Quiet));
        }
        buttons.push(scene.button(Action::Type, "action.type-short", Rank::Quiet));
    }
    buttons
}

/// A number is typed.
pub(crate) fn typing(scene: &Scene<'_>) -> View {
    let mut view = scene.blank(Screen::Typing, Tone::Act);
    view.field = panel(scene, "type.headline", Some("type.reason"));
    view.keypad = Some(keypad(scene));
    view.actions =
        vec![scene.button(Action::Stop, "action.start-again", Rank::Outlined), scene.switch()];
    view.aloud = aloud(&view);
    view
}

/// The symbols of a typed number; those that only end one stand last.
fn keypad(scene: &Scene<'_>) -> Keypad {
    let words = scene.words();
    Keypad {
        label: words.text("type.label"),
        rows: ["0123456789", "ABCDEFGHJK", "MNPQRSTVWX", "YZ*~$=U"].map(str::to_owned).into(),
        length: 21,
        least: 21,
        group: 5,
        erase: words.text("type.erase"),
        enter: words.text("type.enter"),
    }
}

/// Facts that become true while the answer is made, never a spinner.
pub(crate) fn checking(scene: &Scene<'_>, checked: &Checked, others: &[String]) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Checking, Tone::Act);
    view.field = panel(scene, "check.headline", None);
    let fact = |key: &str, value: Option<String>, done: bool, part: Option<u16>| Progress {
        what: words.text(key),
        value,
        done,
        part,
    };
    view.progress = vec![
        fact("check.read", None, true, None),
        fact("check.maker", checked.maker.clone(), checked.maker.is_some(), None),
        fact("check.record", bytes(scene, checked), checked.comparing, part(checked)),
        fact("check.compare", None, false, None),
    ];
    scene.list_others(&mut view, others);
    if checked.may_stop {
        view.actions = vec![scene.button(Action::Stop, "action.stop", Rank::Outlined)];
    }
    view.aloud = aloud(&view);
    view
}

fn bytes(scene: &Scene<'_>, checked: &Checked) -> Option<String> {
    let kilo = |bytes: u64| bytes.div_ceil(1000).to_string();
    checked.bytes.map(|(have, of)| match of {
        Some(of) => scene.words().say("check.bytes", &[("have", &kilo(have)), ("of", &kilo(of))]),
        None => scene.words().say("check.bytes-open", &[("have", &kilo(have))]),
    })
}

fn part(checked: &Checked) -> Option<u16> {
    match checked.bytes {
        Some((have, Some(of))) if of > 0 => {
            u16::try_from(u128::from(have.min(of)) * 1000 / u128::from(of)).ok()
        }
        _ => None,
    }
}

fn panel(scene: &Scene<'_>, headline: &str, reason: Option<&str>) -> Panel {
    let words = scene.words();
    Panel { headline: words.text(headline), reason: reason.map(|key| words.text(key)) }
}
