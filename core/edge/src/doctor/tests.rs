//! Each finding from a device that has it, and none from one that is well.

use super::*;
use crate::client::testworld::{START, World};
use crate::testfolder::Folder;
use std::path::PathBuf;

struct Bench {
    folder: Folder,
    home: Home,
    roots: Roots,
    now: Timestamp,
}

impl Bench {
    /// A device with a trust file, a camera and a keyboard.
    fn new() -> Self {
        let folder = Folder::new();
        let home = Home::open(&folder.path("device")).unwrap();
        drop(World::new(1).device(&[]).light.with_home(home.clone()).unwrap());
        let roots =
            Roots { dev: folder.path("dev"), sys: folder.path("sys"), proc: folder.path("proc") };
        let bench = Self { folder, home, roots, now: Timestamp::from_unix_secs(START + 60) };
        bench.put("dev/video0", "");
        bench.put(
            "proc/bus/input/devices",
            "N: Name=\"Power\"\nB: EV=3\n\nN: Name=\"X\"\nB: EV=120013\n",
        );
        bench
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn look(&self) -> Look<'_> {
        Look {
            home: &self.home,
            roots: &self.roots,
            now: self.now,
            as_of: Some(self.now),
            store: StoreSeen::Well,
            trust_until: None,
            clock_doubtful: false,
            camera: CameraSeen::Unknown,
            reader: ReaderSeen::Unknown,
            scanner: true,
            staff: false,
            config_trouble: None,
            days_unkept: None,
        }
    }

