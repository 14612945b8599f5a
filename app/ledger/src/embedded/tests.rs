//! The embedded ledger as its users see it, judged by the client's own rules.

mod damage;
mod home_of;
mod scenario;

use super::*;
use crate::scratch::Scratch;
use home_of::{Person, Wall, open, opened};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec;
use sealight_verify::comet::{Stock, verify_known};
use sealight_verify::time::Now;
use sealight_verify::trust::SignedCheckpoint;

#[test]
fn a_home_is_made_once() {
    let scratch = Scratch::new();
    let (_, wall) = opened(&scratch);
    let again = home_of::init(&scratch, &InitOptions::default(), &wall);
    assert!(matches!(again, Err(HomeError::Taken { .. } | HomeError::InUse { .. })));
}

#[test]
fn options_that_no_ledger_can_start_with_are_refused() {
    let wall = Wall::new();
    let odd = [
        (InitOptions { members: 0, ..InitOptions::default() }, "members"),
        (InitOptions { threshold: 5, ..InitOptions::default() }, "threshold"),
        (InitOptions { validators: 33, ..InitOptions::default() }, "validators"),
    ];
    for (options, name) in odd {
        let refused = home_of::init(&Scratch::new(), &options, &wall);
        assert!(matches!(refused, Err(HomeError::Option { name: got }) if got == name));
    }
    let options = InitOptions { operator: "a\u{202e}b".into(), ..InitOptions::default() };
    let refused = home_of::init(&Scratch::new(), &options, &wall);
    assert!(matches!(refused, Err(HomeError::Genesis(_))));
}

#[test]
fn a_home_is_open_in_one_process_at_a_time() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    assert!(matches!(open(&scratch, &wall), Err(HomeError::InUse { .. })));
    drop(ledger);
    open(&scratch, &wall).unwrap();
}

#[test]
fn a_folder_without_a_ledger_is_not_opened() {
    let scratch = Scratch::new();
    assert!(matches!(open(&scratch, &Wall::new()), Err(HomeError::NoLedger { .. })));
}

#[test]
#[cfg(unix)]
fn keys_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let (_ledger, _) = opened(&scratch);
    let mut seen = 0;
    for file in std::fs::read_dir(scratch.path().join("keys")).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
        seen += 1;
    }
    assert_eq!(seen, 3 + 4 + 4);
}

#[test]
fn headers_link_and_every_commit_holds() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    issuer.number_of_entries(&ledger, 2);
    let head = ledger.head().height;
    assert_eq!(head, 1 + 3 * 2);
    let mut before = None;
    for height in 1..=head {
        let block = ledger.light_block(Some(height)).unwrap();
        let hash = verify_known::<Stock>(&block).unwrap();
        assert_eq!(block.header.last_block_id.map(|id| id.hash), before);
        before = Some(hash);
    }
    assert!(matches!(
        ledger.light_block(Some(head + 1)),
        Err(ReadError::Height { newest, .. }) if newest == head
    ));
    assert!(ledger.light_block(Some(0)).is_err());
}

#[test]
fn block_times_rise_even_when_the_clock_goes_back() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    let before = ledger.head().time;
    wall.back(1_000_000);
    issuer.number_of_entries(&ledger, 1);
    let head = ledger.head();
    assert!(head.time > before);
    assert_eq!(head.time.since(before).0, 0);
}

#[test]
fn a_committed_entry_is_provable_at_once() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let before = ledger.head().height;
    Person::registered(&ledger, &wall, "issuer");
    let (height, state) = ledger.newest();
    assert_eq!(height, before + 2);
    let head = ledger.head();
    assert_eq!(head.app_hash[..], state.app_hash().0);
    let hash = head.hash::<Stock>();
    let checked = verify_known::<Stock>(&ledger.light_block(None).unwrap());
    assert_eq!(checked, Ok(hash));
}

