//! Every validator and every member replaced, one by one, while a light client sleeps.

use crate::consortium_support::{Consortium, POWER, brand, event, gtin, prove_at, sync};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, Reach, SyncReport};
use sealight_edge::clock;
use sealight_issue::trust::{finish_rotation, sign_trust_file};
use sealight_ledger::node::NetworkOptions;
use sealight_verify::chain::Assurance;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::Body;
use sealight_verify::format::governance::{GovernanceChange, Members, ValidatorSeat, Validators};
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, SealClaim, Verdict};
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{Operator, SignedTrustFile};
use std::time::Duration;

const SEATS: usize = 4;

#[test]
#[ignore = "the claim consortium-rotation"]
fn a_set_changed_completely_in_steps_is_followed_by_who_slept() {
    let interval = Duration::from_secs(1);
    let options = NetworkOptions { interval, snapshots: 5, ..NetworkOptions::default() };
    let Some(mut net) = Consortium::start(&options) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 130);
    let claim = SealClaim::of_seal(&lot.seals[77], Carrier::Qr);
    // Four devices that fall asleep now.
    let mut sleepers: Vec<Client> = (0..4).map(|_| net.device(&[0])).collect();
    let asleep = sleepers.iter_mut().map(|device| sync(&net, device).unwrap()).max().unwrap();

    newcomers(&mut net, &options);
    net.until_stored(&lot, &[4, 5, 6, 7]);
    replace_all(&mut net);
    // All four that were there at the start are gone, and so are their members.
    let head = net.submit(5, "distillery", &[], event(lot.lot.id(), "under new validators"));
    let fresh = net.lot(6, "distillery", 2, 130);
    net.until_stored(&fresh, &[5, 7]);
    let anchored = net.height(6).max(head);
    let bound = |net: &Consortium| net.height(5).min(net.height(7)) > anchored + 1;
    net.until("the header that binds it", bound);
    println!("figure: blocks slept through: {}", net.height(7) - asleep);

    let urls = net.urls(&[7, 5]);
    for sleeper in &mut sleepers {
        sleeper.online = net.device_of(&urls).online;
    }
    let [third, two_thirds, late, wise] = &mut sleepers[..] else { unreachable!() };
    let now = clock::system();
    let report = sync_at(&net, third, now);
    report.outcome.unwrap();
    told("", &report.progress, third, &net);
    // A week later a step needs two thirds of the trusted set: each of these has three quarters.
    let week = now.saturating_add(Seconds::days(8));
    let report = sync_at(&net, two_thirds, week);
    report.outcome.unwrap();
    told(" after a week", &report.progress, two_thirds, &net);
    // After the trusting period nothing but a signed checkpoint will do.
    let month = now.saturating_add(Seconds::days(31));
    let refused = sync_at(&net, late, month).outcome.unwrap_err();
    println!("after 31 days: {refused:?}");
    assert!(format!("{refused:?}").contains("NoTrust"), "{refused:?}");
    assert_eq!(late.light.chain(&net.ledger).unwrap().head().unwrap().height(), asleep);

    // Validators that the trust file does not list are one unnamed operator.
    let unlisted = verdict(third, &claim, now);
    assert_eq!(events(&unlisted), 1);
    assert_eq!(unlisted.operators, Some(1));
    assert!(!matches!(unlisted.assurance, Assurance::Told), "{:?}", unlisted.assurance);
    // A trust file that asks for two, and knows none of the new ones: no more than told.
    let strict = trust_file(&net, wise, &[0, 1, 2, 3]);
    wise.light.rotate_trust(&strict, now).unwrap();
    sync_at(&net, wise, now).outcome.unwrap();
    let forbidden = verdict(wise, &claim, now);
    assert_eq!(forbidden.assurance, Assurance::Told, "{:?}", forbidden.record);
    // One that lists old and new: two would have to conspire at the widest step of the way.
    let listed = trust_file(&net, wise, &[0, 1, 2, 3, 4, 5, 6, 7]);
    wise.light.rotate_trust(&listed, now).unwrap();
    sync_at(&net, wise, now).outcome.unwrap();
    let known = verdict(wise, &SealClaim::of_seal(&fresh.seals[5], Carrier::Qr), now);
    assert!(matches!(known.record, Finding::Proven(_)), "{:?}", known.record);
    println!("operators, by a trust file that lists all: {:?}", known.operators);
    assert_ne!(known.assurance, Assurance::Told);
}

