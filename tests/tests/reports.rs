//! Telling a brand: from the host's pages over a gateway to the party's inbox.

use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Online, Reach};
use sealight_edge::clock;
use sealight_edge::home::Home;
use sealight_edge::host::{Host, Parts, Shell};
use sealight_edge::local::LocalTime;
use sealight_edge::net::{GatewayUrl, NetError, Timeouts};
use sealight_edge::store::{MemoryStore, SqliteStore};
use sealight_flow::view::Screen;
use sealight_flow::{
    Action, Answer, BundleBytes, By, Effect, Event, Flow, Instant, Language, Profile, ScanId, View,
    Zone, plain,
};
use sealight_issue::key::SigningKey;
use sealight_issue::report_key::{discarding, encode_file, signed};
use sealight_tests::kit::gateway_ledger::{Prepared, Running, prove, sealight};
use sealight_tests::kit::{Lot, Minting, World};
use sealight_verify::codec::{Blob, decode, encode};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{Named, Policy, SealClaim, Shown, Unproven, verify};
use sealight_verify::report::{
    About, Collect, Discard, Drawn, Label, Letter, Page, Phrase, Report, ReportKey, ReportKind,
    Take, Ticket, seal,
};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Seconds, Timestamp};
use serde_json::Value;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const SEED: [u8; 32] = [88; 32];
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A host on a device's folder, with the views that it shows.
struct Device {
    host: Host,
    views: Receiver<View>,
}

impl Device {
    fn on(home: &Home, running: &Running) -> Self {
        let store = SqliteStore::open(&home.store()).unwrap().store;
        let light = running.prepared.light(Box::new(store)).with_home(home.clone()).unwrap();
        let urls = [GatewayUrl::listed(&running.url()).unwrap()];
        let online = Online::new(light.trust(), &urls, Timeouts::default());
        let parts = Parts {
            light,
            online,
            // No page clears itself while a slow machine runs this.
            profile: Profile::KIOSK.patient(10_000),
            language: Language::English,
            sign: sealight_flow::Sign::default(),
            local: LocalTime::Fixed(0),
            system: clock::system,
            sync_every: Duration::from_secs(3600),
        };
        let (tell, views) = channel();
        let on_view = Box::new(move |view| {
            let _ = tell.send(view);
        });
        let host = Host::start(parts, Shell { on_view, on_effect: Box::new(|_| {}) }).unwrap();
        Self { host, views }
    }

    fn next(&self, screen: Screen) -> View {
        loop {
            let view = self.views.recv_timeout(PATIENCE).expect("the view comes");
            if view.screen == screen {
                return view;
            }
        }
    }

    fn act(&self, action: Action, screen: Screen) -> View {
        self.host.send(action);
        self.next(screen)
    }
}

fn inbox(running: &Running, home: &Home, more: &[&str]) -> Value {
    let (party, key) = running.prepared.issuer();
    let (own, report) = (home.path().join("issuer.json"), home.path().join("report.json"));
    std::fs::write(&own, key.encode_file().as_bytes()).unwrap();
    std::fs::write(&report, encode_file(&SEED).as_bytes()).unwrap();
    let mut command = Command::new(sealight());
    command.arg("--home").arg(home.path()).args(["inbox", "--json", "--gateway", &running.url()]);
    command.arg("--key").arg(own).arg("--report-key").arg(report);
    command.args(["--party", &party.to_string()]).args(more);
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    serde_json::from_slice(&ran.stdout).unwrap()
}

fn reachable(seed: u8) -> Running {
    Prepared::with_report_key(seed, Some(ReportKey::from_seed(&SEED).public())).run()
}

fn home(running: &Running, name: &str) -> Home {
    let home = Home::open(&running.prepared.place(name)).unwrap();
    std::fs::write(home.path().join("trust"), &running.prepared.trust).unwrap();
    home
}