#[test]
fn a_refused_entry_makes_no_block() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    let entry = issuer.event(&ledger, LotId([1; 8]), "brewing");
    let before = ledger.head().height;
    let refused = ledger.submit(&entry);
    assert!(matches!(refused, Err(SubmitError::Refused(Refused::UnknownLot { .. }))));
    assert!(matches!(ledger.submit(&[0; 200_000]), Err(SubmitError::Refused(Refused::Codec(_)))));
    assert_eq!(ledger.head().height, before);
}

#[test]
fn entries_that_arrive_together_all_get_their_answers() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let people: Vec<Person> = (0..12)
        .map(|number| Person::registered(&ledger, &wall, &format!("issuer {number}")))
        .collect();
    let committed: Vec<Committed> = std::thread::scope(|scope| {
        let ledger = &ledger;
        let run = |person: &Person| person.number_of_entries(ledger, 5);
        let threads: Vec<_> =
            people.iter().map(|person| scope.spawn(move || run(person))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut places: Vec<u64> = committed.iter().map(|committed| committed.log_index).collect();
    places.sort();
    assert_eq!(places, (12..12 + 60).collect::<Vec<u64>>());
}

#[test]
fn a_quiet_ledger_makes_a_block_each_interval() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    drop(ledger);
    let quick = OpenOptions { interval: Duration::from_millis(5), ..OpenOptions::default() };
    let ledger = Embedded::open(scratch.path(), quick, Arc::new(wall)).unwrap();
    let before = ledger.head();
    while ledger.head().height < before.height + 3 {
        std::thread::yield_now();
    }
    assert_eq!(ledger.head().app_hash, before.app_hash);
}

#[test]
fn old_versions_answer_until_they_are_dropped() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    drop(ledger);
    let few = OpenOptions { versions: 4, ..OpenOptions::default() };
    let ledger = Embedded::open(scratch.path(), few, Arc::new(wall.clone())).unwrap();
    let first = ledger.head().height;
    let issuer = Person::registered(&ledger, &wall, "issuer");
    let ask = |height| {
        let (height, bytes) = ledger.query("/party", &issuer.id.0, height)?;
        let answer: sealight_verify::format::answer::StateAnswer = codec::decode(&bytes).unwrap();
        let header = ledger.light_block(Some(height)).unwrap().header;
        assert_eq!((answer.height, &header.app_hash[..]), (height, &answer.roots.app_hash().0[..]));
        Ok::<_, ReadError>(answer.parties[0].part.value.is_some())
    };
    assert!(!ask(first).unwrap() && !ask(first + 1).unwrap());
    assert!(ask(first + 2).unwrap() && ask(0).unwrap());
    assert!(matches!(ask(first + 3), Err(ReadError::Height { .. })));
    issuer.number_of_entries(&ledger, 1);
    let gone = ask(first);
    assert!(matches!(gone, Err(ReadError::Height { oldest, .. }) if oldest == first + 1));
}

#[test]
fn a_checkpoint_is_renewed_weekly_and_on_demand_and_clients_take_it() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let trust = sealight_verify::trust::open(&ledger.trust().unwrap()).unwrap();
    let mut chain = HeaderChain::new(&trust, &ledger.ledger()).unwrap();
    let mut take = |bytes: &[u8]| {
        let signed: SignedCheckpoint = codec::decode(bytes).unwrap();
        let change = chain.checkpoint(&signed).unwrap();
        chain.apply(&change);
        signed.body.height
    };
    assert_eq!(take(&ledger.checkpoint()), 1);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    assert_eq!(codec::decode::<SignedCheckpoint>(&ledger.checkpoint()).unwrap().body.height, 1);
    wall.forward(1);
    assert_eq!(take(&ledger.renew_checkpoint().unwrap()), 3);
    wall.forward(8 * 24 * 3600);
    issuer.number_of_entries(&ledger, 1);
    assert_eq!(take(&ledger.checkpoint()), 5);
    let kept = std::fs::read(scratch.path().join("checkpoint")).unwrap();
    assert_eq!(kept[..], ledger.checkpoint()[..]);
    let now = Now::new(wall.now(), false);
    assert_eq!(chain.head().unwrap().height(), 5);
    assert!(chain.accept(&ledger.light_block(None).unwrap(), &now).is_ok());
}
