//! What the rules have in common.

use std::time::Duration;

use futures_channel::oneshot;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::{BeginSection, Begun, RefreshTokenStore, Saved, Section, StoreName};

/// Longer than the whole check takes.
pub(super) const LONG: Duration = Duration::from_secs(120);

/// The length of a section whose end is waited for.
pub(super) const SHORT: Duration = Duration::from_millis(300);

/// How long after its deadline a section may be held at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Two handles on the same store.
#[derive(Clone, Copy)]
pub(super) struct Case<'s> {
    pub(super) one: &'s dyn RefreshTokenStore,
    pub(super) other: &'s dyn RefreshTokenStore,
}

/// One handle and one entry.
#[derive(Clone)]
pub(super) struct User<'s> {
    store: &'s dyn RefreshTokenStore,
    entry: StoreName,
}

impl<'s> Case<'s> {
    /// An entry that nobody has, through both handles.
    pub(super) fn users(self) -> Result<(User<'s>, User<'s>), String> {
        let mut bytes = [0; 32];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| "the operating system returned no random bytes".to_owned())?;
        let entry: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let user = |store| User {
            store,
            entry: StoreName::new(entry.clone()),
        };
        Ok((user(self.one), user(self.other)))
    }
}

impl<'s> User<'s> {
    pub(super) async fn load(&self) -> Result<Option<Vec<u8>>, String> {
        let loaded = self.store.load(&self.entry).await;
        loaded.map_err(|error| format!("load failed: {error}"))
    }

    pub(super) async fn try_begin(&self, duration: Duration) -> Result<BeginSection, String> {
        let begun = self.store.begin(&self.entry, duration).await;
        begun.map_err(|error| format!("begin failed: {error}"))
    }

    /// Begins a section where there is none.
    pub(super) async fn begin(&self, duration: Duration) -> Result<Begun, String> {
        match self.try_begin(duration).await? {
            BeginSection::Begun(begun) => Ok(begun),
            BeginSection::Held { section, remaining } => Err(format!(
                "begin says that section {} is held for {remaining:?}, and nobody has one",
                section.0
            )),
        }
    }

    /// Begins the section that is free once the one that began before `start` has ended.
    pub(super) async fn begin_after(&self, start: std::time::Instant) -> Result<Begun, String> {
        loop {
            let begun = self.try_begin(LONG).await?;
            let elapsed = start.elapsed();
            match begun {
                BeginSection::Begun(_) if elapsed < SHORT => {
                    return Err(format!(
                        "a section of {SHORT:?} was given to somebody else after {elapsed:?}"
                    ));
                }
                BeginSection::Begun(begun) => return Ok(begun),
                BeginSection::Held { .. } if elapsed > SHORT + PATIENCE => {
                    return Err(format!(
                        "a section of {SHORT:?} is still held after {elapsed:?}"
                    ));
                }
                BeginSection::Held { .. } => sleep(Duration::from_millis(20)).await?,
            }
        }
    }

    /// Whether somebody else has this section.
    pub(super) async fn expect_held(&self, expected: Section) -> Result<(), String> {
        match self.try_begin(LONG).await? {
            BeginSection::Held { section, remaining } if section == expected => {
                require(remaining <= LONG, || {
                    format!("a section of {LONG:?} is said to last {remaining:?} more")
                })
            }
            BeginSection::Held { section, .. } => Err(format!(
                "section {} has begun, and begin says that {} is held",
                expected.0, section.0
            )),
            BeginSection::Begun(begun) => Err(format!(
                "section {} was begun while somebody has section {}",
                begun.section.0, expected.0
            )),
        }
    }

    pub(super) async fn confirm(&self, section: Section) -> Result<bool, String> {
        let confirmed = self.store.confirm(&self.entry, section, LONG).await;
        confirmed.map_err(|error| format!("confirm failed: {error}"))
    }

    pub(super) async fn confirm_for(
        &self,
        section: Section,
        duration: Duration,
    ) -> Result<(), String> {
        let confirmed = self.store.confirm(&self.entry, section, duration).await;
        let confirmed = confirmed.map_err(|error| format!("confirm failed: {error}"))?;
        require(confirmed, || {
            format!(
                "confirm refuses section {}, which its holder has",
                section.0
            )
        })
    }

    pub(super) async fn save(&self, section: Section, value: &[u8]) -> Result<Saved, String> {
        let saved = self.store.save(&self.entry, section, value).await;
        saved.map_err(|error| format!("save failed: {error}"))
    }

    /// Saves under a section that allows it.
    pub(super) async fn expect_saved(&self, section: Section, value: &[u8]) -> Result<(), String> {
        let saved = self.save(section, value).await?;
        require(saved == Saved::Saved, || {
            format!("save refuses section {}, which may save", section.0)
        })
    }

    /// Saves under a section that does not allow it.
    pub(super) async fn expect_lost(
        &self,
        section: Section,
        value: Option<&[u8]>,
    ) -> Result<(), String> {
        match self.save(section, b"must not be saved").await? {
            Saved::Saved => Err(format!("save takes section {}, which is lost", section.0)),
            Saved::Lost(found) => require(found.as_deref() == value, || {
                format!(
                    "save says that {} is there instead of {}",
                    shown(found.as_deref()),
                    shown(value)
                )
            }),
        }?;
        self.expect_value(value).await
    }

    pub(super) async fn end(&self, section: Section) -> Result<(), String> {
        let ended = self.store.end(&self.entry, section).await;
        ended.map_err(|error| format!("end failed: {error}"))
    }

    pub(super) async fn put(&self, value: &[u8]) -> Result<(), String> {
        let put = self.store.put(&self.entry, value).await;
        put.map_err(|error| format!("put failed: {error}"))
    }

    pub(super) async fn delete(&self) -> Result<Option<Vec<u8>>, String> {
        let deleted = self.store.delete(&self.entry).await;
        deleted.map_err(|error| format!("delete failed: {error}"))
    }

    pub(super) async fn expect_deleted(&self, expected: Option<&[u8]>) -> Result<(), String> {
        let deleted = self.delete().await?;
        require(deleted.as_deref() == expected, || {
            format!(
                "delete gives {} instead of {}, which was there",
                shown(deleted.as_deref()),
                shown(expected)
            )
        })
    }

    pub(super) async fn expect_value(&self, expected: Option<&[u8]>) -> Result<(), String> {
        let found = self.load().await?;
        require(found.as_deref() == expected, || {
            format!(
                "load gives {} instead of {}",
                shown(found.as_deref()),
                shown(expected)
            )
        })
    }

    /// Begins a section and gives it up before it is known whether that was carried out.
    pub(super) fn give_up_begin(&self) {
        use futures_util::FutureExt as _;

        drop(self.store.begin(&self.entry, SHORT).now_or_never());
    }
}

pub(super) fn require(condition: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(otherwise()) }
}

/// The values of the check are short or made of one byte each, and nobody's secret.
pub(super) fn shown(value: Option<&[u8]>) -> String {
    match value {
        None => "no value".to_owned(),
        Some(value) if value.len() > 32 => format!("a value of {} bytes", value.len()),
        Some(value) => format!("the value \"{}\"", value.escape_ascii()),
    }
}

/// Waits on whatever runtime there is.
pub(super) async fn sleep(duration: Duration) -> Result<(), String> {
    let (sender, end) = oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(duration);
        // Whoever waited may have left.
        let _ = sender.send(());
    });
    end.await.map_err(|error| error.to_string())
}
