//! A store that is broken: everybody gets a section.

use std::time::Duration;

use tokensmith_cache::{
    BeginSection, Begun, RefreshTokenStore, Saved, Section, StoreFuture, StoreName,
};

pub(crate) struct LetsEverybodyIn<S>(pub(crate) S);

impl<S: RefreshTokenStore> RefreshTokenStore for LetsEverybodyIn<S> {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.0.load(entry)
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        Box::pin(async move {
            match self.0.begin(entry, duration).await? {
                BeginSection::Held { section, .. } => Ok(BeginSection::Begun(Begun {
                    section,
                    value: self.0.load(entry).await?,
                    unsaved: None,
                })),
                begun => Ok(begun),
            }
        })
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            self.0.confirm(entry, section, duration).await?;
            Ok(true)
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        self.0.save(entry, section, value)
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.0.end(entry, section)
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.0.put(entry, value)
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.0.delete(entry)
    }

    fn needs_tokio(&self) -> bool {
        self.0.needs_tokio()
    }
}
