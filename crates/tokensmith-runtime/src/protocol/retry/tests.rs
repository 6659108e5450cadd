use std::time::Duration;

use http::HeaderMap;

use super::{Retry, retry_after};
use crate::testing::now;

fn read(value: &str) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", value.parse().unwrap());
    retry_after(&headers, now())
}

#[test]
fn retry_after_in_seconds_or_as_a_date() {
    assert_eq!(read("120"), Some(Duration::from_secs(120)));
    assert_eq!(read(" 0 "), Some(Duration::ZERO));
    assert_eq!(read("1.5"), Some(Duration::from_millis(1_500)));
    let date = httpdate::fmt_http_date(now() + Duration::from_secs(30));
    assert_eq!(read(&date), Some(Duration::from_secs(30)));
    assert_eq!(read("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
    for odd in ["soon", "-1", "", "1e400", "NaN"] {
        assert_eq!(read(odd), None, "{odd}");
    }
}

#[test]
fn delays_double_with_jitter_up_to_the_longest() {
    let retry = Retry::default().with_attempts(u32::MAX);
    for (attempts, most) in [
        (1, 500),
        (2, 1_000),
        (3, 2_000),
        (10, 10_000),
        (u32::MAX - 1, 10_000),
    ] {
        for _ in 0..20 {
            let delay = retry.delay(attempts, None).unwrap().as_millis();
            assert!((most / 2..=most).contains(&delay), "{attempts}: {delay}");
        }
    }
}

#[test]
fn a_wait_that_is_too_long_is_none() {
    let retry = Retry::default();
    let wanted = |seconds| retry.delay(1, Some(Duration::from_secs(seconds)));
    assert_eq!(wanted(10), Some(Duration::from_secs(10)));
    assert_eq!(wanted(11), None);
    assert_eq!(retry.delay(3, None), None);
    assert_eq!(Retry::never().delay(1, Some(Duration::ZERO)), None);
}
