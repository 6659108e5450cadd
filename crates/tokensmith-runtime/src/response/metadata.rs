//! What is known of a token beside its own fields.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::AuthorizationDetails;

/// What is known of a token in a normal form, whatever the wire did, and how its response was read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Metadata {
    /// How long the token is valid, counted from when the response was received. `None` when the
    /// response does not say, or says it unreadably: that means unknown, not for ever. Zero means
    /// that it has expired.
    pub expires_in: Option<Duration>,
    /// When the token expires, by this machine's clock.
    pub expires_at: Option<SystemTime>,
    /// Whether the provider says that the token never expires: by a lifetime of zero, where that
    /// means so ([`Expiry::zero_is_never`](crate::Expiry::zero_is_never)). `expires_in` is `None`
    /// then.
    pub never_expires: bool,
    /// The granted scopes; `None` when the response names none, which means those that were asked
    /// for (RFC 6749 section 5.1).
    pub scopes: Option<Vec<String>>,
    /// What was granted in more detail than scopes have (RFC 9396 section 7); `None` when the
    /// response does not say.
    pub authorization_details: Option<AuthorizationDetails>,
    /// The type of the token as it came, `Bearer` when the response has none.
    pub token_type: String,
    /// What was odd about the response.
    pub warnings: Vec<Warning>,
    /// The values that had another type than the document declares, by their JSON Pointer from the
    /// root of the response. Those that were no JSON at all are here as the text that stood there.
    pub set_aside: Extra,
    /// What the response holds outside the object that the token is in.
    pub envelope: Extra,
    /// The identifier that the provider gave to the request, for its support.
    pub request_id: Option<String>,
    /// The HTTP status of the response.
    pub status: Option<u16>,
    /// How the ID token came.
    #[cfg(feature = "oidc")]
    pub(crate) receipt: Option<super::receipt::Receipt>,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            expires_in: None,
            expires_at: None,
            never_expires: false,
            scopes: None,
            authorization_details: None,
            token_type: "Bearer".to_owned(),
            warnings: Vec::new(),
            set_aside: Extra::default(),
            envelope: Extra::default(),
            request_id: None,
            status: None,
            #[cfg(feature = "oidc")]
            receipt: None,
        }
    }
}

impl Metadata {
    /// Whether the token is bound to a key (RFC 9449).
    pub(crate) fn is_dpop(&self) -> bool {
        self.token_type.eq_ignore_ascii_case("DPoP")
    }

    /// Adds a warning, unless there already is one for the same place.
    pub(crate) fn warn(&mut self, pointer: &str, message: &'static str) {
        if self.warnings.iter().all(|other| other.pointer != pointer) {
            self.warnings.push(Warning {
                pointer: pointer.to_owned(),
                message,
            });
        }
    }
}

/// Members of a JSON object that have no field of their own.
///
/// They may hold anything, secrets too: `Debug` shows their names only.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// Reads what a token response holds beside the fields of its type, without `expires_in` and
    /// `scope`, which [`Metadata`] has in a normal form. For `deserialize_with`.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub fn beside_metadata<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut extra = Self::deserialize(deserializer)?;
        for name in ["expires_in", "scope"] {
            extra.0.remove(name);
        }
        Ok(extra)
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The members with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn insert(&mut self, name: String, value: Value) {
        self.0.insert(name, value);
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// A JSON value of which the document does not say what it is.
///
/// ```
/// let details: tokensmith_runtime::Untyped = r#"[{"type": "payment_initiation"}]"#.parse()?;
/// assert_eq!(details.get()[0]["type"], "payment_initiation");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// It may be anything, a secret too: `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Untyped(Value);

impl Untyped {
    /// The value.
    pub fn get(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for Untyped {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl FromStr for Untyped {
    type Err = serde_json::Error;

    /// Reads JSON text.
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json).map(Self)
    }
}

impl fmt::Debug for Untyped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// Something odd about a response that was used all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// Where: a JSON Pointer from the root of the response (RFC 6901).
    pub pointer: String,
    /// What; never a value from the response.
    pub message: &'static str,
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = crate::error::mask::visible(&self.pointer);
        write!(formatter, "{pointer}: {}", self.message)
    }
}
