//! What the shop's staff is for: the day in figures, who may open their page, what is wrong.
//!
//! Shared by the page's command, the threads of host, camera and tag reader, and the keeper's
//! ([`crate::keep`]).
//! Nothing of any visitor is in it.

use crate::settings::Settings;
use sealight_edge::camera::CameraError;
use sealight_edge::clock;
use sealight_edge::days::Days;
use sealight_edge::doctor::{CameraSeen, Look, ReaderSeen, Roots, StoreSeen};
use sealight_edge::home::Home;
use sealight_edge::metrics::{self, Now};
use sealight_edge::pin::Pin;
use sealight_edge::stick;
use sealight_edge::store::Damage;
use sealight_flow::staff::Desk;
use sealight_flow::{Event, Noted};
use sealight_tag::wedge::Layout;
use sealight_verify::time::Timestamp;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A camera of which nothing is told for so long is silent: whoever looks for one, or reads one that
/// goes away, tells something each second.
const UNTOLD: Duration = Duration::from_secs(10);

/// The shop's side of a kiosk.
pub(crate) struct Shop {
    home: Home,
    roots: Roots,
    scanner: bool,
    in_memory: bool,
    damage: Damage,
    /// Held while the figures are written: an older copy must not replace a newer one.
    saving: Mutex<()>,
    book: Mutex<Book>,
    /// Apart from the book, which others must not wait for while a PIN is hashed.
    pin: Mutex<Pin>,
}

struct Book {
    days: Days,
    camera: CameraSeen,
    /// When the camera gave a picture last, or said why not.
    camera_told: Option<Instant>,
    reader: ReaderSeen,
    keys_learned: bool,
    clock_doubtful: bool,
    /// Until when the trust file in use holds, once the host told it.
    trust_until: Option<Timestamp>,
    config_trouble: Option<String>,
}

impl Shop {
    /// Opens today's figures and the PIN of this device, whose store tells of damage by `damage`.
    pub(crate) fn open(home: Home, settings: &Settings, damage: Damage) -> Self {
        let days = Days::open(&home.days(), settings.local, clock::system());
        let kept = settings.shop.as_ref().and_then(|shop| shop.keep_days);
        let days = kept.map(usize::from).into_iter().fold(days, Days::keeping);
        let keys_learned = home.scanner().is_ok_and(|text| text.is_some());
        let book = Book {
            days,
            camera: CameraSeen::Unknown,
            camera_told: None,
            reader: if settings.reader { ReaderSeen::Missing } else { ReaderSeen::Unknown },
            keys_learned,
            clock_doubtful: false,
            trust_until: None,
            config_trouble: settings.config_trouble.clone(),
        };
        Self {
            pin: Mutex::new(Pin::of(home.clone(), clock::monotonic())),
            home,
            roots: Roots::default(),
            scanner: settings.scanner,
            in_memory: settings.in_memory,
            damage,
            saving: Mutex::new(()),
            book: Mutex::new(book),
        }
    }

    /// Counts what was noted, or keeps what it says of the clock and the trust file.
    pub(crate) fn note(&self, noted: Noted) {
        let mut book = self.book();
        match noted {
            Noted::Clock { doubtful } => book.clock_doubtful = doubtful,
            Noted::Trust { until } => book.trust_until = Some(until),
            noted => book.days.note(noted, clock::system()),
        }
    }

    /// Why what the operator sent is not in force, or that it is.
    pub(crate) fn configuration(&self, trouble: Option<String>) {
        self.book().config_trouble = trouble;
    }

    /// Counts a reading of the scanner.
    pub(crate) fn scanned(&self) {
        self.book().days.scanned(clock::system());
    }

    /// Counts that the page was loaded again.
    pub(crate) fn page_reloaded(&self) {
        self.book().days.page_reloaded(clock::system());
    }

    /// The camera gave a picture, or says why not.
    pub(crate) fn camera(&self, seen: Result<(), &CameraError>, now: Instant) {
        let seen = match seen {
            Ok(()) => CameraSeen::Well,
            Err(CameraError::None) => CameraSeen::None,
            Err(CameraError::Busy { camera }) => CameraSeen::Busy { camera: camera.clone() },
            Err(CameraError::NoFormat { camera }) => {
                CameraSeen::NoFormat { camera: camera.clone() }
            }
            Err(error) => CameraSeen::Fails { why: error.to_string() },
        };
        let mut book = self.book();
        book.camera_told = Some(now);
        if book.camera != seen {
            book.days.camera(seen == CameraSeen::Well, clock::system());
            book.camera = seen;
        }
    }

    /// Whether the camera is there and gives nothing.
    pub(crate) fn camera_is_silent(&self) -> bool {
        self.book().camera == CameraSeen::Silent
    }

