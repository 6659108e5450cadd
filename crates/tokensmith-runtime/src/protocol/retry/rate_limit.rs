//! When a limit of requests ends, as `RateLimit` and its forerunners say it
//! (draft-ietf-httpapi-ratelimit-headers).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

use crate::response::expiry::{TEN_YEARS, UNIX_MILLISECONDS};

/// Headers with one number, and those that say how many requests are left. Up to version 6 of the
/// draft the first is in seconds; the others are in seconds or Unix times, as each server likes.
const RESETS: [(&str, &str); 4] = [
    ("ratelimit-reset", "ratelimit-remaining"),
    ("x-ratelimit-reset-after", "x-ratelimit-remaining"),
    ("x-ratelimit-reset", "x-ratelimit-remaining"),
    ("x-rate-limit-reset", "x-rate-limit-remaining"),
];

/// How long a limit lasts that a response was refused by. Such headers come with every response: they
/// say nothing of a refusal for another reason, or while requests are left.
pub(super) fn wait(headers: &HeaderMap, status: u16, now: SystemTime) -> Option<Duration> {
    if !matches!(status, 429 | 503) {
        return None;
    }
    let counts = |left: Option<f64>| left.map_or(status == 429, |left| left <= 0.0);
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse().ok();
    let alone = RESETS.iter().filter_map(|(reset, remaining)| {
        let reset = number(reset)?;
        counts(number(remaining)).then_some(reset)
    });
    let policies = policies(headers);
    let policies = policies.filter(|policy| counts(policy.remaining));
    let longest = policies.filter_map(|policy| policy.reset).reduce(f64::max);
    let mut waits = longest.into_iter().chain(alone);
    waits.find_map(|number| until(number, now))
}

/// What is left of a limit, and when it is reset.
#[derive(Default)]
struct Policy {
    remaining: Option<f64>,
    reset: Option<f64>,
}

/// The limits in `RateLimit`: `"default";r=0;t=30` or, in versions 3 to 7 of the draft,
/// `limit=100, remaining=0, reset=30`, which is one limit.
fn policies(headers: &HeaderMap) -> impl Iterator<Item = Policy> {
    let values = headers.get_all("ratelimit").iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values.flat_map(|value| {
        let is_whole = split(value, ',').any(|part| part.trim_start().starts_with("reset="));
        let policies: Vec<_> = match is_whole {
            true => vec![policy(split(value, ','))],
            false => split(value, ',')
                .map(|item| policy(split(item, ';')))
                .collect(),
        };
        policies
    })
}

fn policy<'p>(parameters: impl Iterator<Item = &'p str>) -> Policy {
    let mut policy = Policy::default();
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else {
            continue;
        };
        let number = value.trim().parse().ok();
        match name.trim() {
            "r" | "remaining" => policy.remaining = number,
            "t" | "reset" => policy.reset = number,
            _ => {}
        }
    }
    policy
}

/// The parts between separators that do not stand in a quoted text.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |character: char| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match character {
            '"' if !was_escaped => is_quoted = !is_quoted,
            '\\' => is_escaped = is_quoted && !was_escaped,
            _ => {}
        }
        character == separator && !is_quoted
    })
}

/// A number of seconds, or the time until a Unix time. What is over already is no wait.
fn until(number: f64, now: SystemTime) -> Option<Duration> {
    let seconds = |number| Duration::try_from_secs_f64(number).ok();
    let wait = if number <= TEN_YEARS {
        seconds(number)?
    } else {
        let is_milliseconds = number > UNIX_MILLISECONDS;
        let unix = if is_milliseconds {
            number / 1_000.0
        } else {
            number
        };
        let end = UNIX_EPOCH.checked_add(seconds(unix)?)?;
        end.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests;
