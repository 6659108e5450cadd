//! Refresh tokens in PostgreSQL.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use deadpool_postgres::{Manager, Object, Pool, PoolError, Runtime};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, NoTls, Row, Socket};

use super::operation::{Detached, LIMIT};
use super::state::LONGEST_SECTION;
use super::{
    BeginSection, Begun, RefreshTokenStore, Saved, Section, StoreError, StoreFuture, StoreName,
};

mod migrate;

/// Refresh tokens in PostgreSQL 12 or newer. Clones use the same connections. Needs a tokio runtime.
///
/// ```no_run
/// # async fn example() -> Result<(), tokensmith_cache::StoreError> {
/// let store = tokensmith_cache::PostgresStore::new("postgres://app@localhost/app")?;
/// store.migrate().await?;
/// # Ok(()) }
/// ```
///
/// # Schema
///
/// [`migrate`](Self::migrate) creates two tables, in the first schema of the `search_path`. [`MIGRATIONS`](Self::MIGRATIONS)
/// is for those who run migrations with a tool of their own. The table `tokensmith_refresh_tokens` has a row for each entry:
///
/// | column | meaning |
/// |---|---|
/// | `name` | The name of the entry: a keyed hash of provider, client and subject. Nothing can be learnt from it |
/// | `value` | The refresh token, encrypted by the [`Keyring`](crate::Keyring). `NULL` if there is none: signed out, or nothing saved yet |
/// | `last_section` | The highest number that was given to a section of this entry |
/// | `section` | The section that somebody has; `NULL` if nobody |
/// | `section_ends` | The deadline of that section, by the server's clock |
/// | `confirmed` | The last section under which a request may have been sent; `NULL` once that was saved or ended |
/// | `saved` | The section that saved the value; `NULL` if the user signed in since |
///
/// Numbers are microseconds since 1970, or one more than the last one: they rise where a server that takes over has lost the
/// last transactions, too. Rows with neither a value nor a section may be deleted at any time: `migrate` does so with
/// those that are older than an hour. The table `tokensmith_schema` has
/// a row for each migration.
///
/// The role of the application needs `SELECT`, `INSERT` and `UPDATE` on the first table; `migrate` needs `CREATE` on the schema.
///
/// # What the database has to do
///
/// Each operation is one statement, or a second one that only reads, without prepared statements: a pooler such as
/// PgBouncer may stand in between. A commit has to be durable, so [`migrate`](Self::migrate) refuses
/// `synchronous_commit = off`. Where a standby takes over, refresh tokens that it has not got are lost and the older ones are
/// used again: replicate synchronously. Row-level security, triggers and additional columns with defaults do no harm.
///
/// # Errors
///
/// A lost connection, a full disk, a read-only server, a statement that takes longer than two seconds: each operation says so,
/// and the next one uses a new connection. Nothing is sent to the provider meanwhile.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
    detached: Detached,
}

/// How many connections [`PostgresStore::new`] opens at most.
const CONNECTIONS: usize = 8;

