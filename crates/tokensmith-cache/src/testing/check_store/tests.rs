//! Stores that break one rule each: the check has to find it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use pollster::block_on;

use super::{BrokenRule, check_store, check_stores};
use crate::{
    BeginSection, Begun, MemoryRefreshTokenStore, RefreshTokenStore, Saved, Section, StoreError,
    StoreFuture, StoreName,
};

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    LetsTwoIn,
    SavesWithoutASection,
    SavesAfterDelete,
    RefusesALateSave,
    RefusesALateHolder,
    RefusesASecondSave,
    ConfirmsAnything,
    DoesNotExtend,
    NeverExpires,
    ExpiresEarly,
    ForgetsTheRequest,
    KeepsTheValueOnDelete,
    CutsValues,
    EndsTheSectionOfOthers,
    SaysNothingOfSaved,
    SaysNothingOfDeleted,
    Fails,
}

struct Broken {
    store: MemoryRefreshTokenStore,
    fault: Fault,
    /// The last section that was begun of each entry.
    latest: Mutex<HashMap<StoreName, Section>>,
}

impl Broken {
    fn new(fault: Fault) -> Self {
        Self {
            store: MemoryRefreshTokenStore::new(),
            fault,
            latest: Mutex::default(),
        }
    }

    fn is_late(&self, entry: &StoreName, section: Section) -> bool {
        let latest = self.latest.lock().expect("no panic");
        latest.get(entry).is_some_and(|latest| section < *latest)
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }
}

const LONG: Duration = Duration::from_secs(60);

impl RefreshTokenStore for Broken {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        if self.has(Fault::Fails) {
            return Box::pin(async { Err(StoreError::new("the disk is full")) });
        }
        self.store.load(entry)
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        Box::pin(async move {
            let duration = match self.fault {
                Fault::NeverExpires => duration.max(LONG),
                Fault::ExpiresEarly => duration / 2,
                _ => duration,
            };
            let begun = self.store.begin(entry, duration).await?;
            if let BeginSection::Begun(begun) = &begun {
                let mut latest = self.latest.lock().expect("no panic");
                latest.insert(entry.clone(), begun.section);
            }
            Ok(match begun {
                BeginSection::Held { section, .. } if self.has(Fault::LetsTwoIn) => {
                    BeginSection::Begun(Begun {
                        section,
                        value: self.store.load(entry).await?,
                        unsaved: None,
                    })
                }
                BeginSection::Begun(begun) if self.has(Fault::ForgetsTheRequest) => {
                    BeginSection::Begun(Begun {
                        unsaved: None,
                        ..begun
                    })
                }
                other => other,
            })
        })
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let duration = match self.fault {
                Fault::DoesNotExtend => Duration::ZERO,
                _ => duration,
            };
            if self.has(Fault::RefusesALateHolder) && self.is_late(entry, section) {
                return Ok(false);
            }
            let confirmed = self.store.confirm(entry, section, duration).await?;
            Ok(confirmed || self.has(Fault::ConfirmsAnything))
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        Box::pin(async move {
            let before = self.store.load(entry).await?;
            let is_repeated = before.as_deref() == Some(value);
            let refuses = self.has(Fault::RefusesALateSave) && !is_repeated;
            if refuses && self.is_late(entry, section) {
                return Ok(Saved::Lost(before));
            }
            let value = match self.fault {
                Fault::CutsValues => value.split(|byte| *byte == 0).next().unwrap_or_default(),
                _ => value,
            };
            let saved = self.store.save(entry, section, value).await?;
            if self.has(Fault::RefusesASecondSave) && is_repeated {
                return Ok(Saved::Lost(before));
            }
            let saves_anyway = match self.fault {
                Fault::SavesWithoutASection => true,
                Fault::SavesAfterDelete => before.is_none(),
                _ => false,
            };
            if saves_anyway && saved != Saved::Saved {
                self.store.put(entry, value).await?;
                return Ok(Saved::Saved);
            }
            Ok(match saved {
                Saved::Lost(_) if self.has(Fault::SaysNothingOfSaved) => Saved::Lost(None),
                saved => saved,
            })
        })
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            if self.has(Fault::EndsTheSectionOfOthers)
                && let BeginSection::Held { section, .. } = self.store.begin(entry, LONG).await?
            {
                return self.store.end(entry, section).await;
            }
            self.store.end(entry, section).await
        })
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.store.put(entry, value)
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let before = self.store.delete(entry).await?;
            match &before {
                Some(value) if self.has(Fault::KeepsTheValueOnDelete) => {
                    self.store.put(entry, value).await?;
                }
                _ => {}
            }
            Ok(before.filter(|_| !self.has(Fault::SaysNothingOfDeleted)))
        })
    }
}

