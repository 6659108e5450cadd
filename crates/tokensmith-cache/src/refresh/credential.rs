//! What is kept of a refresh token.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::digest;
use serde::{Deserialize, Serialize};
use tokensmith_runtime::Secret;
use zeroize::Zeroizing;

/// A refresh token, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) refresh_token: Secret,
    /// Whether the provider gives a new one with each use; `None` if it was never used.
    pub(crate) rotates: Option<bool>,
    /// When it was sent in a request whose response was lost.
    pub(crate) lost: Option<SystemTime>,
    /// A digest of the refresh token that all began with, where that was no sign-in: it was used, and is not used again.
    seed: Option<String>,
}

/// A credential in the form in which it is stored, encrypted.
#[derive(Serialize, Deserialize)]
struct Sealed<'t> {
    #[serde(borrow)]
    refresh_token: Cow<'t, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rotates: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lost_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<Cow<'t, str>>,
}

impl Credential {
    pub(crate) fn new(refresh_token: Secret) -> Self {
        Self {
            refresh_token,
            rotates: None,
            lost: None,
            seed: None,
        }
    }

    /// A refresh token to begin with.
    pub(crate) fn of_seed(seed: Secret) -> Self {
        Self {
            seed: Some(digest_of(&seed)),
            ..Self::new(seed)
        }
    }

    /// Whether it is this refresh token, or all began with it.
    pub(crate) fn descends_from(&self, seed: &Secret) -> bool {
        self.refresh_token == *seed || self.seed.as_ref() == Some(&digest_of(seed))
    }

    /// What came of a use: the new refresh token, or the same one where none came (RFC 6749 section 6).
    pub(crate) fn next(&self, new: Option<&Secret>) -> Self {
        let new = new.filter(|new| **new != self.refresh_token);
        let rotates = new.is_some() || self.rotates == Some(true);
        Self {
            refresh_token: new.unwrap_or(&self.refresh_token).clone(),
            rotates: Some(rotates),
            lost: None,
            seed: self.seed.clone(),
        }
    }

    /// The response to a request that carried it, and was sent at this time, was lost.
    pub(crate) fn lost(&self, sent: SystemTime) -> Self {
        Self {
            lost: Some(self.lost.unwrap_or(sent)),
            ..self.clone()
        }
    }

    /// Whether it may be sent: its response was not lost, or the provider does not rotate, or takes an old refresh token for
    /// this long after its first use.
    pub(crate) fn may_be_sent(&self, grace: Duration, now: SystemTime) -> bool {
        self.rotates == Some(false)
            || self.lost.is_none_or(|lost| {
                now.duration_since(lost)
                    .is_ok_and(|elapsed| elapsed < grace)
            })
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let sealed = Sealed {
            refresh_token: self.refresh_token.expose().into(),
            rotates: self.rotates,
            lost_ms: self.lost.map(unix_ms),
            seed: self.seed.as_deref().map(Cow::Borrowed),
        };
        // Room for nearly every token, so that no part of it stays behind in memory that was too small.
        let mut bytes = Zeroizing::new(Vec::with_capacity(8192));
        // A structure of texts and numbers is always written.
        drop(serde_json::to_writer(&mut *bytes, &sealed));
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let sealed: Sealed<'_> = serde_json::from_slice(bytes).ok()?;
        let lost = sealed.lost_ms.map(Duration::from_millis);
        Some(Self {
            refresh_token: sealed.refresh_token.into_owned().into(),
            rotates: sealed.rotates,
            lost: lost.and_then(|lost| UNIX_EPOCH.checked_add(lost)),
            seed: sealed.seed.map(Cow::into_owned),
        })
    }
}

fn digest_of(token: &Secret) -> String {
    let digest = digest::digest(&digest::SHA256, token.expose().as_bytes());
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

fn unix_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
