//! When a token expires.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{Expiry, ExpiryFormat};

/// Ten years in seconds. A greater number may be a Unix time.
pub(crate) const TEN_YEARS: f64 = 315_360_000.0;

/// Above this a Unix time is in milliseconds.
pub(crate) const UNIX_MILLISECONDS: f64 = 1e11;

/// A Unix time that is past by more than this is a lifetime instead: nobody issues a token that
/// expired yesterday.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a response says about when its token expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expires {
    /// Nothing.
    Unknown,
    /// Something, but no time.
    Unreadable,
    /// That it never does.
    Never,
    /// How long from now, and until when.
    Known(Duration, SystemTime),
}

/// Reads the value in the declared form; a number may also be written as text.
pub(crate) fn read(value: Option<&Value>, expiry: Expiry<&str>, now: SystemTime) -> Expires {
    let format = expiry.format;
    let number = value.and_then(number);
    if expiry.is_zero_never && number == Some(0.0) {
        return Expires::Never;
    }
    let read = match value {
        None | Some(Value::Null) => return Expires::Unknown,
        Some(Value::Number(number)) => number
            .as_f64()
            .and_then(|number| from_number(number, format, now)),
        Some(Value::String(text)) => from_text(text.trim(), format, now),
        Some(_) => None,
    };
    // Of a time, no lifetime is left where it is past.
    let is_duration = matches!(
        format,
        ExpiryFormat::Duration | ExpiryFormat::DaysHoursMinutes
    );
    if expiry.is_zero_never && is_duration && read.is_some_and(|(lifetime, _)| lifetime.is_zero()) {
        return Expires::Never;
    }
    // `-1` and its like stand for "not known".
    if read.is_none() && number.is_some_and(|number| number < 0.0) {
        return Expires::Unknown;
    }
    read.map_or(Expires::Unreadable, |(lifetime, at)| {
        Expires::Known(lifetime, at)
    })
}

/// A number, which may be written as text.
fn number(value: &Value) -> Option<f64> {
    let text = || value.as_str()?.trim().parse().ok();
    value.as_f64().or_else(text)
}

/// A lifetime that the response does not have to name.
pub(crate) fn from_now(seconds: u32, now: SystemTime) -> Expires {
    let lifetime = Duration::from_secs(seconds.into());
    now.checked_add(lifetime)
        .map_or(Expires::Unknown, |at| Expires::Known(lifetime, at))
}

fn from_text(text: &str, format: ExpiryFormat, now: SystemTime) -> Option<(Duration, SystemTime)> {
    let declared = match format {
        ExpiryFormat::DateTime => date_time(text).map(|at| until(at, now)),
        ExpiryFormat::Duration => duration(text).and_then(|lifetime| after(lifetime, now)),
        ExpiryFormat::DaysHoursMinutes => {
            days_hours_minutes(text).and_then(|lifetime| after(lifetime, now))
        }
        _ => None,
    };
    declared.or_else(|| from_number(text.parse().ok()?, format, now))
}

fn from_number(
    number: f64,
    format: ExpiryFormat,
    now: SystemTime,
) -> Option<(Duration, SystemTime)> {
    // Fails for what is negative, not a number or infinite.
    let seconds = |number| Duration::try_from_secs_f64(number).ok();
    let since_epoch = |number| Some(until(UNIX_EPOCH.checked_add(seconds(number)?)?, now));
    match format {
        ExpiryFormat::Milliseconds => after(seconds(number / 1_000.0)?, now),
        ExpiryFormat::Minutes => after(seconds(number * 60.0)?, now),
        ExpiryFormat::UnixSeconds => since_epoch(number),
        ExpiryFormat::UnixMilliseconds => since_epoch(number / 1_000.0),
        // A number where a text was declared is taken as RFC 6749 has it.
        _ if number <= TEN_YEARS => after(seconds(number)?, now),
        _ => {
            let is_milliseconds = number > UNIX_MILLISECONDS;
            let unix = since_epoch(if is_milliseconds {
                number / 1_000.0
            } else {
                number
            });
            unix.filter(|(_, at)| now.duration_since(*at).map_or(true, |past| past < DAY))
                .or_else(|| after(seconds(number)?, now))
        }
    }
}

/// `D:HH:MM`.
fn days_hours_minutes(text: &str) -> Option<Duration> {
    let mut parts = text.split(':').map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u64>().ok()).flatten()
    });
    let mut next = || parts.next().flatten();
    let (days, hours, minutes) = (next()?, next()?, next()?);
    let hours = days.checked_mul(24)?.checked_add(hours)?;
    let seconds = hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?;
    parts.next().is_none().then(|| Duration::from_secs(seconds))
}

fn after(lifetime: Duration, now: SystemTime) -> Option<(Duration, SystemTime)> {
    Some((lifetime, now.checked_add(lifetime)?))
}

fn until(at: SystemTime, now: SystemTime) -> (Duration, SystemTime) {
    (at.duration_since(now).unwrap_or_default(), at)
}

/// Reads a date of RFC 3339, or of RFC 9110 section 5.6.7.
#[cfg(feature = "time")]
fn date_time(text: &str) -> Option<SystemTime> {
    let timestamp = text.parse::<jiff::Timestamp>().ok();
    let of_http = || httpdate::parse_http_date(text).ok();
    timestamp.map(SystemTime::from).or_else(of_http)
}

#[cfg(feature = "time")]
fn duration(text: &str) -> Option<Duration> {
    text.parse::<jiff::SignedDuration>()
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
}

#[cfg(not(feature = "time"))]
fn date_time(_text: &str) -> Option<SystemTime> {
    None
}

#[cfg(not(feature = "time"))]
fn duration(_text: &str) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests;