impl PostgresStore {
    /// Creates a store at a URL such as `postgres://user:password@host/database`, or at a string of `key=value` pairs. It opens
    /// connections, 8 at most, when they are first used: a program starts without its database.
    ///
    /// Connections are not encrypted; with `sslmode=require` they fail. See [`with_tls`](Self::with_tls).
    ///
    /// # Errors
    ///
    /// If the URL is invalid, or outside a tokio runtime.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        Self::with_tls(url, NoTls)
    }

    /// Creates a store whose connections are encrypted, for example by `MakeRustlsConnect` of the crate
    /// `tokio-postgres-rustls`, as far as the `sslmode` of the URL asks for it.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_tls<T>(url: &str, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        // What was wrong may be a part of a password.
        let invalid = |_| StoreError::new("this URL of a PostgreSQL database is invalid");
        let mut config: Config = url.parse().map_err(invalid)?;
        config.connect_timeout(LIMIT);
        let pool = Pool::builder(Manager::new(config, tls))
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(StoreError::new)?;
        Self::with_pool(pool)
    }

    /// Creates a store that uses the connections of a pool.
    ///
    /// # Errors
    ///
    /// Outside a tokio runtime.
    pub fn with_pool(pool: Pool) -> Result<Self, StoreError> {
        let detached = Detached::here()?;
        Ok(Self { pool, detached })
    }

    async fn rows(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut connection = None;
        let limited = tokio::time::timeout(LIMIT, async {
            let connection = connection.insert(self.pool.get().await.map_err(unconnected)?);
            let rows = connection.query_typed(statement, parameters).await;
            rows.map_err(failed)
        });
        let outcome = limited.await;
        if let (Err(_), Some(connection)) = (&outcome, connection) {
            // It is in the middle of something: nobody else gets it.
            drop(Object::take(connection));
        }
        outcome.unwrap_or_else(|_| Err(late()))
    }

    async fn load_value(self, name: String) -> Result<Option<Vec<u8>>, StoreError> {
        let load = "SELECT value FROM tokensmith_refresh_tokens WHERE name = $1";
        let rows = self.rows(load, &[text(&name)]).await?;
        match rows.first() {
            Some(row) => row.try_get(0).map_err(failed),
            None => Ok(None),
        }
    }

    async fn begin_section(self, name: String, duration: i64) -> Result<BeginSection, StoreError> {
        let begin = include_str!("postgres/sql/begin.sql");
        let limit = milliseconds(LIMIT);
        let parameters = [text(&name), integer(&duration), integer(&limit)];
        if let [row] = &*self.rows(begin, &parameters).await? {
            return Ok(BeginSection::Begun(Begun {
                section: Section(unsigned(row.try_get(0).map_err(failed)?)),
                value: row.try_get(1).map_err(failed)?,
                unsaved: row
                    .try_get::<_, Option<i64>>(2)
                    .map_err(failed)?
                    .map(|section| Section(unsigned(section))),
            }));
        }
        let held = include_str!("postgres/sql/held.sql");
        let longest = milliseconds(LONGEST_SECTION);
        match &*self.rows(held, &[text(&name), integer(&longest)]).await? {
            [row] => Ok(BeginSection::Held {
                section: Section(unsigned(row.try_get(0).map_err(failed)?)),
                remaining: Duration::from_millis(unsigned(row.try_get(1).map_err(failed)?)),
            }),
            _ => Err(StoreError::new(
                "the row of this entry was deleted meanwhile",
            )),
        }
    }

    async fn confirm_section(
        self,
        name: String,
        section: i64,
        duration: i64,
    ) -> Result<bool, StoreError> {
        let confirm = include_str!("postgres/sql/confirm.sql");
        let parameters = [text(&name), integer(&section), integer(&duration)];
        Ok(!self.rows(confirm, &parameters).await?.is_empty())
    }

    async fn save_value(
        self,
        name: String,
        section: i64,
        value: Vec<u8>,
    ) -> Result<Saved, StoreError> {
        let save = include_str!("postgres/sql/save.sql");
        let parameters = [text(&name), integer(&section), bytes(&value)];
        if !self.rows(save, &parameters).await?.is_empty() {
            return Ok(Saved::Saved);
        }
        let saved = include_str!("postgres/sql/saved.sql");
        let parameters = [text(&name), integer(&section)];
        let rows = self.rows(saved, &parameters).await?;
        let Some(row) = rows.first() else {
            return Ok(Saved::Lost(None));
        };
        if row.try_get(0).map_err(failed)? {
            return Ok(Saved::Saved);
        }
        Ok(Saved::Lost(row.try_get(1).map_err(failed)?))
    }

    async fn end_section(self, name: String, section: i64) -> Result<(), StoreError> {
        let end = include_str!("postgres/sql/end.sql");
        let parameters = [text(&name), integer(&section)];
        self.rows(end, &parameters).await.map(drop)
    }

    async fn put_value(self, name: String, value: Vec<u8>) -> Result<(), StoreError> {
        let put = include_str!("postgres/sql/put.sql");
        let limit = milliseconds(LIMIT);
        let parameters = [text(&name), bytes(&value), integer(&limit)];
        match &*self.rows(put, &parameters).await? {
            [] => Err(late()),
            _ => Ok(()),
        }
    }

    async fn delete_value(self, name: String) -> Result<Option<Vec<u8>>, StoreError> {
        let delete = include_str!("postgres/sql/delete.sql");
        let limit = milliseconds(LIMIT);
        let parameters = [text(&name), integer(&limit)];
        let rows = self.rows(delete, &parameters).await?;
        let row = rows.first().ok_or_else(late)?;
        if row.try_get(0).map_err(failed)? {
            return Err(late());
        }
        row.try_get(1).map_err(failed)
    }
}

