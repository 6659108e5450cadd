use super::*;

fn member<'a>(pointer: &str, kind: Kind, words: &'a str, example: &str) -> Member<'a> {
    Member {
        declared_at: String::new(),
        pointer: pointer.to_owned(),
        name: pointer.rsplit('/').next().unwrap_or_default().to_owned(),
        kind,
        depth: pointer.matches('/').count() - 1,
        format: None,
        words: Some(words),
        values: Vec::new(),
        example: Some(example.to_owned()).filter(|text| !text.is_empty()),
        fixed: None,
        has_pattern: false,
    }
}

fn found(members: &[Member<'_>]) -> Option<(String, &'static str, bool)> {
    match find(members, "/accessToken") {
        Found::Lifetime(found) => Some((found.pointer, found.format.as_str(), found.is_inferred)),
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

#[test]
fn a_format_says_that_a_lifetime_is_a_moment() {
    let mut moment = member("/expires_in", Kind::Text, "", "");
    moment.format = Some("date-time".to_owned());
    let expected = ("/expires_in".to_owned(), "date-time", true);
    assert_eq!(found(&[moment]), Some(expected));
}

#[test]
fn words_say_what_zero_means() {
    let is_never = |words: &str| match find(
        &[member("/expires_in", Kind::Integer, words, "")],
        "/accessToken",
    ) {
        Found::Lifetime(found) => found.is_zero_never,
        Found::Nothing | Found::Unread(_) => false,
    };
    for words in [
        "Seconds; 0 if the token does not expire.",
        "Lifetime in seconds. Zero means that it never expires.",
        "In seconds, 0 for unlimited",
    ] {
        assert!(is_never(words), "{words}");
    }
    for words in [
        "Seconds. It never expires before 30 minutes.",
        "Zero or more seconds.",
    ] {
        assert!(!is_never(words), "{words}");
    }
}

#[test]
fn an_object_is_told_as_a_lifetime_that_is_not_read() {
    let object = member("/expiration", Kind::Object, "", "");
    let unread = Found::Unread("/expiration".to_owned());
    assert_eq!(find(&[object], "/accessToken"), unread);
}

#[test]
fn what_else_is_called_like_the_lifetime_is_told() {
    let others = |names: &[&str]| {
        let mut members = vec![member("/expires_in", Kind::Integer, "Seconds.", "")];
        members.extend(names.iter().map(|name| member(name, Kind::Integer, "", "")));
        match find(&members, "/accessToken") {
            Found::Lifetime(found) => found.others,
            Found::Nothing | Found::Unread(_) => panic!("a lifetime is found"),
        }
    };
    for name in [
        "/maxAge",
        "/max_age",
        "/ttl",
        "/validity",
        "/expiration_hours",
    ] {
        assert_eq!(others(&[name]), [name]);
    }
    assert_eq!(others(&["/ttl", "/max_age"]), ["/ttl", "/max_age"]);
    // These say the same, or are about something else.
    for name in [
        "/expires_at",
        "/refresh_ttl",
        "/plan/ttl",
        "/c_nonce_expires_in",
    ] {
        assert!(others(&[name]).is_empty(), "{name}");
    }
}

/// A day says no moment: it is told that it is not read.
#[test]
fn a_day_is_no_lifetime() {
    for name in ["/expiry", "/expires_at"] {
        let mut day = member(name, Kind::Text, "", "");
        day.format = Some("date".to_owned());
        let found = find(&[day], "/token");
        assert!(matches!(&found, Found::Unread(pointer) if pointer == name));
    }
}
