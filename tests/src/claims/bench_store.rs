//! The device's store beside bare SQLite of the same settings.

use super::{Claim, NotShown, Report, Run};
use crate::bench::folder::Folder;
use crate::bench::pair;
use crate::kit::World;
use rusqlite::{Connection, params};
use sealight_edge::store::{ByHeight, Change, MAX_ROWS, SealKey, SqliteStore, Store};
use sealight_verify::codec::encode;
use sealight_verify::format::ids::{LedgerId, LotId};
use std::cell::Cell;
use std::hint::black_box;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "store",
    group: "speed",
    about: "the store takes headers and gives bundles in at most 2 times what bare SQLite takes",
    clock: true,
    run: Run::Here(store),
}];

const BATCH: u64 = 1_000;
const BUNDLES: u32 = 4_096;
const BUNDLE: usize = 3_600;
const LIMIT: f64 = 2.0;

fn store(report: &mut Report) -> Result<(), NotShown> {
    let folder = Folder::new("store").map_err(NotShown::broken)?;
    let mut ours = SqliteStore::open(&folder.place("ours.db")).map_err(NotShown::broken)?.store;
    let mut bare = Bare::open(&folder).map_err(NotShown::broken)?;
    let world = World::new();
    let (ledger, header) = (world.ledger, encode(&world.blocks[&1]));
    inserts(report, &mut ours, &mut bare, ledger, &header)?;
    whole_start(report, &ours, &bare, ledger)?;
    point_gets(report, &mut ours, &mut bare, ledger)
}

/// Batches of a thousand headers, each batch one transaction.
fn inserts(
    report: &mut Report,
    ours: &mut SqliteStore,
    bare: &mut Bare,
    ledger: LedgerId,
    header: &[u8],
) -> Result<(), NotShown> {
    let (own, peer) = (Cell::new(0), Cell::new(0));
    let heights = |next: &Cell<u64>| {
        let from = next.replace(next.get() + BATCH);
        from + 1..from + BATCH + 1
    };
    let keep =
        |height| Change::Keep { ledger, what: ByHeight::Header, height, bytes: header.to_vec() };
    let times = pair(
        15,
        || {
            let batch: Vec<Change> = heights(&own).map(keep).collect();
            black_box(ours.apply(&batch)).expect("a batch");
        },
        || {
            let batch: Vec<(u64, Vec<u8>)> =
                heights(&peer).map(|height| (height, header.to_vec())).collect();
            black_box(bare.insert(&batch)).expect("a batch");
        },
    );
    let a_second = |time: f64| BATCH as f64 / time * 1e6;
    report.figure("header", header.len() as f64, "B");
    report.figure("headers in", a_second(times.ours), "k/s");
    report.figure("the same by bare SQLite", a_second(times.peer), "k/s");
    report.at_most("headers in, by bare SQLite", times.ratio, LIMIT, "x")
}

/// What a start reads: the newest headers.
fn whole_start(
    report: &mut Report,
    ours: &SqliteStore,
    bare: &Bare,
    ledger: LedgerId,
) -> Result<(), NotShown> {
    let times = pair(
        15,
        || {
            let rows = ours.by_height(&ledger, ByHeight::Header).expect("headers");
            assert_eq!(black_box(rows).len(), MAX_ROWS);
        },
        || assert_eq!(black_box(bare.newest(MAX_ROWS)).expect("headers").len(), MAX_ROWS),
    );
    report.figure("newest 1,024 headers", times.ours / 1e6, "ms");
    report.at_most("newest headers, by bare SQLite", times.ratio, LIMIT, "x")
}

/// One bundle after the other, by its seal.
fn point_gets(
    report: &mut Report,
    ours: &mut SqliteStore,
    bare: &mut Bare,
    ledger: LedgerId,
) -> Result<(), NotShown> {
    let key = |index| SealKey::Item { ledger, lot: LotId(*b"Reverie!"), index };
    let bundle = |index| Change::Bundle { key: key(index), bytes: vec![index as u8; BUNDLE] };
    let changes: Vec<Change> = (0..BUNDLES).map(bundle).collect();
    ours.apply(&changes).map_err(NotShown::broken)?;
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        (0..BUNDLES).map(|index| (key(index).bytes(), vec![index as u8; BUNDLE])).collect();
    bare.keep(&rows).map_err(NotShown::broken)?;
    let (own, peer) = (Cell::new(0u32), Cell::new(0u32));
    // Steps that are odd reach every row, and neighbours in time are none in the file.
    let next = |last: &Cell<u32>| {
        last.set((last.get() + 1_597) % BUNDLES);
        last.get()
    };
    let times = pair(
        15,
        || assert!(black_box(ours.bundle(&key(next(&own)))).expect("a store").is_some()),
        || assert!(black_box(bare.bundle(&key(next(&peer)).bytes())).is_ok()),
    );
    report.figure("bundles out", 1e6 / times.ours, "k/s");
    report.figure("the same by bare SQLite", 1e6 / times.peer, "k/s");
    report.at_most("bundles out, by bare SQLite", times.ratio, LIMIT, "x")
}

/// The same tables without anything around them.
struct Bare(Connection);

impl Bare {
    fn open(folder: &Folder) -> rusqlite::Result<Self> {
        let connection = Connection::open(folder.place("bare.db"))?;
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.execute_batch(
            "CREATE TABLE headers (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
            CREATE TABLE bundles (seal BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
        )?;
        Ok(Self(connection))
    }

    fn insert(&mut self, batch: &[(u64, Vec<u8>)]) -> rusqlite::Result<()> {
        let transaction = self.0.transaction()?;
        let sql = "INSERT OR REPLACE INTO headers (place, bytes) VALUES (?1, ?2)";
        for (height, bytes) in batch {
            transaction.prepare_cached(sql)?.execute(params![*height as i64, bytes])?;
        }
        transaction.commit()
    }

    fn keep(&mut self, rows: &[(Vec<u8>, Vec<u8>)]) -> rusqlite::Result<()> {
        let transaction = self.0.transaction()?;
        let sql = "INSERT INTO bundles (seal, bytes) VALUES (?1, ?2)";
        for (key, bytes) in rows {
            transaction.prepare_cached(sql)?.execute(params![key, bytes])?;
        }
        transaction.commit()
    }

    fn newest(&self, count: usize) -> rusqlite::Result<Vec<(i64, Vec<u8>)>> {
        let sql = "SELECT place, bytes FROM headers ORDER BY place DESC LIMIT ?1";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows =
            statement.query_map(params![count as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }

    fn bundle(&self, key: &[u8]) -> rusqlite::Result<Vec<u8>> {
        let mut statement = self.0.prepare_cached("SELECT bytes FROM bundles WHERE seal = ?1")?;
        statement.query_row(params![key], |row| row.get(0))
    }
}
