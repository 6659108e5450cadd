//! How a response says when its token expires, where `x-tokensmith` does not say.

use super::field_location::{distance, is_of_another};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::{self, letters};
use crate::model::{Expiry, ExpiryFormat};
use crate::pointer;

/// What a lifetime is called, the most telling first, by the letters of the name without a unit at its end.
const LIFETIMES: [&str; 17] = [
    "expiresin",
    "expirein",
    "expiryin",
    "accesstokenexpiresin",
    "tokenexpiresin",
    "accesstokenlifetime",
    "tokenlifetime",
    "lifetime",
    "ttl",
    "tokenttl",
    "accesstokenttl",
    "validfor",
    "validity",
    "validityperiod",
    "tokenvalidity",
    "maxage",
    "expiresafter",
];
/// What the time of the end is called.
const TIMES: [&str; 18] = [
    "expiresat",
    "expireat",
    "expireson",
    "accesstokenexpiresat",
    "accesstokenexpireson",
    "tokenexpiresat",
    "expirationtime",
    "expirationdate",
    "expirytime",
    "expirydate",
    "expiretime",
    "expiredat",
    "expiresdate",
    "expirationtimestamp",
    "tokenexpirationtime",
    "validuntil",
    "validto",
    "tokenexpirydate",
];
/// What may be either.
const EITHER: [&str; 12] = [
    "expires",
    "expire",
    "expiry",
    "expiration",
    "exp",
    "accesstokenexpires",
    "accesstokenexpiry",
    "accesstokenexpiration",
    "tokenexpires",
    "tokenexpiry",
    "tokenexpiration",
    "expirytoken",
];
/// Units at the end of a name.
const UNITS: [(&str, ExpiryFormat); 8] = [
    ("milliseconds", ExpiryFormat::Milliseconds),
    ("millis", ExpiryFormat::Milliseconds),
    ("ms", ExpiryFormat::Milliseconds),
    ("minutes", ExpiryFormat::Minutes),
    ("mins", ExpiryFormat::Minutes),
    ("seconds", ExpiryFormat::Seconds),
    ("secs", ExpiryFormat::Seconds),
    ("sec", ExpiryFormat::Seconds),
];

/// A lifetime is less than this in any unit; a Unix time in seconds is more.
const FIRST_UNIX_TIME: f64 = 1e9;
/// Above this a Unix time is in milliseconds.
const FIRST_IN_MILLISECONDS: f64 = 1e11;

/// How a member says when the token expires.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) format: ExpiryFormat,
    pub(super) pointer: String,
    /// Whether its name or its words had to be interpreted.
    is_inferred: bool,
}

/// What is found of a lifetime.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// Something that is called so, and whose value cannot be read.
    Unread(String),
    Lifetime(Lifetime),
}

/// Something that is called like a lifetime, and what is read of it.
struct Candidate<'m> {
    pointer: &'m str,
    /// Whether it is neither beside the token nor beside something that has the token in it.
    is_elsewhere: bool,
    is_time: bool,
    distance: usize,
    /// How much its name says, the least first.
    rank: usize,
    lifetime: Option<Lifetime>,
}

