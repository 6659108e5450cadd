use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::Expires::{self, Known, Never, Unknown, Unreadable};
use super::{Expiry, ExpiryFormat};
use crate::testing::now;

fn read(value: Value) -> Expires {
    read_as(ExpiryFormat::Seconds, value)
}

fn read_as(format: ExpiryFormat, value: Value) -> Expires {
    super::read(Some(&value), Expiry::new(format), now())
}

fn lifetime(seconds: u64) -> Expires {
    let lifetime = Duration::from_secs(seconds);
    Known(lifetime, now() + lifetime)
}

#[test]
fn seconds_however_they_are_written() {
    for value in [
        json!(600),
        json!(600.0),
        json!("600"),
        json!(" 600 "),
        json!("6e2"),
    ] {
        assert_eq!(read(value), lifetime(600));
    }
    assert_eq!(read(json!(315_360_000)), lifetime(315_360_000));
}

#[test]
fn zero_is_expired_and_absent_is_unknown() {
    assert_eq!(read(json!(0)), lifetime(0));
    assert_eq!(read(json!("0")), lifetime(0));
    assert_eq!(read(Value::Null), Unknown);
    assert_eq!(read(json!(-1)), Unknown);
    assert_eq!(read(json!("-1")), Unknown);
    let seconds = Expiry::new(ExpiryFormat::Seconds);
    assert_eq!(super::read(None, seconds, now()), Unknown);
}

#[test]
fn zero_is_never_where_the_description_says_so() {
    for format in [ExpiryFormat::Seconds, ExpiryFormat::UnixMilliseconds] {
        let expiry = Expiry::new(format).zero_is_never();
        let read = |value: Value| super::read(Some(&value), expiry, now());
        for zero in [json!(0), json!(0.0), json!("0"), json!(" 0 ")] {
            assert_eq!(read(zero), Never);
        }
        assert_eq!(read(json!(-1)), Unknown);
        assert_eq!(read(Value::Null), Unknown);
        assert_eq!(read(json!("soon")), Unreadable);
    }
    for (format, zero, other) in [
        #[cfg(feature = "time")]
        (ExpiryFormat::Duration, "PT0S", "PT1M"),
        (ExpiryFormat::DaysHoursMinutes, "0:00:00", "0:00:01"),
    ] {
        let expiry = Expiry::new(format).zero_is_never();
        assert_eq!(super::read(Some(&json!(zero)), expiry, now()), Never);
        let minute = super::read(Some(&json!(other)), expiry, now());
        assert_eq!(minute, lifetime(60));
    }
    let seconds = Expiry::new(ExpiryFormat::Seconds).zero_is_never();
    assert_eq!(super::read(Some(&json!(60)), seconds, now()), lifetime(60));
}

#[test]
fn very_large_numbers_are_unix_times() {
    let at = now() + Duration::from_secs(100);
    let unix = at.duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(read(json!(unix.as_secs())), lifetime(100));
    assert_eq!(read(json!(unix.as_millis() as u64)), lifetime(100));
    let yesterday = unix.as_secs() - 100 - 23 * 3600;
    let at = UNIX_EPOCH + Duration::from_secs(yesterday);
    assert_eq!(read(json!(yesterday)), Known(Duration::ZERO, at));
}

#[test]
fn many_years_are_a_lifetime() {
    const YEAR: u64 = 365 * 24 * 3600;
    for years in [10, 15, 20, 50] {
        assert_eq!(read(json!(years * YEAR)), lifetime(years * YEAR), "{years}");
    }
    assert_eq!(read(json!(315_360_001)), lifetime(315_360_001));
    let unix = now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let long_past = unix - 25 * 3600;
    assert_eq!(read(json!(long_past)), lifetime(long_past));
}

#[test]
fn what_is_no_time_is_not_for_ever() {
    let odd = [
        json!("soon"),
        json!(""),
        json!("inf"),
        json!("NaN"),
        json!(1e300),
        json!({}),
        json!([1]),
        json!(true),
    ];
    for value in odd {
        assert_eq!(read(value.clone()), Unreadable, "{value}");
    }
}

#[test]
fn lifetimes_in_other_units() {
    assert_eq!(
        read_as(ExpiryFormat::Milliseconds, json!(600_000)),
        lifetime(600)
    );
    assert_eq!(
        read_as(ExpiryFormat::Milliseconds, json!("600000")),
        lifetime(600)
    );
    assert_eq!(read_as(ExpiryFormat::Minutes, json!(10)), lifetime(600));
    assert_eq!(read_as(ExpiryFormat::Minutes, json!(-1)), Unknown);
    assert_eq!(
        read_as(ExpiryFormat::Milliseconds, json!("soon")),
        Unreadable
    );
}

#[test]
fn unix_times() {
    let at = now() + Duration::from_secs(600);
    let seconds = at.duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(
        read_as(ExpiryFormat::UnixSeconds, json!(seconds)),
        Known(Duration::from_secs(600), at)
    );
    assert_eq!(
        read_as(ExpiryFormat::UnixMilliseconds, json!(seconds * 1_000)),
        Known(Duration::from_secs(600), at)
    );
    // The past means expired.
    assert_eq!(
        read_as(ExpiryFormat::UnixSeconds, json!(60)),
        Known(Duration::ZERO, UNIX_EPOCH + Duration::from_secs(60))
    );
}

#[cfg(feature = "time")]
#[test]
fn dates_and_durations() {
    let at = UNIX_EPOCH + Duration::from_secs(4_102_444_800);
    let lifetime_until = Known(at.duration_since(now()).unwrap(), at);
    for text in [
        "2100-01-01T00:00:00Z",
        "2100-01-01T01:00:00.000+01:00",
        "2100-01-01 00:00:00Z",
        "Fri, 01 Jan 2100 00:00:00 GMT",
    ] {
        assert_eq!(
            read_as(ExpiryFormat::DateTime, json!(text)),
            lifetime_until,
            "{text}"
        );
    }
    for text in ["PT10M", "10m", "600s", "10 minutes"] {
        assert_eq!(
            read_as(ExpiryFormat::Duration, json!(text)),
            lifetime(600),
            "{text}"
        );
    }
    // A plain number is what RFC 6749 means by it.
    assert_eq!(read_as(ExpiryFormat::Duration, json!(600)), lifetime(600));
    for text in ["2100-01-01", "tomorrow", "-PT1H", ""] {
        assert_eq!(
            read_as(ExpiryFormat::DateTime, json!(text)),
            Unreadable,
            "{text}"
        );
        assert_eq!(
            read_as(ExpiryFormat::Duration, json!(text)),
            Unreadable,
            "{text}"
        );
    }
}

#[test]
fn days_hours_and_minutes_are_a_lifetime() {
    for (text, seconds) in [
        ("10:00:00", 864_000),
        ("0:01:30", 5_400),
        ("2:3:4", 183_840),
    ] {
        let read = read_as(ExpiryFormat::DaysHoursMinutes, json!(text));
        assert_eq!(read, lifetime(seconds), "{text}");
    }
    let read = read_as(ExpiryFormat::DaysHoursMinutes, json!("3600"));
    assert_eq!(read, lifetime(3_600));
    for odd in [
        "1:00",
        "1:00:00:00",
        "1::00",
        ":1:1",
        "-1:00:00",
        "99999999999999999999:0:0",
    ] {
        let read = read_as(ExpiryFormat::DaysHoursMinutes, json!(odd));
        assert_eq!(read, Expires::Unreadable, "{odd}");
    }
}
