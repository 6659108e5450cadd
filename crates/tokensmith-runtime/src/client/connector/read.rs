//! Reads a connector from a tree of values, and names the setting that is wrong.

use std::fmt;

use serde::Deserialize;
use serde::de::value::Error as ValueError;
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde_json::{Map, Value};

use super::api_key::{ApiKeySettings, Key};
use super::jwt::{JwtCarrier, SignedJwt};
use super::{ApiKey, Basic, Bearer, Connector, Jwt, OAuth2, SettingError};

/// The kinds of connectors.
pub(super) const KINDS: [&str; 6] = ["oauth2", "jwt", "bearer", "api_key", "basic", "none"];

impl<'de> Deserialize<'de> for Connector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Connector {
    /// Reads the settings from a tree, such as a part of a larger configuration. Serde does the
    /// same; its errors have the message only.
    ///
    /// # Errors
    ///
    /// If a setting is missing, unknown or of another type.
    pub fn from_value(settings: Value) -> Result<Self, SettingError> {
        let Value::Object(mut settings) = settings else {
            let message = format!(
                "expected settings such as `kind: oauth2`, found {}",
                type_of(&settings)
            );
            return Err(SettingError::new(message));
        };
        let kind = settings
            .remove("kind")
            .ok_or_else(|| SettingError::new(format!("`kind` is missing: {}", one_of(&KINDS))))?;
        let Some(kind) = kind.as_str() else {
            let message = format!("{}, found {}", one_of(&KINDS), type_of(&kind));
            return Err(SettingError::new(message).within("kind"));
        };
        match kind {
            "oauth2" => oauth2(settings).map(|it| Self::OAuth2(Box::new(it))),
            "bearer" => read(settings, &fields::<Bearer>()).map(Self::Bearer),
            "api_key" => api_key(settings).map(Self::ApiKey),
            "basic" => read(settings, &fields::<Basic>()).map(Self::Basic),
            "jwt" => jwt(settings).map(|it| Self::Jwt(Box::new(it))),
            "none" => read::<Nothing>(settings, &[]).map(|_| Self::NoAuth),
            other => {
                let message = format!("{}, found `{}`", one_of(&KINDS), shown(other));
                Err(SettingError::new(message).within("kind"))
            }
        }
    }
}

#[derive(Deserialize)]
struct Nothing {}

fn oauth2(settings: Map<String, Value>) -> Result<OAuth2, SettingError> {
    // Within another setting, serde would not say which of its settings is wrong.
    if let Some(Value::Object(signed)) = settings.get("assertion") {
        read::<SignedJwt>(signed.clone(), &fields::<SignedJwt>())
            .map_err(|error| error.within("assertion"))?;
    }
    read(settings, &fields::<OAuth2>())
}

fn api_key(settings: Map<String, Value>) -> Result<ApiKey, SettingError> {
    if let Some(Value::Array(keys)) = settings.get("keys") {
        for (index, key) in keys.iter().enumerate() {
            let read = key.as_object().map_or(Ok(()), |key| {
                read::<Key>(key.clone(), &fields::<Key>()).map(drop)
            });
            read.map_err(|error| error.within(index.to_string()).within("keys"))?;
        }
    }
    read(settings, &fields::<ApiKeySettings>())
}

fn jwt(settings: Map<String, Value>) -> Result<Jwt, SettingError> {
    let of_carrier = fields::<JwtCarrier>();
    known(
        &settings,
        &[fields::<SignedJwt>(), of_carrier.clone()].concat(),
    )?;
    let (carrier, token): (Map<_, _>, Map<_, _>) = settings
        .into_iter()
        .partition(|(name, _)| of_carrier.contains(&name.as_str()));
    let carrier: JwtCarrier = read(carrier, &of_carrier)?;
    Ok(Jwt {
        token: read(token, &fields::<SignedJwt>())?,
        header_key: carrier.header_key,
        header_value_pattern: carrier.header_value_pattern,
    })
}

/// Reads settings of which these are known.
fn read<T: DeserializeOwned>(
    settings: Map<String, Value>,
    known_names: &[&'static str],
) -> Result<T, SettingError> {
    known(&settings, known_names)?;
    let read = serde_path_to_error::deserialize(Value::Object(settings));
    read.map_err(|error| {
        let path: Vec<String> = error
            .path()
            .iter()
            .map(ToString::to_string)
            .filter(|name| name != "?")
            .map(|name| name.trim_matches(['[', ']']).to_owned())
            .collect();
        let message = SettingError::new(error.into_inner().to_string());
        path.into_iter()
            .rev()
            .fold(message, |error, name| error.within(name))
    })
}

/// Fails if a setting is unknown, and names one that was meant.
fn known(settings: &Map<String, Value>, names: &[&'static str]) -> Result<(), SettingError> {
    let is_known = |name: &&String| names.contains(&name.as_str());
    let Some(unknown) = settings.keys().find(|name| !is_known(name)) else {
        return Ok(());
    };
    if !is_name(unknown) {
        // What is not like the name of a setting may be a secret.
        return Err(SettingError::new(
            "expected lines such as `client_id: abc`: a line is not a setting and its value",
        ));
    }
    let close = names.iter().map(|name| (distance(unknown, name), name));
    let close = close.filter(|(distance, _)| *distance <= 3).min();
    let help = match close {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "this kind has no settings".to_owned(),
        None => one_of(names),
    };
    Err(SettingError::new(format!("unknown setting: {help}")).within(unknown))
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    !text.is_empty() && text.len() <= 40 && text.bytes().all(is_part)
}

/// How many letters are added, removed or replaced between two texts.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.bytes().enumerate() {
        let mut next = vec![index + 1];
        for ((right, above), diagonal) in other.bytes().zip(row.iter().skip(1)).zip(&row) {
            let before = next.last().copied().unwrap_or_default();
            let replaced = diagonal + usize::from(left != right);
            next.push(replaced.min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("expected one of {}", names.join(", "))
}

fn shown(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    start.escape_debug().to_string()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "settings",
    }
}

/// The names of the settings that a type takes, with their other names.
pub(super) fn fields<'de, T: Deserialize<'de>>() -> Vec<&'static str> {
    let mut names = Vec::new();
    // It fails always, once it has been told the names.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// A deserializer that only learns which fields a struct has.
struct Names<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = ValueError;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.0.extend(fields);
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, ValueError> {
        Err(de::Error::custom(fmt::Error))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
