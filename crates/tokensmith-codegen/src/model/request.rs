//! What can be asked of an endpoint.

use serde_json::Value;

use crate::model::{EnumDef, Location};

/// A request that an endpoint takes: a grant, or the only one there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Type of the request.
    pub ident: String,
    /// `grant_type`, where there is one; `response_type` at an authorization endpoint.
    pub grant: Option<String>,
    /// Whether it carries a credential that can be used once only.
    pub one_time: bool,
    /// Whether its requests name the client in the body beside the `Authorization` header.
    pub names_client: bool,
    /// What the document says of it.
    pub description: Option<String>,
    /// Parameters in the order of the RFCs, then by name; without `grant_type` and client authentication.
    pub parameters: Vec<Parameter>,
}

impl Operation {
    /// Whether it carries what RFCs let a client use once.
    pub(crate) fn has_one_time_credential(&self) -> bool {
        const ONE_TIME: [&str; 3] = ["code", "device_code", "refresh_token"];
        let mut parameters = self.parameters.iter();
        parameters.any(|parameter| ONE_TIME.contains(&parameter.wire.as_str()))
    }
}

/// A request parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Where it stands in the request.
    pub location: Location,
    /// What it takes.
    pub kind: ParameterKind,
    /// Whether a request must have it.
    pub required: bool,
    /// Whether it is a secret.
    pub secret: bool,
    /// What stands before the value in a header, such as `Bearer `.
    pub prefix: Option<String>,
    /// What stands between the texts of a list, where the parameter is not repeated.
    pub separator: Option<String>,
    /// Fewest characters.
    pub min_length: Option<u32>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// Regular expression that it matches.
    pub pattern: Option<String>,
    /// The only numbers allowed, or the scopes that are listed; empty when any will do. Texts are a [`ParameterKind::Enum`].
    pub values: Vec<String>,
    /// What holds when the caller gives none; sent only where a request must have one. That of a list is JSON.
    pub default: Option<String>,
    /// Whether each request has a fresh random UUID where the caller gives no value.
    pub random_uuid: bool,
    /// A value that the document gives as an example.
    pub example: Option<String>,
    /// The format that the document names, such as `uuid`.
    pub format: Option<String>,
}

impl Parameter {
    /// A text in the body that has to be there, and of which nothing else is said.
    pub fn text(wire: &str) -> Self {
        Self {
            wire: wire.to_owned(),
            ident: wire.to_owned(),
            description: None,
            location: Location::Body,
            kind: ParameterKind::Text,
            required: true,
            secret: false,
            prefix: None,
            separator: None,
            min_length: None,
            max_length: None,
            pattern: None,
            values: Vec::new(),
            default: None,
            random_uuid: false,
            example: None,
            format: None,
        }
    }

    /// Whether it is a header that has, by its description, the base64 of the client's identifier and secret.
    pub(crate) fn has_client_in_base64(&self) -> bool {
        let text = self.description.as_deref().unwrap_or_default();
        let text = text.to_lowercase();
        self.location == Location::Header
            && ["base64", "client", "secret"]
                .iter()
                .all(|word| text.contains(word))
    }

    /// The values that are checked before anything is sent: scopes may be others than those that are listed.
    pub(crate) fn checked_values(&self) -> &[String] {
        match self.kind {
            ParameterKind::Scopes { .. } => &[],
            _ => &self.values,
        }
    }

    /// What is sent when the caller gives none. A default of an optional parameter is the server's.
    pub(crate) fn sent_default(&self) -> Option<&str> {
        self.default.as_deref().filter(|_| self.required)
    }

    /// Whether the caller has to give it.
    pub fn is_argument(&self) -> bool {
        self.required && self.default.is_none() && !self.random_uuid
    }
}

/// What an item of a list is, where it is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterKind {
    /// A string.
    Text,
    /// A list of scopes: written as one string, or as a list of texts.
    Scopes {
        /// Whether it is a list on the wire.
        list: bool,
    },
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of strings.
    TextList,
    /// A list of numbers, or of true and false.
    ScalarList {
        /// What each item is.
        item: Scalar,
        /// Whether it is written as JSON, where an item is no text.
        json: bool,
    },
    /// Any JSON value.
    Json {
        /// Whether it is a list of values on the wire.
        list: bool,
    },
    /// An assertion (RFC 7521, section 4.1), which may be made anew for each try.
    Assertion,
    /// One of a fixed set of strings; the type's name and its values.
    Enum(EnumDef),
}

impl ParameterKind {
    /// Whether a list, written as JSON, is of its items.
    pub(crate) fn takes_list(&self, json: &str) -> bool {
        let is_item = |item: &Value| match self {
            Self::ScalarList { item: kind, .. } => match kind {
                Scalar::Integer => item.is_i64(),
                Scalar::Number => item.is_number(),
                Scalar::Boolean => item.is_boolean(),
            },
            Self::TextList | Self::Scopes { list: true } => item.is_string(),
            _ => false,
        };
        let items: Option<Vec<Value>> = serde_json::from_str(json).ok();
        items.is_some_and(|items| items.iter().all(is_item))
    }
}
