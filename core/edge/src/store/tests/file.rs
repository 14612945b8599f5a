//! What only a file can suffer: damage, strangers, an older copy, a full disk, edited rows.

use super::super::open::{Check, Warning};
use super::*;
use rusqlite::{Connection, params};
use std::path::Path;

fn open(path: &Path) -> SqliteStore {
    let opened = SqliteStore::open(path).unwrap();
    assert_eq!(opened.warning, None);
    opened.store
}

fn filled(path: &Path) -> SqliteStore {
    let mut store = open(path);
    let many: Vec<Change> = (1..=500).map(header).collect();
    store.apply(&many).unwrap();
    let key = SealKey::of(&LEDGER, &claim(1, 1));
    store.apply(&[kept(1, 1), Change::Bundle { key, bytes: vec![9; 5000] }]).unwrap();
    store
}

/// The file opened by hand, as somebody with a SQLite shell would.
fn by_hand(path: &Path, edit: impl FnOnce(&Connection)) {
    edit(&Connection::open(path).unwrap());
}

fn aside(path: &Path) -> (SqliteStore, String) {
    let opened = SqliteStore::open(path).unwrap();
    let Some(Warning::SetAside { to, why }) = opened.warning else { panic!("no warning") };
    assert!(to.exists());
    assert_eq!(opened.store.scans(None, 9), Ok(Vec::new()));
    (opened.store, why)
}

#[test]
fn what_was_applied_is_there_after_a_restart() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    let store = open(&path);
    assert_eq!(store.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 500);
    assert_eq!(ids(&store.scans(None, 9).unwrap()), [1]);
}

#[test]
fn a_clean_stop_leaves_no_marker_and_damage_does() {
    let folder = Folder::new();
    let (path, marker) = (folder.path("store.db"), folder.path("store.db-open"));
    let store = open(&path);
    assert!(marker.exists());
    drop(store);
    assert!(!marker.exists());
    let store = open(&path);
    store.connection().execute_batch("DROP TABLE settings").unwrap();
    assert!(matches!(store.setting("x"), Err(StoreError::Corrupt { .. })));
    drop(store);
    assert!(marker.exists());
}

#[test]
fn no_byte_of_the_secret_is_in_the_file() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    let hex: String = SECRET.iter().map(|byte| format!("{byte:02x}")).collect();
    for name in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(name.unwrap().path()).unwrap();
        for secret in [&SECRET[..], hex.as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[test]
fn a_forgotten_scan_leaves_no_trace_in_the_file() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    let mut store = filled(&path);
    let mut told = scan(9, 9);
    let secret = "a bottle that nobody should know of";
    told.entry.then.product = Some(secret.into());
    let id = store.apply(&[Change::Scan(Box::new(told))]).unwrap().unwrap();
    store.apply(&[Change::ForgetScan(id)]).unwrap();
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    std::fs::write(&path, b"this is not a database, whatever it is").unwrap();
    let (mut store, _) = aside(&path);
    store.apply(&[header(1)]).unwrap();
    drop(store);
    assert_eq!(open(&path).by_height(&LEDGER, ByHeight::Header).unwrap().len(), 1);
}

#[test]
fn a_database_of_somebody_else_is_set_aside() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    by_hand(&path, |db| db.execute_batch("CREATE TABLE cookies (a)").unwrap());
    assert_eq!(aside(&path).1, "not a store of this program");
}

