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
    let posed = posed(&answer);
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
    let posed = posed(&answer);
    let short = story(&scene, &posed, false);
    let all = story(&scene, &posed, true).story.unwrap();
    let told = short.story.unwrap();
    assert_eq!(told.timeline.len(), 8);
    assert_eq!(usize::try_from(told.hidden).unwrap() + 8, all.timeline.len());
    let more = short.actions.iter().find(|button| button.action == Action::ShowAll).unwrap();
    assert_eq!(more.label, format!("Show {} more", told.hidden));
}

#[test]
fn a_recall_of_the_lot_stands_in_the_story_with_its_whole_notice() {
    let notice = "glass may break. ".repeat(20);
    let mut answer = recalled(7);
    if let Life::Recalled(RecallShown::Lot { recall, .. }) = &mut answer.life {
        recall.notice.clone_from(&notice);
    }
    let register = Register::default();
    let scene = scene(&Profile::KIOSK, &register);
    let posed = posed(&answer);
    let view = story(&scene, &posed, false);
    assert_eq!(view.tone, Tone::Alarm);
    assert_eq!(plain(&view.field.headline), "Recalled by the maker. Do not drink it.");
    let told = view.story.unwrap();
    let moment = told.timeline.iter().find(|moment| moment.mark == TimeMark::Octagon).unwrap();
    assert!(plain(&moment.what).contains(notice.trim_end_matches(['.', ' '])), "{}", moment.what);
    assert_eq!(moment.said_by, "Distillery");
}

#[test]
fn a_recall_is_never_among_what_is_left_out() {
    let mut subject = subject(7);
    subject.events = (0..12)
        .map(|hour: i64| event("storing", 6 - hour / 6, distillery(), SaidBy::Sensor))
        .collect();
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..recalled(7) };
    let register = Register::default();
    let scene = scene(&Profile::KIOSK, &register);
    let posed = posed(&answer);
    let told = story(&scene, &posed, false).story.unwrap();
    assert_eq!(told.hidden, 0);
    assert!(told.timeline.iter().any(|moment| moment.mark == TimeMark::Octagon));
}

#[test]
fn a_route_has_six_stations_and_the_others_stand_in_the_timeline() {
    let mut subject = subject(7);
    subject.events = (0..9_i64)
        .map(|stop| placed(event("storing", 300 - stop, distillery(), SaidBy::Brand), stop))
        .collect();
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..e1(7) };
    let register = Register::default();
    let scene = scene(&Profile::KIOSK, &register);
    let posed = posed(&answer);
    let told = story(&scene, &posed, true).story.unwrap();
    assert_eq!(told.places, ["Stop 0", "Stop 5", "Stop 6", "Stop 7", "Stop 8", "Here"]);
    let stations: Vec<u32> = told.timeline.iter().filter_map(|moment| moment.station).collect();
    assert_eq!(stations, [1, 2, 3, 4, 5, 6]);
    assert_eq!(told.legs.len(), 5);
}

fn placed(event: ProvenEvent, stop: i64) -> ProvenEvent {
    let Happening::Trace(mut trace) = event.what else { return event };
    trace.place = Some(format!("Stop {stop}"));
    ProvenEvent { what: Happening::Trace(trace), ..event }
}

fn posed(answer: &Answer) -> Posed<'_> {
    Posed { answer, told: Told::Nothing, slip: None, retries: None, others: &[] }
}
