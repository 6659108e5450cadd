//! How a response says when its token expires, where `x-tokensmith` does not say.

use super::field_location::distance;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::Member;
use crate::infer::schema::Kind;
use crate::model::name::{self, letters};
use crate::model::{Expiry, ExpiryFormat};

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

/// Finds what says when the token at `token` expires: a lifetime before a time, the nearest to the token, then the most telling name.
pub(super) fn find(members: &[Member<'_>], token: &str) -> Found {
    let parent = token.rsplit_once('/').map_or("", |(parent, _)| parent);
    let mut candidates: Vec<(bool, usize, usize, &Member<'_>, Option<Lifetime>)> = members
        .iter()
        .filter_map(|member| {
            let (rank, lifetime) = candidate(member, parent)?;
            let is_time = lifetime
                .as_ref()
                .is_none_or(|lifetime| is_time(lifetime.format));
            Some((
                is_time,
                distance(member.parent(), parent),
                rank,
                member,
                lifetime,
            ))
        })
        .collect();
    candidates.sort_by(|left, right| {
        (left.0, left.1, left.2, &left.3.pointer).cmp(&(
            right.0,
            right.1,
            right.2,
            &right.3.pointer,
        ))
    });
    let unread = candidates
        .first()
        .map(|(_, _, _, member, _)| member.pointer.clone());
    let readable = candidates.into_iter().find_map(|(.., lifetime)| lifetime);
    match (readable, unread) {
        (Some(lifetime), _) => Found::Lifetime(lifetime),
        (None, Some(pointer)) => Found::Unread(pointer),
        (None, None) => Found::Nothing,
    }
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
        "`{pointer}` of the response looks like the token's lifetime, but not in which form; the lifetime is not known"
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
        let rank = position(&EITHER).or_else(|| is_alike().then_some(EITHER.len()))?;
        let is_known = rank < EITHER.len();
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
        _ if looks_like_a_date(member) => Some((ExpiryFormat::DateTime, true)),
        _ => ["iso", "rfc 3339", "rfc3339", "datetime", "date"]
            .iter()
            .any(|word| words.contains(word))
            .then_some((ExpiryFormat::DateTime, true)),
    }
}

/// Whether a member that may be either is the time of the end.
fn looks_like_a_time(member: &Member<'_>) -> bool {
    let words = member.words.unwrap_or_default().to_lowercase();
    member.format.as_deref() == Some("date-time")
        || looks_like_a_date(member)
        || number(member).is_some_and(|number| number >= FIRST_UNIX_TIME)
        || ["epoch", "unix", "timestamp", "date"]
            .iter()
            .any(|word| words.contains(word))
}

/// Whether the example begins like `2026-11-29`.
fn looks_like_a_date(member: &Member<'_>) -> bool {
    let example = member.example.as_deref().unwrap_or_default().as_bytes();
    example.len() >= 10
        && example[..4].iter().all(u8::is_ascii_digit)
        && example[4] == b'-'
        && example[7] == b'-'
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
        let hours = [member("/validity", Kind::Integer, "in hours", "")];
        assert_eq!(
            find(&hours, "/accessToken"),
            Found::Unread("/validity".to_owned())
        );
    }
}
