//! Second taps, second carriers, and what of a claim may leave.

use super::*;

#[test]
fn a_second_tap_is_judged_with_both_codes_and_the_same_bundle() {
    let mut script = Script::on(Profile::SHOPPER);
    let one = tapped(7, Original::OneTap, SealState::Unknown);
    let (scan, _) = script.answer(tap_claim(7, 3), one);
    assert_eq!(script.screen(), Screen::HalfWay);
    let effects = script.read(tap_claim(7, 4));
    let judge = effects.iter().find_map(|effect| match effect {
        Effect::Judge { claim, bundle, .. } => Some((claim.taps.len(), bundle.digest.clone())),
        _ => None,
    });
    assert_eq!(judge, Some((2, "01".into())));
    script.judged(scan, tapped(7, Original::TapCodes, SealState::Intact));
    assert_eq!(script.flow.view().tone, Tone::Proven);
    assert_eq!(script.screen(), Screen::Verdict);
}

#[test]
fn the_same_tap_again_is_no_second_tap() {
    let mut script = Script::on(Profile::SHOPPER);
    let one = tapped(7, Original::OneTap, SealState::Unknown);
    script.answer(tap_claim(7, 3), one.clone());
    let effects = script.read(tap_claim(7, 3));
    let taps = effects.iter().find_map(|effect| match effect {
        Effect::Judge { claim, .. } => Some(claim.taps.len()),
        _ => None,
    });
    assert_eq!(taps, Some(1));
    assert_eq!(script.screen(), Screen::HalfWay);
}

#[test]
fn the_chip_of_another_item_is_a_contradiction() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    assert_eq!(script.screen(), Screen::HalfWay);
    script.read(tap_claim(8, 1));
    let view = script.flow.view();
    assert_eq!((view.tone, view.shape), (Tone::Alarm, Some(Shape::Contradicted)));
    assert_eq!(script.headline(), "Two marks name two different items.");
}

#[test]
fn a_chip_that_names_its_item_by_a_code_must_lead_to_the_same_item() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    let coded = SealClaim { names: Named::Code("FW-8842-1180".into()), ..tap_claim(8, 1) };
    let scan = loading(&script.read(coded));
    script.send(Event::Loaded { scan, bundle: Some(bundle(2)) });
    script.judged(scan, tapped(8, Original::OneTap, SealState::Unknown));
    assert_eq!(script.headline(), "Two marks name two different items.");
}

#[test]
fn the_printed_code_of_another_item_is_a_new_scan_not_a_contradiction() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    let scan = loading(&script.read(claim(8)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(2)) });
    script.judged(scan, e1(8));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

#[test]
fn half_the_proof_is_a_real_choice_and_no_chip_is_an_alarm() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    script.act(Action::StopHalfway);
    assert_eq!((script.screen(), script.flow.view().tone), (Screen::Verdict, Tone::Half));
    script.act(Action::NoChip);
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

/// A genuine bottle before a kiosk whose reader does not speak with its chip.
#[test]
fn what_the_reader_cannot_read_is_neither_asked_for_nor_missed() {
    let mut script = Script::on(Profile::KIOSK.with(Equipment::default()));
    script.send(Event::ChipReader { reads: Chips::of(&[Carrier::Nfc]) });
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed.clone());
    let view = script.flow.view();
    assert_eq!((view.screen, view.tone), (Screen::Verdict, Tone::Half));
    assert!(view.actions.iter().all(|button| button.action != Action::NoChip));
    script.act(Action::NoChip);
    assert_eq!(script.flow.view().tone, Tone::Half, "nobody asked");
    script.act(Action::Done);
    script.send(Event::ChipReader { reads: Chips::ALL });
    script.answer(claim(7), listed);
    assert_eq!(script.screen(), Screen::HalfWay);
    script.act(Action::NoChip);
    assert_eq!(script.flow.view().tone, Tone::Alarm);
    // What was said stands, whatever becomes of the reader.
    script.send(Event::ChipReader { reads: Chips::NONE });
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn no_secret_and_no_tap_code_leaves_but_to_be_judged() {
    let mut script = Script::on(Profile::SHOPPER);
    let secret = format!("{:?}", Secret([7; 16]).0);
    let (_, mut effects) = script.answer(tap_claim(7, 3), e1(7));
    effects.extend(script.read(claim(8)));
    effects.extend(script.act(Action::Stop));
    for effect in &effects {
        if let Effect::Load { claim, .. }
        | Effect::Fetch { claim, .. }
        | Effect::Keep { claim, .. } = effect
        {
            assert!(claim.taps.is_empty());
            let Named::Item(name) = &claim.names else { panic!("an item") };
            assert!(!matches!(name.shown, Shown::Live(_)));
        }
        if let Effect::Save { entry, .. } = effect {
            let json = serde_json::to_string(entry).unwrap();
            assert!(!json.contains(&secret) && !json.contains("07070707"));
            assert!(!json.contains("taps"));
        }
    }
    assert!(has(&effects, |e| matches!(e, Effect::Save { .. })));
}
