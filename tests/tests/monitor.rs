//! A follower and gateways that lie: what is rewritten, hidden or invented is a bad gateway, a fork
//! is told, and no entry goes untold.

use sealight_edge::cancel::Cancel;
use sealight_edge::client::{Client, LedgerAlarm, Look};
use sealight_edge::clock;
use sealight_edge::net::Fault;
use sealight_edge::store::MemoryStore;
use sealight_tests::kit::gateway::{Liar, Sent, Upstream};
use sealight_tests::kit::gateway_ledger::{Prepared, Running};
use sealight_verify::codec::{decode, encode};
use sealight_verify::follow::{Finding, Follower, Watch, What};
use sealight_verify::format::log::LogPage;

#[path = "gateways/base64.rs"]
mod base64;

/// Entries of a prepared ledger: a party, two lots, two events, a recall.
const PREPARED: u64 = 6;

fn everybody() -> Watch {
    let (parties, namespaces, names) = (Vec::new(), Vec::new(), Vec::new());
    Watch { parties, namespaces, names, everybody: true, factor: Watch::FACTOR }
}

fn device(running: &Running, urls: &[String]) -> Client {
    running.prepared.device(Box::new(MemoryStore::new()), urls)
}

/// One look; a follower that is kept after each page, and all findings.
fn look(client: &mut Client, follower: &mut Follower) -> (Look, Vec<Finding>) {
    let mut told = Vec::new();
    let mut keep = |_: &Follower, findings: &[Finding]| {
        told.extend_from_slice(findings);
        true
    };
    let cancel = Cancel::default();
    let look = client.follow(follower, &everybody(), clock::system(), &mut keep, &cancel);
    (look, told)
}

/// Bends the pages of the log that an honest gateway gives.
fn bent(bend: impl Fn(&mut LogPage) + Send + Sync + 'static) -> impl Fn(&str, &Upstream) -> Sent {
    move |path, upstream| {
        let sent = upstream.read(path);
        if !path.contains("%22/log%22") {
            return sent;
        }
        sent.bent(|body| {
            let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let value = &mut json["result"]["response"]["value"];
            let mut page: LogPage = decode(&base64::decode(value.as_str().unwrap())).unwrap();
            bend(&mut page);
            *value = base64::encode(&encode(&page)).into();
            json.to_string().into_bytes()
        })
    }
}

#[test]
fn every_entry_is_told_once_and_looks_go_on_where_the_last_one_ended() {
    let running = Prepared::new(1).run();
    let mut device = device(&running, &[running.url()]);
    let mut follower = Follower::new(running.prepared.ledger);
    let (first, told) = look(&mut device, &mut follower);
    assert_eq!((first.outcome, first.entries, follower.size()), (Ok(()), PREPARED, PREPARED));
    let lots = told.iter().filter(|finding| matches!(finding.what, What::Lot { .. })).count();
    assert_eq!(lots, 2);
    let (second, told) = look(&mut device, &mut follower);
    assert_eq!((second.outcome, second.entries, told.len()), (Ok(()), 0, 0));
    running.enter("shipping");
    let (third, _) = look(&mut device, &mut follower);
    assert_eq!((third.outcome, third.entries), (Ok(()), 1));
}

#[test]
fn a_gateway_that_rewrites_hides_or_invents_an_entry_is_dropped_for_an_honest_one() {
    let running = Prepared::new(1).run();
    let liar = Liar::before(running.address);
    type Lie = fn(&mut LogPage);
    let lies: [(&str, Lie); 5] = [
        ("rewrites", |page| page.entries[2].0[40] ^= 1),
        ("hides", |page| _ = page.entries.remove(1)),
        ("hides the last", |page| _ = page.entries.pop()),
        ("invents", |page| page.entries.push(page.entries[0].clone())),
        ("shows nothing", |page| page.entries.clear()),
    ];
    for (what, lie) in lies {
        liar.lie(bent(lie));
        // Alone it gives nothing, and nothing of it is told.
        let mut alone = device(&running, &[liar.url()]);
        let mut follower = Follower::new(running.prepared.ledger);
        let (seen, told) = look(&mut alone, &mut follower);
        let faults = seen.outcome.unwrap_err();
        assert!(matches!(&faults[..], [Fault::Bad { .. }]), "{what}: {faults:?}");
        assert_eq!((told.len(), follower.size()), (0, 0), "{what}");
        // Beside an honest one it is counted and passed over.
        let mut both = device(&running, &[liar.url(), running.url()]);
        let (seen, told) = look(&mut both, &mut follower);
        assert_eq!((seen.outcome, seen.alarm), (Ok(()), None), "{what}");
        assert!(!told.is_empty() && follower.size() == PREPARED, "{what}");
    }
}

#[test]
fn what_no_gateway_shows_is_an_alarm_for_a_follower_that_read_before() {
    let running = Prepared::new(1).run();
    let liar = Liar::before(running.address);
    let mut device = device(&running, &[liar.url()]);
    let mut follower = Follower::new(running.prepared.ledger);
    look(&mut device, &mut follower).0.outcome.unwrap();
    running.enter("shipping");
    liar.lie(bent(|page| page.entries[0].0[40] ^= 1));
    let (seen, told) = look(&mut device, &mut follower);
    assert!(matches!(seen.alarm, Some(LedgerAlarm::NotShown { .. })), "{:?}", seen.alarm);
    assert_eq!((told.len(), follower.size()), (0, PREPARED));
}

#[test]
fn a_fork_between_two_gateways_is_told_whichever_is_asked_first() {
    for honest_first in [true, false] {
        let honest = Prepared::new(1);
        let fork = honest.forked();
        let (honest, fork) = (honest.run(), fork.run());
        assert_eq!(honest.enter("shipping"), fork.enter("smuggling"));
        // The other one goes on, so that the two heads differ in height too.
        honest.enter("receiving");
        let mut urls = [honest.url(), fork.url()];
        if !honest_first {
            urls.reverse();
        }
        let mut device = device(&honest, &urls);
        let mut follower = Follower::new(honest.prepared.ledger);
        let (seen, _) = look(&mut device, &mut follower);
        let Some(LedgerAlarm::Fork { common, height }) = seen.alarm else {
            panic!("{honest_first}: {seen:?}");
        };
        assert!(common < height, "{common} {height}");
    }
}