/// Finds what says when the token at `token` expires: what is beside the token or around it, a lifetime before a time, the nearest to
/// the token, then the most telling name.
pub(super) fn find(members: &[Member<'_>], token: &str) -> Found {
    let parent = pointer::parent(token).unwrap_or_default();
    let candidates = members.iter().filter_map(|member| {
        let (rank, lifetime) = candidate(member, parent)?;
        if is_of_another(member, members, parent) {
            return None;
        }
        let format = lifetime.as_ref().map(|lifetime| lifetime.format);
        Some(Candidate {
            pointer: &member.pointer,
            is_elsewhere: !pointer::is_within(parent, member.parent()),
            is_time: format.is_none_or(is_time),
            distance: distance(member.parent(), parent),
            rank,
            lifetime,
        })
    });
    let mut candidates: Vec<Candidate<'_>> = candidates.collect();
    candidates.sort_by_key(|candidate| {
        let Candidate {
            is_elsewhere,
            is_time,
            distance,
            rank,
            pointer,
            ..
        } = *candidate;
        (is_elsewhere, is_time, distance, rank, pointer)
    });
    let Some(first) = candidates.first() else {
        return Found::Nothing;
    };
    let unread = first.pointer.to_owned();
    let readable = candidates
        .into_iter()
        .find_map(|candidate| candidate.lifetime);
    readable.map_or(Found::Unread(unread), Found::Lifetime)
}

impl Lifetime {
    /// The same as the model has it; `expires_in` in seconds beside the token is RFC 6749's.
    pub(super) fn expiry(&self, token: &str) -> Expiry<String> {
        let mut expiry = Expiry::new(self.format);
        let standard = token
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent)
            .to_owned()
            + "/expires_in";
        expiry.pointer = Some(self.pointer.clone()).filter(|pointer| *pointer != standard);
        expiry
    }

    /// Whether it is a lifetime, which is `expires_in` under whatever name.
    pub(super) fn is_duration(&self) -> bool {
        !is_time(self.format)
    }

    /// Says what is read, where a name or words had to be interpreted.
    pub(super) fn tell(&self, at: &str, diagnostics: &mut Diagnostics) {
        if !self.is_inferred {
            return;
        }
        let Self {
            format, pointer, ..
        } = self;
        let what = match format {
            ExpiryFormat::Seconds => "the token's lifetime in seconds",
            ExpiryFormat::Milliseconds => "the token's lifetime in milliseconds",
            ExpiryFormat::Minutes => "the token's lifetime in minutes",
            ExpiryFormat::Duration | ExpiryFormat::DaysHoursMinutes => {
                "the token's lifetime as a duration"
            }
            ExpiryFormat::UnixSeconds => "the time of the token's end, as a Unix time",
            ExpiryFormat::UnixMilliseconds => {
                "the time of the token's end, as a Unix time in milliseconds"
            }
            ExpiryFormat::DateTime => "the date and time of the token's end",
        };
        let message = format!("`{pointer}` of the response is read as {what}");
        diagnostics.push(Diagnostic::new(Rule::Inferred, at, message).help(format!(
            "say so on the operation:\nx-tokensmith: {{expiry: {{format: {}, at: {pointer}}}}}",
            format.as_str()
        )));
    }
}

/// Says that a member is called like a lifetime and is not read as one.
pub(super) fn tell_unread(pointer: &str, at: &str, diagnostics: &mut Diagnostics) {
    if pointer.ends_with("/expires_in") {
        let message = format!(
            "`{pointer}` of the response is read in seconds, as RFC 6749 has it; its description speaks of hours or days"
        );
        let help = "where the description is wrong, correct it in an overlay; no other unit than seconds, minutes and milliseconds is read";
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
        return;
    }
    let message = format!(
        "`{pointer}` of the response looks like the token's lifetime, in a form that is not read; the lifetime is not known"
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
        "say on the operation what it is:\nx-tokensmith: {{expiry: {{format: seconds, at: {pointer}}}}}"
    )));
}

fn is_time(format: ExpiryFormat) -> bool {
    matches!(
        format,
        ExpiryFormat::UnixSeconds | ExpiryFormat::UnixMilliseconds | ExpiryFormat::DateTime
    )
}

