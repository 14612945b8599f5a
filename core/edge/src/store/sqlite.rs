//! The store in SQLite: WAL, synchronous NORMAL, one transaction a change set.
//!
//! Blocks for the disk, and up to five seconds where another program writes; nothing is cancelled,
//! a transaction is short. A crash or a lost power supply leaves the last whole change set or an
//! earlier one. Platforms differ only in where the home folder is.

use super::change::{Change, MAX_HEIGHT, MAX_SETTING, MAX_TRUST_FILE};
use super::key::SealKey;
use super::lease::{Damage, Lease};
use super::scan::{MAX_ENTRY, NewScan, Scan, ScanId, Touched, entry_of, entry_text, key_of};
use super::{ByHeight, ByHeightRow, MAX_ROWS, Mark, Store, StoreError};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};
use sealight_verify::codec::Versioned;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::ids::{LedgerId, LotId};

/// Ledgers have 15 bits of a header's row number.
const MAX_LEDGERS: i64 = (1 << 15) - 1;
/// Most trust files that are handed out.
const MAX_TRUST_FILES: i64 = 256;

/// Columns of a scan, each cut to nothing where it is longer than it can be. `length` would count a
/// text up to its first NUL.
const SCAN: &str = "SELECT scans.id, iif(octet_length(ledgers.id) = 32, ledgers.id, NULL), \
    iif(octet_length(lot) = 8, lot, NULL), item, iif(octet_length(entry) <= 65536, entry, NULL) \
    FROM scans JOIN ledgers ON ledgers.number = scans.ledger";
const _: () = assert!(MAX_ENTRY == 65536);

/// A store in one file with its write-ahead log beside it.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    lease: Lease,
}

impl SqliteStore {
    pub(super) fn over(connection: Connection, lease: Lease) -> Self {
        Self { connection, lease }
    }

    /// Whether damage was seen since it was opened, for whoever watches that.
    pub fn damage(&self) -> Damage {
        self.lease.damage().clone()
    }

    /// Notes where a damage shows, so that the next start looks before it trusts the file, or begins
    /// another.
    fn seen<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(result, Err(StoreError::Corrupt { .. })) {
            self.lease.damaged();
        }
        result
    }

    fn ledger_number(&self, ledger: &LedgerId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(number) FROM ledgers WHERE id = ?1 AND number BETWEEN 1 AND ?2";
        let found = self.connection.prepare_cached(sql)?;
        number_of(found, ledger)
    }

    /// One bounded blob; absent where it is missing or too long.
    fn blob(&self, sql: &str, key: impl Params) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let found: Option<Option<Vec<u8>>> =
            statement.query_row(key, |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }

    fn select_scans(&self, rest: &str, params: impl Params) -> Result<Vec<Scan>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{SCAN} {rest}"))?;
        let rows = statement.query_map(params, |row| Ok(scan_of(row)))?;
        // A row that does not read is as good as absent.
        let rows: Vec<Option<Scan>> = rows.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().flatten().collect())
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Store for SqliteStore {
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT bytes FROM trust_files WHERE serial >= 0 AND octet_length(bytes) <= ?1 \
                 ORDER BY serial DESC LIMIT ?2",
            )?;
            let rows = statement
                .query_map(params![MAX_TRUST_FILE as i64, MAX_TRUST_FILES], |row| row.get(0))?;
            let mut files: Vec<Vec<u8>> = rows.collect::<Result<_, _>>()?;
            files.reverse();
            Ok(files)
        };
        self.seen(read())
    }

    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError> {
        let read = || {
            let Some(number) = self.ledger_number(ledger)? else { return Ok(None) };
            let sql = "SELECT iif(octet_length(bytes) <= ?3, bytes, NULL) FROM marks \
                WHERE ledger = ?1 AND mark = ?2";
            self.blob(sql, params![number, mark.number(), mark.max_len() as i64])
        };
        self.seen(read())
    }

    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError> {
        let read = || {
            let Some(number) = self.ledger_number(ledger)? else { return Ok(Vec::new()) };
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT place, bytes FROM {} WHERE place BETWEEN ?1 AND ?2 \
                 AND octet_length(bytes) <= ?3 ORDER BY place DESC LIMIT ?4",
                table(what)
            ))?;
            let span = params![
                place(number, 0),
                place(number, MAX_HEIGHT),
                what.max_len() as i64,
                MAX_ROWS as i64
            ];
            let rows = statement.query_map(span, |row| {
                let place: i64 = row.get(0)?;
                Ok((place as u64 & MAX_HEIGHT, row.get(1)?))
            })?;
            let mut newest: Vec<ByHeightRow> = rows.collect::<Result<_, _>>()?;
            newest.reverse();
            Ok(newest)
        };
        self.seen(read())
    }

    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT iif(octet_length(bytes) <= ?2, bytes, NULL) FROM bundles WHERE seal = ?1";
        self.seen(self.blob(sql, params![key.bytes(), Bundle::MAX_LEN as i64]))
    }

    fn scans(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        let before = before.map_or(i64::MAX, |id| id.0);
        let rest = "WHERE scans.id < ?1 ORDER BY scans.id DESC LIMIT ?2";
        self.seen(self.select_scans(rest, params![before, rows(limit)]))
    }

    fn scan(&self, id: ScanId) -> Result<Option<Scan>, StoreError> {
        let found = self.select_scans("WHERE scans.id = ?1", params![id.0]);
        Ok(self.seen(found)?.pop())
    }

    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError> {
        let limit = rows(limit);
        let found = match touched {
            Touched::Items(ledger, lot, items) => self.select_scans(
                "WHERE ledgers.id = ?1 AND lot = ?2 AND item BETWEEN ?3 AND ?4 \
                 ORDER BY scans.id DESC LIMIT ?5",
                params![ledger.0, lot.0, items.first, items.last, limit],
            ),
            Touched::Issuer(ledger, party) => self.select_scans(
                "WHERE ledgers.id = ?1 AND issuer = ?2 ORDER BY scans.id DESC LIMIT ?3",
                params![ledger.0, party.0, limit],
            ),
        };
        self.seen(found)
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let read = || {
            let sql =
                "SELECT iif(octet_length(value) <= ?2, value, NULL) FROM settings WHERE name = ?1";
            let mut statement = self.connection.prepare_cached(sql)?;
            let found: Option<Option<String>> = statement
                .query_row(params![name, MAX_SETTING as i64], |row| row.get(0))
                .optional()?;
            Ok(found.flatten())
        };
        self.seen(read())
    }

    fn apply(&mut self, changes: &[Change]) -> Result<Option<ScanId>, StoreError> {
        changes.iter().try_for_each(Change::bounds)?;
        let mut write = || {
            let transaction = self
                .connection
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let (mut last, mut known) = (None, None);
            for change in changes {
                last = apply_one(&transaction, &mut known, change)?.or(last);
            }
            transaction.commit()?;
            Ok(last)
        };
        let written = write();
        self.seen(written)
    }
}