#[test]
fn a_changed_table_a_trigger_or_a_view_is_set_aside() {
    let edits = [
        "CREATE TRIGGER t AFTER INSERT ON headers BEGIN DELETE FROM marks; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE marks",
        "DROP TABLE headers; CREATE VIEW headers AS SELECT 1 AS place, 2 AS bytes",
        "ALTER TABLE bundles ADD COLUMN extra BLOB",
    ];
    for edit in edits {
        let folder = Folder::new();
        let path = folder.path("store.db");
        drop(filled(&path));
        by_hand(&path, |db| db.execute_batch(edit).unwrap());
        assert_eq!(aside(&path).1, "its tables are not those of this program", "{edit}");
    }
}

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    by_hand(&path, |db| db.pragma_update(None, "user_version", 99).unwrap());
    let refused = SqliteStore::open(&path).unwrap_err();
    assert_eq!(refused, StoreError::NewerVersion { got: 99, known: 1 });
    by_hand(&path, |db| db.pragma_update(None, "user_version", 1).unwrap());
    assert_eq!(open(&path).scans(None, 9).unwrap().len(), 1);
}

#[test]
fn a_newer_store_is_set_aside_where_no_history_is_missed() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    by_hand(&path, |db| db.pragma_update(None, "user_version", 99).unwrap());
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    let Some(Warning::SetAside { to, why }) = opened.warning else { panic!("no warning") };
    assert!(to.exists() && why.contains("99"), "{why}");
    assert_eq!(opened.store.scans(None, 9), Ok(Vec::new()));
    drop(opened.store);
    assert_eq!(SqliteStore::open_or_anew(&path).unwrap().warning, None);
}

#[test]
fn damage_is_found_after_an_unclean_stop_and_by_the_background_check() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    damaged_and_killed(&path);
    assert!(matches!(Check::of(&path).unwrap().run(), Err(StoreError::Corrupt { .. })));
    aside(&path);
}

/// A store in which half of the pages are damaged, as its user left it who was killed.
fn damaged_and_killed(path: &Path) {
    drop(filled(path));
    let mut bytes = std::fs::read(path).unwrap();
    let (from, to) = (bytes.len() / 2, bytes.len() - 100);
    bytes[from..to].fill(0xA5);
    std::fs::write(path, &bytes).unwrap();
    std::fs::write(path.with_file_name("store.db-open"), b"").unwrap();
}

#[test]
fn where_no_history_is_missed_nobody_waits_for_a_check() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    damaged_and_killed(&path);
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    assert_eq!((opened.warning, opened.unchecked), (None, true));
    // What looks at it later and sees damage has the next start begin another.
    let damage = opened.store.damage();
    assert!(matches!(Check::of(&path).unwrap().run(), Err(StoreError::Corrupt { .. })));
    damage.see();
    drop(opened.store);
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    assert!(matches!(opened.warning, Some(Warning::SetAside { .. })) && !opened.unchecked);
    assert!(!opened.store.damage().is_seen());
    drop(opened.store);
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    assert_eq!((opened.warning, opened.unchecked), (None, false), "closed as it should be");
}

/// No look at the whole file finds it: a store that is opened again and again would have it for ever.
#[test]
fn damage_that_only_reading_shows_is_begun_anew_where_no_history_is_missed() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    let no_text = "INSERT INTO settings VALUES ('x', CAST(x'ff' AS TEXT))";
    by_hand(&path, |db| db.execute_batch(no_text).unwrap());
    let store = SqliteStore::open_or_anew(&path).unwrap().store;
    assert!(matches!(store.setting("x"), Err(StoreError::Corrupt { .. })));
    assert!(store.damage().is_seen());
    drop(store);
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    assert!(matches!(opened.warning, Some(Warning::SetAside { .. })));
    assert_eq!(opened.store.setting("x"), Ok(None));
}

#[test]
fn a_mark_of_damage_without_a_store_begins_one() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    std::fs::write(folder.path("store.db-open"), b"damaged\n").unwrap();
    let opened = SqliteStore::open_or_anew(&path).unwrap();
    assert_eq!((opened.warning, opened.unchecked), (None, false));
}

