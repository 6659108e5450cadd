//! The schema in the database, and how it gets there.

use tokio_postgres::{Client, Transaction};

use super::{PostgresStore, failed, unconnected};
use crate::StoreError;

/// One number for all programs: they wait for each other.
const LOCK: i64 = 0x746f_6b65_6e73_6d69;

impl PostgresStore {
    /// The migrations, in their order: the first makes version 1 of the schema of version 0.
    pub const MIGRATIONS: &'static [&'static str] = &[include_str!("sql/schema_1.sql")];

    /// Creates the tables, or brings them up to date. Deletes the rows of users who signed out more than an hour ago, where the
    /// role has `DELETE` on the table. Programs may do so at the same time: one
    /// of them does it, and the others wait.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached or does not allow it; if its schema is newer than this program; if commits are not
    /// durable (`synchronous_commit = off`).
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let store = self.clone();
        let migrate = async move {
            let mut connection = store.pool.get().await.map_err(unconnected)?;
            apply(&mut connection).await
        };
        self.detached.run(migrate).await
    }
}

async fn apply(client: &mut Client) -> Result<(), StoreError> {
    let transaction = client.transaction().await.map_err(failed)?;
    let wait = format!("SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock({LOCK})");
    transaction.batch_execute(&wait).await.map_err(failed)?;
    require_durable_commits(&transaction).await?;
    let version = version(&transaction).await?;
    let Some(pending) = PostgresStore::MIGRATIONS.get(version..) else {
        let newest = PostgresStore::MIGRATIONS.len();
        return Err(StoreError::new(format!(
            "the schema in this database has version {version}, and this program knows version {newest}: update the program"
        )));
    };
    for (index, migration) in pending.iter().enumerate() {
        let version = version + index + 1;
        let record = format!("INSERT INTO tokensmith_schema (version) VALUES ({version})");
        transaction.batch_execute(migration).await.map_err(failed)?;
        transaction.batch_execute(&record).await.map_err(failed)?;
    }
    delete_spent_rows(&transaction).await?;
    transaction.commit().await.map_err(failed)
}

/// Deletes what users have left who signed out long ago, where the role may do so.
async fn delete_spent_rows(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let may_delete = "SELECT has_table_privilege('tokensmith_refresh_tokens', 'DELETE')";
    let row = transaction.query_typed_one(may_delete, &[]).await;
    if row.map_err(failed)?.try_get(0).map_err(failed)? {
        let spent = include_str!("sql/delete_spent.sql");
        transaction.batch_execute(spent).await.map_err(failed)?;
    }
    Ok(())
}

async fn require_durable_commits(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let shown = transaction
        .query_typed_one("SELECT current_setting('synchronous_commit')", &[])
        .await
        .map_err(failed)?;
    match shown.try_get(0).map_err(failed)? {
        "off" => Err(StoreError::new(
            "commits are not durable: set `synchronous_commit = on` for this database or role",
        )),
        _ => Ok(()),
    }
}

async fn version(transaction: &Transaction<'_>) -> Result<usize, StoreError> {
    let create = "CREATE TABLE IF NOT EXISTS tokensmith_schema (
        version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())";
    transaction.batch_execute(create).await.map_err(failed)?;
    let row = transaction
        .query_typed_one(
            "SELECT coalesce(max(version), 0) FROM tokensmith_schema",
            &[],
        )
        .await
        .map_err(failed)?;
    let version: i32 = row.try_get(0).map_err(failed)?;
    usize::try_from(version).map_err(StoreError::new)
}
