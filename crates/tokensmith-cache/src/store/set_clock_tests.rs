//! What becomes of a section when somebody sets the machine's clock.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollster::block_on;

use super::{
    BeginSection, Begun, MemoryRefreshTokenStore, RefreshTokenStore, Saved, Section, StoreName,
};
use crate::Clock;

const TERM: Duration = Duration::from_secs(10);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A clock that goes when it is told to, in either direction.
#[derive(Clone)]
struct ManualClock(Arc<Mutex<Duration>>);

impl ManualClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(1_000_000 * HOUR / 2)))
    }

    fn set(&self, change: impl FnOnce(Duration) -> Duration) {
        let mut now = self.0.lock().expect("no panic");
        *now = change(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        *self.0.lock().expect("no panic")
    }
}

/// An entry of a store, whose value is "old".
struct Case<'s> {
    store: &'s dyn RefreshTokenStore,
    clock: &'s ManualClock,
    entry: StoreName,
}

impl Case<'_> {
    fn begin(&self) -> BeginSection {
        block_on(self.store.begin(&self.entry, TERM)).expect("an outcome")
    }

    #[track_caller]
    fn begun(&self) -> Begun {
        match self.begin() {
            BeginSection::Begun(begun) => begun,
            held => panic!("{held:?}"),
        }
    }

    fn confirm(&self, section: Section) -> bool {
        block_on(self.store.confirm(&self.entry, section, TERM)).expect("an outcome")
    }

    fn save(&self, section: Section, value: &[u8]) -> Saved {
        block_on(self.store.save(&self.entry, section, value)).expect("an outcome")
    }
}

fn with_all(play: impl Fn(&Case<'_>)) {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::new();
    for store in stores(folder.path(), &clock) {
        let case = Case {
            store: &*store,
            clock: &clock,
            entry: StoreName::new("a".repeat(64)),
        };
        block_on(store.put(&case.entry, b"old")).expect("an outcome");
        play(&case);
    }
}

fn stores(folder: &Path, clock: &ManualClock) -> Vec<Box<dyn RefreshTokenStore>> {
    vec![
        Box::new(MemoryRefreshTokenStore::with_clock(clock.clone())),
        #[cfg(feature = "file")]
        {
            let store = super::FileStore::new(folder.join("files"));
            Box::new(store.expect("a store").with_clock(clock.clone()))
        },
        #[cfg(feature = "sqlite")]
        {
            let store = super::SqliteStore::open(folder.join("tokens.sqlite"));
            Box::new(store.expect("a store").with_clock(clock.clone()))
        },
        #[cfg(feature = "keyring")]
        {
            let credentials = keyring_core::mock::Store::new().expect("credentials");
            let folder = folder.join("keyring");
            let store = super::SystemKeyringStore::with_credentials(credentials, "test", folder);
            Box::new(store.expect("a store").with_clock(clock.clone()))
        },
    ]
}

#[test]
fn a_request_in_flight_keeps_its_section_when_the_clock_is_set_forward() {
    with_all(|case| {
        let holder = case.begun().section;
        assert!(case.confirm(holder));
        case.clock.set(|now| now + HOUR);
        let next = case.begun();
        assert_eq!(next.unsaved, Some(holder), "it waits for the holder");
        // The holder extends its section, as it does every third of it.
        assert!(case.confirm(holder));
        assert!(!case.confirm(next.section), "a second request was sent");
        let held = case.begin();
        assert!(
            matches!(held, BeginSection::Held { section, remaining } if section == holder && remaining <= TERM),
            "{held:?}"
        );
        assert_eq!(case.save(holder, b"new"), Saved::Saved);
        let last = case.begun();
        assert!(last.section > next.section);
        assert_eq!(
            (last.value.as_deref(), last.unsaved),
            (Some(&b"new"[..]), None)
        );
    });
}

#[test]
fn a_section_that_has_sent_nothing_is_lost_when_the_clock_is_set_forward() {
    with_all(|case| {
        let holder = case.begun().section;
        case.clock.set(|now| now + HOUR);
        let next = case.begun();
        assert_eq!(next.unsaved, None);
        assert!(!case.confirm(holder), "both would send");
        assert!(case.confirm(next.section));
        assert!(!case.confirm(holder));
        assert_eq!(case.save(next.section, b"new"), Saved::Saved);
    });
}

#[test]
fn a_request_in_flight_keeps_its_section_when_the_clock_is_set_back() {
    with_all(|case| {
        let holder = case.begun().section;
        assert!(case.confirm(holder));
        case.clock.set(|now| now - HOUR);
        for _ in 0..3 {
            let held = case.begin();
            assert!(
                matches!(held, BeginSection::Held { remaining, .. } if remaining <= TERM),
                "{held:?}"
            );
            case.clock.set(|now| now + TERM / 3);
            assert!(case.confirm(holder));
        }
        assert_eq!(case.save(holder, b"new"), Saved::Saved);
        let next = case.begun();
        assert!(
            next.section > holder,
            "numbers rise, whatever the clock says"
        );
    });
}

#[test]
fn a_dead_holder_holds_nobody_up_for_longer_than_its_term_when_the_clock_is_set_back() {
    with_all(|case| {
        let dead = case.begun().section;
        assert!(case.confirm(dead));
        case.clock.set(|now| now - HOUR);
        let BeginSection::Held { remaining, .. } = case.begin() else {
            panic!("it may be alive");
        };
        assert!(remaining <= TERM, "{remaining:?}");
        case.clock.set(|now| now + remaining);
        let next = case.begun();
        assert_eq!(
            (next.unsaved, next.value.as_deref()),
            (Some(dead), Some(&b"old"[..]))
        );
        assert!(next.section > dead);
    });
}