#[test]
fn any_damaged_page_gives_an_error_or_less_never_a_panic() {
    let folder = Folder::new();
    let clean = folder.path("clean.db");
    drop(filled(&clean));
    let bytes = std::fs::read(&clean).unwrap();
    for (n, at) in (0..bytes.len()).step_by(997).enumerate() {
        let path = folder.path(&format!("damaged-{n}.db"));
        let mut damaged = bytes.clone();
        damaged[at..].iter_mut().take(24).for_each(|byte| *byte ^= 0x5A);
        std::fs::write(&path, &damaged).unwrap();
        let Ok(opened) = SqliteStore::open(&path) else { continue };
        let mut store = opened.store;
        if let Ok(headers) = store.by_height(&LEDGER, ByHeight::Header) {
            assert!(headers.len() <= 500);
        }
        if let Ok(scans) = store.scans(None, 9) {
            assert!(scans.len() <= 1);
        }
        let _ = store.bundle(&SealKey::of(&LEDGER, &claim(1, 1)));
        let _ = store.apply(&[header(501), kept(2, 2)]);
    }
}

#[test]
fn a_truncated_file_is_set_aside_or_holds_less() {
    let folder = Folder::new();
    let clean = folder.path("clean.db");
    drop(filled(&clean));
    let bytes = std::fs::read(&clean).unwrap();
    for cut in (0..bytes.len()).step_by(2011) {
        let path = folder.path(&format!("cut-{cut}.db"));
        std::fs::write(&path, &bytes[..cut.max(1)]).unwrap();
        std::fs::write(folder.path(&format!("cut-{cut}.db-open")), b"").unwrap();
        let opened = SqliteStore::open(&path).unwrap();
        // Either what was cut off was not needed, or nothing is left.
        let kept = opened.store.by_height(&LEDGER, ByHeight::Header).map(|rows| rows.len());
        assert!(matches!(kept, Ok(0 | 500)), "cut at {cut}: {kept:?}");
    }
}

#[test]
fn an_older_copy_gives_what_it_had_and_no_more() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    let older = std::fs::read(&path).unwrap();
    let mut store = open(&path);
    store.apply(&[header(501), kept(2, 2)]).unwrap();
    drop(store);
    std::fs::write(&path, older).unwrap();
    let store = open(&path);
    assert_eq!(store.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 500);
    assert_eq!(ids(&store.scans(None, 9).unwrap()), [1]);
}

#[test]
fn rows_edited_by_hand_are_bounded_and_unreadable_ones_absent() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    drop(filled(&path));
    by_hand(&path, |db| {
        let insert = "INSERT INTO scans (ledger, seal, entry) VALUES (1, x'', ?1)";
        let good = serde_json::to_string(&entry(1, 1)).unwrap();
        let long = format!("{good}{}", " ".repeat(66_000));
        let deep = "[".repeat(60_000);
        let newer = good.replace("\"version\":1", "\"version\":2");
        let nameless = good.replace("\"item\":[", "\"other\":[");
        let ended = format!("\0{long}");
        for entry in ["", "{}", "null", &long, &deep, &newer, &nameless, &ended] {
            db.execute(insert, params![entry]).unwrap();
        }
        db.execute("INSERT INTO ledgers VALUES (-5, x'00'), (40000, ?1)", params![LEDGER.0])
            .unwrap();
        db.execute("UPDATE headers SET bytes = zeroblob(300000) WHERE place % 2 = 0", []).unwrap();
        db.execute("INSERT INTO headers VALUES (-1, x'00'), (9223372036854775807, x'00')", [])
            .unwrap();
        db.execute("UPDATE bundles SET bytes = zeroblob(5000000)", []).unwrap();
        db.execute("INSERT INTO marks VALUES (1, 1, zeroblob(1000))", []).unwrap();
        db.execute("INSERT INTO settings VALUES ('language', ?1)", params!["x".repeat(9000)])
            .unwrap();
        let ended = format!("\0{}", "x".repeat(9000));
        db.execute("INSERT INTO settings VALUES ('ended', ?1)", params![ended]).unwrap();
        db.execute("INSERT INTO trust_files VALUES (-1, x'00'), (4, zeroblob(600000))", [])
            .unwrap();
    });
    let mut store = open(&path);
    assert_eq!(ids(&store.scans(None, 100).unwrap()), [1]);
    assert_eq!(store.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 250);
    assert_eq!(store.bundle(&SealKey::of(&LEDGER, &claim(1, 1))), Ok(None));
    assert_eq!(store.mark(&LEDGER, Mark::Clock), Ok(None));
    assert_eq!(store.setting("language"), Ok(None));
    assert_eq!(store.setting("ended"), Ok(None), "no NUL hides how long a text is");
    assert_eq!(store.trust_files(), Ok(Vec::new()));
    // A ledger number out of range leaves no room for another ledger, and is told.
    let next = Change::Keep { ledger: OTHER, what: ByHeight::Header, height: 1, bytes: vec![1] };
    assert_eq!(store.apply(&[next]), Err(StoreError::OutOfRange { what: "ledger number" }));
    store.apply(&[header(501)]).unwrap();
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    let mut store = filled(&path);
    // SQLite's own limit fails as a full disk does (SQLITE_FULL).
    let pages: i64 =
        store.connection().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection().pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    let key = SealKey::of(&LEDGER, &claim(2, 2));
    let large = Change::Bundle { key, bytes: vec![1; 1024 * 1024] };
    let full = store.apply(&[kept(2, 2), large]);
    assert_eq!(full, Err(StoreError::DiskFull));
    assert_eq!(ids(&store.scans(None, 9).unwrap()), [1]);
    drop(store);
    assert_eq!(open(&path).by_height(&LEDGER, ByHeight::Header).unwrap().len(), 500);
}