    /// No picture comes. The camera is there and silent if it gave some until now, or none since the
    /// start; or if the one that had failed says nothing more, as one that was plugged in again and
    /// gives nothing.
    pub(crate) fn camera_silent(&self, now: Instant) {
        let mut book = self.book();
        let untold =
            book.camera_told.is_none_or(|told| now.saturating_duration_since(told) >= UNTOLD);
        if untold || matches!(book.camera, CameraSeen::Well | CameraSeen::Unknown) {
            book.days.camera(false, clock::system());
            book.camera = CameraSeen::Silent;
        }
    }

    /// The tag reader answers, or there is none.
    pub(crate) fn reader(&self, here: bool) {
        let mut book = self.book();
        book.reader = book.reader.after(here);
        if book.reader != ReaderSeen::Unknown {
            book.days.reader(here, clock::system());
        }
    }

    /// What stands before a PIN is tried.
    pub(crate) fn pin_standing(&self) -> Event {
        Event::Pin(self.pin().standing(clock::monotonic()))
    }

    /// Tries a PIN; takes as long as its hash does.
    pub(crate) fn try_pin(&self, pin: &str) -> Event {
        let tried = self.pin().try_it(pin, clock::monotonic());
        match tried {
            Ok(()) => self.desk(true),
            Err(told) => Event::Pin(told),
        }
    }

    /// Whether a stick that opens the page is plugged in.
    pub(crate) fn stick_is_there(&self, mounts: &[&Path]) -> bool {
        stick::is_there(&self.home, mounts)
    }

    /// The page, for whoever has shown a right to it or has it open.
    pub(crate) fn desk(&self, enters: bool) -> Event {
        Event::Desk { desk: Box::new(self.figures(clock::system())), enters }
    }

    /// Time of the newest header that was accepted since the start, of the ledger that is furthest
    /// behind.
    pub(crate) fn register_as_of(&self) -> Option<Timestamp> {
        self.book().days.since_start().register_as_of.map(Timestamp::from_unix_secs)
    }

    /// Whether damage was seen in the store since the start: the next one begins another.
    pub(crate) fn store_is_damaged(&self) -> bool {
        self.damage.is_seen()
    }

    fn store_seen(&self) -> StoreSeen {
        match (self.in_memory, self.store_is_damaged()) {
            (true, _) => StoreSeen::InMemory,
            (false, true) => StoreSeen::Damaged,
            (false, false) => StoreSeen::Well,
        }
    }

    fn figures(&self, now: Timestamp) -> Desk {
        // What is looked for opens devices, which may hang: nobody else waits for that.
        let (tally, camera, days_unkept, config_trouble, known) = {
            let book = self.book();
            let unkept = book.days.unkept().map(str::to_owned);
            let (camera, tally) = (book.camera.clone(), book.days.today().tally.clone());
            let known = (book.reader, book.keys_learned, book.clock_doubtful, book.trust_until);
            (tally, camera, unkept, book.config_trouble.clone(), known)
        };
        let (reader, keys_learned, clock_doubtful, trust_until) = known;
        let synced = tally.register_as_of.map(Timestamp::from_unix_secs);
        let look = Look {
            home: &self.home,
            roots: &self.roots,
            now,
            as_of: synced,
            store: self.store_seen(),
            trust_until,
            clock_doubtful,
            camera,
            reader,
            scanner: self.scanner,
            staff: true,
            config_trouble: config_trouble.as_deref(),
            days_unkept: days_unkept.as_deref(),
        };
        let answer = tally.answer_ms.under(50).zip(tally.answer_ms.under(95));
        Desk {
            scans: tally.answers(),
            proven: tally.proven().saturating_add(tally.half()),
            unproven: tally.unproven(),
            alarms: tally.against(),
            unread: tally.unread(),
            answer,
            synced,
            keys_learned,
            findings: look.findings(),
        }
    }

    /// The scanner's keys, where they were learned.
    pub(crate) fn layout(&self) -> Option<Layout> {
        self.home.scanner().ok().flatten().and_then(|text| Layout::of_text(&text))
    }

    /// Keeps the scanner's keys.
    pub(crate) fn keep_layout(&self, layout: &Layout) {
        if let Err(error) = self.home.put_scanner(&layout.text()) {
            eprintln!("sealight-kiosk: the scanner's keys are not kept: {error}");
        }
        self.book().keys_learned = true;
    }

    /// Writes what is not on the disk yet; nobody who counts waits for the disk.
    pub(crate) fn save(&self) {
        let _alone = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let unsaved = self.book().days.unsaved(clock::system());
        let Some(unsaved) = unsaved else { return };
        let written = unsaved.write();
        let mut book = self.book();
        let before = book.days.unkept().map(str::to_owned);
        book.days.written(written);
        let unkept = book.days.unkept();
        if let Some(why) = unkept.filter(|why| before.as_deref() != Some(*why)) {
            eprintln!("sealight-kiosk: the day's figures are not on the disk: {why}");
        }
    }

    /// What was counted, for Prometheus.
    pub(crate) fn metrics(&self, page: bool, frames_shown: u64) -> String {
        let book = self.book();
        let reader =
            (book.reader != ReaderSeen::Unknown).then_some(book.reader == ReaderSeen::Well);
        let camera = book.camera == CameraSeen::Well;
        metrics::text(book.days.since_start(), Now { camera, reader, page, frames_shown })
    }

