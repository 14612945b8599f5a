mod story;

use super::*;
use crate::answer::{Answer, NamedAs, Record};
use crate::case::Told;
use crate::profile::Equipment;
use crate::sample::*;
use crate::view::{Mark, Rank, Shape, TimeMark};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::*;

fn shown_on(profile: &Profile, answer: &Answer, language: Language, told: Told) -> View {
    let register = Register { as_of: Some(at(NOW - 61)), ..Register::default() };
    let scene = Scene {
        profile,
        language,
        next_language: language.next(),
        present: present(),
        register: &register,
        camera_out: false,
        turn: 1,
        clears: None,
    };
    verdict(&scene, &Posed { answer, told, slip: None, retries: None, others: &[] })
}

/// A screen without an answer.
fn scene<'a>(profile: &'a Profile, register: &'a Register) -> Scene<'a> {
    Scene {
        profile,
        language: Language::English,
        next_language: Language::Chinese,
        present: present(),
        register,
        camera_out: false,
        turn: 1,
        clears: None,
    }
}

fn kiosk(answer: &Answer, language: Language) -> View {
    shown_on(&Profile::KIOSK, answer, language, Told::Nothing)
}

fn english(answer: &Answer) -> View {
    kiosk(answer, Language::English)
}

fn chinese(answer: &Answer) -> View {
    kiosk(answer, Language::Chinese)
}

fn headline(view: &View) -> String {
    plain(&view.field.headline)
}

fn reason(view: &View) -> String {
    plain(view.field.reason.as_deref().unwrap_or_default())
}

fn next(view: &View) -> &str {
    view.next.as_deref().unwrap_or_default()
}

fn refused(record: Record) -> Answer {
    Answer {
        record,
        original: Original::Unknown,
        seal: SealState::Unknown,
        life: Life::Unknown,
        ..e1(7)
    }
}

fn unproven(reason: Unproven) -> Answer {
    Answer::unproven(&claim(7), reason)
}

#[test]
fn what_rests_on_a_demonstrations_anchors_says_so_first() {
    for (language, word) in [(Language::English, "Demonstration: "), (Language::Chinese, "演示：")]
    {
        for answer in [e1(7), stale(7), recalled(7)] {
            let real = kiosk(&answer, language);
            let demo = kiosk(&Answer { demo: true, ..answer }, language);
            assert_eq!(headline(&demo), format!("{word}{}", headline(&real)));
            assert_eq!(demo.notes.len(), real.notes.len() + 1);
            assert!(plain(&demo.aloud).starts_with(word.trim_end()), "{}", demo.aloud);
        }
    }
}

#[test]
fn e1_proves_the_record_and_says_that_the_bottle_cannot_be_told() {
    let view = english(&e1(7));
    assert_eq!((view.tone, view.shape), (Tone::Half, Some(Shape::Half)));
    assert_eq!(headline(&view), "The record is genuine.");
    assert_eq!(reason(&view), "Entered by the distillery and unchanged since.");
    let object = view.beside.clone().unwrap();
    assert_eq!(object.headline, "This bottle: can't tell.");
    assert_eq!(object.reason.unwrap(), "A printed code can be copied onto another bottle.");
    let tail = view.item.as_ref().unwrap().tail.clone().unwrap();
    assert_eq!(tail.chars().count(), 4);
    assert_eq!(
        next(&view),
        format!(
            "**Two checks for you:** the number under the code must end in **{tail}**, \
             and the strip must be whole."
        )
    );
    let parts: Vec<&str> = view.rows.iter().map(|row| row.part.as_str()).collect();
    assert_eq!(parts, ["Record", "Original", "Seal", "Status", "As of", "Not looked at"]);
    let findings: Vec<String> = view.rows.iter().map(|row| plain(&row.finding)).collect();
    assert_eq!(
        findings,
        [
            "Genuine, entered 12 Mar 2026",
            "Not shown by a printed code",
            "Look yourself: strip whole?",
            "In trade, not recalled",
            "Today 10:41, one minute ago",
            "Scans elsewhere since 10:41; the contents.",
        ]
    );
    assert_eq!(view.rows[1].said_by.as_deref(), Some("Nobody"));
    assert_eq!(view.rows[0].names, ["Chengchuan Distillery"]);
}

