//! Keys that are known.

use serde::Deserialize;
use serde::de::{self, Deserializer};

use super::carrier::{Carrier, TOKEN, fill};
use super::value::optional_pattern;
use super::{SecretSetting, SettingError};

/// Keys that are sent as they are: one, or several under `keys`.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// The keys; at least one.
    pub keys: Vec<Key>,
}

/// A key, and where requests carry it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The key.
    pub key: SecretSetting,
    /// The name of the header that carries it: `X-API-Key` unless set.
    pub header_key: Option<String>,
    /// The value of the header, in which `{token}` or `%s` stands for the key: the key alone unless
    /// set.
    #[serde(default, deserialize_with = "optional_pattern")]
    pub header_value_pattern: Option<String>,
    /// The name of the parameter that carries it in the query of the URL, instead of a header. URLs
    /// are logged: prefer a header where the API takes one.
    pub parameter_name: Option<String>,
}

impl Key {
    /// The name of the header that carries the key, and its value with `{token}` for the key;
    /// `None` if the query carries it.
    pub fn header(&self) -> Option<(&str, &str)> {
        if self.parameter_name.is_some() {
            return None;
        }
        let name = self.header_key.as_deref().unwrap_or("X-API-Key");
        Some((name, self.header_value_pattern.as_deref().unwrap_or(TOKEN)))
    }

    fn carrier(&self) -> Result<Carrier, SettingError> {
        let Some(parameter) = &self.parameter_name else {
            let (name, pattern) = self.header().unwrap_or_default();
            let key = self.key.get().map_err(|error| error.within("key"))?;
            let (name, value) = fill(name, pattern, key)?;
            return Ok(Carrier::Header(name, value));
        };
        let of_header = [
            ("header_key", self.header_key.is_some()),
            ("header_value_pattern", self.header_value_pattern.is_some()),
        ];
        if let Some((name, _)) = of_header.into_iter().find(|(_, is_set)| *is_set) {
            let message = "`parameter_name` is set as well: the key is in a header or in the query";
            return Err(SettingError::new(message).within(name));
        }
        if parameter.is_empty() {
            return Err(SettingError::new("the name is empty").within("parameter_name"));
        }
        let key = self.key.get().map_err(|error| error.within("key"))?;
        Ok(Carrier::Query(parameter.clone(), key.clone()))
    }
}

impl ApiKey {
    /// Where requests carry each of the keys.
    pub(super) fn carriers(&self) -> Result<Vec<Carrier>, SettingError> {
        let mut carriers = Vec::with_capacity(self.keys.len());
        for (index, key) in self.keys.iter().enumerate() {
            let carrier = key.carrier().map_err(|error| self.at(index, error))?;
            if carriers.iter().any(|other| is_same_place(other, &carrier)) {
                let message = "an earlier key has the same place: give each key its own `header_key` or `parameter_name`";
                return Err(self.at(index, SettingError::new(message)));
            }
            carriers.push(carrier);
        }
        match carriers.is_empty() {
            true => Err(SettingError::new("expected at least one key").within("keys")),
            false => Ok(carriers),
        }
    }

    /// Says which key an error is about, if there are several.
    pub(super) fn at(&self, index: usize, error: SettingError) -> SettingError {
        match self.keys.len() {
            1 => error,
            _ => error.within(index.to_string()).within("keys"),
        }
    }
}

fn is_same_place(one: &Carrier, other: &Carrier) -> bool {
    match (one, other) {
        (Carrier::Header(one, _), Carrier::Header(other, _)) => one == other,
        (Carrier::Query(one, _), Carrier::Query(other, _)) => one == other,
        _ => false,
    }
}

/// Both ways to write the settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiKeySettings {
    key: Option<SecretSetting>,
    header_key: Option<String>,
    #[serde(default, deserialize_with = "optional_pattern")]
    header_value_pattern: Option<String>,
    parameter_name: Option<String>,
    keys: Option<Vec<Key>>,
}

impl<'de> Deserialize<'de> for ApiKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let settings = ApiKeySettings::deserialize(deserializer)?;
        let is_single = settings.header_key.is_some()
            || settings.header_value_pattern.is_some()
            || settings.parameter_name.is_some();
        match (settings.key, settings.keys) {
            (Some(key), None) => Ok(Self {
                keys: vec![Key {
                    key,
                    header_key: settings.header_key,
                    header_value_pattern: settings.header_value_pattern,
                    parameter_name: settings.parameter_name,
                }],
            }),
            (None, Some(keys)) if !is_single => Ok(Self { keys }),
            (None, None) => Err(de::Error::custom("`key` is missing, or `keys` for several")),
            _ => Err(de::Error::custom(
                "`keys` has all keys and where each goes: move the other settings into its items",
            )),
        }
    }
}
