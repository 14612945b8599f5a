//! Every screen as it is shown, in both languages, against the files in `tests/goldens/views`.
//!
//! `UPDATE_GOLDENS=1 cargo test -p sealight-tests --test golden_views` writes them anew.

mod golden_support;

use golden_support::files::{Goldens, pretty};
use golden_support::{Scene, Stage, ZONE, played, view};
use sealight_flow::json::verdict_json;
use sealight_flow::staff::{Desk, Finding, PinTold};
use sealight_flow::{
    Action, Answer, By, Chips, Entry, Event, Fate, Flow, Hint, Instant, Kept, Language, Profile,
    ScanId, Showing, View,
};
use sealight_tag::claim::claim;
use sealight_tag::reading::TagReading;
use sealight_tests::kit::{Layout, Lot, Minting};
use sealight_verify::codec::encode;
use sealight_verify::format::entry::{Body, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::Secret;
use sealight_verify::judge::{Named, SealClaim, Shown, Unproven};
use sealight_verify::time::{Seconds, Timestamp};

const DAY: u64 = 86_400;
/// Any ledger.
const LEDGER: LedgerId = LedgerId([0; 32]);

#[test]
fn every_answer_is_shown_as_its_golden_says() {
    let mut goldens = Goldens::open("views/answers");
    for scene in answers() {
        for language in Language::all() {
            for profile in faces(scene.name) {
                goldens.view(scene.name, &view(&scene, profile, language));
            }
        }
    }
    goldens.close();
}

#[test]
fn every_verdict_document_is_as_its_golden_says() {
    let mut goldens = Goldens::open("verdicts");
    for scene in answers() {
        let document = verdict_json(&scene.claim, &scene.verdict);
        goldens.text(scene.name.into(), pretty(&document));
    }
    goldens.close();
}

#[test]
fn every_screen_beside_answers_is_shown_as_its_golden_says() {
    let mut goldens = Goldens::open("views/screens");
    for language in Language::all() {
        for (name, view) in screens(language).into_iter().chain(reports(language)) {
            goldens.view(name, &view);
        }
    }
    goldens.close();
}

/// No golden holds the secret of a seal, in any of the forms in which bytes are written.
#[test]
fn no_view_and_no_document_holds_a_secret() {
    for scene in answers() {
        let Named::Item(name) = &scene.claim.names else { continue };
        let Shown::Live(secret) = name.shown else { continue };
        let hex: String = secret.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let list = format!("{:?}", secret.0);
        let texts = [
            pretty(&view(&scene, Profile::INSPECTOR, Language::English)),
            pretty(&verdict_json(&scene.claim, &scene.verdict)),
        ];
        for text in texts {
            let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(!text.contains(&hex), "{}", scene.name);
            assert!(!text.contains(&list.replace(' ', "")), "{}", scene.name);
        }
    }
}

/// Kiosk for every answer; the other faces where they differ most.
fn faces(name: &str) -> Vec<Profile> {
    let everywhere = ["e1", "e3", "stale", "second-tap", "events-missing", "recalled-lot"];
    if everywhere.contains(&name) {
        vec![Profile::KIOSK, Profile::SHOPPER, Profile::INSPECTOR]
    } else {
        vec![Profile::KIOSK]
    }
}

fn answers() -> Vec<Scene> {
    let mut scenes = Vec::new();
    scenes.extend(originals());
    scenes.extend(lives());
    scenes.extend(recalls());
    scenes.extend(ages());
    scenes.extend(contradictions());
    scenes.extend(absences());
    scenes.extend(unprovens());
    scenes
}

fn originals() -> Vec<Scene> {
    let printed = Stage::printed();
    let number = sealight_issue::label::number(&printed.lot.whole.seals[3]);
    let mut examined = Stage::printed();
    let lab = examined.lab.clone();
    examined.event(&lab, "inspecting", -10, &[("methanol", "0.3 g/L")]);
    let chips = Stage::chips();
    vec![
        printed.scene("e1", 3),
        printed.scene_of("typed-number", SealClaim::of_number(&number), 3),
        examined.scene("e1-examined", 3),
        chips.scene("stronger-carrier", 3),
        chips.scene_of("second-tap", chips.tapped(&[3], b"CC"), 3),
        chips.scene_of("e3", chips.tapped(&[3, 4], b"CC"), 3),
        chips.scene_of("used-up", chips.tapped(&[9], b"CC"), 3),
        chips.scene_of("opened", chips.tapped(&[4], b"OO"), 3),
        chips.scene_of("reclosed", chips.tapped(&[4], b"OC"), 3),
    ]
}

fn lives() -> Vec<Scene> {
    let with = |to: LifeState| {
        let mut stage = Stage::printed();
        let party = if to == LifeState::Void { stage.issuer.clone() } else { stage.shop.clone() };
        stage.life(&party, to);
        stage
    };
    let expired = Stage::rows(LifeState::InTrade, |row| {
        row.expires = Some(sealight_tests::kit::at(2));
    });
    let not_applied = Stage::rows(LifeState::NotApplied, |_| {});
    vec![
        with(LifeState::Sold).scene("sold", 4),
        with(LifeState::Opened).scene("reported-opened", 4),
        with(LifeState::Void).scene("void", 4),
        expired.scene("expired", 3),
        not_applied.scene("not-applied", 3),
    ]
}

fn recalls() -> Vec<Scene> {
    let with = |scope: fn(&Stage) -> RecallScope, authority: bool| {
        let mut stage = Stage::printed();
        let party = if authority { stage.world.authority.clone() } else { stage.issuer.clone() };
        let scope = scope(&stage);
        stage.recall(&party, scope);
        stage
    };
    let items = |stage: &Stage| RecallScope::Items(stage.lot.id, ItemRange { first: 3, last: 5 });
    vec![
        with(items, false).scene("recalled-item", 3),
        with(|stage| RecallScope::Lot(stage.lot.id), false).scene("recalled-lot", 3),
        with(|stage| RecallScope::Issuer(stage.issuer.id), true).scene("recalled-issuer", 3),
    ]
}

fn ages() -> Vec<Scene> {
    let stage = Stage::printed();
    let claim = || stage.lot.claim(3);
    let layout = Layout { least_operators: 9, ..Layout::default() };
    let mint =
        |world: &mut _, issuer: &_| Lot::mint(world, issuer, &Minting::bottles(1, 130)).unwrap();
    let told = Stage::with(layout, mint);
    let one = Layout { operators: vec![4], ..Layout::default() };
    let one = Stage::with(one, mint);
    vec![
        stage.scene_later("stale", claim(), 3, 2 * DAY + 5 * 3600, false),
        stage.scene_later("clock-doubtful", claim(), 3, 61, true),
        stage.scene_later("too-old", claim(), 3, 29 * DAY + 90 * DAY, false),
        told.scene("told", 3),
        one.scene("one-company", 3),
    ]
}

fn contradictions() -> Vec<Scene> {
    let stage = Stage::printed();
    let mut altered = stage.lot.claim(3);
    altered.label.serial = Some("BR-0000\u{202e}04".into());
    let thief = Stage::with(Layout::default(), |world, _| {
        let space = [Namespace::Brand("Thief".into())];
        let thief = world.register("Thief Ltd.", Roles::ISSUER, &space);
        let mut lot = Lot::build(world, &thief, &Minting::bottles(1, 10));
        lot.anchor.namespaces = space.to_vec();
        world.submit(Body::AnchorLot(lot.anchor.clone()), &thief, &[]).unwrap();
        lot
    });
    vec![stage.scene_of("altered", altered, 3), thief.scene("foreign", 3)]
}

fn absences() -> Vec<Scene> {
    let stage = Stage::printed();
    let named = |change: &dyn Fn(&mut sealight_verify::judge::ItemName)| {
        let mut claim = stage.lot.claim(3);
        if let Named::Item(name) = &mut claim.names {
            change(name);
        }
        claim
    };
    let invented = named(&|name| name.shown = Shown::Live(Secret([0xee; 16])));
    let no_lot = LotId(*b"no such!");
    let nowhere = named(&|name| name.lot = no_lot);
    let past = named(&|name| name.index = 130);
    let mut short = stage.lot.bundle(&stage.world, 3);
    if let Some(part) = &mut short.lot {
        (part.item, part.life) = (None, None);
    }
    let world = &stage.world;
    let block = world.blocks[&world.height()].clone();
    let answer = sealight_tests::kit::item::state_answer(world, world.height(), &no_lot, 0);
    let nothing = encode(&answer.into_bundle(world.ledger, block, None, None));
    vec![
        stage.scene_of("invented-code", invented.clone(), 3),
        stage.scene_later("invented-code-stale", invented, 3, 3 * DAY, false),
        stage.scene_with("past-the-lot", past, encode(&short), 61, false),
        stage.scene_with("no-such-lot", nowhere, nothing, 61, false),
    ]
}

fn unprovens() -> Vec<Scene> {
    let mut stage = Stage::printed();
    let (issuer, lab) = (stage.issuer.clone(), stage.lab.clone());
    stage.event(&issuer, "bottling", -5, &[]);
    stage.event(&lab, "inspecting", -4, &[]);
    let claim = || stage.lot.claim(3);
    let mut withheld = stage.lot.bundle(&stage.world, 3);
    withheld.lot.as_mut().unwrap().events.pop();
    withheld.parties.retain(|part| part.id != lab.id);
    let mut newer = stage.lot.bundle(&stage.world, 3);
    newer.version = 2;
    let mut garbled = encode(&stage.lot.bundle(&stage.world, 3));
    garbled.truncate(100);
    let mut elsewhere = claim();
    if let Named::Item(name) = &mut elsewhere.names {
        name.ledger.as_mut().unwrap().0[0] ^= 1;
    }
    let mut stolen = Stage::printed();
    stolen.withdraw_key(1);
    vec![
        stage.nothing("no-network", Unproven::NoNetwork),
        stage.scene_with("events-missing", claim(), encode(&withheld), 61, false),
        stage.scene_with("app-too-old", claim(), encode(&newer), 61, false),
        stage.scene_with("bad-proof", claim(), garbled, 61, false),
        stage.scene_of("ledger-unknown", elsewhere, 3),
        stolen.scene("key-withdrawn", 3),
    ]
}

/// Screens that are no answer.
fn screens(language: Language) -> Vec<(&'static str, View)> {
    let stage = Stage::printed();
    let scene = stage.scene("e1", 3);
    let now = |ms: u64| Instant { at: scene.now, ms };
    let start = |profile: Profile| {
        let mut flow = Flow::new(profile, language, ZONE, now(0));
        let as_of = scene.now.saturating_sub(Seconds(61));
        flow.update(Event::HeadersSynced { ledger: LEDGER, as_of }, now(0));
        flow
    };
    let after = |profile: Profile, events: Vec<Event>| {
        let mut flow = start(profile);
        for event in events {
            flow.update(event, now(0));
        }
        flow.view()
    };
    let read = |text: &str| {
        let reading = TagReading::typed(text);
        Event::Read {
            claim: claim(reading.decode(), Carrier::Qr).map(Box::new),
            by: By::Typed,
            again: false,
            others: Vec::new(),
        }
    };
    let slip = {
        let number = sealight_issue::label::number(&stage.lot.whole.seals[3]).text();
        let last = number.chars().last().unwrap();
        let other = if last == '7' { '8' } else { '7' };
        number.replace(last, &other.to_string())
    };
    let checking = {
        let mut flow = start(Profile::KIOSK);
        let claim = Ok(Box::new(scene.claim.clone()));
        flow.update(
            Event::Read { claim, by: By::Camera, again: false, others: Vec::new() },
            now(0),
        );
        let scan = ScanId(1);
        flow.update(Event::Loaded { scan, bundle: None }, now(0));
        let maker = None;
        let (have, of) = (41_000, Some(64_000));
        flow.update(Event::Progress { scan, maker, have, of }, now(3_200));
        flow.view()
    };
    vec![
        ("attract", after(Profile::KIOSK, vec![])),
        (
            "aiming",
            after(Profile::KIOSK, vec![Event::Act(Action::Scan), Event::Hint(Hint::Closer)]),
        ),
        ("scan", after(Profile::SHOPPER, vec![])),
        ("trigger", after(Profile::INSPECTOR, vec![])),
        ("typing", after(Profile::KIOSK, vec![Event::Act(Action::Type)])),
        ("checking", checking),
        ("not-a-seal", after(Profile::KIOSK, vec![read("6901234567892")])),
        ("mistyped", after(Profile::KIOSK, vec![read(&slip)])),
        ("chip-unread", after(Profile::KIOSK, vec![Event::ChipUnread])),
        ("no-camera", after(Profile::KIOSK, vec![Event::CameraFailed])),
        (
            "attract-no-camera",
            after(Profile::KIOSK, vec![Event::CameraFailed, Event::Act(Action::Done)]),
        ),
        ("no-network", after(Profile::KIOSK, vec![Event::SyncFailed { ledger: LEDGER }])),
        ("pin", after(Profile::KIOSK, vec![Event::Act(Action::Staff)])),
        ("pin-locked", after(Profile::KIOSK, locked())),
        ("staff", after(Profile::KIOSK, vec![desk(scene.now)])),
        ("lacking", lacking(language, scene.now)),
        ("story", story(language)),
        ("history", history(language)),
        ("history-empty", after(Profile::SHOPPER, vec![Event::HistoryLoaded(Vec::new())])),
    ]
}

/// A kiosk to which nobody gave a trust file.
fn lacking(language: Language, now: Timestamp) -> View {
    let (register_as_of, offline_since) = (None, None);
    let profile = Profile::KIOSK;
    Showing { profile, language, now, zone: ZONE, register_as_of, offline_since }
        .lacking(&Finding::TrustMissing { home: "/var/lib/sealight-kiosk/device".into() })
}

/// Five wrong tries.
fn locked() -> Vec<Event> {
    vec![Event::Act(Action::Staff), Event::Pin(PinTold::Locked { minutes: 10 })]
}

/// A day's figures, and two things to look at.
fn desk(now: Timestamp) -> Event {
    let desk = Desk {
        scans: 1_284,
        proven: 1_190,
        unproven: 81,
        alarms: 13,
        unread: 206,
        answer: Some((75, 200)),
        synced: Some(now.saturating_sub(Seconds(61))),
        keys_learned: true,
        findings: vec![
            Finding::CameraBusy { camera: "/dev/video0".into() },
            Finding::ReaderGrabbed { driver: "pn533_usb".into() },
            Finding::DiskLow { megabytes: 112 },
        ],
    };
    Event::Desk { desk: Box::new(desk), enters: true }
}

/// Telling the brand, from the answer to what became of it.
fn reports(language: Language) -> Vec<(&'static str, View)> {
    let stage = Stage::reachable();
    let mut label = stage.lot.claim(3);
    label.label.serial = Some("BR-000004".into());
    let (genuine, altered) = (stage.scene("e1", 3), stage.scene_of("altered", label, 3));
    let after = |scene: &Scene, actions: &[Action], fate: Option<Fate>| {
        let mut flow = played(scene, Profile::KIOSK, language);
        let now = Instant { at: scene.now, ms: 0 };
        for action in actions {
            flow.update(Event::Act(*action), now);
        }
        if let Some(fate) = fate {
            flow.update(Event::Report(fate), now);
        }
        flow.view()
    };
    let feedback =
        [Action::TellBrand, Action::TellFeedback, Action::ShowReport, Action::SendReport];
    let doubt = [
        Action::TellBrand,
        Action::TellDoubt,
        Action::PickPhrase(0),
        Action::PickPhrase(4),
        Action::ShowReport,
        Action::SendReport,
    ];
    vec![
        ("tell-e1", after(&genuine, &[], None)),
        ("tell-altered", after(&altered, &[], None)),
        ("staff-called", after(&altered, &[Action::CallStaff], None)),
        ("report-kind", after(&genuine, &feedback[..1], None)),
        ("report-kind-altered", after(&altered, &doubt[..1], None)),
        ("report-feedback", after(&genuine, &feedback[..2], None)),
        ("report-doubt", after(&altered, &doubt[..4], None)),
        ("report-review", after(&genuine, &feedback[..3], None)),
        ("report-review-altered", after(&altered, &doubt[..5], None)),
        ("report-waits", after(&genuine, &feedback, Some(Fate::Waits))),
        ("report-left", after(&altered, &doubt, Some(Fate::Left))),
        ("report-not-kept", after(&genuine, &feedback, Some(Fate::NotKept))),
    ]
}

/// A bottle with a brand, a lab and a sensor in its story, and half a year of silence.
fn story(language: Language) -> View {
    let mut stage = Stage::printed();
    let (issuer, lab) = (stage.issuer.clone(), stage.lab.clone());
    stage.event(&issuer, "brewing", -4_000, &[("duration", "70 days")]);
    stage.event(&issuer, "storing", -3_900, &[("temperature", "14 to 18 °C")]);
    stage.event(&issuer, "inspecting", -20, &[]);
    stage.event(&lab, "inspecting", -20, &[("methanol", "0.3 g/L")]);
    stage.world.wait(240 * DAY);
    stage.world.wait(1);
    let mut flow = played(&stage.scene("story", 3), Profile::KIOSK, language);
    let now = Instant { at: stage.world.time().saturating_add(Seconds(61)), ms: 0 };
    flow.update(Event::Act(Action::ShowStory), now);
    flow.view()
}

/// Three earlier scans: one since recalled, one never proven, one of today.
fn history(language: Language) -> View {
    let mut stage = Stage::printed();
    let first = stage.scene("first", 3);
    let unproven = stage.nothing("second", Unproven::NoNetwork);
    stage.world.wait(9 * DAY);
    let issuer = stage.issuer.clone();
    let scope = RecallScope::Items(stage.lot.id, ItemRange { first: 3, last: 5 });
    stage.recall(&issuer, scope);
    let (recalled, today) = (stage.scene("recalled", 3), stage.scene("today", 7));
    let entry = |scene: &Scene| {
        let answer = Answer::of(&scene.claim, &scene.verdict);
        Entry::of(scene.now, &scene.claim, &answer, Chips::NONE, None)
    };
    let later = Answer::of(&recalled.claim, &recalled.verdict);
    let first = entry(&first).rejudged(&later, Chips::NONE, None);
    let entries = [first, entry(&unproven), entry(&today)];
    let kept = (1..).zip(entries).map(|(id, entry)| Kept { id, entry }).collect();
    let now = Instant { at: today.now, ms: 0 };
    let mut flow = Flow::new(Profile::SHOPPER, language, ZONE, now);
    let as_of = stage.world.time();
    flow.update(Event::HeadersSynced { ledger: LEDGER, as_of }, now);
    flow.update(Event::HistoryLoaded(kept), now);
    flow.view()
}
