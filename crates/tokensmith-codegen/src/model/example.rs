//! Whole requests and responses that a document gives as examples. They become tests of the crate.

use serde_json::{Map, Value};

use crate::model::BodyFormat;

/// The examples of an endpoint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Examples {
    /// Requests, in the order of their bodies' formats, then by name.
    pub requests: Vec<RequestExample>,
    /// Responses, by status, then by name.
    pub responses: Vec<ResponseExample>,
}

/// A request, and the body that has to come of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestExample {
    /// The document's name for it; empty where it has none.
    pub name: String,
    /// Which of the endpoint's operations it is of.
    pub operation: usize,
    /// How its body is written.
    pub format: BodyFormat,
    /// Who asks.
    pub client: Client,
    /// Parameters that the document declares, by their names on the wire, in the operation's order.
    pub parameters: Vec<(String, Value)>,
    /// Parameters that it does not declare.
    pub extra: Vec<(String, String)>,
    /// All members of the body.
    pub body: Map<String, Value>,
}

/// What a client has to show in an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Client {
    /// Identifier and secret, neither of them in the example: the endpoint's own method puts them where they belong.
    Elsewhere,
    /// Identifier and secret, both in the body.
    Secret {
        /// The identifier.
        id: String,
        /// The secret.
        secret: String,
    },
    /// The identifier alone.
    Public {
        /// The identifier.
        id: String,
    },
    /// An assertion (RFC 7523, section 2.2).
    Assertion {
        /// The identifier.
        id: String,
        /// The assertion.
        assertion: String,
    },
}

/// The identifier of a client that an example does not name.
pub(crate) const CLIENT_ID: &str = "example-client";
/// The secret of a client that an example does not name.
pub(crate) const CLIENT_SECRET: &str = "example-secret";
/// The assertion of a client that an example does not show.
pub(crate) const CLIENT_ASSERTION: &str = "example-assertion";

/// A response, and what has to be read in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseExample {
    /// The document's name for it; empty where it has none.
    pub name: String,
    /// The status.
    pub status: u16,
    /// The media type.
    pub media_type: String,
    /// The body.
    pub body: String,
    /// What it means.
    pub meaning: Meaning,
}

/// What a response means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// A token: its text, and the members of the object that holds it.
    Token {
        /// The access token.
        access_token: String,
        /// What stands beside it, itself included.
        members: Map<String, Value>,
        /// How long it is valid, in seconds, where the example says so as a lifetime.
        lifetime: Option<u64>,
        /// The scopes, wherever the endpoint has them.
        scopes: Vec<String>,
    },
    /// What a token is good for: whether it is active.
    Introspection {
        /// Whether it is.
        active: bool,
    },
    /// What a device shows its user.
    DeviceAuthorization {
        /// The device code.
        device_code: String,
        /// The user code.
        user_code: String,
    },
    /// A reference to an authorization request.
    PushedAuthorization {
        /// The reference.
        request_uri: String,
    },
    /// A client that was registered.
    Registration {
        /// Its identifier.
        client_id: String,
    },
    /// A success that says nothing.
    Nothing,
    /// A refusal.
    Refusal {
        /// The code, wherever the endpoint has it.
        code: Option<String>,
        /// Which of the endpoint's declared refusals it is, by its place in their list.
        case: Option<usize>,
    },
}