/// Four more nodes, each with a member of its own.
fn newcomers(net: &mut Consortium, options: &NetworkOptions) {
    for number in SEATS + 1..=2 * SEATS {
        net.register(0, &format!("member-{number:02}"), Roles::MEMBER, vec![]);
    }
    let snapshot = net.height(0) + 2 * options.snapshots;
    net.until("a snapshot with them", |net| net.height(0) > snapshot);
    for number in SEATS + 1..=2 * SEATS {
        let (place, height) = (net.join(options, &format!("member-{number:02}")), net.height(0));
        net.until("it has joined", |net| net.height(place) >= height);
    }
}

/// Replaces validators and members one by one; who was replaced is cut off at once.
fn replace_all(net: &mut Consortium) {
    let mut seats: Vec<usize> = (0..SEATS).collect();
    for place in 0..SEATS {
        seats[place] = SEATS + place;
        let asked = 2 * SEATS - 1;
        let height = net.decide(asked, validators(net, &seats));
        // Signing from two heights later on.
        net.until("the new set", |net| net.height(asked) > height + 2);
        net.members[place] = format!("member-{:02}", SEATS + place + 1);
        let members = members(net);
        decide_by_former(net, asked, place, members);
        net.network.stop_node(place).unwrap();
        let height = net.height(asked);
        net.until("blocks without it", |net| net.height(asked) > height + 2);
    }
    println!("figure: validators replaced: {SEATS}");
}

fn validators(net: &Consortium, places: &[usize]) -> Body {
    let seat = |place: &usize| ValidatorSeat {
        key: Blob(net.validator_key(*place).public().0.to_vec()),
        power: POWER,
        operator: format!("Operator {}", place + 1),
    };
    let mut seats: Vec<ValidatorSeat> = places.iter().map(seat).collect();
    seats.sort_by(|one, other| one.key.cmp(&other.key));
    Body::Govern(GovernanceChange::Validators(Validators { version: 1, seats }))
}

fn members(net: &Consortium) -> Body {
    let mut parties: Vec<_> = net.members.iter().map(|name| net.parties[name].id).collect();
    parties.sort();
    let threshold = net.network.genesis().unwrap().threshold;
    Body::Govern(GovernanceChange::Members(Members { version: 1, parties, threshold }))
}

/// A change of members is decided by those who are members before it.
fn decide_by_former(net: &mut Consortium, asked: usize, place: usize, change: Body) {
    let newcomer = std::mem::replace(&mut net.members[place], format!("member-{:02}", place + 1));
    net.decide(asked, change);
    net.members[place] = newcomer;
}

fn sync_at(net: &Consortium, device: &mut Client, now: Timestamp) -> SyncReport {
    device.sync_headers(&net.ledger, now, &mut |_| {}, &Cancel::default())
}

fn told(when: &str, progress: &sealight_edge::client::Progress, device: &Client, net: &Consortium) {
    let headers = device.light.chain(&net.ledger).unwrap().headers().count();
    println!("figure: requests to catch up{when}: {}", progress.answers);
    println!("figure: bytes{when}: {} B", progress.bytes);
    println!("figure: headers held{when}: {headers}");
}

fn verdict(device: &mut Client, claim: &SealClaim, now: Timestamp) -> Verdict {
    prove_at(device, claim, Reach::Online, now).judgement.verdict
}

fn events(verdict: &Verdict) -> usize {
    let Finding::Proven(item) = &verdict.record else { panic!("{:?}", verdict.record) };
    item.events().len()
}

/// The next trust file: validators of these nodes, at least two operators.
fn trust_file(net: &Consortium, device: &Client, places: &[usize]) -> Vec<u8> {
    let mut file = device.light.trust().clone();
    file.serial += 1;
    let urls = net.urls(places);
    let operator = |(place, url): (&usize, String)| Operator {
        name: format!("Operator {}", place + 1),
        validators: vec![net.validator_key(*place).public()],
        gateways: vec![url],
    };
    file.ledgers[0].operators = places.iter().zip(urls).map(operator).collect();
    file.ledgers[0].least_operators = 2;
    let mut signed = SignedTrustFile::unsigned(&file);
    sign_trust_file(&mut signed, &net.network.key("root").unwrap());
    finish_rotation(device.light.trusted(), &signed).unwrap()
}