#[test]
fn what_is_thinned_is_given_back_to_the_disk() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    let size = || std::fs::metadata(&path).unwrap().len();
    let log = || std::fs::metadata(folder.path("store.db-wal")).unwrap().len();
    let mut store = open(&path);
    for index in 0..400 {
        let key = SealKey::of(&LEDGER, &claim(1, index));
        store.apply(&[Change::Bundle { key, bytes: vec![9; 100_000] }]).unwrap();
    }
    let kept = |store: &SqliteStore, index| {
        store.bundle(&SealKey::of(&LEDGER, &claim(1, index))).unwrap().is_some()
    };
    assert!(size() > 30_000_000);
    store.apply(&[Change::ThinBundles { stay: 10 }]).unwrap();
    assert!(kept(&store, 399) && !kept(&store, 0));
    // The next change moves the log into the file.
    store.apply(&[header(1)]).unwrap();
    store.apply(&[header(2)]).unwrap();
    assert!(size() < 3_000_000, "{} bytes", size());
    assert!(log() <= 5_000_000, "{} bytes of log", log());
    drop(store);
    assert_eq!(open(&path).by_height(&LEDGER, ByHeight::Header).unwrap().len(), 2);
}

#[test]
fn two_files_that_were_set_aside_stay_the_newest_and_the_one_before() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    for number in 1..=4 {
        std::fs::write(&path, format!("no database, number {number}")).unwrap();
        let (store, _) = aside(&path);
        drop(store);
    }
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!(read("store.db-damaged-1"), "no database, number 4");
    assert_eq!(read("store.db-damaged-2"), "no database, number 3");
    let names = std::fs::read_dir(path.parent().unwrap()).unwrap().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| name.contains("damaged")).count(), 2);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = Folder::new();
    let refused = SqliteStore::open(&folder.path("nowhere/store.db")).unwrap_err();
    assert!(matches!(refused, StoreError::Io { .. }), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path("store.db");
    let _store = filled(&path);
    for name in ["store.db", "store.db-wal"] {
        let mode = std::fs::metadata(folder.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn two_programs_may_share_a_store() {
    let folder = Folder::new();
    let path = folder.path("store.db");
    let mut first = filled(&path);
    let mut second = open(&path);
    second.apply(&[header(600)]).unwrap();
    first.apply(&[header(601)]).unwrap();
    assert_eq!(second.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 502);
}
