use super::{Challenge, parse};

fn challenge(scheme: &str, parameters: &[(&str, &str)]) -> Challenge {
    Challenge {
        scheme: scheme.to_owned(),
        token68: None,
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn token68(scheme: &str, token68: &str) -> Challenge {
    Challenge {
        token68: Some(token68.to_owned()),
        ..challenge(scheme, &[])
    }
}

#[test]
fn reads_what_rfc_9110_allows() {
    let cases = [
        ("Basic", vec![challenge("basic", &[])]),
        (
            "Basic realm=foo",
            vec![challenge("basic", &[("realm", "foo")])],
        ),
        (
            "Scheme realm='foo'",
            vec![challenge("scheme", &[("realm", "'foo'")])],
        ),
        (
            r#"Bearer error="invalid_token", error_description="a \"b\", c""#,
            vec![challenge(
                "bearer",
                &[
                    ("error", "invalid_token"),
                    ("error_description", r#"a "b", c"#),
                ],
            )],
        ),
        (
            r#"Bearer realm="foo", Digest blah==, Basic realm = "bar""#,
            vec![
                challenge("bearer", &[("realm", "foo")]),
                token68("digest", "blah=="),
                challenge("basic", &[("realm", "bar")]),
            ],
        ),
        ("Bearer error=", vec![token68("bearer", "error=")]),
        (
            ", Negotiate , Bearer a=b,,",
            vec![
                challenge("negotiate", &[]),
                challenge("bearer", &[("a", "b")]),
            ],
        ),
    ];
    for (header, expected) in cases {
        assert_eq!(parse(header), expected, "{header}");
    }
}

#[test]
fn reads_parameters_separated_by_spaces() {
    let challenges =
        parse(r#"Bearer realm="r" error="insufficient_scope" error_description="x y""#);
    assert_eq!(challenges.len(), 1);
    assert_eq!(challenges[0].parameter("error"), Some("insufficient_scope"));
    assert_eq!(challenges[0].parameter("error_description"), Some("x y"));
}

#[test]
fn reads_parameters_behind_a_comma_and_without_quotes() {
    let bearer = |parameters| vec![challenge("bearer", parameters)];
    let expired = ("error_description", "The token (of yesterday) expired");
    let error = ("error", "invalid_token");
    for (header, expected) in [
        (r#"Bearer, error="invalid_token""#, bearer(&[error])),
        (r#"Bearer , ,error="invalid_token","#, bearer(&[error])),
        ("Bearer,error=invalid_token", bearer(&[error])),
        (
            "Bearer error=invalid_token, error_description=The token (of yesterday) expired",
            bearer(&[error, expired]),
        ),
        (
            "Bearer error_description=The token (of yesterday) expired \terror = invalid_token ",
            bearer(&[expired, error]),
        ),
        (
            r#"Bearer error="invalid_token", error_uri=https://e.example/?a"#,
            bearer(&[error, ("error_uri", "https://e.example/?a")]),
        ),
        (
            r#"Negotiate, Basic realm="r", Bearer, error="invalid_token""#,
            vec![
                challenge("negotiate", &[]),
                challenge("basic", &[("realm", "r")]),
                challenge("bearer", &[error]),
            ],
        ),
        (
            r#"Bearer error="invalid_token", error_description="The token \(of yesterday\) \expired""#,
            bearer(&[error, expired]),
        ),
    ] {
        assert_eq!(parse(header), expected, "{header}");
    }
    // Nothing is looked at again and again.
    for part in [" ", ",", "a ", "a, ", "a=b c ", "\\\"", "a=\"", "="] {
        let length = parse(&format!("Bearer error={}", part.repeat(100_000))).len();
        assert!(length > 0, "{part}");
    }
}

#[test]
fn of_a_repeated_parameter_the_last_counts() {
    let challenges = parse(r#"Scheme realm="foo", REALM="bar""#);
    assert_eq!(challenges[0].parameter("realm"), Some("bar"));
}

#[test]
fn what_cannot_be_read_ends_the_header() {
    let cases = [
        ("", vec![]),
        (",", vec![]),
        ("=", vec![]),
        ("a=b", vec![]),
        ("a b c", vec![challenge("a", &[])]),
        (r#"Scheme realm="basic"#, vec![challenge("scheme", &[])]),
        ("S a=\"\\", vec![challenge("s", &[])]),
        (r#"S a="b"c="d""#, vec![challenge("s", &[("a", "b")])]),
        (
            r#"Basic realm="r", Bearer error="e", error_description=x"y, error_uri="u""#,
            vec![
                challenge("basic", &[("realm", "r")]),
                challenge("bearer", &[("error", "e")]),
            ],
        ),
        (
            r#"Bearer error="e", error_description="breaks off"#,
            vec![challenge("bearer", &[("error", "e")])],
        ),
    ];
    for (header, expected) in cases {
        assert_eq!(parse(header), expected, "{header}");
    }
}
