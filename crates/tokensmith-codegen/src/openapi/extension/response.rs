//! `expiry`, `failure` and the codes of `error`: what a response says in its own way.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use tokensmith_description::{ExpiryFormat, refusal};

use super::name::by_name;

/// When a token expires.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ExpiryExtension {
    #[serde(default, deserialize_with = "format")]
    pub(crate) format: Option<ExpiryFormat>,
    pub(crate) at: Option<String>,
    pub(crate) lifetime: Option<u32>,
    #[serde(default, deserialize_with = "zero")]
    pub(crate) zero: Option<ZeroLifetime>,
}

/// What a lifetime of zero means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZeroLifetime {
    /// The token has expired.
    Expired,
    /// The token never expires.
    Never,
}

fn zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ZeroLifetime>, D::Error> {
    let values = [ZeroLifetime::Expired, ZeroLifetime::Never];
    let zero = by_name(deserializer, &values, |zero| match zero {
        ZeroLifetime::Expired => "expired",
        ZeroLifetime::Never => "never",
    });
    zero.map(Some)
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ExpiryFormat>, D::Error> {
    by_name(deserializer, ExpiryFormat::ALL, ExpiryFormat::as_str).map(Some)
}

/// A value that makes a response a failure: one of these, or any but these.
#[derive(Debug, Clone)]
pub(crate) struct FailureExtension {
    pub(crate) at: String,
    pub(crate) values: Vec<String>,
    pub(crate) negated: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Members {
    at: String,
    is: Option<Vec<Scalar>>,
    is_not: Option<Vec<Scalar>>,
}

impl<'de> Deserialize<'de> for FailureExtension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        let (values, negated) = match (members.is, members.is_not) {
            (Some(values), None) => (values, false),
            (None, Some(values)) => (values, true),
            _ => return Err(D::Error::custom("a failure has either `is` or `is-not`")),
        };
        if values.is_empty() {
            return Err(D::Error::custom("a failure has at least one value"));
        }
        Ok(Self {
            at: members.at,
            values: values.into_iter().map(|Scalar(text)| text).collect(),
            negated,
        })
    }
}

/// What codes or texts of the provider's own mean.
pub(super) fn error_codes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let codes = BTreeMap::<String, Meaning>::deserialize(deserializer)?;
    if codes.is_empty() {
        return Err(D::Error::custom("`codes` has at least one code"));
    }
    let codes = codes.into_iter();
    Ok(codes
        .map(|(code, Meaning(meaning))| (code, meaning.to_owned()))
        .collect())
}

/// The code of an RFC or the kind of failure that a code stands for.
struct Meaning(&'static str);

impl<'de> Deserialize<'de> for Meaning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_name(deserializer, refusal::MEANINGS, |meaning| meaning).map(Self)
    }
}

/// A text, a number, true or false, as it stands in JSON but without quotes.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AsText)
    }
}

struct AsText;

impl Visitor<'_> for AsText {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number, true or false")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(value.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar(format!("{number:?}")))
    }
}
