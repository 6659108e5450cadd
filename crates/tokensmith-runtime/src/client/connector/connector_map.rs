//! Several connectors, each with a name.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::{Map, Value};

use super::{Connector, SettingError};

/// The settings of several connectors by their names: a part of an application's configuration.
///
/// ```
/// use tokensmith_runtime::ConnectorMap;
///
/// let connectors: ConnectorMap = serde_json::from_str(r#"{
///     "crm": {"kind": "bearer", "token": "t0ken", "header_value_pattern": "Token %s"},
///     "wiki": {"kind": "basic", "username": "u", "password": "p"}
/// }"#)?;
/// let crm = connectors.get("crm").ok_or("it is in the map")?;
/// let (_, value) = crm.header(None)?;
/// assert_eq!(value, "Token t0ken");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConnectorMap(BTreeMap<String, Connector>);

impl ConnectorMap {
    /// Reads the settings from a tree.
    ///
    /// # Errors
    ///
    /// If a setting is missing, unknown or of another type.
    pub fn from_value(settings: Value) -> Result<Self, SettingError> {
        let Value::Object(connectors) = settings else {
            return Err(SettingError::new(
                "expected the names of connectors, each with its settings",
            ));
        };
        let named = Map::into_iter(connectors).map(|(name, settings)| {
            if name.is_empty() {
                return Err(SettingError::new("the name of a connector is empty"));
            }
            match Connector::from_value(settings) {
                Ok(connector) => Ok((name, connector)),
                Err(error) => Err(error.of_connector(name)),
            }
        });
        named.collect::<Result<_, _>>().map(Self)
    }

    /// Reads the secrets that are in environment variables and files: see [`Connector::resolve`].
    ///
    /// # Errors
    ///
    /// As for [`Connector::resolve`], with the name of the connector.
    pub fn resolve(&mut self, folder: impl AsRef<Path>) -> Result<(), SettingError> {
        let folder = folder.as_ref();
        self.0.iter_mut().try_for_each(|(name, connector)| {
            let resolved = connector.resolve(folder);
            resolved.map_err(|error| error.of_connector(name))
        })
    }

    /// Fails if a connector could not be used: see [`Connector::check`].
    ///
    /// # Errors
    ///
    /// As for [`Connector::check`], with the name of the connector.
    pub fn check(&self) -> Result<(), SettingError> {
        self.0.iter().try_for_each(|(name, connector)| {
            let checked = connector.check();
            checked.map_err(|error| error.of_connector(name))
        })
    }

    /// The connector of this name.
    pub fn get(&self, name: &str) -> Option<&Connector> {
        self.0.get(name)
    }

    /// The connectors in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Connector)> {
        let connectors = self.0.iter();
        connectors.map(|(name, connector)| (name.as_str(), connector))
    }
}

impl<S: Into<String>> FromIterator<(S, Connector)> for ConnectorMap {
    fn from_iter<I: IntoIterator<Item = (S, Connector)>>(connectors: I) -> Self {
        let connectors = connectors.into_iter();
        Self(connectors.map(|(name, it)| (name.into(), it)).collect())
    }
}

impl<'de> Deserialize<'de> for ConnectorMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
