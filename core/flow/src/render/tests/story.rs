//! The story of an item: what it shows, in which order, and what it leaves for later.

use super::*;

#[test]
fn a_story_is_oldest_first_with_its_witnesses_its_gap_and_ends_here() {
    let mut subject = subject(7);
    subject.events = vec![
        event("arriving", 250, distillery(), SaidBy::Brand),
        event("inspecting", 270, lab(), SaidBy::Independent),
        event("inspecting", 270, distillery(), SaidBy::Brand),
        event("storing", 300, distillery(), SaidBy::Sensor),
    ];
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..e1(7) };
    let register = Register::default();
    let scene = scene(&Profile::KIOSK, &register);
    let posed = Posed { answer: &answer, told: Told::Nothing, retries: None, others: &[] };
    let told = story(&scene, &posed, false).story.unwrap();
    let marks: Vec<TimeMark> = told.timeline.iter().map(|moment| moment.mark).collect();
    use TimeMark::*;
    assert_eq!(marks, [Diamond, RingedDot, Ring, Ring, DashedRing, Here]);
    let two = &told.timeline[1];
    assert_eq!(two.names.len(), 2);
    assert_eq!(plain(&told.timeline[4].what), "No entry for 8 months");
    assert_eq!(told.timeline[4].said_by, "Nobody");
    assert_eq!(plain(&told.timeline[5].what), "Shown here");
    assert_eq!(told.places, ["Chengchuan", "Here"]);
    assert_eq!(told.legs, [false], "a gap lies before it was shown here");
    assert_eq!(told.timeline[5].station, Some(2));
    assert_eq!(told.timeline[0].station, Some(1));
    assert!(told.timeline.iter().all(|m| m.facts.iter().all(|f| !f.label.is_empty())));
    assert_eq!(told.facts[0].label, "Origin");
}

#[test]
fn a_long_story_shows_its_first_two_and_last_six_moments() {
    let mut subject = subject(7);
    subject.events =
        (0..12).map(|day| event("storing", 300 - day, distillery(), SaidBy::Sensor)).collect();
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..e1(7) };
    let register = Register::default();
    let scene = scene(&Profile::SHOPPER, &register);
    let posed = Posed { answer: &answer, told: Told::Nothing, retries: None, others: &[] };
    let short = story(&scene, &posed, false);
    let all = story(&scene, &posed, true).story.unwrap();
    let told = short.story.unwrap();
    assert_eq!(told.timeline.len(), 8);
    assert_eq!(usize::try_from(told.hidden).unwrap() + 8, all.timeline.len());
    let more = short.actions.iter().find(|button| button.action == Action::ShowAll).unwrap();
    assert_eq!(more.label, format!("Show {} more", told.hidden));
}
