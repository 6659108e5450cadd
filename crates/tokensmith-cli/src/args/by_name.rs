//! Values that are kept in files by the names that the command line has for them.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
use tokensmith_runtime::ClientAuth;
use tokensmith_runtime::jwt::Algorithm;

/// A value that the command line has a name for.
pub(super) trait Named: Sized {
    fn name(&self) -> Option<&'static str>;
    fn named(name: Option<&str>) -> Option<Self>;
}

impl Named for Option<ClientAuth> {
    fn name(&self) -> Option<&'static str> {
        self.map(ClientAuth::as_str)
    }

    fn named(name: Option<&str>) -> Option<Self> {
        name.map(|name| name.parse().ok())
            .map_or(Some(None), |auth| auth.map(Some))
    }
}

impl Named for Algorithm {
    fn name(&self) -> Option<&'static str> {
        Some(self.as_str())
    }

    fn named(name: Option<&str>) -> Option<Self> {
        name?.parse().ok()
    }
}

pub(super) fn serialize<T: Named, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.name().serialize(serializer)
}

pub(super) fn deserialize<'de, T: Named, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    T::named(name.as_deref()).ok_or_else(|| D::Error::custom("unknown name"))
}