#[test]
fn e1_in_chinese_has_the_words_of_the_design() {
    let view = chinese(&e1(7));
    assert_eq!(headline(&view), "这份记录 属实");
    assert_eq!(reason(&view), "由酒厂登记，此后未被改动。");
    let object = view.beside.clone().unwrap();
    assert_eq!(plain(&object.headline), "这一瓶无法判断");
    assert_eq!(plain(&object.reason.unwrap()), "印刷码可以被复制到别的瓶子上。");
    assert!(next(&view).starts_with("**请您再看两处：**码下编号末四位应为 **"));
    assert_eq!(plain(&view.rows[0].finding), "属实，2026年3月12日登记");
    assert_eq!(plain(&view.rows[5].finding), "10:41 之后别处的查验；瓶内的酒。");
}

#[test]
fn a_typed_number_says_that_it_can_be_guessed() {
    let NamedAs::Number { number, .. } = e1(7).named else { unreachable!() };
    let answer = Answer {
        named: NamedAs::Number { number, seen: false },
        original: Original::RecordOnly { guessable: true },
        ..e1(7)
    };
    let view = english(&answer);
    assert_eq!(view.beside.unwrap().reason.unwrap(), "This number can be guessed.");
    assert_eq!(plain(&view.rows[1].finding), "Not shown by a typed number");
}

#[test]
fn e3_and_e4_fill_the_field_and_drop_not_opened_where_the_seal_is_unknown() {
    let e3 = english(&tapped(7, Original::TapCodes, SealState::Intact));
    assert_eq!((e3.tone, e3.shape), (Tone::Proven, Some(Shape::Proven)));
    assert!(e3.beside.is_none());
    assert_eq!(headline(&e3), "Genuine record. The seal answers as the original, not opened.");
    assert_eq!(next(&e3), "**Nothing more to do.** What is in the bottle was not tested here.");
    let e4 = english(&tapped(7, Original::Challenge, SealState::Unknown));
    assert_eq!(e4.shape, Some(Shape::ProvenRing));
    assert_eq!(headline(&e4), "Genuine record, original seal.");
    assert_eq!(next(&e4), "**Look at the strip:** it must be whole.");
}

#[test]
fn one_right_code_asks_for_a_second_tap() {
    let one = tapped(7, Original::OneTap, SealState::Unknown);
    let view = english(&one);
    assert_eq!((view.screen, view.tone), (Screen::HalfWay, Tone::Half));
    assert_eq!(view.beside.unwrap().headline, "The seal: one more tap.");
    assert_eq!(
        view.next.unwrap(),
        "**Lift, then hold it again.** Only the original has a second code ready."
    );
    let stopped = shown_on(&Profile::SHOPPER, &one, Language::English, Told::HalfIsEnough);
    assert_eq!((stopped.screen, stopped.tone), (Screen::Verdict, Tone::Half));
    assert_eq!(
        stopped.beside.unwrap().reason.unwrap(),
        "One code was right. A copy could do that."
    );
}

#[test]
fn a_weaker_carrier_asks_for_the_chip_and_a_missing_chip_is_not_relied_on() {
    let listed = Answer { carrier: Carrier::Qr, ..tapped(7, e1(7).original, SealState::Unknown) };
    let view = english(&listed);
    assert_eq!(view.screen, Screen::HalfWay);
    assert_eq!(view.beside.unwrap().headline, "This bottle has a chip at the cap. Hold it here.");
    let missing = shown_on(&Profile::SHOPPER, &listed, Language::English, Told::NoChip);
    assert_eq!(missing.tone, Tone::Alarm);
    assert!(next(&missing).starts_with("**Don't rely on this label.**"));
    assert_eq!(missing.rows[0].part, "Original");
    assert_eq!(missing.rows[0].mark, Mark::Against);
    let blind = Profile::SHOPPER.with(Equipment::default());
    let view = shown_on(&blind, &listed, Language::English, Told::Nothing);
    assert_eq!((view.screen, view.tone), (Screen::Verdict, Tone::Half));
}

#[test]
fn a_recall_is_the_makers_word_and_moves_to_the_top() {
    let view = english(&recalled(7));
    assert_eq!((view.tone, view.shape), (Tone::Alarm, Some(Shape::Recalled)));
    assert_eq!(headline(&view), "Recalled by the maker. Do not drink it.");
    assert_eq!(
        reason(&view),
        "The distillery called back batch 2603 on 14 Nov 2026: the cap may leak."
    );
    assert_eq!(view.rows[0].part, "Status");
    assert_eq!(plain(&view.rows[0].finding), "Recalled 14 Nov, batch 2603");
    assert_eq!(view.rows[1].part, "Record");
    let zh = chinese(&recalled(7));
    assert_eq!(headline(&zh), "厂家已召回，请勿饮用");
    assert!(reason(&zh).starts_with("酒厂于2026年11月14日召回 2603 批次："));
}

