//! History and recalls.

use super::*;

#[test]
fn a_recall_hint_says_nothing_before_it_is_proven_then_stands_beside_what_was() {
    let mut script = Script::on(Profile::SHOPPER);
    let before = kept(5, &e1(7));
    script.send(Event::HistoryLoaded(vec![before.clone()]));
    let effects = script.send(Event::RecallHit(Box::new(before.clone())));
    let scan = effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Fetch { scan, .. } => Some(*scan),
            _ => None,
        })
        .unwrap();
    assert_eq!(script.flow.view().history[0].lines[0].since, None);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let (key, entry) = saved(&script.judged(scan, recalled(7))).unwrap();
    assert_eq!(key, EntryKey::Kept(5));
    assert_eq!(entry.then, before.entry.then);
    let line = script.flow.view().history[0].lines[0].clone();
    assert_eq!(line.since.as_deref().map(plain).as_deref(), Some("Recalled since, 14 Nov"));
    assert_eq!((line.tone, line.shape), (Tone::Alarm, Shape::Recalled));
    assert!(line.what.starts_with("Proven then"));
}

#[test]
fn a_recall_hint_that_proves_false_changes_nothing() {
    let mut script = Script::on(Profile::SHOPPER);
    let before = kept(5, &e1(7));
    let effects = script.send(Event::RecallHit(Box::new(before.clone())));
    assert!(!fetches(&script.send(Event::RecallHit(Box::new(before)))), "asked for once");
    let scan = ScanId(1);
    assert!(fetches(&effects));
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    assert_eq!(saved(&script.judged(scan, e1(7))), None);
}

#[test]
fn history_opens_an_entry_by_looking_its_life_up_and_never_rewrites_what_was_proven() {
    let mut script = Script::on(Profile::SHOPPER);
    assert!(has(&script.act(Action::ShowHistory), |e| *e == Effect::LoadHistory));
    let before = kept(5, &e1(7));
    script.send(Event::HistoryLoaded(vec![before.clone()]));
    assert_eq!(script.screen(), Screen::History);
    let scan = loading(&script.act(Action::OpenEntry(0)));
    script.send(Event::Loaded { scan, bundle: None });
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let (key, entry) = saved(&script.judged(scan, recalled(7))).unwrap();
    assert_eq!((key, entry.then.case), (EntryKey::Kept(5), Case::E1));
    assert!(entry.recalled.is_some());
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn an_entry_that_proved_nothing_takes_the_first_answer_that_does() {
    let nothing = Answer::unproven(&claim(7), Unproven::NoNetwork);
    let before = kept(5, &nothing).entry;
    assert_eq!(before.then.case, Case::Unproven);
    let after = before.clone().rejudged(&e1(7), Chips::ALL, Some("02".into()));
    assert_eq!((after.then.case, after.scanned), (Case::E1, before.scanned));
    assert_eq!(after.bundle.as_deref(), Some("02"));
}

#[test]
fn a_recorded_claim_comes_back_without_its_secret_and_an_edited_one_not_at_all() {
    let entry = kept(5, &e1(7)).entry;
    let json = serde_json::to_string(&entry).unwrap();
    let back: Entry = serde_json::from_str(&json).unwrap();
    assert_eq!(back, entry);
    let claimed = back.claim.to_claim().unwrap();
    assert_eq!(claimed, claim(7).recorded());
    let mut edited = entry.claim;
    edited.inner = Some("zz".into());
    assert_eq!(edited.to_claim(), None);
}

#[test]
fn history_is_erased_and_a_kiosk_has_none() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(Event::HistoryLoaded(vec![kept(5, &e1(7))]));
    assert!(has(&script.act(Action::EraseHistory), |e| *e == Effect::EraseHistory));
    let view = script.flow.view();
    assert_eq!(view.field.reason.as_deref(), Some("What you scan stays on this phone."));
    let mut kiosk = Script::on(Profile::KIOSK);
    assert!(!has(&kiosk.act(Action::ShowHistory), |e| *e == Effect::LoadHistory));
}