/// The number of the ledger that was asked for last: most change sets are of one ledger.
type Known = Option<(LedgerId, i64)>;

fn apply_one(
    to: &Transaction<'_>,
    known: &mut Known,
    change: &Change,
) -> Result<Option<ScanId>, StoreError> {
    match change {
        Change::TrustFile { serial, bytes } => {
            let sql = "INSERT OR REPLACE INTO trust_files (serial, bytes) VALUES (?1, ?2)";
            run(to, sql, params![*serial as i64, bytes])
        }
        Change::Mark { ledger, mark, bytes } if bytes.is_empty() => {
            let number = number_for(to, known, ledger)?;
            let sql = "DELETE FROM marks WHERE ledger = ?1 AND mark = ?2";
            run(to, sql, params![number, mark.number()])
        }
        Change::Mark { ledger, mark, bytes } => {
            let number = number_for(to, known, ledger)?;
            let sql = "INSERT OR REPLACE INTO marks (ledger, mark, bytes) VALUES (?1, ?2, ?3)";
            run(to, sql, params![number, mark.number(), bytes])
        }
        Change::Keep { ledger, what, height, bytes } => {
            let number = number_for(to, known, ledger)?;
            let sql = match what {
                ByHeight::Header => "INSERT OR REPLACE INTO headers (place, bytes) VALUES (?1, ?2)",
                ByHeight::Checkpoint => {
                    "INSERT OR REPLACE INTO checkpoints (place, bytes) VALUES (?1, ?2)"
                }
                ByHeight::Validators => {
                    "INSERT OR REPLACE INTO validators (place, bytes) VALUES (?1, ?2)"
                }
            };
            run(to, sql, params![place(number, *height), bytes])
        }
        Change::Forget { ledger, what, from, to: last } => {
            let number = number_for(to, known, ledger)?;
            let sql = format!("DELETE FROM {} WHERE place BETWEEN ?1 AND ?2", table(*what));
            run(to, &sql, params![place(number, *from), place(number, *last)])
        }
        Change::Bundle { key, bytes } => {
            let sql = "INSERT OR REPLACE INTO bundles (seal, bytes) VALUES (?1, ?2)";
            run(to, sql, params![key.bytes(), bytes])
        }
        Change::ThinBundles { stay } => {
            // A bundle that is put in place of another gets a new row number: the highest are the
            // newest.
            let sql = "DELETE FROM bundles WHERE rowid IN (SELECT rowid FROM bundles AS loose \
                WHERE NOT EXISTS (SELECT 1 FROM scans WHERE scans.seal = loose.seal) \
                ORDER BY rowid DESC LIMIT -1 OFFSET ?1)";
            run(to, sql, params![stay])?;
            // What they took goes back to the disk, a page a step.
            let mut vacuum = to.prepare_cached("PRAGMA incremental_vacuum")?;
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
            Ok(None)
        }
        Change::Scan(scan) => keep(to, known, scan).map(Some),
        Change::Rewrite { id, entry } => {
            let sql = "UPDATE scans SET entry = ?2 WHERE id = ?1";
            run(to, sql, params![id.0, entry_text(entry)?])
        }
        Change::ForgetScan(id) => {
            let unshared = "DELETE FROM bundles WHERE seal = (SELECT seal FROM scans WHERE id = ?1) \
                AND NOT EXISTS (SELECT 1 FROM scans AS other \
                WHERE other.seal = bundles.seal AND other.id <> ?1)";
            run(to, unshared, params![id.0])?;
            run(to, "DELETE FROM scans WHERE id = ?1", params![id.0])
        }
        Change::ForgetAllScans => {
            run(to, "DELETE FROM bundles", params![])?;
            run(to, "DELETE FROM scans", params![])
        }
        Change::Setting { name, value } => {
            let sql = "INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)";
            run(to, sql, params![name, value])
        }
    }
}