#[test]
fn a_recall_comes_before_every_other_case() {
    let worse = Answer { freshness: Freshness::TooOld, seal: SealState::Opened, ..recalled(7) };
    assert_eq!(english(&worse).shape, Some(Shape::Recalled));
}

#[test]
fn an_opened_seal_names_itself_as_the_witness() {
    let view = english(&tapped(7, Original::TapCodes, SealState::Opened));
    assert_eq!(headline(&view), "This seal was opened before.");
    assert_eq!(view.shape, Some(Shape::Opened));
    assert_eq!((view.rows[0].part.as_str(), view.rows[0].mark), ("Seal", Mark::Against));
    assert_eq!(plain(&view.rows[3].finding), "In trade, no opening reported");
}

#[test]
fn void_expired_opened_and_not_applied_each_have_their_words() {
    let life = |life: Life| english(&Answer { life, ..e1(7) });
    let void = life(Life::At(LifeState::Void));
    assert_eq!(headline(&void), "This label was withdrawn.");
    assert_eq!((void.tone, void.shape), (Tone::Alarm, Some(Shape::Contradicted)));
    let expired = life(Life::Expired { since: at(NOW - DAY) });
    assert_eq!(headline(&expired), "Past its date. Do not drink it.");
    assert_eq!(expired.shape, Some(Shape::Recalled));
    let opened = life(Life::At(LifeState::Opened));
    assert_eq!((opened.tone, opened.shape), (Tone::Alarm, Some(Shape::Opened)));
    let fresh_label = life(Life::At(LifeState::NotApplied));
    assert_eq!(headline(&fresh_label), "This label was not yet put on a product.");
    assert_eq!(fresh_label.tone, Tone::Unproven);
    let sold = life(Life::At(LifeState::Sold));
    assert_eq!(sold.tone, Tone::Half);
    assert_eq!(plain(&sold.rows[3].finding), "Sold by 20 Nov, not recalled");
}

#[test]
fn a_stale_answer_is_amber_and_dated_and_a_doubtful_clock_is_named() {
    let view = english(&stale(7));
    assert_eq!((view.tone, view.shape), (Tone::Unproven, Some(Shape::Stale)));
    assert_eq!(headline(&view), "Genuine as of 18 Nov, 05:43.");
    assert_eq!(reason(&view), "Recalls since then are not known here. Not a fault of the goods.");
    assert!(next(&view).starts_with("**It is asked again by itself;**"), "{}", next(&view));
    assert_eq!(
        (plain(&view.rows[3].finding), view.rows[3].mark),
        ("In trade on 18 Nov".into(), Mark::Time)
    );
    let doubtful = Answer { freshness: Freshness::ClockDoubtful, ..stale(7) };
    assert_eq!(reason(&english(&doubtful)), "This device's clock may be wrong.");
    assert_eq!(reason(&chinese(&doubtful)), "本机时钟可能不准。");
    let old = Answer { freshness: Freshness::TooOld, ..stale(7) };
    assert_eq!(headline(&english(&old)), "Was proven as of 18 Nov, 05:43.");
}

#[test]
fn the_handheld_says_block_and_limit_and_shoppers_read_neither() {
    let hand = shown_on(&Profile::INSPECTOR, &stale(7), Language::English, Told::Nothing);
    let row = &hand.rows[4];
    assert!(plain(&row.finding).starts_with("Block 4 812 337"), "{}", row.finding);
    assert_eq!(row.said_by.as_deref(), Some("2 d 5 h old, limit 7 d"));
    assert_eq!(hand.actions[0].action, Action::Scan);
    assert_eq!(hand.actions[1].action, Action::SetAside);
    assert!(!english(&stale(7)).rows[4].finding.contains("Block"));
}

#[test]
fn what_too_few_operators_say_is_told_and_one_company_is_named() {
    let told =
        Answer { assurance: sealight_verify::chain::Assurance::Told, operators: Some(1), ..e1(7) };
    let view = english(&told);
    assert_eq!(view.tone, Tone::Unproven);
    assert_eq!(plain(&view.rows[0].finding), "Told, not proven");
    assert_eq!(view.rows[4].said_by.as_deref(), Some("Register of one company"));
}

#[test]
fn absence_is_red_only_where_it_is_fresh() {
    let absent = refused(Record::NotOnLedger(NotOnLedger::SecretNotCommitted {
        lot: sealight_verify::format::ids::LotId([1; 8]),
        index: 7,
    }));
    let view = english(&absent);
    assert_eq!(view.tone, Tone::Alarm);
    assert_eq!(headline(&view), "The maker it names never registered this code.");
    assert_eq!(reason(&view), "The whole list of this lot was searched: absence is proven.");
    assert!(view.item.unwrap().from_label);
    let then = Answer { freshness: Freshness::Stale, ..absent };
    let view = english(&then);
    assert_eq!(view.tone, Tone::Unproven);
    assert!(headline(&view).starts_with("Not registered as of "));
}

