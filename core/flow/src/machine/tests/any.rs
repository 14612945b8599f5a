//! Every event in every state: nothing panics and there is always something to see.

use super::*;

#[test]
fn any_event_at_any_time_leaves_a_view() {
    let events = || -> Vec<Event> {
        let scan = ScanId(1);
        let read = |claim: SealClaim| Event::Read {
            claim: Ok(Box::new(claim)),
            by: By::Camera,
            again: false,
            others: vec![tap_claim(3, 1)],
        };
        let mut all = vec![
            read(claim(1)),
            read(tap_claim(1, 1)),
            Event::Read {
                claim: Err(not_a_seal()),
                by: By::Camera,
                again: false,
                others: Vec::new(),
            },
            Event::Read {
                claim: Ok(Box::new(claim(2))),
                by: By::Camera,
                again: true,
                others: Vec::new(),
            },
            Event::NothingRead,
            Event::ChipUnread,
            Event::Hint(Hint::Closer),
            Event::CameraFailed,
            Event::CameraBack,
            Event::ChipReader { reads: Chips::NONE },
            Event::ChipReader { reads: Chips::ALL },
            Event::Loaded { scan, bundle: None },
            Event::Loaded { scan, bundle: Some(bundle(1)) },
            Event::Progress { scan, maker: Some("M".into()), have: 9, of: Some(0) },
            Event::Fetched { scan, bundle: Ok(bundle(2)) },
            Event::Fetched { scan, bundle: Err(Unproven::NotFound) },
            Event::Judged { scan, answer: Box::new(e1(1)) },
            Event::Judged { scan, answer: Box::new(stale(1)) },
            Event::Syncing { have: 1, of: None },
            Event::Ledgers(vec![OTHER]),
            synced(at(NOW)),
            sync_failed(),
            Event::HistoryLoaded(vec![kept(1, &e1(1))]),
            Event::RecallHit(Box::new(kept(1, &e1(1)))),
            Event::Pin(crate::staff::PinTold::Wrong { left: 4 }),
            Event::Desk { desk: Default::default(), enters: false },
            Event::Desk { desk: Default::default(), enters: true },
            Event::Tick,
        ];
        let actions = [
            Action::Scan,
            Action::Stop,
            Action::Retry,
            Action::ShowStory,
            Action::ShowAll,
            Action::Back,
            Action::OpenEntry(0),
            Action::Type,
            Action::Choose(0),
            Action::NoChip,
            Action::StopHalfway,
            Action::SwitchLanguage,
            Action::Done,
            Action::Staff,
            Action::Exit,
        ];
        all.extend(actions.map(Event::Act));
        all
    };
    let count = events().len();
    for profile in [Profile::SHOPPER, Profile::KIOSK, Profile::INSPECTOR] {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut script = Script::on(profile);
        for _ in 0..4_000 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let pick = (seed % count as u64) as usize;
            // Scan numbers grow; most answers should be for the scan that is going on.
            let mut event = events().swap_remove(pick);
            let current = ScanId(script.flow.next_scan);
            match &mut event {
                Event::Loaded { scan, .. }
                | Event::Progress { scan, .. }
                | Event::Fetched { scan, .. }
                | Event::Judged { scan, .. } => *scan = current,
                _ => {}
            }
            let effects = script.after(seed % 2_000, event);
            for effect in effects {
                if let Effect::WakeAt(at) = effect {
                    assert!(at >= script.ms, "a wake lies ahead");
                }
            }
            let view = script.flow.view();
            assert!(!view.field.headline.is_empty() && !view.strip.text.is_empty());
        }
    }
}
