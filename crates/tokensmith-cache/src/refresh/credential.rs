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
    /// The sign-in that all began with, where it was one.
    sign_in: Option<SignIn>,
}

/// Which sign-in it was: a second one with the same response is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SignIn {
    response: String,
    at: SystemTime,
}

/// What a store has for a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stored {
    Credential(Credential),
    /// The user has signed in, and no refresh token came.
    SignedIn(SystemTime),
    /// The user has signed out: none of these is used again to begin with. Without any, nothing is stored.
    SignedOut(SystemTime, Seeds),
}

/// Digests of refresh tokens to begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seeds(Vec<String>);

/// What is stored, encrypted.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Sealed<'t> {
    #[serde(borrow, skip_serializing_if = "str::is_empty")]
    refresh_token: Cow<'t, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotates: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<Cow<'t, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in: Option<Cow<'t, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_out_us: Option<u64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    seeds: Cow<'t, [String]>,
}

impl Credential {
    fn new(refresh_token: Secret) -> Self {
        Self {
            refresh_token,
            rotates: None,
            lost: None,
            seed: None,
            sign_in: None,
        }
    }

    /// A refresh token to begin with.
    pub(crate) fn of_seed(seed: Secret) -> Self {
        Self {
            seed: Some(digest_of(&[&seed])),
            ..Self::new(seed)
        }
    }

    /// The refresh token of a user who signs in with a response.
    pub(crate) fn of_sign_in(
        refresh_token: Secret,
        access_token: &Secret,
        now: SystemTime,
    ) -> Self {
        Self {
            sign_in: Some(SignIn {
                response: digest_of(&[&refresh_token, access_token]),
                at: now,
            }),
            ..Self::new(refresh_token)
        }
    }

    /// The same, of which the document says that it stays valid when it is used, unless a response
    /// has shown what happens.
    pub(crate) fn kept(self, keeps: bool) -> Self {
        Self {
            rotates: self.rotates.or(keeps.then_some(false)),
            ..self
        }
    }

    /// Whether both began with the same response.
    pub(crate) fn is_of_the_same_sign_in(&self, other: &Self) -> bool {
        let response = |credential: &Self| {
            let sign_in = credential.sign_in.as_ref();
            sign_in.map(|sign_in| sign_in.response.clone())
        };
        response(self).is_some_and(|mine| Some(mine) == response(other))
    }

    /// When the user has signed in.
    pub(crate) fn signed_in(&self) -> Option<SystemTime> {
        self.sign_in.as_ref().map(|sign_in| sign_in.at)
    }

    /// What came of a use: the new refresh token, or the same one where none came (RFC 6749 section 6).
    pub(crate) fn next(&self, new: Option<&Secret>) -> Self {
        let new = new.filter(|new| **new != self.refresh_token);
        let rotates = new.is_some() || self.rotates == Some(true);
        Self {
            refresh_token: new.unwrap_or(&self.refresh_token).clone(),
            rotates: Some(rotates),
            lost: None,
            ..self.clone()
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
}

impl Stored {
    pub(crate) fn credential(&self) -> Option<&Credential> {
        match self {
            Self::Credential(credential) => Some(credential),
            Self::SignedIn(_) | Self::SignedOut(..) => None,
        }
    }

    /// Whether this refresh token is not to be begun with: it was, or the user has signed in or out since.
    pub(crate) fn excludes(&self, seed: &Secret) -> bool {
        match self {
            Self::Credential(credential) => {
                credential.refresh_token == *seed
                    || credential.sign_in.is_some()
                    || credential.seed.as_ref() == Some(&digest_of(&[seed]))
            }
            Self::SignedIn(_) => true,
            Self::SignedOut(_, seeds) => seeds.0.contains(&digest_of(&[seed])),
        }
    }

    /// What a sign-out has to remember.
    pub(crate) fn seeds(&self) -> Seeds {
        match self {
            Self::Credential(credential) => Seeds(credential.seed.iter().cloned().collect()),
            Self::SignedIn(_) => Seeds::default(),
            Self::SignedOut(_, seeds) => seeds.clone(),
        }
    }

    pub(crate) fn is_signed_out(&self) -> bool {
        matches!(self, Self::SignedOut(..))
    }

    /// Whether the user has signed in or out after this.
    pub(crate) fn is_later_than(&self, time: SystemTime) -> bool {
        let last = match self {
            Self::Credential(credential) => credential.signed_in(),
            Self::SignedIn(at) | Self::SignedOut(at, _) => Some(*at),
        };
        last.is_some_and(|last| last > time)
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let sealed = match self {
            Self::Credential(credential) => {
                let sign_in = credential.sign_in.as_ref();
                Sealed {
                    refresh_token: credential.refresh_token.expose().into(),
                    rotates: credential.rotates,
                    lost_ms: credential.lost.map(|lost| micros(lost) / 1000),
                    seed: credential.seed.as_deref().map(Cow::Borrowed),
                    sign_in: sign_in.map(|sign_in| sign_in.response.as_str().into()),
                    signed_in_us: sign_in.map(|sign_in| micros(sign_in.at)),
                    ..Sealed::default()
                }
            }
            Self::SignedIn(at) => Sealed {
                signed_in_us: Some(micros(*at)),
                ..Sealed::default()
            },
            Self::SignedOut(at, seeds) => Sealed {
                signed_out_us: Some(micros(*at)),
                seeds: seeds.0.as_slice().into(),
                ..Sealed::default()
            },
        };
        // Room for nearly every token, so that no part of it stays behind in memory that was too small.
        let mut bytes = Zeroizing::new(Vec::with_capacity(8192));
        // A structure of texts and numbers is always written.
        drop(serde_json::to_writer(&mut *bytes, &sealed));
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let sealed: Sealed<'_> = serde_json::from_slice(bytes).ok()?;
        let signed_in = sealed.signed_in_us.and_then(time);
        if let Some(at) = sealed.signed_out_us {
            return Some(Self::SignedOut(time(at)?, Seeds(sealed.seeds.into_owned())));
        }
        if sealed.refresh_token.is_empty() {
            return signed_in.map(Self::SignedIn);
        }
        let response = sealed.sign_in.map(Cow::into_owned);
        let sign_in = response
            .zip(signed_in)
            .map(|(response, at)| SignIn { response, at });
        Some(Self::Credential(Credential {
            refresh_token: sealed.refresh_token.into_owned().into(),
            rotates: sealed.rotates,
            lost: sealed
                .lost_ms
                .and_then(|lost| time(lost.saturating_mul(1000))),
            seed: sealed.seed.map(Cow::into_owned),
            sign_in,
        }))
    }
}

impl Seeds {
    pub(crate) fn of(seeds: &[Secret]) -> Self {
        Self(seeds.iter().map(|seed| digest_of(&[seed])).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self.0.sort();
        self.0.dedup();
        self
    }
}

fn digest_of(tokens: &[&Secret]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for token in tokens {
        context.update(token.expose().as_bytes());
        // No token holds it.
        if tokens.len() > 1 {
            context.update(b"\n");
        }
    }
    let digest = context.finish();
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

fn micros(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

fn time(micros: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_micros(micros))
}
