//! How a response says when its token expires.

use alloc::string::String;

/// How a response says when its token expires: where, in what form, and what holds where it says
/// nothing.
///
/// ```
/// use tokensmith_description::{Expiry, ExpiryFormat};
///
/// // Shopline: {"data": {"accessToken": "...", "expireTime": "2026-11-24T03:00:00.000Z"}}.
/// const SHOPLINE: Expiry<&str> =
///     Expiry::new(ExpiryFormat::DateTime).with_pointer("/data/expireTime");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expiry<T> {
    /// The form of the value.
    pub format: ExpiryFormat,
    /// A JSON Pointer to it; `None` for `expires_in` beside the access token.
    pub pointer: Option<T>,
    /// The lifetime in seconds that holds where the response says nothing.
    pub lifetime: Option<u32>,
    /// Whether a lifetime of zero means that the token never expires.
    pub is_zero_never: bool,
}

/// The form of a time or a lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExpiryFormat {
    /// A lifetime in seconds (RFC 6749 section 5.1). A number above ten years is a Unix time (above
    /// 1e11 in milliseconds) if that is later than one day ago, else a lifetime, too.
    #[default]
    Seconds,
    /// A lifetime in milliseconds.
    Milliseconds,
    /// A lifetime in minutes.
    Minutes,
    /// A Unix time in seconds.
    UnixSeconds,
    /// A Unix time in milliseconds.
    UnixMilliseconds,
    /// A date and time: of RFC 3339 or ISO 8601 with an offset or `Z`, or of HTTP (RFC 9110, section
    /// 5.6.7). Read with the feature `time` of `tokensmith-runtime`, and only then.
    DateTime,
    /// A lifetime as an ISO 8601 duration (`PT1H`), or in words (`15m`, `1h 30m`). Read with the
    /// feature `time` of `tokensmith-runtime`, and only then.
    Duration,
    /// A lifetime as days, hours and minutes with colons between them: `10:00:00` is ten days, as
    /// Tableau writes it.
    DaysHoursMinutes,
}

impl ExpiryFormat {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Seconds,
        Self::Milliseconds,
        Self::Minutes,
        Self::UnixSeconds,
        Self::UnixMilliseconds,
        Self::DateTime,
        Self::Duration,
        Self::DaysHoursMinutes,
    ];

    /// Returns the name that documents use: `seconds`, `milliseconds`, `minutes`, `unix`,
    /// `unix-milliseconds`, `date-time`, `duration` or `days-hours-minutes`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Minutes => "minutes",
            Self::UnixSeconds => "unix",
            Self::UnixMilliseconds => "unix-milliseconds",
            Self::DateTime => "date-time",
            Self::Duration => "duration",
            Self::DaysHoursMinutes => "days-hours-minutes",
        }
    }
}

impl<T> Expiry<T> {
    /// `expires_in` in seconds, as in RFC 6749.
    pub const STANDARD: Self = Self::new(ExpiryFormat::Seconds);

    /// Creates an expiry in `expires_in`, beside the access token.
    pub const fn new(format: ExpiryFormat) -> Self {
        Self {
            format,
            pointer: None,
            lifetime: None,
            is_zero_never: false,
        }
    }
}

impl<'a> Expiry<&'a str> {
    /// Sets where it is: a JSON Pointer (RFC 6901) from the root of the response.
    #[must_use]
    pub const fn with_pointer(mut self, pointer: &'a str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Sets the lifetime in seconds of a token whose response says nothing of it, as the provider
    /// documents it.
    #[must_use]
    pub const fn with_lifetime(mut self, seconds: u32) -> Self {
        self.lifetime = Some(seconds);
        self
    }

    /// Reads a lifetime of zero as "never expires", for providers that document it so. Otherwise it
    /// means that the token has expired.
    #[must_use]
    pub const fn zero_is_never(mut self) -> Self {
        self.is_zero_never = true;
        self
    }
}

impl Expiry<String> {
    pub(crate) fn lend(&self) -> Expiry<&str> {
        Expiry {
            format: self.format,
            pointer: self.pointer.as_deref(),
            lifetime: self.lifetime,
            is_zero_never: self.is_zero_never,
        }
    }
}