#[test]
fn a_report_reaches_its_party_through_an_outage_and_a_restart() {
    let mut running = reachable(31);
    let (home, brand) = (home(&running, "kiosk"), home(&running, "brand"));
    let device = Device::on(&home, &running);
    device.next(Screen::Attract);
    let claim = running.prepared.claim(5);
    let claim = Ok(Box::new(claim));
    device.host.post(Event::Read { claim, by: By::Camera, again: false, others: Vec::new() });
    let verdict = device.next(Screen::Verdict);
    assert!(verdict.actions.iter().any(|button| button.action == Action::TellBrand));
    device.act(Action::TellBrand, Screen::ReportKind);
    device.act(Action::TellDoubt, Screen::ReportPhrases);
    device.act(Action::PickPhrase(0), Screen::ReportPhrases);
    let review = device.act(Action::ShowReport, Screen::ReportReview);
    assert_eq!(home.outbox().waiting().unwrap(), [], "nothing is kept before it is sent");

    running.kill();
    device.act(Action::SendReport, Screen::ReportTold);
    let waiting = home.outbox().waiting().unwrap();
    assert_eq!(waiting.len(), 1);
    device.host.stop();
    Device::on(&home, &running).host.stop();
    assert_eq!(home.outbox().waiting().unwrap(), waiting, "it outlasts outage and restart");

    running.revive();
    let device = Device::on(&home, &running);
    let gone = || {
        std::thread::sleep(Duration::from_millis(100));
        home.outbox().waiting().unwrap().is_empty()
    };
    assert!(std::iter::repeat_with(gone).take(1200).any(|gone| gone), "a gateway takes it");
    device.host.stop();
    // Sent again, as after an answer that was lost, it is stored once; and the gateway restarts.
    let sent_again = running.gateway().put_letter(&encode(&waiting[0]), &Cancel::default());
    assert_eq!(sent_again, Ok(()));
    running.kill();
    running.revive();

    let kept = brand.path().join("kept");
    let kept = kept.to_str().unwrap();
    let opened = inbox(&running, &brand, &["--keep", kept, "--take"]);
    let [letter] = &opened["letters"].as_array().unwrap()[..] else { panic!("{opened:#}") };
    assert_eq!(letter["kind"], "suspected-fake");
    assert_eq!(letter["phrases"], serde_json::json!(["print-wrong"]));
    assert_eq!((&letter["item"]["index"], &letter["case"]), (&5.into(), &"e1".into()));
    let shown: Vec<String> = review.rows.iter().map(|row| plain(&row.finding)).collect();
    assert!(shown.iter().any(|text| *text == letter["item"]["number"]), "{shown:?}");
    let file = format!("{kept}/{}.json", letter["id"].as_str().unwrap());
    let kept_letter: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(&kept_letter, letter);
    let after = inbox(&running, &brand, &[]);
    assert_eq!((&after["letters"], &after["unopened"]), (&serde_json::json!([]), &0.into()));
}

/// A letter to the prepared issuer, as a device seals it.
fn letter(running: &Running, ticket: u8) -> Letter {
    let prepared = &running.prepared;
    let mut client = prepared.device(Box::new(MemoryStore::new()), &[running.url()]);
    let proven = prove(&mut client, &prepared.claim(5), Reach::Online);
    let to = proven.judgement.verdict.report_to.expect("the issuer takes reports");
    let report = Report {
        version: 1,
        kind: ReportKind::Feedback,
        about: About::Code("WY000001".into()),
        inner: None,
        label: Label::default(),
        case: "e1".into(),
        phrases: vec![Phrase::Pleased],
        words: None,
        hour: 1,
    };
    seal(&report, &to, &Drawn { ticket: [ticket; 32], key: [ticket; 32] }).unwrap()
}

