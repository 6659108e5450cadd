//! When a token expires.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

/// Ten years in seconds: no lifetime is longer, so a greater number is a Unix time.
const UNIX_SECONDS: f64 = 315_360_000.0;

/// Above this a Unix time is in milliseconds.
const UNIX_MILLISECONDS: f64 = 1e11;

/// What `expires_in` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// Nothing.
    Unknown,
    /// Something, but no time.
    Unreadable,
    /// How long from now, and until when.
    Known(Duration, SystemTime),
}

/// Reads `expires_in`: a number or a numeric text, in seconds; very large numbers are Unix times.
pub(crate) fn read(value: Option<&Value>, now: SystemTime) -> Expiry {
    let number = match value {
        None | Some(Value::Null) => return Expiry::Unknown,
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    number
        .and_then(|number| from_number(number, now))
        .map_or(Expiry::Unreadable, |(lifetime, at)| {
            Expiry::Known(lifetime, at)
        })
}

fn from_number(number: f64, now: SystemTime) -> Option<(Duration, SystemTime)> {
    // Fails for what is negative, not a number or infinite.
    let duration = |seconds| Duration::try_from_secs_f64(seconds).ok();
    if number <= UNIX_SECONDS {
        let lifetime = duration(number)?;
        return Some((lifetime, now.checked_add(lifetime)?));
    }
    let milliseconds = number > UNIX_MILLISECONDS;
    let since_epoch = duration(if milliseconds {
        number / 1_000.0
    } else {
        number
    })?;
    let at = UNIX_EPOCH.checked_add(since_epoch)?;
    Some((at.duration_since(now).unwrap_or_default(), at))
}

#[cfg(test)]
mod tests;