/// A store in which an entry has numbers of its own, which go with it.
#[derive(Default)]
struct Forgetful(Mutex<HashMap<StoreName, MemoryRefreshTokenStore>>);

impl Forgetful {
    fn of(&self, entry: &StoreName) -> MemoryRefreshTokenStore {
        let mut stores = self.0.lock().expect("no panic");
        stores.entry(entry.clone()).or_default().clone()
    }
}

impl RefreshTokenStore for Forgetful {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move { self.of(entry).load(entry).await })
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        Box::pin(async move { self.of(entry).begin(entry, duration).await })
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move { self.of(entry).confirm(entry, section, duration).await })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        Box::pin(async move { self.of(entry).save(entry, section, value).await })
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.of(entry).end(entry, section).await })
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.of(entry).put(entry, value).await })
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        let removed = self.0.lock().expect("no panic").remove(entry);
        Box::pin(async move {
            match removed {
                Some(store) => store.delete(entry).await,
                None => Ok(None),
            }
        })
    }
}

#[track_caller]
fn broken(fault: Fault) -> BrokenRule {
    let outcome = block_on(check_store(&Broken::new(fault)));
    let Err(rule) = outcome else {
        panic!("nothing is found of {fault:?}");
    };
    rule
}

#[test]
fn the_reference_keeps_all_rules() {
    block_on(check_store(&MemoryRefreshTokenStore::new())).expect("no rule is broken");
}

#[test]
fn a_fault_breaks_the_rule_that_it_is_about() {
    let faults = [
        (Fault::LetsTwoIn, "one caller has the section"),
        (Fault::SavesWithoutASection, "entries are apart"),
        (Fault::SavesAfterDelete, "entries are apart"),
        (Fault::RefusesALateSave, "a late holder saves"),
        (Fault::RefusesALateHolder, "a late holder goes on"),
        (Fault::RefusesASecondSave, "save may come twice"),
        (Fault::ConfirmsAnything, "put and delete win"),
        (Fault::DoesNotExtend, "confirm extends a section"),
        (Fault::NeverExpires, "a section ends at its deadline"),
        (Fault::ExpiresEarly, "a section ends at its deadline"),
        (
            Fault::ForgetsTheRequest,
            "a request without a response is reported",
        ),
        (Fault::KeepsTheValueOnDelete, "entries are apart"),
        (Fault::CutsValues, "values are any bytes"),
        (Fault::EndsTheSectionOfOthers, "an ended section is over"),
        (Fault::SaysNothingOfSaved, "put and delete win"),
        (Fault::SaysNothingOfDeleted, "put and delete win"),
        (Fault::Fails, "an entry begins empty"),
    ];
    let expected = faults.map(|(fault, rule)| (fault, rule.to_owned()));
    let found = faults.map(|(fault, _)| (fault, broken(fault).rule().to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn a_number_that_is_forgotten_on_delete_is_found() {
    let rule = block_on(check_store(&Forgetful::default())).expect_err("numbers fall");
    assert_eq!(rule.rule(), "numbers rise", "{rule}");
}

#[test]
fn handles_that_share_nothing_are_found() {
    let (one, other) = (
        MemoryRefreshTokenStore::new(),
        MemoryRefreshTokenStore::new(),
    );
    let rule = block_on(check_stores(&one, &other)).expect_err("two stores are not one");
    assert_eq!(rule.rule(), "a saved value is found by all");
}

#[test]
fn a_broken_rule_says_what_happened() {
    assert_eq!(
        broken(Fault::Fails).to_string(),
        "the store breaks the rule `an entry begins empty`: load failed: the disk is full"
    );
    let message = broken(Fault::LetsTwoIn).to_string();
    assert!(message.contains("32 of 32 callers"), "{message}");
}