    fn pin(&self) -> MutexGuard<'_, Pin> {
        self.pin.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_flow::staff::Finding;
    use std::path::PathBuf;

    /// A shop in a folder of its own, which goes with the first of the two.
    fn shop(name: &str) -> (PathBuf, Shop) {
        let path =
            std::env::temp_dir().join(format!("sealight-shop-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        let home = Home::open(&path).unwrap();
        let shop = Shop::open(home, &Settings::default(), Damage::default());
        (path, shop)
    }

    fn codes(shop: &Shop) -> Vec<&'static str> {
        let now = clock::built().saturating_add(sealight_verify::time::Seconds(86_400));
        shop.figures(now).findings.iter().map(Finding::code).collect()
    }

    #[test]
    fn what_the_operator_sent_in_vain_is_told_until_it_holds() {
        let (path, shop) = shop("config");
        assert!(!codes(&shop).contains(&"operator-refused"));
        shop.configuration(Some("of another operator".into()));
        assert!(codes(&shop).contains(&"operator-refused"));
        shop.configuration(None);
        assert!(!codes(&shop).contains(&"operator-refused"));
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_store_that_turns_out_damaged_is_told() {
        let (path, shop) = shop("damage");
        assert!(!shop.store_is_damaged() && !codes(&shop).contains(&"store-damaged"));
        shop.damage.clone().see();
        assert!(shop.store_is_damaged() && codes(&shop).contains(&"store-damaged"));
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_camera_that_comes_back_and_gives_nothing_is_silent() {
        let (path, shop) = shop("silent");
        let start = clock::monotonic();
        let at = |seconds| start + Duration::from_secs(seconds);
        shop.camera(Ok(()), at(0));
        shop.camera(Err(&CameraError::None), at(10));
        // While nobody is there to be read, that is said each second.
        for second in 11..40 {
            shop.camera(Err(&CameraError::None), at(second));
            shop.camera_silent(at(second));
            assert!(!shop.camera_is_silent(), "second {second}");
        }
        // It was plugged in again, and its node gives nothing.
        shop.camera_silent(at(48));
        assert!(!shop.camera_is_silent());
        shop.camera_silent(at(49));
        assert!(shop.camera_is_silent());
        shop.camera(Ok(()), at(60));
        assert!(!shop.camera_is_silent());
        assert_eq!(shop.book().days.today().tally.camera_failures, 1);
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_camera_that_gave_pictures_until_now_is_silent_at_once() {
        let (path, shop) = shop("stalled");
        let start = clock::monotonic();
        shop.camera(Ok(()), start);
        shop.camera_silent(start + Duration::from_secs(4));
        assert!(shop.camera_is_silent());
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_reader_that_was_there_is_missed_in_the_figures() {
        let (path, shop) = shop("reader");
        shop.reader(false);
        assert!(!shop.metrics(true, 0).contains("reader_up"), "there never was one");
        shop.reader(true);
        assert!(shop.metrics(true, 0).contains("sealight_kiosk_reader_up 1"));
        shop.reader(false);
        let told = shop.metrics(true, 0);
        assert!(told.contains("reader_up 0") && told.contains("reader_failures_total 1"), "{told}");
        std::fs::remove_dir_all(path).unwrap();
    }

    /// The day's file is first written beside its place: a pipe there takes as long as one likes.
    #[cfg(unix)]
    #[test]
    fn nobody_who_counts_waits_for_the_disk() {
        use std::sync::{Arc, mpsc::channel};
        use std::time::Duration;
        let (path, shop) = shop("slow");
        let (shop, days) = (Arc::new(shop), path.join("days"));
        std::fs::create_dir_all(&days).unwrap();
        let pipe = days.join(format!("{}.new", shop.book().days.today().date));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: no pipe can be made here");
            return;
        }
        let saves = Arc::clone(&shop);
        let saves = std::thread::spawn(move || saves.save());
        std::thread::sleep(Duration::from_millis(300));
        assert!(!saves.is_finished(), "it waits for whoever reads the pipe");
        let (tell, told) = channel();
        let counts = Arc::clone(&shop);
        std::thread::spawn(move || {
            counts.scanned();
            let _ = tell.send(());
        });
        let counted = told.recv_timeout(Duration::from_secs(20));
        std::thread::spawn(move || std::fs::read(pipe));
        saves.join().unwrap();
        assert_eq!(counted, Ok(()));
        assert_eq!(shop.book().days.today().tally.scanner_reads, 1);
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_clock_that_headers_speak_against_is_told() {
        let (path, shop) = shop("clock");
        assert!(!codes(&shop).contains(&"clock-doubtful"));
        shop.note(Noted::Clock { doubtful: true });
        assert!(codes(&shop).contains(&"clock-doubtful"));
        shop.note(Noted::Clock { doubtful: false });
        assert!(!codes(&shop).contains(&"clock-doubtful"));
        std::fs::remove_dir_all(path).unwrap();
    }
}
