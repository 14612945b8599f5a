//! Tables, their versions, and whether a file has exactly these tables.

use super::error::StoreError;
use rusqlite::Connection;

/// Marks the file as ours (`PRAGMA application_id`): "SeaL".
const APPLICATION_ID: i64 = 0x5365_614c;

/// One step a version; a step is never changed once it was released.
///
/// A header's, checkpoint's or set's row number is ledger number (15 bits) and height (48 bits), so that it needs no index
/// and no unique hash, which would make bulk inserts some twenty times slower.
const STEPS: [&str; 1] = ["
    CREATE TABLE ledgers (number INTEGER PRIMARY KEY, id BLOB NOT NULL) STRICT;
    CREATE TABLE headers (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE checkpoints (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE validators (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE trust_files (serial INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE marks (ledger INTEGER NOT NULL, mark INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (ledger, mark)) STRICT, WITHOUT ROWID;
    CREATE TABLE bundles (seal BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE scans (id INTEGER PRIMARY KEY AUTOINCREMENT, ledger INTEGER NOT NULL,
        seal BLOB NOT NULL, lot BLOB, item INTEGER, issuer BLOB, entry TEXT NOT NULL) STRICT;
    CREATE INDEX scans_lot ON scans (lot, item);
    CREATE INDEX scans_issuer ON scans (issuer);
    CREATE INDEX scans_seal ON scans (seal);
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"];

/// Newest version that this program knows.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Brings the file to the newest version, or refuses it.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let version = pragma(connection, "user_version")?;
    let application = pragma(connection, "application_id")?;
    if version == 0 && application == 0 && is_empty(connection)? {
        return steps(connection, 0);
    }
    if application != APPLICATION_ID {
        return Err(StoreError::Corrupt { why: "not a store of this program".into() });
    }
    match version {
        VERSION => has_our_tables(connection),
        0 => Err(StoreError::Corrupt { why: "a store without a version".into() }),
        got if got > VERSION => Err(StoreError::NewerVersion { got, known: VERSION }),
        got => {
            steps(connection, got)?;
            has_our_tables(connection)
        }
    }
}

fn steps(connection: &mut Connection, from: i64) -> Result<(), StoreError> {
    let skip = usize::try_from(from)
        .map_err(|_| StoreError::Corrupt { why: "a version below zero".into() })?;
    let transaction = connection.transaction()?;
    for step in STEPS.iter().skip(skip) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// Refuses a file with other tables, triggers or views: somebody made it by hand.
fn has_our_tables(connection: &Connection) -> Result<(), StoreError> {
    let mut ours = Connection::open_in_memory()?;
    steps(&mut ours, 0)?;
    if objects(connection)? == objects(&ours)? {
        Ok(())
    } else {
        Err(StoreError::Corrupt { why: "its tables are not those of this program".into() })
    }
}

fn objects(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT name, substr(coalesce(sql, ''), 1, 4096) FROM sqlite_schema ORDER BY name LIMIT 64",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(objects(connection)?.is_empty())
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}
