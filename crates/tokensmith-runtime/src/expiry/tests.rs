use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::Expiry::{self, Known, Unknown, Unreadable};
use crate::testing::now;

fn read(value: Value) -> Expiry {
    super::read(Some(&value), now())
}

fn lifetime(seconds: u64) -> Expiry {
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
    assert_eq!(super::read(None, now()), Unknown);
}

#[test]
fn very_large_numbers_are_unix_times() {
    let at = now() + Duration::from_secs(100);
    let unix = at.duration_since(UNIX_EPOCH).unwrap();
    assert_eq!(read(json!(unix.as_secs())), lifetime(100));
    assert_eq!(read(json!(unix.as_millis() as u64)), lifetime(100));
    let past = UNIX_EPOCH + Duration::from_secs(315_360_001);
    assert_eq!(read(json!(315_360_001)), Known(Duration::ZERO, past));
}

#[test]
fn what_is_no_time_is_not_for_ever() {
    let odd = [
        json!(-1),
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
