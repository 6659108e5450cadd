//! A token for people.

use std::time::{Duration, SystemTime};

use tokensmith_codegen::diagnostic::output::{Style, Styled, is_coloured, is_terminal, try_print};
use tokensmith_runtime::{Secret, Token};

use crate::failure::Failure;

/// Prints a token with what is known of it.
pub(super) fn print(token: &Token) -> Result<(), Failure> {
    let mut text = Styled::new(is_coloured(is_terminal()));
    for (name, value) in rows(token, SystemTime::now()) {
        text.push(Style::Label, &format!("{name:WIDTH$}"));
        let style = match name {
            "access token" => Style::Strong,
            _ => Style::Plain,
        };
        text.text("  ").push(style, &value).end_line();
    }
    try_print(text)?;
    Ok(())
}

/// The width of the names.
const WIDTH: usize = 13;

fn rows(token: &Token, now: SystemTime) -> Vec<(&'static str, String)> {
    let metadata = &token.metadata;
    let mut rows = vec![
        ("access token", token.access_token.expose().to_owned()),
        ("token type", metadata.token_type.clone()),
    ];
    rows.push((
        "expires",
        expiry(metadata.expires_in, metadata.expires_at, now),
    ));
    if let Some(scopes) = &metadata.scopes {
        rows.push(("scope", scopes.join(" ")));
    }
    let secrets = [
        ("refresh token", &token.refresh_token),
        ("id token", &token.id_token),
    ];
    for (name, secret) in secrets {
        let secret = secret.as_ref().map(Secret::expose);
        rows.extend(secret.map(|secret| (name, secret.to_owned())));
    }
    let extra = super::extra(token);
    let extra = extra.iter().map(|(name, value)| format!("{name}: {value}"));
    rows.extend(extra.map(|line| ("also", line)));
    rows
}

/// `in 1 hour (2026-11-30 10:00:00 UTC)`.
fn expiry(lifetime: Option<Duration>, at: Option<SystemTime>, now: SystemTime) -> String {
    let left = lifetime.or_else(|| at?.duration_since(now).ok());
    let at = at.and_then(date);
    let at = at.map_or_else(String::new, |at| format!(" ({at})"));
    match left {
        Some(left) if left.is_zero() => format!("now{at}"),
        Some(left) => format!("in {}{at}", in_words(left)),
        None => format!("the response does not say{at}"),
    }
}

/// The time in the largest unit in which a whole number is off by two percent at most.
pub(crate) fn in_words(time: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let seconds = time.as_secs();
    let rounded = UNITS.iter().map(|(length, name)| {
        let count = seconds.saturating_add(length / 2) / length;
        (count, count.saturating_mul(*length), name)
    });
    let mut close = rounded.filter(|(_, rounded, _)| rounded.abs_diff(seconds) <= seconds / 50);
    match close.next() {
        Some((1, _, name)) => format!("1 {name}"),
        Some((count, _, name)) => format!("{count} {name}s"),
        None => format!("{seconds} seconds"),
    }
}

/// The time in UTC, as `2026-11-30 10:00:00 UTC`. `None` if it is outside of the calendar.
fn date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_words() {
        let cases = [
            (1, "1 second"),
            (90, "90 seconds"),
            (3_600, "1 hour"),
            (7_199, "2 hours"),
            (2_592_000, "30 days"),
            (3_599, "1 hour"),
            (86_399, "1 day"),
            (5_400, "90 minutes"),
            (100_000, "28 hours"),
        ];
        for (seconds, words) in cases {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn dates_are_in_utc() {
        let at = |seconds| date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let date = at(951_782_400);
        assert_eq!(date.as_deref(), Some("2000-02-29 00:00:00 UTC"));
    }
}
