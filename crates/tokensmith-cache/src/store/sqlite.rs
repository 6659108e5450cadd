//! Refresh tokens in SQLite.

use std::fmt;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::operation::{IsWanted, Threads};
use super::state::{
    Entry, EntryStore, Numbered, Span, TOMBSTONE, TimeOfDay, begin_on_thread, micros,
    on_thread_with, refresh_token_store,
};
use super::{StoreError, StoreName};

/// Refresh tokens in a SQLite database, for the processes of one machine. Clones use the same connection. Needs no runtime.
///
/// ```no_run
/// # fn example() -> Result<(), tokensmith_cache::StoreError> {
/// let store = tokensmith_cache::SqliteStore::open("/var/lib/app/tokens.sqlite")?;
/// # Ok(()) }
/// ```
///
/// # Schema
///
/// The tables are created when the database is opened, and brought up to date; processes may do so at the same time. The table
/// `tokensmith_refresh_tokens` has a row for each entry:
///
/// | column | meaning |
/// |---|---|
/// | `name` | The name of the entry: a keyed hash of provider, client and subject. Nothing can be learnt from it |
/// | `value` | The refresh token, encrypted by the [`Keyring`](crate::Keyring). `NULL` if there is none: signed out, or nothing saved yet |
/// | `last_section` | The highest number that was given to a section of this entry |
/// | `section` | The section that somebody has; `NULL` if nobody |
/// | `section_begins`, `section_ends` | When that section began or was extended last, and its deadline |
/// | `confirmed` | The last section under which a request may have been sent; `NULL` once that was saved or ended |
/// | `saved` | The section that saved the value; `NULL` if the user signed in since |
///
/// Times are microseconds since 1970 by the machine's clock, and so are the numbers of sections unless the last one was higher.
/// Rows with neither a value nor a section may be deleted at any time; those that are older than an hour are deleted when the
/// database is opened. The table `tokensmith_schema` has a row for each
/// migration.
///
/// # What is safe
///
/// Each operation is a transaction that locks the database (`BEGIN IMMEDIATE`), in WAL mode with `synchronous = FULL`: what was
/// saved survives a loss of power. SQLite cannot lock files on network file systems; use PostgreSQL between machines.
///
/// Operations of one store are done one after the other, on a thread that ends when there is nothing left to do.
///
/// # Errors
///
/// A full disk, a read-only or damaged file, a database that is locked for longer than two seconds: each operation says so and
/// leaves the database as it was.
#[derive(Clone)]
pub struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    /// One, since there is one connection: whoever waits for it takes no thread.
    threads: Threads,
    time_of_day: TimeOfDay,
}

/// How long the lock of the database is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The migrations, in their order: the first makes version 1 of the schema of version 0.
const MIGRATIONS: [&str; 1] = [include_str!("sqlite/schema_1.sql")];

impl SqliteStore {
    /// Opens a database, which is created if it is missing. Nobody but its owner may read a file that is created.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or written, or its schema is newer than this program.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let path = path.as_ref();
        let unusable =
            |error| StoreError::new(format!("cannot open {} to write: {error}", path.display()));
        drop(options.open(path).map_err(unusable)?);
        let mut connection = Connection::open(path).map_err(failed)?;
        let time_of_day = TimeOfDay::new();
        prepare(&mut connection, time_of_day.now())?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            threads: Threads::new(1),
            time_of_day,
        })
    }

    #[cfg(test)]
    pub(super) fn with_clock(mut self, clock: impl crate::Clock) -> Self {
        self.time_of_day = TimeOfDay::of(clock);
        self
    }

    /// A transaction that was not committed is rolled back, also by a panic.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn prepare(connection: &mut Connection, now: Duration) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        .map_err(failed)?;
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let version = version(&transaction).map_err(failed)?;
    let Some(pending) = MIGRATIONS.get(version as usize..) else {
        return Err(StoreError::new(format!(
            "the schema in this database has version {version}, and this program knows version {}: update the program",
            MIGRATIONS.len()
        )));
    };
    for (version, migration) in (version + 1..).zip(pending) {
        transaction.execute_batch(migration).map_err(failed)?;
        let record = "INSERT INTO tokensmith_schema (version) VALUES (?1)";
        transaction.execute(record, [version]).map_err(failed)?;
    }
    let spent = "DELETE FROM tokensmith_refresh_tokens
        WHERE value IS NULL AND section IS NULL AND confirmed IS NULL AND last_section < ?1";
    let long_ago = now.saturating_sub(TOMBSTONE);
    transaction
        .execute(spent, [micros(long_ago)])
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn version(transaction: &Transaction<'_>) -> rusqlite::Result<u32> {
    let create = "CREATE TABLE IF NOT EXISTS tokensmith_schema
        (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP) STRICT";
    transaction.execute_batch(create)?;
    let newest = "SELECT coalesce(max(version), 0) FROM tokensmith_schema";
    transaction.query_row(newest, [], |row| row.get(0))
}

fn read(transaction: &Transaction<'_>, name: &StoreName) -> rusqlite::Result<Numbered> {
    let read = "SELECT value, last_section, section, section_begins, section_ends, confirmed, saved
        FROM tokensmith_refresh_tokens WHERE name = ?1";
    let numbered = |row: &Row<'_>| {
        let section: Option<u64> = row.get(2)?;
        let (begins, ends): (Option<u64>, Option<u64>) = (row.get(3)?, row.get(4)?);
        let term = Span {
            start: Duration::from_micros(begins.unwrap_or_default()),
            end: Duration::from_micros(ends.unwrap_or_default()),
        };
        let entry = Entry {
            value: row.get(0)?,
            section: section.map(|section| (section, term)),
            confirmed: row.get(5)?,
            saved: row.get(6)?,
        };
        Ok(Numbered {
            last: row.get(1)?,
            entry,
        })
    };
    let found = transaction.query_row(read, [name.as_str()], numbered);
    Ok(found.optional()?.unwrap_or_default())
}

fn write(
    transaction: &Transaction<'_>,
    name: &StoreName,
    Numbered { last, entry }: &Numbered,
) -> rusqlite::Result<()> {
    let section = entry.section.as_ref();
    let parameters = params![
        name.as_str(),
        entry.value,
        last,
        section.map(|(section, _)| *section),
        section.map(|(_, term)| micros(term.start)),
        section.map(|(_, term)| micros(term.end)),
        entry.confirmed,
        entry.saved,
    ];
    transaction
        .execute(include_str!("sqlite/write.sql"), parameters)
        .map(drop)
}

fn failed(error: rusqlite::Error) -> StoreError {
    StoreError::new(format!("SQLite: {error}"))
}

impl EntryStore for SqliteStore {
    fn threads(&self) -> &Threads {
        &self.threads
    }

    fn change_entry<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        if !is_wanted() {
            return Err(StoreError::new("the caller has given up"));
        }
        let before = read(&transaction, name).map_err(failed)?;
        let mut numbered = before.clone();
        let outcome = numbered.change(self.time_of_day.now(), change);
        if numbered != before {
            write(&transaction, name, &numbered).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(outcome)
    }

    /// Without a transaction: it needs no lock of the database.
    fn load_entry(&self, name: &StoreName, _: IsWanted<'_>) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.connection();
        let load = "SELECT value FROM tokensmith_refresh_tokens WHERE name = ?1";
        let value = connection.query_row(load, [name.as_str()], |row| row.get(0));
        Ok(value.optional().map_err(failed)?.flatten())
    }
}

refresh_token_store!(SqliteStore);

impl fmt::Debug for SqliteStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SqliteStore(..)")
    }
}

#[cfg(test)]
mod tests;