/// How telling the name of a member is, and what its value says; nothing for what is called otherwise.
fn candidate(member: &Member<'_>, parent: &str) -> Option<(usize, Option<Lifetime>)> {
    if is_about_another(member, parent)
        || matches!(member.kind, Kind::Object | Kind::List | Kind::Boolean)
    {
        return None;
    }
    let letters = letters(&member.name);
    let (stem, unit) = without_unit(&letters);
    let position = |names: &[&str]| names.iter().position(|name| *name == stem);
    let (rank, format, is_plain) = if let Some(rank) = position(&LIFETIMES) {
        (rank, duration(member, unit), rank == 0)
    } else if let Some(rank) = position(&TIMES) {
        let in_milliseconds = unit == Some(ExpiryFormat::Milliseconds);
        let stated = in_milliseconds.then_some((ExpiryFormat::UnixMilliseconds, false));
        let is_plain = ["expiresat", "expireson"].contains(&stem);
        (rank, stated.or_else(|| time(member)), is_plain)
    } else {
        // What is called after the end in any other way is told, if it is not read.
        let is_alike =
            || stem.contains("expir") || ["ttl", "notafter", "timetolive"].contains(&stem);
        let is_described = is_described_as_lifetime(member);
        let rank =
            position(&EITHER).or_else(|| (is_described || is_alike()).then_some(EITHER.len()))?;
        let is_known = rank < EITHER.len() || is_described;
        let format = match looks_like_a_time(member) {
            true => time(member),
            false if is_known || unit.is_some() => duration(member, unit),
            false => None,
        };
        (LIFETIMES.len() + rank, format, false)
    };
    let lifetime = format.map(|(format, by_words)| Lifetime {
        format,
        pointer: member.pointer.clone(),
        is_inferred: by_words || !is_plain,
    });
    Some((rank, lifetime))
}

/// Whether a number is described as how long a token is good for, whatever it is called.
fn is_described_as_lifetime(member: &Member<'_>) -> bool {
    // A token's own description says how long it is good for, too.
    if letters(&member.name).ends_with("token") {
        return false;
    }
    let words = member.words.unwrap_or_default().to_lowercase();
    let is_about = |words: &str, list: &[&str]| list.iter().any(|word| words.contains(word));
    is_about(&words, &["valid", "expir", "lifetime", "time to live"])
        && is_about(&words, &["second", "minute", "millisecond"])
        && !is_about(
            &words,
            &["refresh", "session", "code", "password", "id token"],
        )
}

/// Whether it is the lifetime of something else than the access token: by its name, and by what it is in beside the token.
fn is_about_another(member: &Member<'_>, parent: &str) -> bool {
    let own = member
        .pointer
        .strip_prefix(parent)
        .unwrap_or(&member.pointer);
    let snake = name::snake(&own.replace('/', "_")).unwrap_or_default();
    [
        "refresh",
        "id",
        "session",
        "cookie",
        "user",
        "code",
        "subscription",
        "password",
        "scope",
    ]
    .iter()
    .any(|other| snake.split('_').any(|word| word == *other))
}

fn without_unit(letters: &str) -> (&str, Option<ExpiryFormat>) {
    let found = UNITS.iter().find_map(|(unit, format)| {
        let stem = letters.strip_suffix(unit)?.trim_end_matches("in");
        let stem = if letters.contains("expiresin") {
            "expiresin"
        } else {
            stem
        };
        (stem.len() > 2).then_some((stem, *format))
    });
    found.map_or((letters, None), |(stem, format)| (stem, Some(format)))
}

