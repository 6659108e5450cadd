//! Values that a parameter takes, for requests that nobody means: trying a document against a mock.

use serde_json::Value;

mod pattern;

use crate::model::pattern::Pattern;
use crate::model::{Parameter, ParameterKind, Scalar};

/// A value that the document allows for a parameter, as text: its example, default, first value, or one by its format and limits.
///
/// Where a pattern asks for more than can be told, such as one thing here because of another there, the value may break it.
pub fn sample(parameter: &Parameter) -> String {
    let fits = |text: &String| fits(parameter, text);
    let is_list = matches!(
        parameter.kind,
        ParameterKind::TextList
            | ParameterKind::ScalarList { .. }
            | ParameterKind::Scopes { list: true }
    );
    let default = Some(&parameter.default).filter(|_| !is_list);
    let declared = [Some(&parameter.example), default].into_iter().flatten();
    if let Some(text) = declared.flatten().find(|text| fits(text)) {
        return text.clone();
    }
    match &parameter.kind {
        ParameterKind::Enum(def) => def
            .variants
            .first()
            .map_or_else(|| plain(parameter), |variant| variant.wire.clone()),
        ParameterKind::Integer | ParameterKind::Number => parameter
            .values
            .first()
            .cloned()
            .unwrap_or_else(|| "1".to_owned()),
        ParameterKind::Boolean => "true".to_owned(),
        ParameterKind::ScalarList { item, .. } => match item {
            Scalar::Integer | Scalar::Number => "1".to_owned(),
            Scalar::Boolean => "true".to_owned(),
        },
        ParameterKind::Json { .. } => parameter.example.clone().unwrap_or_else(|| "{}".to_owned()),
        ParameterKind::Assertion => "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        ParameterKind::Text | ParameterKind::Scopes { .. } | ParameterKind::TextList => {
            plain(parameter)
        }
    }
}

/// Such a value in the parameter's own type; nothing where none is known that the document allows.
pub(crate) fn value(parameter: &Parameter) -> Option<Value> {
    let text = sample(parameter);
    if !fits(parameter, &text) {
        return None;
    }
    match &parameter.kind {
        ParameterKind::Integer => text.parse::<i64>().ok().map(Value::from),
        ParameterKind::Number => text.parse::<f64>().ok().map(Value::from),
        ParameterKind::Boolean => text.parse::<bool>().ok().map(Value::from),
        ParameterKind::Json { .. } => serde_json::from_str(&text).ok(),
        ParameterKind::ScalarList { .. } => {
            let item: Option<Value> = serde_json::from_str(&text).ok();
            item.map(|item| Value::from([item]))
        }
        ParameterKind::TextList => Some(Value::from([text])),
        _ => Some(Value::from(text)),
    }
}

/// A text that a pattern matches as a whole, if one is known.
pub(crate) fn matching(pattern: &str) -> Option<String> {
    let whole = Pattern::new(&format!("^(?:{pattern})$")).ok()?;
    let mut texts = (1..4).filter_map(|count| pattern::text(pattern, count));
    texts.find(|text| whole.allows(text))
}

/// A text by the parameter's format, length and pattern.
fn plain(parameter: &Parameter) -> String {
    let by_format = match parameter.format.as_deref() {
        Some("uuid") => UUID,
        Some("uri" | "url" | "uri-reference") => URL,
        Some("email") => "user@example.com",
        Some("date") => "2024-01-31",
        Some("date-time") => "2024-01-31T12:00:00Z",
        Some("byte") => "c2FtcGxl",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        _ if parameter.wire.ends_with("_uri") || parameter.wire.ends_with("_url") => URL,
        _ => PLAIN,
    };
    let most = parameter
        .max_length
        .map_or(usize::MAX, |length| length as usize);
    let least = parameter.min_length.map_or(0, |length| length as usize);
    let mut candidates = vec![by_format.to_owned()];
    candidates.extend(OTHERS.map(str::to_owned));
    for filler in ["a", "0", "A"] {
        candidates.extend(LENGTHS.map(|length| filler.repeat(length)));
        candidates.push(filler.repeat(least.min(LONGEST)));
        candidates.push(filler.repeat(most.min(LONGEST)));
    }
    let counts = [0, 1, least, most].into_iter().chain(LENGTHS);
    candidates.extend(parameter.pattern.iter().flat_map(|pattern| {
        let counts = counts.clone();
        counts.filter_map(move |count| pattern::text(pattern, count.min(LONGEST)))
    }));
    let fitting = candidates.iter().find(|text| fits(parameter, text));
    fitting.unwrap_or(&candidates[0]).clone()
}

