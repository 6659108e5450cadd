//! The values of settings: secrets that may stand elsewhere, and data of any type.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_json::Value;

use super::SettingError;
use crate::{Secret, Untyped};

/// A secret in the settings of a [`Connector`](crate::Connector), or where it is kept.
///
/// As a text it is the secret itself, unless it begins with `env:`, with the name of an environment
/// variable, or with `file:`, with the path of a file. After `text:` it is a secret that begins so.
/// Nothing is read before [`Connector::resolve`](crate::Connector::resolve) is called: settings
/// from tenants name no files of this machine.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSetting {
    /// The secret itself.
    Text(Secret),
    /// The name of an environment variable that has it.
    Env(String),
    /// The path of a file that has it. A line break at its end does not count.
    File(PathBuf),
}

impl SecretSetting {
    /// Returns the secret.
    ///
    /// # Errors
    ///
    /// If it is in an environment variable or a file that has not been read.
    pub fn get(&self) -> Result<&Secret, SettingError> {
        match self {
            Self::Text(secret) => Ok(secret),
            Self::Env(_) | Self::File(_) => Err(SettingError::new(format!(
                "{self} has not been read: call `resolve` first"
            ))),
        }
    }

    /// Reads the secret. Relative paths are relative to the folder.
    pub(super) fn resolve(&mut self, folder: &Path) -> Result<(), SettingError> {
        let text = match &*self {
            Self::Text(_) => return Ok(()),
            Self::Env(name) => env::var(name).map_err(|error| match error {
                env::VarError::NotPresent => format!("{self} is not set"),
                env::VarError::NotUnicode(_) => format!("{self} is not UTF-8"),
            }),
            Self::File(path) => fs::read_to_string(folder.join(path))
                .map_err(|error| format!("{self} cannot be read: {error}")),
        };
        let text = Secret::from(text.map_err(SettingError::new)?);
        let trimmed = match self {
            Self::File(_) => text.expose().trim_end_matches(['\r', '\n']),
            _ => text.expose(),
        };
        if trimmed.is_empty() {
            return Err(SettingError::new(format!("{self} is empty")));
        }
        *self = Self::Text(trimmed.into());
        Ok(())
    }

    /// The reference or secret that a text stands for.
    fn of_text(text: &str) -> Result<Self, &'static str> {
        match text.split_once(':') {
            Some(("env", "")) => Err("expected the name of an environment variable after `env:`"),
            Some(("file", "")) => Err("expected the path of a file after `file:`"),
            Some(("env", name)) => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) => Ok(Self::File(path.into())),
            Some(("text", secret)) => Ok(Self::Text(secret.into())),
            _ => Ok(Self::Text(text.into())),
        }
    }
}

impl fmt::Display for SecretSetting {
    /// Shows where the secret is, and never the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("[redacted]"),
            // What stands there is a secret if the prefix was a part of it.
            Self::Env(name) if is_name(name) => {
                write!(formatter, "the environment variable `{name}`")
            }
            Self::Env(_) => formatter.write_str("the environment variable after `env:`"),
            Self::File(path) => {
                let path = path.display().to_string();
                write!(formatter, "the file `{}`", path.escape_debug())
            }
        }
    }
}

/// Whether a text looks like the name of an environment variable, and not like a secret.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 64 && text.bytes().all(is_part)
}

impl fmt::Debug for SecretSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<S: Into<Secret>> From<S> for SecretSetting {
    /// A secret as it is, whatever it begins with.
    fn from(secret: S) -> Self {
        Self::Text(secret.into())
    }
}

impl<'de> Deserialize<'de> for SecretSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::deserialize(deserializer)?;
        Self::of_text(text.expose()).map_err(de::Error::custom)
    }
}

/// A parameter of the token request that the settings add, of any JSON type.
///
/// In a JSON body it keeps its type. In a form, numbers and booleans are written as in JSON, and
/// arrays and objects as JSON text.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum DataValue {
    /// A text, which may be a secret.
    Text(SecretSetting),
    /// A number, a boolean, an array, an object or null.
    Json(Untyped),
}

impl<'de> Deserialize<'de> for DataValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => {
                let text = Secret::from(text);
                let setting = SecretSetting::of_text(text.expose());
                setting.map(Self::Text).map_err(de::Error::custom)
            }
            value => Ok(Self::Json(value.into())),
        }
    }
}

impl<S: Into<Secret>> From<S> for DataValue {
    fn from(text: S) -> Self {
        Self::Text(text.into().into())
    }
}

impl fmt::Debug for DataValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(setting) => fmt::Debug::fmt(setting, formatter),
            Self::Json(_) => formatter.write_str("[redacted]"),
        }
    }
}

/// Reads the value of a header: `%s`, the placeholder of Moveworks, becomes `{token}`.
pub(super) fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct PatternVisitor;

    impl Visitor<'_> for PatternVisitor {
        type Value = String;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a text such as `Bearer {token}`")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
            Ok(with_token(text).into_owned())
        }
    }
    deserializer.deserialize_str(PatternVisitor)
}

/// The same for a setting that may be left out.
pub(super) fn optional_pattern<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| with_token(&text).into_owned()))
}

fn with_token(text: &str) -> Cow<'_, str> {
    match (text.contains(super::TOKEN), text.matches("%s").count()) {
        (false, 1) => Cow::Owned(text.replace("%s", super::TOKEN)),
        _ => Cow::Borrowed(text),
    }
}

/// Reads scopes: a list, or a text with spaces between them.
pub(super) fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a list of scopes, or a text")]
    enum Scopes {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Option::<Scopes>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Scopes::List(list)) => list,
        Some(Scopes::Text(text)) => text.split_whitespace().map(str::to_owned).collect(),
    })
}