fn status<T>(answer: Result<T, NetError>) -> u16 {
    match answer {
        Ok(_) => 200,
        Err(NetError::Status { code, .. }) => code,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_gateway_takes_letters_for_whom_they_can_be_and_hands_them_to_nobody_else() {
    let running = reachable(32);
    let (gateway, cancel) = (running.gateway(), Cancel::default());
    let put = |letter: &Letter| status(gateway.put_letter(&encode(letter), &cancel));
    let letter = letter(&running, 1);
    assert_eq!(put(&letter), 200);
    assert_eq!(put(&Letter { party: PartyId([9; 16]), ..letter.clone() }), 404, "unknown party");
    assert_eq!(put(&Letter { ledger: LedgerId([9; 32]), ..letter.clone() }), 404, "other ledger");
    assert_eq!(put(&Letter { sealed: Blob(vec![0; 99]), ..letter.clone() }), 400, "other length");
    assert_eq!(status(gateway.put_letter(&vec![0; 4096], &cancel)), 413);

    let (party, key) = running.prepared.issuer();
    let asks = |key: &SigningKey, at: Timestamp| {
        let request = Collect::unsigned(running.prepared.ledger, party, 0, at);
        let Ok(request) = signed(request, key);
        gateway.collect_letters(&encode(&request), &cancel)
    };
    let stranger = SigningKey::from_seed(Algorithm::Ed25519, &[66; 32]).unwrap();
    let now = clock::system();
    assert_eq!(status(asks(&stranger, now)), 403, "not the party");
    assert_eq!(status(asks(key, now.saturating_sub(Seconds(3600)))), 403, "an old request");
    let page = || decode::<Page>(&asks(key, clock::system()).unwrap()).unwrap();
    assert_eq!(page().letters, [Blob(encode(&letter))]);

    let take = |ticket: u8| {
        let take = Take { version: 1, party, tickets: vec![Ticket([ticket; 32])] };
        status(gateway.take_letters(&encode(&take), &cancel))
    };
    assert_eq!(take(2), 200);
    assert_eq!(page().letters.len(), 1, "another ticket takes nothing off");
    assert_eq!(take(1), 200);
    assert_eq!(page().letters, []);
}

#[test]
fn a_party_clears_a_mailbox_that_was_filled_with_rubbish() {
    let running = reachable(33);
    let (gateway, cancel) = (running.gateway(), Cancel::default());
    let put = |letter: &Letter| status(gateway.put_letter(&encode(letter), &cancel));
    let honest = letter(&running, 1);
    // What nobody can open, as the gateway keeps it: a full mailbox.
    let (party, key) = running.prepared.issuer();
    let rubbish = |number: u16| Letter {
        encapsulated: Blob([number.to_be_bytes(); 16].concat()),
        sealed: Blob(vec![7; 2064]),
        ..honest.clone()
    };
    assert_eq!(put(&rubbish(0)), 200);
    let mailbox = running.prepared.place("ledger").join("reports").join(party.to_string());
    assert!(mailbox.is_dir(), "{}", mailbox.display());
    for letter in (1..1024).map(rubbish) {
        std::fs::write(mailbox.join(format!("{}.{}", letter.id(), letter.lock)), encode(&letter))
            .unwrap();
    }
    assert_eq!(put(&honest), 507, "full");

    let ledger = running.prepared.ledger;
    let names = |ids: Vec<_>, at| Discard::unsigned(ledger, party, 0, at, ids);
    let send = |request: &Discard| status(gateway.discard_letters(&encode(request), &cancel));
    let stranger = SigningKey::from_seed(Algorithm::Ed25519, &[66; 32]).unwrap();
    let now = clock::system();
    let Ok(forged) = discarding(names(vec![rubbish(5).id()], now), &stranger);
    assert_eq!(send(&forged), 403, "not the party");
    let late = now.saturating_sub(Seconds(3600));
    let Ok(late) = discarding(names(vec![rubbish(5).id()], late), key);
    assert_eq!(send(&late), 403, "an old request");
    assert_eq!(put(&honest), 507, "still full");
    let Ok(one) = discarding(names(vec![rubbish(5).id()], now), key);
    assert_eq!(
        send(&Discard { letters: vec![rubbish(6).id()], ..one.clone() }),
        403,
        "other names"
    );
    assert_eq!(send(&one), 200);
    assert_eq!(put(&honest), 200);
    assert_eq!((send(&one), put(&rubbish(5))), (200, 507), "sent again, it removes nothing else");

    let brand = home(&running, "brand");
    let kept = brand.path().join("kept");
    let taken = inbox(&running, &brand, &["--keep", kept.to_str().unwrap(), "--take"]);
    assert_eq!((&taken["taken"], &taken["discarded"]), (&1.into(), &1023.into()));
    assert_eq!(std::fs::read_dir(&mailbox).unwrap().count(), 0);
    assert_eq!(put(&honest), 200);
}

/// A flow that shows a bottle of a distillery that takes reports.
fn shown() -> (Flow, SealClaim, Timestamp) {
    let mut world = World::new();
    let spaces = [Namespace::Brand("Blue Reverie".into()), Namespace::Gtin("0690123".into())];
    let key = ReportKey::from_seed(&SEED).public();
    let issuer = world.register_reachable("Distillery", Roles::ISSUER, &spaces, key);
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 10)).unwrap();
    let (mut claim, bundle) = (lot.claim(3), encode(&lot.bundle(&world, 3)));
    claim.label.serial = Some("BR\u{202e}-999".into());
    let (at, now) = (world.time().saturating_add(Seconds(1)), world.now());
    let chain = world.chain_from(world.height() - 1);
    let verdict = verify(&claim, &bundle, &chain, &Policy::SHOPPER, &now).verdict;
    let zone = Zone { minutes_east: 0 };
    let mut flow = Flow::new(Profile::KIOSK, Language::English, zone, Instant { at, ms: 0 });
    let mut tell = |event| flow.update(event, Instant { at, ms: 0 });
    let read = Ok(Box::new(claim.clone()));
    tell(Event::Read { claim: read, by: By::Camera, again: false, others: Vec::new() });
    let (scan, bytes) = (ScanId(1), BundleBytes { bytes: bundle.into(), digest: "00".into() });
    tell(Event::Loaded { scan, bundle: Some(bytes) });
    tell(Event::Judged { scan, answer: Box::new(Answer::of(&claim, &verdict)) });
    tell(Event::Fetched { scan, bundle: Err(Unproven::NotFound) });
    (flow, claim, at)
}

