//! When a token expires, in the form that the provider has for it.

use std::time::Duration;

use serde_json::Value;
use tokensmith_runtime::{Expiry, ExpiryFormat};

/// Greater numbers are times and no lifetimes.
const TEN_YEARS: i64 = 315_360_000;

/// Reads the lifetime in seconds of a sample; nothing if the sample has a time.
pub(super) fn lifetime(value: &Value, format: ExpiryFormat) -> Option<u64> {
    let text = value.as_str();
    let number = value
        .as_u64()
        .or_else(|| text.and_then(|text| text.trim().parse().ok()));
    match format {
        ExpiryFormat::Seconds => number.filter(|seconds| *seconds < TEN_YEARS.unsigned_abs()),
        ExpiryFormat::Milliseconds => Some(number? / 1_000),
        ExpiryFormat::Minutes => number?.checked_mul(60),
        _ => None,
    }
}

/// Writes an expiry as the sample has it: in its form, and in its type.
pub(super) fn write(
    expiry: &Expiry<&str>,
    sample: Option<&Value>,
    lifetime: Duration,
    now: i64,
) -> Value {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    let end = now.saturating_add(seconds.saturating_mul(1_000));
    let number = match expiry.format {
        // The sample has a time (rule R6).
        ExpiryFormat::Seconds => match sample.and_then(as_number) {
            Some(sample) if sample > 100_000_000_000 => end,
            Some(sample) if sample > TEN_YEARS => end / 1_000,
            _ => seconds,
        },
        ExpiryFormat::Milliseconds => seconds.saturating_mul(1_000),
        ExpiryFormat::Minutes => seconds / 60,
        ExpiryFormat::UnixSeconds => end / 1_000,
        ExpiryFormat::UnixMilliseconds => end,
        ExpiryFormat::DateTime => return Value::from(date_time(end)),
        ExpiryFormat::Duration => return Value::from(format!("PT{seconds}S")),
        ExpiryFormat::DaysHoursMinutes => {
            let minutes = seconds / 60;
            let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
            return Value::from(format!("{days}:{hours:02}:{:02}", minutes % 60));
        }
    };
    match sample {
        Some(Value::String(_)) => Value::from(number.to_string()),
        _ => Value::from(number),
    }
}

fn as_number(value: &Value) -> Option<i64> {
    let text = value.as_str();
    value
        .as_i64()
        .or_else(|| text.and_then(|text| text.trim().parse().ok()))
}

fn date_time(millis: i64) -> String {
    let seconds = millis / 1_000;
    let time = jiff::Timestamp::from_second(seconds);
    time.map_or_else(|_| String::new(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_expiry_has_the_form_and_the_type_of_the_sample() {
        let written = |format, sample: Option<Value>| {
            let hour = Duration::from_secs(3_600);
            write(
                &Expiry::new(format),
                sample.as_ref(),
                hour,
                1_700_000_000_000,
            )
        };
        assert_eq!(written(ExpiryFormat::Seconds, None), json!(3_600));
        assert_eq!(
            written(ExpiryFormat::Seconds, Some(json!("7"))),
            json!("3600")
        );
        assert_eq!(
            written(ExpiryFormat::Seconds, Some(json!(1_600_000_000))),
            json!(1_700_003_600)
        );
        assert_eq!(
            written(ExpiryFormat::UnixMilliseconds, None),
            json!(1_700_003_600_000_i64)
        );
        assert_eq!(
            written(ExpiryFormat::DateTime, None),
            json!("2023-11-14T23:13:20Z")
        );
        assert_eq!(
            written(ExpiryFormat::DaysHoursMinutes, None),
            json!("0:01:00")
        );
        assert_eq!(written(ExpiryFormat::Minutes, Some(json!(5))), json!(60));
        assert_eq!(lifetime(&json!("3599"), ExpiryFormat::Seconds), Some(3_599));
        assert_eq!(lifetime(&json!(1_600_000_000), ExpiryFormat::Seconds), None);
    }
}
