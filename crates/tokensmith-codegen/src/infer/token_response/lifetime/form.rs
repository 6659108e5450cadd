//! In which form a member says when a token expires: by its type, its words and its example.

use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::ExpiryFormat;
use crate::prose;

/// A lifetime is less than this in any unit; a Unix time in seconds is more.
const FIRST_UNIX_TIME: f64 = 1e9;
/// Above this a Unix time is in milliseconds.
const FIRST_IN_MILLISECONDS: f64 = 1e11;

/// The form of a lifetime, and whether words say it.
pub(super) fn duration(
    member: &Member<'_>,
    unit: Option<ExpiryFormat>,
) -> Option<(ExpiryFormat, bool)> {
    if member.format.as_deref() == Some("duration") {
        return Some((ExpiryFormat::Duration, false));
    }
    if let Some(unit) = unit {
        return Some((unit, false));
    }
    let number = number(member);
    let is_text = |example: &String| {
        number.is_none() && example.starts_with(|c: char| c.is_ascii_digit() || c == 'P')
    };
    if member.kind == Kind::Text && member.example.as_ref().is_some_and(is_text) {
        return Some((ExpiryFormat::Duration, true));
    }
    let words = member.words.unwrap_or_default().to_lowercase();
    let says = |units: &[&str]| units.iter().any(|unit| has_word(&words, unit));
    if says(&["seconds", "second", "secs", "sec"]) {
        return Some((ExpiryFormat::Seconds, false));
    }
    if says(&["milliseconds", "millisecond", "millis", "ms"]) {
        return Some((ExpiryFormat::Milliseconds, true));
    }
    if says(&["minutes", "mins"]) {
        return Some((ExpiryFormat::Minutes, true));
    }
    if says(&["hours", "days", "weeks"]) && number.is_none_or(|number| number < 1_000.0) {
        return None;
    }
    Some((ExpiryFormat::Seconds, false))
}

/// The form of the time of the end, and whether words or an example say it.
pub(super) fn time(member: &Member<'_>) -> Option<(ExpiryFormat, bool)> {
    let example = date(member);
    // Without an offset nobody knows which moment it is.
    if example == Some(Date::Local) || member.format.as_deref() == Some("date") {
        return None;
    }
    if member.format.as_deref() == Some("date-time") {
        return Some((ExpiryFormat::DateTime, false));
    }
    let words = member.words.unwrap_or_default().to_lowercase();
    let number = number(member);
    let is_in_milliseconds = number.is_some_and(|number| number > FIRST_IN_MILLISECONDS)
        || number.is_none()
            && ["milliseconds", "millis", "ms"]
                .iter()
                .any(|unit| has_word(&words, unit));
    match member.kind {
        Kind::Integer | Kind::Number if is_in_milliseconds => {
            Some((ExpiryFormat::UnixMilliseconds, true))
        }
        Kind::Integer | Kind::Number => Some((ExpiryFormat::UnixSeconds, false)),
        _ if is_in_milliseconds => Some((ExpiryFormat::UnixMilliseconds, true)),
        _ if number.is_some() => Some((ExpiryFormat::UnixSeconds, true)),
        _ if example.is_some() => Some((ExpiryFormat::DateTime, true)),
        _ => [
            "iso", "rfc 3339", "rfc3339", "rfc 1123", "rfc1123", "datetime", "date",
        ]
        .iter()
        .any(|word| words.contains(word))
        .then_some((ExpiryFormat::DateTime, true)),
    }
}

/// Whether a member that may be either is the time of the end.
pub(super) fn looks_like_a_time(member: &Member<'_>) -> bool {
    let words = member.words.unwrap_or_default().to_lowercase();
    matches!(member.format.as_deref(), Some("date" | "date-time"))
        || date(member).is_some()
        || number(member).is_some_and(|number| number >= FIRST_UNIX_TIME)
        || ["epoch", "unix", "timestamp", "date"]
            .iter()
            .any(|word| words.contains(word))
}

/// Whether words say that a lifetime of zero has no end: "0 if the token does not expire".
pub(super) fn is_zero_never(member: &Member<'_>) -> bool {
    const ENDLESS: [&str; 7] = [
        "does not expire",
        "doesn't expire",
        "never expire",
        "no expir",
        "not expire",
        "unlimited",
        "without expir",
    ];
    let words = member.words.unwrap_or_default().to_lowercase();
    prose::sentences(&words).any(|sentence| {
        let is_zero = has_word(sentence, "0") || has_word(sentence, "zero");
        is_zero && ENDLESS.iter().any(|endless| sentence.contains(endless))
    })
}

/// Whether the example or the format of a lifetime is that of a moment, and no words have a unit for it.
pub(super) fn is_shown_as_time(member: &Member<'_>) -> bool {
    let words = member.words.unwrap_or_default().to_lowercase();
    let has_unit = ["second", "seconds", "minutes", "milliseconds", "ms"]
        .iter()
        .any(|unit| has_word(&words, unit));
    member.format.as_deref() == Some("date-time")
        || date(member).is_some()
        || !has_unit && number(member).is_some_and(|one| one >= FIRST_UNIX_TIME)
}

/// A date and time, as an example has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Date {
    /// With the offset from UTC.
    Absolute,
    /// Of an unknown time zone.
    Local,
}

/// The example, if it is a date: like `2026-11-29T08:00:00Z` (RFC 3339) or `Sun, 29 Nov 2026 08:00:00 GMT` (RFC 9110 section 5.6.7).
fn date(member: &Member<'_>) -> Option<Date> {
    let example = member.example.as_deref()?.trim();
    if example.ends_with(" GMT") && example.get(3..5) == Some(", ") {
        return Some(Date::Absolute);
    }
    let bytes = example.as_bytes();
    let begins_with_date = bytes.len() >= 10
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[7] == b'-';
    let time = example.get(10..).filter(|_| begins_with_date)?;
    let has_offset = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    Some(match has_offset {
        true => Date::Absolute,
        false => Date::Local,
    })
}

fn number(member: &Member<'_>) -> Option<f64> {
    member.example.as_deref()?.trim().parse().ok()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric())
        .any(|other| other == word)
}