#[test]
fn a_code_of_a_kind_that_nobody_lists_says_nothing_of_the_goods() {
    let view = english(&refused(Record::NotOnLedger(NotOnLedger::NoIndex)));
    assert_eq!(view.tone, Tone::Unproven);
    assert!(reason(&view).contains("Nothing about the product follows"));
}

#[test]
fn whoever_suspects_an_imitation_is_told_what_to_keep_and_of_nothing_that_is_not_there() {
    let void = Answer { life: Life::At(LifeState::Void), ..e1(7) };
    let doubted = [
        refused(Record::NotOnLedger(NotOnLedger::CodeNotIndexed)),
        refused(Record::Contradicted(Contradiction::TwoItems)),
        void,
    ];
    for answer in &doubted {
        let view = english(answer);
        assert_eq!(view.steps.len(), 3, "{view:?}");
        let two = answer.record == Record::Contradicted(Contradiction::TwoItems);
        let said = if two {
            "**Two items? Scan each by itself.**"
        } else {
            "**Don't rely on this label.**"
        };
        assert!(next(&view).starts_with(said), "{}", next(&view));
        let officer = shown_on(&Profile::INSPECTOR, answer, Language::English, Told::Nothing);
        assert!(officer.steps.is_empty());
    }
    let then = refused(Record::NotOnLedger(NotOnLedger::CodeNotIndexed));
    let then = Answer { freshness: Freshness::Stale, ..then };
    for answer in [e1(7), recalled(7), then, refused(Record::NotOnLedger(NotOnLedger::NoIndex))] {
        assert!(english(&answer).steps.is_empty());
    }
}

#[test]
fn an_altered_label_shows_both_claims_and_cannot_turn_the_words_around() {
    let view = english(&refused(Record::Contradicted(Contradiction::LabelDiffers {
        field: "batch",
        label: "\u{202e}2603**".into(),
        record: "2401".into(),
    })));
    assert_eq!(headline(&view), "The label does not match the record.");
    assert_eq!(reason(&view), "The label says 2603**. The maker's record says 2401.");
    let marked = view.field.reason.unwrap();
    assert!(!marked.contains("**") && !marked.contains('\u{202e}'));
    assert_eq!(plain(&view.rows[0].finding), "Contradicted: batch");
    assert_eq!(view.rows[0].mark, Mark::Against);
    assert_eq!(view.item.unwrap().maker, "According to the label");
}

#[test]
fn no_unproven_answer_is_red_or_speaks_against_the_goods() {
    use sealight_verify::chain::AcceptError;
    use sealight_verify::codec::CodecError;
    let reasons = [
        Unproven::NotFound,
        Unproven::NoNetwork,
        Unproven::NoAnswerYet,
        Unproven::DataMissing { what: "bucket" },
        Unproven::EventsMissing { have: 2, of: 3 },
        Unproven::AppTooOld(CodecError::UnknownVersion { what: "bundle", got: 2 }),
        Unproven::LedgerUnknown { ledger: sealight_verify::format::ids::ShortLedgerId([1; 8]) },
        Unproven::KeyWithdrawn { since: 3, height: 4 },
        Unproven::Header(AcceptError::NoTrust),
        Unproven::Header(AcceptError::NoFork),
        Unproven::BadProof(ProofError::WrongItem),
    ];
    for reason_given in reasons {
        let view = english(&unproven(reason_given.clone()));
        assert_eq!((view.tone, view.shape), (Tone::Unproven, Some(Shape::NotSeen)));
        assert_eq!(headline(&view), "Not proven yet.");
        let said = reason(&view);
        assert!(said.ends_with("That says nothing against the item."), "{said}");
        assert!(view.rows.iter().all(|row| row.mark != Mark::Against));
        assert!(view.item.unwrap().from_label);
        let zh = chinese(&unproven(reason_given));
        assert!(reason(&zh).ends_with("这并不说明商品有问题。"));
    }
    let events = english(&unproven(Unproven::EventsMissing { have: 2, of: 3 }));
    assert_eq!(plain(&events.rows[0].finding), "Not complete: 2 of 3 entries");
}