/// A text of which nothing is known.
pub(crate) const PLAIN: &str = "sample";
const UUID: &str = "4f2a4e0c-3c1b-4d7e-9a55-0123456789ab";
const URL: &str = "https://app.example.com/callback";
/// What patterns ask for as a rule.
const OTHERS: [&str; 6] = [
    UUID,
    URL,
    "user@example.com",
    "+15550100",
    "2024-01-31",
    "eyJhbGciOiJub25lIn0.e30.c2ln",
];
/// Lengths of codes and hashes.
const LENGTHS: [usize; 8] = [1, 4, 6, 8, 16, 32, 43, 64];
/// A `maxLength` is often a limit of the memory, not of the value.
const LONGEST: usize = 256;

/// Whether the document allows a value, given as text.
pub(crate) fn fits(parameter: &Parameter, text: &str) -> bool {
    let length = text.chars().count();
    let is_listed = match &parameter.kind {
        ParameterKind::Enum(def) => def.variants.iter().any(|variant| variant.wire == text),
        ParameterKind::Integer => text.parse::<i64>().is_ok(),
        ParameterKind::Number => text.parse::<f64>().is_ok(),
        ParameterKind::Boolean => ["true", "false"].contains(&text),
        _ => true,
    };
    is_listed
        && (parameter.values.is_empty() || parameter.values.iter().any(|value| value == text))
        && parameter
            .min_length
            .is_none_or(|least| length >= least as usize)
        && parameter
            .max_length
            .is_none_or(|most| length <= most as usize)
        && parameter
            .pattern
            .as_deref()
            .and_then(|pattern| Pattern::new(pattern).ok())
            .is_none_or(|pattern| pattern.allows(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Parameter {
        Parameter::text("code")
    }

    #[test]
    fn an_example_counts_unless_its_own_limits_refuse_it() {
        let with = |max_length| Parameter {
            example: Some("an-example".to_owned()),
            max_length,
            ..text()
        };
        assert_eq!(sample(&with(None)), "an-example");
        assert_eq!(sample(&with(Some(8))), "sample");
    }

    #[test]
    fn a_value_keeps_to_format_pattern_and_length() {
        let format = |format: &str| Parameter {
            format: Some(format.to_owned()),
            ..text()
        };
        assert_eq!(sample(&format("uuid")), UUID);
        let pattern = |pattern: &str| Parameter {
            pattern: Some(pattern.to_owned()),
            ..text()
        };
        assert_eq!(sample(&pattern("^[0-9]{6}$")), "000000");
        assert_eq!(sample(&pattern("^[a-f0-9-]{36}$")), UUID);
        for odd in [
            "^organization_[0-7][0-9a-hjkmnpq-tv-z]{25}$",
            "^(0|[1-9][0-9]*)$",
            "^[a-z0-9._]+$",
            r"^\d{3}-\w+@(x|y)\.z?$",
        ] {
            let text = sample(&pattern(odd));
            assert!(fits(&pattern(odd), &text), "{odd}: {text}");
        }
        let limited = Parameter {
            min_length: Some(10),
            max_length: Some(12),
            ..pattern("^ab[0-9]+$")
        };
        assert_eq!(sample(&limited), "ab0000000000");
        let long = Parameter {
            min_length: Some(70),
            ..text()
        };
        assert_eq!(sample(&long).len(), 70);
        let number = Parameter {
            kind: ParameterKind::Integer,
            values: vec!["7".to_owned()],
            ..text()
        };
        assert_eq!(sample(&number), "7");
    }
}
