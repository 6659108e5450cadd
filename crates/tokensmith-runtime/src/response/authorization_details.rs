//! Rich authorization requests (RFC 9396).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Extra, Secret, Untyped};

/// The name of the parameter, and of the member of responses.
pub(crate) const AUTHORIZATION_DETAILS: &str = "authorization_details";

const TYPE: &str = "type";

/// What a client asks to be allowed, or was allowed, in more detail than scopes have: the parameter
/// `authorization_details` (RFC 9396 section 2).
///
/// ```
/// use serde_json::json;
/// use tokensmith_runtime::{AuthorizationDetail, AuthorizationDetails};
///
/// let details = AuthorizationDetails::from(
///     AuthorizationDetail::new("payment_initiation")
///         .with_location("https://example.com/payments")
///         .with_action("initiate")
///         .with_field("instructedAmount", json!({"currency": "EUR", "amount": "123.50"})),
/// );
/// let again: AuthorizationDetails = details.to_json().parse()?;
/// assert_eq!(again, details);
/// let payment = again.iter().next().expect("one element");
/// assert_eq!(payment.kind(), "payment_initiation");
/// assert_eq!(payment.field("actions"), Some(&json!(["initiate"])));
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationDetails(Vec<AuthorizationDetail>);

/// One element of [`AuthorizationDetails`]: an object with a type and other fields.
///
/// `Debug` shows the type and the names of the fields.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct AuthorizationDetail {
    kind: String,
    fields: Map<String, Value>,
}

impl AuthorizationDetails {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the elements, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &AuthorizationDetail> {
        self.0.iter()
    }

    /// Returns the JSON text, as it is sent in a form or in a URL.
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    /// Reads a member of a response; `None` if it is not a list of objects with a type.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }

    /// Reads the member of a response that has no field of its own for it.
    pub(crate) fn among(members: &Extra) -> Option<Self> {
        Self::read(members.get(AUTHORIZATION_DETAILS)?)
    }

    fn to_value(&self) -> Value {
        let objects = self.0.iter().cloned().map(Map::from);
        objects.map(Value::Object).collect()
    }
}

impl FromStr for AuthorizationDetails {
    type Err = Error;

    /// Reads JSON text.
    ///
    /// The error is of the kind `request`, and does not show the text.
    fn from_str(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|_| {
            Error::request(format!(
                "`{AUTHORIZATION_DETAILS}` is not a JSON list of objects with a `type` (RFC 9396 section 2)"
            ))
        })
    }
}

impl FromIterator<AuthorizationDetail> for AuthorizationDetails {
    fn from_iter<I: IntoIterator<Item = AuthorizationDetail>>(details: I) -> Self {
        Self(details.into_iter().collect())
    }
}

impl From<AuthorizationDetail> for AuthorizationDetails {
    fn from(detail: AuthorizationDetail) -> Self {
        Self(vec![detail])
    }
}

impl From<AuthorizationDetails> for Untyped {
    /// For generated requests whose document declares the parameter.
    fn from(details: AuthorizationDetails) -> Self {
        Self::from(details.to_value())
    }
}

impl From<AuthorizationDetails> for Secret {
    /// For `extra` of generated requests whose document does not declare the parameter.
    fn from(details: AuthorizationDetails) -> Self {
        Self::from(details.to_json())
    }
}

impl AuthorizationDetail {
    /// An element of a type, which the API or its ecosystem defines.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            fields: Map::new(),
        }
    }

    /// Adds a resource or a resource server (RFC 9396 section 2.2).
    #[must_use]
    pub fn with_location(self, location: impl Into<String>) -> Self {
        self.with_item("locations", location.into())
    }

    /// Adds what the client does there (RFC 9396 section 2.2).
    #[must_use]
    pub fn with_action(self, action: impl Into<String>) -> Self {
        self.with_item("actions", action.into())
    }

    /// Adds a kind of data (RFC 9396 section 2.2).
    #[must_use]
    pub fn with_datatype(self, datatype: impl Into<String>) -> Self {
        self.with_item("datatypes", datatype.into())
    }

    /// Adds a privilege or a role (RFC 9396 section 2.2).
    #[must_use]
    pub fn with_privilege(self, privilege: impl Into<String>) -> Self {
        self.with_item("privileges", privilege.into())
    }

    /// Sets the resource, as the API identifies it (RFC 9396 section 2.2).
    #[must_use]
    pub fn with_identifier(self, identifier: impl Into<String>) -> Self {
        self.with_field("identifier", identifier.into())
    }

    /// Sets any field.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    fn with_item(mut self, name: &str, item: String) -> Self {
        let items = self
            .fields
            .entry(name)
            .or_insert_with(|| Value::Array(Vec::new()));
        match items {
            Value::Array(items) => items.push(item.into()),
            other => *other = Value::Array(vec![item.into()]),
        }
        self
    }

    /// Returns the type.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns a field.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Returns all fields but the type.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        let fields = self.fields.iter();
        fields.map(|(name, value)| (name.as_str(), value))
    }
}

impl TryFrom<Map<String, Value>> for AuthorizationDetail {
    type Error = &'static str;

    fn try_from(mut fields: Map<String, Value>) -> Result<Self, Self::Error> {
        match fields.remove(TYPE) {
            Some(Value::String(kind)) if !kind.is_empty() => Ok(Self { kind, fields }),
            _ => Err("an object without a `type`"),
        }
    }
}

impl From<AuthorizationDetail> for Map<String, Value> {
    fn from(detail: AuthorizationDetail) -> Self {
        let mut fields = detail.fields;
        fields.insert(TYPE.to_owned(), detail.kind.into());
        fields
    }
}

impl fmt::Debug for AuthorizationDetail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.keys().collect();
        formatter
            .debug_struct("AuthorizationDetail")
            .field("kind", &self.kind)
            .field("fields", &names)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_no_type_is_refused() {
        for json in [
            "",
            "{}",
            "null",
            "[{}]",
            r#"["payment"]"#,
            r#"[{"type": ""}]"#,
            r#"[{"type": 1}]"#,
            r#"[{"type": "a"}, {"canary": 1}]"#,
        ] {
            let error = json
                .parse::<AuthorizationDetails>()
                .unwrap_err()
                .to_string();
            assert!(
                error.contains("RFC 9396") && !error.contains("canary"),
                "{error}"
            );
        }
        assert!("[]".parse::<AuthorizationDetails>().unwrap().is_empty());
    }

    #[test]
    fn the_text_is_json_with_all_fields() {
        let details = AuthorizationDetails::from_iter([
            AuthorizationDetail::new("a")
                .with_action("read")
                .with_action("write")
                .with_location("https://api.example")
                .with_datatype("contacts")
                .with_privilege("admin")
                .with_identifier("account-1")
                .with_field("type", "another"),
            AuthorizationDetail::new("b"),
        ]);
        let json: Value = serde_json::from_str(&details.to_json()).unwrap();
        let expected = json!([{
            "type": "a", "actions": ["read", "write"], "locations": ["https://api.example"],
            "datatypes": ["contacts"], "privileges": ["admin"], "identifier": "account-1",
        }, {"type": "b"}]);
        assert_eq!(json, expected);
        let shown = format!("{details:?}");
        assert!(
            shown.contains("actions") && !shown.contains("account-1"),
            "{shown}"
        );
    }
}