    /// What is found beside little room, which a machine for tests may have.
    fn codes(look: &Look<'_>) -> Vec<&'static str> {
        let found = look.findings();
        found.iter().map(Finding::code).filter(|code| *code != "disk-low").collect()
    }
}

#[test]
fn a_device_that_is_well_has_no_finding() {
    let bench = Bench::new();
    assert_eq!(Bench::codes(&bench.look()), [""; 0]);
}

#[test]
fn cameras_that_are_missing_busy_or_failing_are_told_apart() {
    let bench = Bench::new();
    let with = |camera| Bench::codes(&Look { camera, ..bench.look() });
    let fails = |why: &str| CameraSeen::Fails { why: why.into() };
    assert_eq!(with(CameraSeen::None), ["camera-missing"]);
    assert_eq!(with(CameraSeen::Busy { camera: "Front".into() }), ["camera-busy"]);
    let unread = CameraSeen::NoFormat { camera: "Front".into() };
    assert_eq!(with(unread), ["camera-no-format"], "to plug it in again helps nothing");
    assert_eq!(with(fails("busy")), ["camera-fails"], "words decide nothing");
    assert_eq!(with(fails("no picture for 4 s")), ["camera-fails"]);
    assert_eq!(with(CameraSeen::Well), [""; 0]);
    std::fs::remove_file(bench.folder.path("dev/video0")).unwrap();
    assert_eq!(with(CameraSeen::Unknown), ["camera-missing"]);
}

#[test]
fn a_kernel_driver_that_took_the_reader_is_named() {
    let bench = Bench::new();
    bench.put("sys/bus/usb/drivers/pn533_usb/bind", "");
    assert_eq!(Bench::codes(&bench.look()), [""; 0], "loaded, and holds nothing");
    bench.put("sys/bus/usb/drivers/pn533_usb/1-2:1.0", "");
    let found = bench.look().findings();
    assert!(found.contains(&Finding::ReaderGrabbed { driver: "pn533_usb".into() }), "{found:?}");
}

#[test]
fn a_reader_that_was_there_is_missed_and_a_driver_that_took_it_is_named_instead() {
    let bench = Bench::new();
    let with = |reader| Bench::codes(&Look { reader, ..bench.look() });
    assert_eq!(with(ReaderSeen::Missing), ["reader-missing"]);
    assert_eq!(with(ReaderSeen::Well), [""; 0]);
    bench.put("sys/bus/usb/drivers/pn533_usb/1-2:1.0", "");
    assert_eq!(with(ReaderSeen::Missing), ["reader-grabbed"]);
    assert_eq!(with(ReaderSeen::Well), [""; 0], "another reader answers");
}

#[test]
fn a_reader_that_never_was_is_missed_only_where_it_should_be() {
    use ReaderSeen::{Missing, Unknown, Well};
    assert_eq!([Well, Missing, Unknown].map(|seen| seen.after(true)), [Well; 3]);
    assert_eq!([Well, Missing, Unknown].map(|seen| seen.after(false)), [Missing, Missing, Unknown]);
}

#[test]
fn a_scanner_counts_as_a_keyboard() {
    let bench = Bench::new();
    bench.put("proc/bus/input/devices", "N: Name=\"Power Button\"\nB: EV=3\n");
    assert_eq!(Bench::codes(&bench.look()), ["scanner-unseen"]);
    assert_eq!(Bench::codes(&Look { scanner: false, ..bench.look() }), [""; 0]);
}

#[test]
fn a_register_that_is_old_and_one_that_never_came_are_found() {
    let bench = Bench::new();
    let old = Some(bench.now.saturating_sub(sealight_verify::time::Seconds(30 * 3600)));
    let found = Look { as_of: old, ..bench.look() }.findings();
    assert!(found.contains(&Finding::SyncOld { hours: 30 }), "{found:?}");
    assert_eq!(Bench::codes(&Look { as_of: None, ..bench.look() }), ["sync-never"]);
}

#[test]
fn a_clock_before_the_register_is_doubtful() {
    let bench = Bench::new();
    let later = Some(bench.now.saturating_add(sealight_verify::time::Seconds(7_200)));
    assert_eq!(Bench::codes(&Look { as_of: later, ..bench.look() }), ["clock-doubtful"]);
    assert_eq!(Bench::codes(&Look { clock_doubtful: true, ..bench.look() }), ["clock-doubtful"]);
}

#[test]
fn a_trust_file_that_is_missing_or_over_and_a_refused_configuration_are_found() {
    let bench = Bench::new();
    let far = Timestamp::from_unix_secs(START + 200 * 365 * 86_400);
    let over = Look { now: far, as_of: Some(far), ..bench.look() };
    assert_eq!(Bench::codes(&over), ["trust-expired"]);
    std::fs::write(bench.home.path().join("config.json"), b"{\"version\": 9}").unwrap();
    assert_eq!(Bench::codes(&bench.look()), ["config-refused"]);
    std::fs::remove_file(bench.home.path().join("trust")).unwrap();
    assert_eq!(Bench::codes(&bench.look()), ["trust-missing"]);
}

/// The moment until which the bench's trust file holds.
fn trust_end(bench: &Bench) -> Timestamp {
    open(&bench.home.trust().unwrap().unwrap()).unwrap().expires
}

#[test]
fn a_trust_file_is_told_three_weeks_before_its_end() {
    let bench = Bench::new();
    let end = trust_end(&bench);
    let codes = |days: u64| {
        let now = end.saturating_sub(Seconds::days(days));
        Bench::codes(&Look { now, as_of: Some(now), ..bench.look() })
    };
    assert_eq!(codes(22), [""; 0]);
    assert_eq!(codes(21), ["trust-soon"]);
    assert_eq!(codes(0), ["trust-soon"]);
    let now = end.saturating_sub(Seconds::days(3));
    let found = Look { now, as_of: Some(now), ..bench.look() }.findings();
    let home = bench.home.path().display().to_string();
    assert!(found.contains(&Finding::TrustSoon { home, days: 3 }), "{found:?}");
}

#[test]
fn the_trust_file_that_a_program_uses_counts_and_not_the_one_for_its_next_start() {
    let bench = Bench::new();
    let end = trust_end(&bench);
    let until = |until: Timestamp| Bench::codes(&Look { trust_until: Some(until), ..bench.look() });
    assert_eq!(until(bench.now.saturating_sub(Seconds(1))), ["trust-expired"]);
    let soon = bench.now.saturating_add(Seconds::days(3));
    assert_eq!(until(soon), [""; 0], "the next one is in the folder already");
    // One that a gateway gave, which the folder does not keep.
    let now = end.saturating_add(Seconds::DAY);
    let later = Some(end.saturating_add(Seconds::days(100)));
    let look = Look { now, as_of: Some(now), trust_until: later, ..bench.look() };
    assert_eq!(Bench::codes(&look), [""; 0]);
}

/// A command that leaves it out changes the device of whoever types it.
#[test]
fn what_a_command_mends_is_told_with_this_devices_folder() {
    use sealight_flow::Language;
    let bench = Bench::new();
    std::fs::remove_file(bench.home.path().join("trust")).unwrap();
    let found = Look { staff: true, ..bench.look() }.findings();
    let folder = format!("sealight --home {} ", bench.home.path().display());
    for code in ["trust-missing", "pin-missing"] {
        let finding = found.iter().find(|finding| finding.code() == code).unwrap();
        for language in Language::all() {
            let mend = finding.mend(language.words());
            assert!(mend.contains(&folder), "{mend}");
        }
    }
}

#[test]
fn a_folder_that_takes_nothing_and_unkept_figures_are_found() {
    let bench = Bench::new();
    std::fs::create_dir(bench.home.path().join("doctor")).unwrap();
    let look = Look { days_unkept: Some("no room"), staff: true, ..bench.look() };
    assert_eq!(Bench::codes(&look), ["store-unwritable", "days-unkept", "pin-missing"]);
    let look = Look { store: StoreSeen::InMemory, ..bench.look() };
    assert_eq!(Bench::codes(&look), ["store-unwritable", "store-in-memory"]);
    let look = Look { store: StoreSeen::Damaged, ..bench.look() };
    assert_eq!(Bench::codes(&look), ["store-unwritable", "store-damaged"]);
    let look = Look { config_trouble: Some("older than what is in force"), ..bench.look() };
    assert_eq!(Bench::codes(&look), ["store-unwritable", "operator-refused"]);
}

#[test]
fn every_finding_has_its_words_in_every_language() {
    use sealight_flow::Language;
    let text = || "x".to_owned();
    let all = [
        Finding::CameraMissing,
        Finding::CameraBusy { camera: text() },
        Finding::CameraForbidden { path: text() },
        Finding::CameraFails { why: text() },
        Finding::CameraNoFormat { camera: text() },
        Finding::ReaderGrabbed { driver: text() },
        Finding::ReaderForbidden { path: text() },
        Finding::ReaderMissing,
        Finding::ScannerUnseen,
        Finding::StoreUnwritable { why: text() },
        Finding::StoreInMemory,
        Finding::StoreDamaged,
        Finding::DiskLow { megabytes: 7 },
        Finding::DaysUnkept { why: text() },
        Finding::ClockDoubtful,
        Finding::TrustMissing { home: text() },
        Finding::TrustRefused { home: text(), why: text() },
        Finding::TrustExpired { home: text() },
        Finding::TrustSoon { home: text(), days: 7 },
        Finding::SyncNever,
        Finding::SyncOld { hours: 30 },
        Finding::ConfigRefused { home: text(), why: text() },
        Finding::OperatorRefused { why: text() },
        Finding::CameraSilent,
        Finding::PinMissing { home: text() },
    ];
    for language in Language::all() {
        let words = language.words();
        for finding in &all {
            for said in [finding.part(words), finding.what(words), finding.mend(words)] {
                assert!(!said.starts_with("doctor.") && !said.contains('{'), "{said}");
            }
        }
    }
}