/// The form of a lifetime, and whether words say it.
fn duration(member: &Member<'_>, unit: Option<ExpiryFormat>) -> Option<(ExpiryFormat, bool)> {
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
fn time(member: &Member<'_>) -> Option<(ExpiryFormat, bool)> {
    let example = date(member);
    // Without an offset nobody knows which moment it is.
    if example == Some(Date::Local) {
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
fn looks_like_a_time(member: &Member<'_>) -> bool {
    let words = member.words.unwrap_or_default().to_lowercase();
    member.format.as_deref() == Some("date-time")
        || date(member).is_some()
        || number(member).is_some_and(|number| number >= FIRST_UNIX_TIME)
        || ["epoch", "unix", "timestamp", "date"]
            .iter()
            .any(|word| words.contains(word))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn member<'a>(pointer: &str, kind: Kind, words: &'a str, example: &str) -> Member<'a> {
        Member {
            pointer: pointer.to_owned(),
            name: pointer.rsplit('/').next().unwrap_or_default().to_owned(),
            kind,
            depth: pointer.matches('/').count() - 1,
            format: None,
            words: Some(words),
            example: Some(example.to_owned()).filter(|text| !text.is_empty()),
        }
    }

    fn found(members: &[Member<'_>]) -> Option<(String, &'static str, bool)> {
        match find(members, "/accessToken") {
            Found::Lifetime(found) => {
                Some((found.pointer, found.format.as_str(), found.is_inferred))
            }
            Found::Nothing | Found::Unread(_) => None,
        }
    }

    #[test]
    fn names_words_and_examples_say_what_a_lifetime_is() {
        for (name, kind, words, example, format, is_inferred) in [
            ("expiresIn", Kind::Integer, "", "", "seconds", false),
            (
                "expires_in",
                Kind::Integer,
                "Lifetime in minutes.",
                "",
                "minutes",
                true,
            ),
            ("expiresInMs", Kind::Integer, "", "", "milliseconds", false),
            ("expires_in", Kind::Text, "", "15m", "duration", true),
            ("ttl", Kind::Integer, "", "3600", "seconds", true),
            ("expires", Kind::Integer, "", "", "seconds", true),
            (
                "expires",
                Kind::Integer,
                "",
                "1642048148973",
                "unix-milliseconds",
                true,
            ),
            (
                "expiry",
                Kind::Text,
                "",
                "2026-11-29T08:00:00Z",
                "date-time",
                true,
            ),
            ("expiresAt", Kind::Integer, "", "", "unix", false),
            (
                "expiresAtMs",
                Kind::Integer,
                "",
                "",
                "unix-milliseconds",
                false,
            ),
            (
                "accessTokenExpirationDate",
                Kind::Text,
                "",
                "2026-11-29T08:00:00Z",
                "date-time",
                true,
            ),
            ("validUntil", Kind::Text, "ISO 8601", "", "date-time", true),
            (
                "token_timeout",
                Kind::Text,
                "Maximum validity in seconds",
                "",
                "seconds",
                true,
            ),
            (
                "expires",
                Kind::Text,
                "",
                "Sun, 29 Nov 2026 08:00:00 GMT",
                "date-time",
                true,
            ),
        ] {
            let pointer = format!("/{name}");
            let expected = Some((pointer.clone(), format, is_inferred));
            assert_eq!(
                found(&[member(&pointer, kind, words, example)]),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_lifetime_counts_before_a_time_and_never_that_of_another_token() {
        let members = [
            member("/expiresAt", Kind::Integer, "", "1642048148973"),
            member("/expiresIn", Kind::Integer, "seconds", ""),
            member("/refreshExpiresIn", Kind::Integer, "seconds", ""),
        ];
        assert_eq!(
            found(&members),
            Some(("/expiresIn".to_owned(), "seconds", false))
        );
        assert_eq!(found(&members[2..]), None);
        let elsewhere = [
            member("/plan/expiresIn", Kind::Integer, "seconds", ""),
            member("/expiresAt", Kind::Integer, "", ""),
        ];
        let beside = Some(("/expiresAt".to_owned(), "unix", false));
        assert_eq!(found(&elsewhere), beside, "beside the token");
        assert!(found(&elsewhere[..1]).is_some(), "or else elsewhere");
        let held = [member("/session/expiresIn", Kind::Integer, "", "")];
        assert!(matches!(
            find(&held, "/session/accessToken"),
            Found::Lifetime(_)
        ));
        for name in ["/expires_in_hours", "/expirationEpoch", "/not_after"] {
            let unread = [member(name, Kind::Integer, "", "")];
            assert_eq!(
                find(&unread, "/accessToken"),
                Found::Unread(name.to_owned())
            );
        }
        for example in ["2026-11-29T08:00:00", "2026-11-29 08:00:00", "2026-11-29"] {
            let local = [member("/expiresAt", Kind::Text, "", example)];
            let unread = Found::Unread("/expiresAt".to_owned());
            assert_eq!(find(&local, "/accessToken"), unread, "{example}");
        }
        let hours = [member("/validity", Kind::Integer, "in hours", "")];
        assert_eq!(
            find(&hours, "/accessToken"),
            Found::Unread("/validity".to_owned())
        );
    }
}