/// Whoever stands before a kiosk can give it no newer program and no trust file.
#[test]
fn a_kiosk_asks_no_visitor_for_what_only_its_shop_can_do() {
    use sealight_verify::chain::AcceptError;
    use sealight_verify::codec::CodecError;
    let reasons = [
        Unproven::AppTooOld(CodecError::UnknownVersion { what: "bundle", got: 2 }),
        Unproven::LedgerUnknown { ledger: sealight_verify::format::ids::ShortLedgerId([1; 8]) },
        Unproven::Header(AcceptError::NoTrust),
    ];
    for reason_given in reasons {
        let answer = unproven(reason_given);
        assert_eq!(next(&english(&answer)), "**Scan it with your phone,** or ask the staff.");
        assert_eq!(next(&chinese(&answer)), "**请用手机查验**，或询问店员。");
        let own = shown_on(&Profile::SHOPPER, &answer, Language::English, Told::Nothing);
        assert!(next(&own).ends_with("then scan it again."), "{own:?}");
    }
    let register = Register::default();
    let on = |profile| trouble(&scene(profile, &register), &Trouble::AppTooOld);
    assert_eq!(next(&on(&Profile::KIOSK)), "**Scan it with your phone,** or ask the staff.");
    assert_eq!(next(&on(&Profile::SHOPPER)), "**Update the app,** then scan it again.");
}

#[test]
fn the_first_screen_also_speaks_the_language_that_its_switch_leads_to() {
    let register = Register::default();
    let english = scene(&Profile::KIOSK, &register);
    let view = attract(&english);
    assert_eq!(view.other_language.as_deref(), Some("请把封签 举到这里"));
    let switch = view.actions.iter().find(|button| button.action == Action::SwitchLanguage);
    assert_eq!(switch.unwrap().label, "中文");
    // An operator's list may lead elsewhere than to the next file.
    let listed = Scene { next_language: Language::English, ..english };
    let view = attract(&listed);
    assert_eq!(view.other_language.as_deref(), Some("Hold the seal up here."));
    assert_eq!(view.next_language, Language::English);
}

#[test]
fn every_case_says_something_in_every_language_and_fills_every_placeholder() {
    let answers = [
        e1(7),
        stale(7),
        recalled(7),
        tapped(7, Original::OneTap, SealState::Unknown),
        tapped(7, Original::TapCodes, SealState::Intact),
        tapped(7, Original::Challenge, SealState::Reclosed),
        tapped(7, Original::CodesUsedUp, SealState::Unknown),
        tapped(7, Original::ChipMaker, SealState::Unknown),
        Answer { life: Life::KeyWithdrawn, ..e1(7) },
        refused(Record::Contradicted(Contradiction::TwoItems)),
        refused(Record::NotOnLedger(NotOnLedger::CodeNotIndexed)),
        unproven(Unproven::NoNetwork),
    ];
    for profile in [Profile::SHOPPER, Profile::KIOSK, Profile::INSPECTOR] {
        for language in Language::all() {
            for answer in &answers {
                let view = shown_on(&profile, answer, language, Told::Nothing);
                let json = serde_json::to_string(&view).unwrap();
                assert!(!json.contains("{}") && !view.field.headline.is_empty());
                for text in [&view.field.headline, &view.aloud, next_of(&view)] {
                    assert!(!text.contains(['{', '}']), "{text}");
                }
                assert!(view.rows.iter().all(|row| row.finding.matches("**").count() % 2 == 0));
                assert!(view.rows.last().unwrap().mark == Mark::Out);
                assert_eq!(serde_json::from_str::<View>(&json).unwrap(), view);
                let filled = view.actions.iter().filter(|b| b.rank == Rank::Filled).count();
                assert!(filled <= 1);
            }
        }
    }
}

fn next_of(view: &View) -> &String {
    view.next.as_ref().unwrap()
}

#[test]
fn a_withdrawn_key_makes_an_event_nobodys_word() {
    let mut subject = subject(7);
    let mut event = event("inspecting", 20, lab(), SaidBy::Independent);
    event.key_withdrawn = true;
    subject.events = vec![event];
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..e1(7) };
    let view = english(&answer);
    assert_eq!(view.rows[0].said_by.as_deref(), Some("Distillery"));
}

#[test]
fn a_record_cannot_make_its_own_words_bold() {
    let mut subject = subject(7);
    subject.product = "**Proven** \u{202e}wine".into();
    subject.fields = vec![field("**origin**", "**here**")];
    let answer = Answer { record: Record::Proven(Box::new(subject)), ..e1(7) };
    let item = english(&answer).item.unwrap();
    assert!(!item.name.contains("**") && !item.name.contains('\u{202e}'));
    assert_eq!(plain(&item.name), "**Proven** wine");
}
