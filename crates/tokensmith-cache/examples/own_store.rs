//! An application's own store of refresh tokens, and how it is checked.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokensmith_cache::testing::check_store;
use tokensmith_cache::{
    BeginSection, Begun, RefreshTokenStore, Saved, Section, StoreFuture, StoreName,
};

/// Stands for a table of your database, with the name of the entry as its key.
#[derive(Clone, Default)]
struct Table(Arc<Mutex<HashMap<StoreName, Row>>>);

/// The columns.
#[derive(Default)]
struct Row {
    value: Option<Vec<u8>>,
    /// The highest number that was given to a section; it stays when the value is deleted.
    last: u64,
    /// The section that somebody has, and its deadline by the clock of the database.
    section: Option<(u64, Instant)>,
    /// The section under which a request may have been sent.
    confirmed: Option<u64>,
    /// The section that saved the value.
    saved: Option<u64>,
}

impl Row {
    /// Whether it is the latest section, or the last that was confirmed.
    fn is_current(&self, section: Section) -> bool {
        let latest = self.section.map(|(latest, _)| latest);
        [latest, self.confirmed].contains(&Some(section.0))
    }

    /// What ends all sections. The number stays. Returns the value that was there.
    fn replace(&mut self, value: Option<&[u8]>, saved: Option<u64>) -> Option<Vec<u8>> {
        let before = self.value.take();
        *self = Self {
            value: value.map(<[u8]>::to_vec),
            last: self.last,
            saved,
            ..Self::default()
        };
        before
    }
}

impl Table {
    /// Stands for a transaction: `SELECT .. FOR UPDATE`, `UPDATE`, `COMMIT`.
    fn transact<'a, T: Send + 'a>(
        &'a self,
        entry: &StoreName,
        change: impl FnOnce(&mut Row) -> T,
    ) -> StoreFuture<'a, T> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(entry.clone()).or_default();
        Box::pin(ready(Ok(change(row))))
    }
}

impl RefreshTokenStore for Table {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.transact(entry, |row| row.value.clone())
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        self.transact(entry, |row| {
            let now = Instant::now();
            if let Some((section, deadline)) = row.section
                && now < deadline
            {
                return BeginSection::Held {
                    section: Section(section),
                    remaining: deadline - now,
                };
            }
            row.last += 1;
            row.section = Some((row.last, now + duration));
            BeginSection::Begun(Begun {
                section: Section(row.last),
                value: row.value.clone(),
                unsaved: row.confirmed.map(Section),
            })
        })
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.transact(entry, |row| {
            let is_current = row.is_current(section);
            if is_current {
                row.section = Some((section.0, Instant::now() + duration));
                row.confirmed = Some(section.0);
            }
            is_current
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        self.transact(entry, |row| {
            if row.is_current(section) {
                row.replace(Some(value), Some(section.0));
            } else if row.saved != Some(section.0) {
                return Saved::Lost(row.value.clone());
            }
            Saved::Saved
        })
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.transact(entry, |row| {
            row.section.take_if(|(latest, _)| *latest == section.0);
            row.confirmed.take_if(|confirmed| *confirmed == section.0);
        })
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.transact(entry, |row| drop(row.replace(Some(value), None)))
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.transact(entry, |row| row.replace(None, None))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    pollster::block_on(check_store(&Table::default()))?;
    Ok(())
}
