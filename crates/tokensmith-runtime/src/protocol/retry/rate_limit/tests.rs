use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::wait;
use crate::testing::now;

/// The seconds to wait for after a response.
fn seconds(status: u16, headers: &[(&str, &str)]) -> Option<f64> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    wait(&map, status, now()).map(|wait| wait.as_secs_f64())
}

/// A Unix time that many seconds from now.
fn unix(seconds: u64) -> u64 {
    let end = now() + Duration::from_secs(seconds);
    end.duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn each_version_of_the_draft_is_read() {
    for (value, expected) in [
        (r#""default";r=0;t=30"#, Some(30.0)),
        (r#""default"; r=0; t=30"#, Some(30.0)),
        (r#""a, b;t=9 \\";r=0;t=30;pk=:cHsdsRa894==:"#, Some(30.0)),
        // Of the limits that are reached the last one to end counts.
        (
            r#""burst";r=0;t=2, "hour";r=0;t=50, "day";r=9;t=70"#,
            Some(50.0),
        ),
        (r#""default";r=1;t=30"#, None),
        (r#""default";r=0"#, None),
        ("limit=100, remaining=0, reset=30", Some(30.0)),
        ("limit=100, remaining=5, reset=30", None),
        ("", None),
        ("soon", None),
        (r#""open;r=0;t=30"#, None),
    ] {
        assert_eq!(seconds(429, &[("ratelimit", value)]), expected, "{value}");
    }
    let two = [
        ("ratelimit", r#""a";r=0;t=3"#),
        ("ratelimit", r#""b";r=0;t=4"#),
    ];
    assert_eq!(seconds(429, &two), Some(4.0));
    assert_eq!(seconds(429, &[("ratelimit-reset", "50")]), Some(50.0));
}

#[test]
fn a_number_is_seconds_or_a_unix_time() {
    let unix_milliseconds = unix(60) * 1_000;
    for (value, expected) in [
        ("60".to_owned(), Some(60.0)),
        ("0.5".to_owned(), Some(0.5)),
        (unix(60).to_string(), Some(60.0)),
        (unix_milliseconds.to_string(), Some(60.0)),
        (format!("{}.5", unix(60)), Some(60.5)),
        // What is over is no wait.
        ("0".to_owned(), None),
        ((unix(0) - 60).to_string(), None),
        ("-1".to_owned(), None),
        ("NaN".to_owned(), None),
        ("inf".to_owned(), None),
        ("1e300".to_owned(), None),
        ("6m0s".to_owned(), None),
    ] {
        for name in ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"] {
            assert_eq!(seconds(429, &[(name, &value)]), expected, "{name}: {value}");
        }
    }
    // Discord has both, and the first needs no clock.
    let unix = unix(90).to_string();
    let both = [
        ("x-ratelimit-reset", unix.as_str()),
        ("x-ratelimit-reset-after", "1.25"),
    ];
    assert_eq!(seconds(429, &both), Some(1.25));
}

/// The headers come with every response. To take one of them for the reason of a refusal would have
/// callers wait for nothing, and send a refresh token again that may be spent.
#[test]
fn only_a_limit_that_is_reached_counts() {
    let reset = ("x-ratelimit-reset", "30");
    let left = |left| [reset, ("x-ratelimit-remaining", left)];
    assert_eq!(seconds(429, &left("0")), Some(30.0));
    assert_eq!(seconds(429, &left("12")), None);
    assert_eq!(seconds(503, &left("0")), Some(30.0));
    assert_eq!(seconds(503, &left("12")), None);
    assert_eq!(seconds(503, &[reset]), None);
    assert_eq!(seconds(503, &[("ratelimit", r#""a";r=0;t=3"#)]), Some(3.0));
    for status in [200, 400, 401, 403, 408, 500, 502, 504] {
        assert_eq!(seconds(status, &left("0")), None, "{status}");
    }
}
