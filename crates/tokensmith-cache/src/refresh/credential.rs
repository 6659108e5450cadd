//! What is kept of a refresh token.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokensmith_runtime::{Rotation, Secret};
use zeroize::Zeroizing;

use super::configured_token::{ConfiguredTokens, digest_of};

/// A refresh token, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) refresh_token: Secret,
    /// Whether the provider gives a new one with each use; `None` if it was never used.
    pub(crate) rotates: Option<bool>,
    /// When it was sent in a request whose response was lost.
    pub(crate) lost: Option<SystemTime>,
    /// Whether a response left open whether it was used.
    pub(crate) is_doubtful: bool,
    /// A digest of the refresh token that all began with, where that was configured.
    seed: Option<String>,
    /// The sign-in that all began with, where it was one.
    sign_in: Option<SignIn>,
    /// The refresh tokens that were configured and used before.
    spent: ConfiguredTokens,
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
    /// The user has signed in, and no refresh token came. None of these is used again to begin with.
    SignedIn(SystemTime, ConfiguredTokens),
    /// The user has signed out: none of these is used again to begin with.
    SignedOut(SystemTime, ConfiguredTokens),
}

/// What the tokens of a user began with. It stays the same when they are refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Beginning {
    Nothing,
    /// The sign-in with this response.
    SignIn(String),
    /// The sign-in without a refresh token, at this time.
    SignInWithout(SystemTime),
    /// The refresh token with this digest, which was configured.
    Seed(String),
    /// The sign-out at this time.
    SignOut(SystemTime),
}

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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_doubtful: bool,
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
            is_doubtful: false,
            seed: None,
            sign_in: None,
            spent: ConfiguredTokens::default(),
        }
    }

    /// A refresh token to begin with, in the place of what was stored before.
    pub(crate) fn of_seed(seed: Secret, before: Option<&Stored>) -> Self {
        Self {
            seed: Some(digest_of(&[&seed])),
            spent: before.map(Stored::seeds).unwrap_or_default(),
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

    /// The same, with what the document says of rotation: it counts where no response has shown that the provider rotates.
    pub(crate) fn or_reusable(self, rotation: Option<Rotation>) -> Self {
        let rotates = match rotation {
            None => self.rotates,
            Some(Rotation::Never) => self.rotates.or(Some(false)),
            // One response without a new refresh token shows nothing of the next one.
            Some(Rotation::Sometimes | Rotation::Always) => self.rotates.filter(|rotates| *rotates),
        };
        Self { rotates, ..self }
    }

    /// Whether both began with the same response.
    pub(crate) fn is_of_the_same_sign_in(&self, other: &Self) -> bool {
        let response = |credential: &Self| {
            let sign_in = credential.sign_in.as_ref();
            sign_in.map(|sign_in| sign_in.response.clone())
        };
        response(self).is_some_and(|mine| Some(mine) == response(other))
    }

    /// What came of a use: the new refresh token, or the same one where none came (RFC 6749 section 6).
    pub(crate) fn next(&self, new: Option<&Secret>) -> Self {
        let new = new.filter(|new| **new != self.refresh_token);
        let rotates = new.is_some() || self.rotates == Some(true);
        Self {
            refresh_token: new.unwrap_or(&self.refresh_token).clone(),
            rotates: Some(rotates),
            lost: None,
            is_doubtful: false,
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

    /// A response left open whether it was used.
    pub(crate) fn doubtful(&self) -> Self {
        Self {
            is_doubtful: true,
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
            Self::SignedIn(..) | Self::SignedOut(..) => None,
        }
    }

    /// Whether this refresh token is not to be begun with: it was, or the user has signed in since.
    pub(crate) fn excludes(&self, seed: &Secret) -> bool {
        let is_signed_in = match self {
            Self::Credential(credential) => {
                credential.sign_in.is_some() || credential.refresh_token == *seed
            }
            Self::SignedIn(..) => true,
            Self::SignedOut(..) => false,
        };
        is_signed_in || self.seeds().contains(seed)
    }

    /// What must not be forgotten when something else is stored: the refresh tokens that were configured and used.
    pub(crate) fn seeds(&self) -> ConfiguredTokens {
        match self {
            Self::Credential(credential) => credential.spent.clone().and(credential.seed.clone()),
            Self::SignedIn(_, seeds) | Self::SignedOut(_, seeds) => seeds.clone(),
        }
    }

    /// The same in the place of what was stored before.
    pub(crate) fn after(self, before: Option<&Self>) -> Self {
        let seeds = before.map(Self::seeds).unwrap_or_default();
        match self {
            Self::Credential(credential) => Self::Credential(Credential {
                spent: seeds.and(credential.spent),
                ..credential
            }),
            Self::SignedIn(at, new) => Self::SignedIn(at, seeds.and(new)),
            Self::SignedOut(at, new) => Self::SignedOut(at, seeds.and(new)),
        }
    }

    pub(crate) fn is_signed_out(&self) -> bool {
        matches!(self, Self::SignedOut(..))
    }

    /// When the user has signed in or out.
    fn at(&self) -> Option<SystemTime> {
        match self {
            Self::Credential(credential) => credential.sign_in.as_ref().map(|sign_in| sign_in.at),
            Self::SignedIn(at, _) | Self::SignedOut(at, _) => Some(*at),
        }
    }

    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let sealed = match self {
            Self::Credential(credential) => {
                let sign_in = credential.sign_in.as_ref();
                Sealed {
                    refresh_token: credential.refresh_token.expose().into(),
                    rotates: credential.rotates,
                    lost_ms: credential.lost.map(|lost| micros(lost) / 1000),
                    is_doubtful: credential.is_doubtful,
                    seed: credential.seed.as_deref().map(Cow::Borrowed),
                    sign_in: sign_in.map(|sign_in| sign_in.response.as_str().into()),
                    signed_in_us: sign_in.map(|sign_in| micros(sign_in.at)),
                    seeds: credential.spent.as_slice().into(),
                    ..Sealed::default()
                }
            }
            Self::SignedIn(at, seeds) => Sealed {
                signed_in_us: Some(micros(*at)),
                seeds: seeds.as_slice().into(),
                ..Sealed::default()
            },
            Self::SignedOut(at, seeds) => Sealed {
                signed_out_us: Some(micros(*at)),
                seeds: seeds.as_slice().into(),
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
        let seeds = ConfiguredTokens::from(sealed.seeds.into_owned());
        if let Some(at) = sealed.signed_out_us {
            return Some(Self::SignedOut(time(at)?, seeds));
        }
        if sealed.refresh_token.is_empty() {
            return signed_in.map(|at| Self::SignedIn(at, seeds));
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
            is_doubtful: sealed.is_doubtful,
            seed: sealed.seed.map(Cow::into_owned),
            sign_in,
            spent: seeds,
        }))
    }
}

impl Beginning {
    pub(crate) fn of(stored: Option<&Stored>) -> Self {
        match stored {
            None => Self::Nothing,
            Some(Stored::Credential(credential)) => match (&credential.sign_in, &credential.seed) {
                (Some(sign_in), _) => Self::SignIn(sign_in.response.clone()),
                (None, Some(seed)) => Self::Seed(seed.clone()),
                (None, None) => Self::Nothing,
            },
            Some(Stored::SignedIn(at, _)) => Self::SignInWithout(*at),
            Some(Stored::SignedOut(at, _)) => Self::SignOut(*at),
        }
    }

    pub(crate) fn is_sign_in(&self) -> bool {
        matches!(self, Self::SignIn(_) | Self::SignInWithout(_))
    }
}

/// What a store had for a user when they signed in or out, so that what is stored later, behind the scenes, undoes nothing
/// that came in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// `None` if the store could not be read.
    beginning: Option<Beginning>,
    /// Earlier sign-ins that were in memory only: one of them may have been on its way to the store.
    unsaved: Vec<Beginning>,
    /// When they signed in or out, by the clock of this machine.
    at: SystemTime,
}

impl Seen {
    pub(crate) fn new(
        beginning: Option<Beginning>,
        unsaved: Vec<Beginning>,
        at: SystemTime,
    ) -> Self {
        Self {
            beginning,
            unsaved,
            at,
        }
    }

    pub(super) fn unsaved(&self) -> &[Beginning] {
        &self.unsaved
    }

    /// Whether the user has signed in or out since: what is stored now began with something else. If the store could not be
    /// read then, the clocks of the machines decide.
    pub(crate) fn is_outdated_by(&self, stored: Option<&Stored>) -> bool {
        let now = Beginning::of(stored);
        match &self.beginning {
            _ if self.unsaved.contains(&now) => false,
            Some(then) if *then == now => false,
            // Whoever began with another configured refresh token has neither signed in nor out.
            Some(then) => then.is_sign_in() || !matches!(now, Beginning::Seed(_)),
            None => stored
                .and_then(Stored::at)
                .is_some_and(|last| last > self.at),
        }
    }
}

fn micros(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

fn time(micros: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_micros(micros))
}