fn run(to: &Transaction<'_>, sql: &str, params: impl Params) -> Result<Option<ScanId>, StoreError> {
    to.prepare_cached(sql)?.execute(params)?;
    Ok(None)
}

fn keep(to: &Transaction<'_>, known: &mut Known, scan: &NewScan) -> Result<ScanId, StoreError> {
    let number = number_for(to, known, &scan.ledger)?;
    let seal = key_of(&scan.ledger, &scan.entry).map(|key| key.bytes()).unwrap_or_default();
    let (lot, item) = (scan.item.map(|(lot, _)| lot.0), scan.item.map(|(_, index)| index));
    let issuer = scan.issuer.map(|issuer| issuer.0);
    to.prepare_cached(
        "INSERT INTO scans (ledger, seal, lot, item, issuer, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![number, seal, lot, item, issuer, entry_text(&scan.entry)?])?;
    Ok(ScanId(to.last_insert_rowid()))
}

/// The ledger's number; the next one for a ledger that is new here.
fn number_for(
    to: &Transaction<'_>,
    known: &mut Known,
    ledger: &LedgerId,
) -> Result<i64, StoreError> {
    if let Some((of, number)) = known
        && of == ledger
    {
        return Ok(*number);
    }
    let number = looked_up(to, ledger)?;
    *known = Some((*ledger, number));
    Ok(number)
}

fn looked_up(to: &Transaction<'_>, ledger: &LedgerId) -> Result<i64, StoreError> {
    let sql = "SELECT min(number) FROM ledgers WHERE id = ?1 AND number BETWEEN 1 AND ?2";
    if let Some(number) = number_of(to.prepare_cached(sql)?, ledger)? {
        return Ok(number);
    }
    let next: i64 = to
        .prepare_cached("SELECT coalesce(max(number), 0) FROM ledgers")?
        .query_row([], |row| row.get(0))?;
    let number = next.max(0).checked_add(1).filter(|number| *number <= MAX_LEDGERS);
    let number = number.ok_or(StoreError::OutOfRange { what: "ledger number" })?;
    to.prepare_cached("INSERT INTO ledgers (number, id) VALUES (?1, ?2)")?
        .execute(params![number, ledger.0])?;
    Ok(number)
}

fn number_of(
    mut statement: rusqlite::CachedStatement<'_>,
    ledger: &LedgerId,
) -> Result<Option<i64>, StoreError> {
    Ok(statement.query_row(params![ledger.0, MAX_LEDGERS], |row| row.get(0))?)
}

fn table(what: ByHeight) -> &'static str {
    match what {
        ByHeight::Header => "headers",
        ByHeight::Checkpoint => "checkpoints",
        ByHeight::Validators => "validators",
    }
}

/// Ledger number and height in one row number.
fn place(number: i64, height: u64) -> i64 {
    number << 48 | (height & MAX_HEIGHT) as i64
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn scan_of(row: &Row<'_>) -> Option<Scan> {
    let ledger: Vec<u8> = row.get(1).ok()?;
    let lot: Option<Vec<u8>> = row.get(2).ok()?;
    let item: Option<u32> = row.get(3).ok()?;
    let entry: String = row.get(4).ok()?;
    let lot = lot.and_then(|bytes| Some(LotId(bytes.try_into().ok()?)));
    Some(Scan {
        id: ScanId(row.get(0).ok()?),
        ledger: LedgerId(ledger.try_into().ok()?),
        item: lot.zip(item),
        entry: entry_of(&entry)?,
    })
}
