//! `repeatable-grants`: requests that may be sent again.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Which requests for a token do no harm when they are sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RepeatableGrants {
    /// That of an endpoint that knows no grants.
    Only,
    /// Those of these grants.
    Named(Vec<String>),
}

impl<'de> Deserialize<'de> for RepeatableGrants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TrueOrNames)
    }
}

struct TrueOrNames;

impl<'de> Visitor<'de> for TrueOrNames {
    type Value = RepeatableGrants;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of grants, or true where the endpoint knows none")
    }

    fn visit_bool<E: Error>(self, is_repeatable: bool) -> Result<Self::Value, E> {
        match is_repeatable {
            true => Ok(RepeatableGrants::Only),
            false => Err(E::custom(
                "no grant of the provider's own is repeated unless it is listed: remove the key",
            )),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = names.next_element::<String>()? {
            list.push(name);
        }
        match list.is_empty() {
            true => Err(A::Error::custom(
                "`repeatable-grants` has at least one grant",
            )),
            false => Ok(RepeatableGrants::Named(list)),
        }
    }
}