impl RefreshTokenStore for PostgresStore {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        let load = self.clone().load_value(name_of(entry));
        Box::pin(self.detached.run(load))
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        let duration = milliseconds(duration.min(LONGEST_SECTION));
        let begin = self.clone().begin_section(name_of(entry), duration);
        let (store, name) = (self.clone(), name_of(entry));
        Box::pin(self.detached.run_or_undo(begin, async move |undelivered| {
            if let BeginSection::Begun(begun) = undelivered {
                // Where this fails, the section ends by itself.
                drop(store.end_section(name, signed(begun.section)).await);
            }
        }))
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        let store = self.clone();
        let duration = milliseconds(duration.min(LONGEST_SECTION));
        let confirm = store.confirm_section(name_of(entry), signed(section), duration);
        Box::pin(self.detached.run(confirm))
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        let store = self.clone();
        let save = store.save_value(name_of(entry), signed(section), value.to_vec());
        Box::pin(self.detached.run(save))
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        let end = self.clone().end_section(name_of(entry), signed(section));
        Box::pin(self.detached.run(end))
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        let put = self.clone().put_value(name_of(entry), value.to_vec());
        Box::pin(self.detached.run(put))
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        let delete = self.clone().delete_value(name_of(entry));
        Box::pin(self.detached.run(delete))
    }

    fn needs_tokio(&self) -> bool {
        self.detached.is_driven_by_callers()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PostgresStore(..)")
    }
}

/// Its caller has left: nothing was done, or nobody knows.
fn late() -> StoreError {
    StoreError::new("PostgreSQL takes longer than two seconds")
}

fn name_of(entry: &StoreName) -> String {
    entry.as_str().to_owned()
}

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

fn text(text: &String) -> Parameter<'_> {
    (text, Type::TEXT)
}

fn integer(number: &i64) -> Parameter<'_> {
    (number, Type::INT8)
}

fn bytes(bytes: &Vec<u8>) -> Parameter<'_> {
    (bytes, Type::BYTEA)
}

/// A number of PostgreSQL, which has a sign. No section has one above the largest.
fn signed(section: Section) -> i64 {
    i64::try_from(section.0).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    number.unsigned_abs()
}

/// A year at most, so that the server can add it to any time.
fn milliseconds(duration: Duration) -> i64 {
    const LONGEST: i64 = 365 * 24 * 60 * 60 * 1000;
    i64::try_from(duration.as_millis()).map_or(LONGEST, |duration| duration.min(LONGEST))
}

/// The message of the server, which `Display` of the error leaves out. Details stay out: they may show values.
fn failed(error: tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(cause) => StoreError::new(format!(
            "PostgreSQL: {} (SQLSTATE {})",
            cause.message(),
            cause.code().code()
        )),
        None => match error.source() {
            Some(cause) => StoreError::new(format!("PostgreSQL: {error}: {cause}")),
            None => StoreError::new(format!("PostgreSQL: {error}")),
        },
    }
}

fn unconnected(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => failed(error),
        other => StoreError::new(format!("PostgreSQL: no connection: {other}")),
    }
}
