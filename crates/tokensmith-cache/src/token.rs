//! A token that is handed out.

mod header;
pub(crate) mod sync;

use std::borrow::Cow;
use std::fmt;
use std::ops::Not;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arc_swap::Guard;
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokensmith_runtime::{self as runtime, Secret};
use zeroize::Zeroizing;

pub use self::header::TokenHeader;
use self::sync::AtomicU64;
use crate::store::Version;
use crate::time::{Lifetime, Moment, Policy, Schedule};
use crate::{TokenError, TokenErrorKind};

/// A token that was valid when it was handed out, with the value of the header that carries it.
///
/// Cheap to make, to clone and to share. The text is wiped from memory when the last of them goes; `Debug` does not show it.
pub struct Token(Guard<Arc<Kept>>);

impl Token {
    pub(crate) fn new(kept: Guard<Arc<Kept>>) -> Self {
        Self(kept)
    }

    pub(crate) fn kept(&self) -> &Arc<Kept> {
        &self.0
    }

    /// The access token.
    pub fn access_token(&self) -> &str {
        self.0.access_token()
    }

    /// The value of the header that carries the token, marked as sensitive.
    pub fn header_value(&self) -> &HeaderValue {
        &self.0.value
    }

    /// When the token expires, by this machine's time of day; `None` where the provider did not say.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    /// Whether the provider says that the token never expires. It is then at hand until an API refuses it.
    pub fn never_expires(&self) -> bool {
        self.0.end == Moment::NEVER
    }

    /// The granted scopes; `None` where the provider named none, which means those that were asked for.
    pub fn scopes(&self) -> Option<impl Iterator<Item = &str>> {
        let scopes = self.0.scopes.as_deref()?;
        Some(scopes.split(SEPARATOR).filter(|scope| !scope.is_empty()))
    }

    /// The type of the token as it came, `Bearer` where it came with none.
    pub fn token_type(&self) -> &str {
        let rest = self.0.rest.as_ref();
        rest.and_then(|rest| rest.token_type.as_deref())
            .unwrap_or(BEARER)
    }

    /// The ID token of OpenID Connect, where one came with it.
    pub fn id_token(&self) -> Option<&Secret> {
        self.0.rest.as_ref()?.id_token.as_ref()
    }

    /// What else came beside the token, by the provider's name for it, such as Salesforce's `instance_url`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.rest.as_ref()?.extra.get(name)
    }
}

impl From<Arc<Kept>> for Token {
    fn from(kept: Arc<Kept>) -> Self {
        Self(Guard::from_inner(kept))
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        Self(Guard::from_inner(Arc::clone(&self.0)))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("expires_at", &self.0.expires_at)
            .finish_non_exhaustive()
    }
}

const BEARER: &str = "Bearer";

/// Between scopes: no scope can hold it (RFC 6749 section 3.3).
const SEPARATOR: char = '\n';

/// A token as it is kept: its text once, in the header's value.
pub(crate) struct Kept {
    value: HeaderValue,
    start: u32,
    length: u32,
    /// When to ask for the next one; put off when that fails.
    refresh: AtomicU64,
    end: Moment,
    /// When it came from the provider.
    came: Moment,
    /// Which one it is in the shared store.
    version: Option<Version>,
    expires_at: Option<SystemTime>,
    scopes: Option<Box<str>>,
    rest: Option<Box<Rest>>,
}

/// What few tokens have.
struct Rest {
    token_type: Option<Box<str>>,
    id_token: Option<Secret>,
    extra: Map<String, Value>,
}

/// A token in the form in which it leaves the process, encrypted. Texts that JSON escapes cannot be borrowed from it.
#[derive(Serialize, Deserialize)]
struct Sealed<'t> {
    #[serde(borrow)]
    access_token: Cow<'t, str>,
    lifetime_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Not::not")]
    never_expires: bool,
    expires_at_ms: Option<u64>,
    scopes: Option<Cow<'t, str>>,
    token_type: Option<Cow<'t, str>>,
    id_token: Option<Cow<'t, str>>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    extra: Map<String, Value>,
}

impl Sealed<'_> {
    fn of<T>(token: &runtime::Token, take: impl FnOnce(Sealed<'_>) -> T) -> T {
        let metadata = &token.metadata;
        let scopes = metadata.scopes.as_ref();
        let scopes = scopes.map(|scopes| scopes.join(&SEPARATOR.to_string()));
        let token_type = metadata.token_type.as_str();
        let expires_at = metadata.expires_at;
        let others = metadata.envelope.iter().chain(token.extra.iter());
        take(Sealed {
            access_token: token.access_token.expose().into(),
            lifetime_ms: metadata.expires_in.map(milliseconds),
            never_expires: metadata.never_expires,
            expires_at_ms: expires_at
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .map(milliseconds),
            scopes: scopes.map(Cow::Owned),
            token_type: (token_type != BEARER).then_some(token_type.into()),
            id_token: token.id_token.as_ref().map(|token| token.expose().into()),
            extra: others
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
        })
    }

    fn lifetime(&self) -> Lifetime {
        match self.lifetime_ms {
            _ if self.never_expires => Lifetime::Endless,
            Some(lifetime) => Lifetime::Known(Duration::from_millis(lifetime)),
            None => Lifetime::Unknown,
        }
    }
}