const WALK: [Action; 5] = [
    Action::TellBrand,
    Action::TellDoubt,
    Action::PickPhrase(1),
    Action::PickPhrase(4),
    Action::ShowReport,
];

#[test]
fn what_leaves_is_what_was_shown_and_no_more() {
    let (mut flow, claim, at) = shown();
    let now = Instant { at, ms: 0 };
    let walked: Vec<Effect> =
        WALK.iter().flat_map(|action| flow.update(Event::Act(*action), now)).collect();
    assert!(!walked.iter().any(|effect| matches!(effect, Effect::SendReport { .. })));
    let view = flow.view();
    let sent = flow.update(Event::Act(Action::SendReport), now);
    let report = sent.iter().find_map(|effect| match effect {
        Effect::SendReport { to, report } => Some((to, report)),
        _ => None,
    });
    let (to, report) = report.expect("it is sent");
    let findings: Vec<String> = view.rows.iter().map(|row| plain(&row.finding)).collect();
    let has =
        |text: &str| assert!(findings.iter().any(|f| f.contains(text)), "{text}: {findings:?}");
    has(to.legal_name());
    let About::Item(lot, index) = report.about else { panic!("{report:?}") };
    has(&TypedNumber { lot, index }.text());
    assert_eq!(report.label.serial.as_deref(), Some("BR-999"), "no direction mark leaves");
    has("BR-999");
    assert_eq!(report.phrases, [Phrase::SealBroken, Phrase::PriceTooLow]);
    has("The seal is broken");
    assert_eq!((report.kind, report.case.as_str()), (ReportKind::SuspectedFake, "altered"));
    // Nine fields, of which all but version and own words are shown, and what is not in it.
    assert_eq!(view.rows.len(), 9, "{findings:?}");
    let Named::Item(name) = &claim.names else { panic!("{claim:?}") };
    assert_eq!(report.inner, name.shown.inner().map(|inner| inner.0));
    let Shown::Live(secret) = name.shown else { panic!("{claim:?}") };
    let bytes = encode(&**report);
    assert!(!bytes.windows(16).any(|window| window == secret.0), "no secret leaves");
    assert!(Report::hour_of(at) == report.hour);
}

#[test]
fn a_draft_goes_with_the_visitor() {
    let (mut flow, _, at) = shown();
    let now = |ms: u64| Instant { at, ms };
    WALK.iter().for_each(|action| drop(flow.update(Event::Act(*action), now(0))));
    assert_eq!(flow.view().screen, Screen::ReportReview);
    let effects = flow.update(Event::Tick, now(91_000));
    assert!(effects.contains(&Effect::Forget));
    assert_eq!(flow.view().screen, Screen::Attract);
    let later = flow.update(Event::Act(Action::SendReport), now(91_001));
    assert!(!later.iter().any(|effect| matches!(effect, Effect::SendReport { .. })));
    // Nor does it outlast "don't send".
    let (mut flow, _, at) = shown();
    let now = Instant { at, ms: 0 };
    for action in WALK.into_iter().chain([Action::Back, Action::TellBrand, Action::TellDoubt]) {
        flow.update(Event::Act(action), now);
    }
    assert!(flow.view().choices.iter().all(|choice| !choice.chosen));
}