impl Kept {
    /// No token, or none any more: it is never valid.
    pub(crate) fn gone(version: Option<Version>) -> Self {
        Self {
            value: HeaderValue::from_static(""),
            start: 0,
            length: 0,
            refresh: AtomicU64::new(0),
            end: Moment::default(),
            came: Moment::default(),
            version,
            expires_at: None,
            scopes: None,
            rest: None,
        }
    }

    /// Keeps a token that came from the provider at this time or later.
    pub(crate) fn new(
        token: &runtime::Token,
        header: &TokenHeader,
        policy: &Policy,
        came: Moment,
        version: Option<Version>,
    ) -> Result<Self, TokenError> {
        Sealed::of(token, |sealed| {
            let schedule = policy.schedule(came, sealed.lifetime());
            Self::of(sealed, header, schedule, came, version)
        })
    }

    /// What of a token leaves the process, encrypted.
    pub(crate) fn seal(token: &runtime::Token) -> Zeroizing<Vec<u8>> {
        // Room for nearly every token, so that no part of it stays behind in memory that was too small.
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
        let written = Sealed::of(token, |sealed| serde_json::to_writer(&mut *bytes, &sealed));
        if written.is_err() {
            bytes.clear();
        }
        bytes
    }

    /// Keeps a token that another machine has got; `None` if it cannot be read, or is at its end.
    pub(crate) fn open(
        bytes: &[u8],
        header: &TokenHeader,
        policy: &Policy,
        now: Moment,
        version: Version,
        remaining: Duration,
    ) -> Option<Self> {
        let sealed: Sealed<'_> = serde_json::from_slice(bytes).ok()?;
        let schedule = policy.schedule(now, sealed.lifetime());
        if sealed.never_expires {
            return Self::of(sealed, header, schedule, now, Some(version)).ok();
        }
        // The store was given the time until the end, without the margin.
        let end = now.after(remaining);
        let ahead = schedule.refresh.until(schedule.end);
        let refresh = Moment(end.0.saturating_sub(Moment::from(ahead).0));
        // It came as much earlier as there is less left of it than of a new one.
        let age = now.until(schedule.end).saturating_sub(remaining);
        let came = Moment(now.0.saturating_sub(Moment::from(age).0));
        let schedule = Schedule { refresh, end };
        Self::of(sealed, header, schedule, came, Some(version))
            .ok()
            .filter(|kept| kept.end > now)
    }

    fn of(
        sealed: Sealed<'_>,
        header: &TokenHeader,
        schedule: Schedule,
        came: Moment,
        version: Option<Version>,
    ) -> Result<Self, TokenError> {
        let unfit = || TokenErrorKind::Exchange.because("the token does not fit in a header");
        let access_token = Zeroizing::new(sealed.access_token.into_owned());
        let (value, start, length) = header.value(&access_token).ok_or_else(unfit)?;
        let is_plain =
            sealed.token_type.is_none() && sealed.id_token.is_none() && sealed.extra.is_empty();
        Ok(Self {
            value,
            start: u32::try_from(start).map_err(|_| unfit())?,
            length: u32::try_from(length).map_err(|_| unfit())?,
            refresh: AtomicU64::new(schedule.refresh.0),
            end: schedule.end,
            came,
            version,
            expires_at: sealed
                .expires_at_ms
                .and_then(|time| UNIX_EPOCH.checked_add(Duration::from_millis(time))),
            scopes: sealed.scopes.map(Into::into),
            rest: (!is_plain).then(|| {
                Box::new(Rest {
                    token_type: sealed.token_type.map(Into::into),
                    id_token: sealed.id_token.map(|token| token.into_owned().into()),
                    extra: sealed.extra,
                })
            }),
        })
    }

    pub(crate) fn access_token(&self) -> &str {
        let (start, length) = (self.start as usize, self.length as usize);
        let bytes = self.value.as_bytes().get(start..start + length);
        std::str::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }

    pub(crate) fn with_version(self, version: Version) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    /// How long ago it came from the provider.
    pub(crate) fn age(&self, now: Moment) -> Duration {
        self.came.until(now)
    }

    pub(crate) fn version(&self) -> Option<Version> {
        self.version
    }

    /// Whether it is valid, and too young to be refreshed.
    pub(crate) fn is_fresh(&self, now: Moment) -> bool {
        now.0 < self.refresh.load(Ordering::Relaxed)
    }

    /// Whether it is valid.
    pub(crate) fn is_valid(&self, now: Moment) -> bool {
        now < self.end
    }

    /// How long it is valid yet.
    pub(crate) fn remaining(&self, now: Moment) -> Duration {
        now.until(self.end)
    }

    /// Puts off asking for the next one, not beyond its end.
    pub(crate) fn put_off(&self, until: Moment) {
        let until = until.min(self.end);
        self.refresh.fetch_max(until.0, Ordering::Relaxed);
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
