//! What a provider is in OAuth's terms, as plain data.
//!
//! Everything that is emitted stands here, sorted, so that equal documents give equal code however their keys are ordered.

pub(crate) mod credential;
mod describe;
mod endpoint;
pub(crate) mod example;
mod first_server;
pub(crate) mod name;
pub(crate) mod pattern;
mod request;
pub mod rfc;
pub mod sample;
mod sample_response;
mod source;
mod types;
mod visible;

use semver::Version;

pub use endpoint::{ClientWords, CredentialWords, Endpoint, PathChoice, Success};
pub(crate) use endpoint::{kinds, method};
pub use example::{Client, Examples, Meaning, RequestExample, ResponseExample};
pub use first_server::FirstServer;
pub use request::{Operation, Parameter, ParameterKind, Scalar};
pub use source::{FactSource, SourceKind};
pub use tokensmith_description::{
    Attributes, Audience, Authentication, BodyFormat, ClientAuth, CodeChallengeMethod,
    EndpointKind, Expiry, ExpiryFormat, Location, Method, OwnedFailureMark, Rotation,
};
pub use types::{EnumDef, ErrorCase, Field, FieldType, StructDef, TypeDef, Variant};
pub use visible::visible_texts;

/// What a document says about a provider, in OAuth's terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The provider's name: lower case, digits and hyphens.
    pub name: String,
    /// The provider's name for people, such as `Moov`.
    pub title: String,
    /// The version of its crate.
    pub version: Version,
    /// What the document says of itself, in Markdown.
    pub description: Option<String>,
    /// The provider's own documentation.
    pub docs_url: Option<String>,
    /// Where the facts of the document come from.
    pub sources: Vec<FactSource>,
    /// How well they are known.
    pub verified: Option<SourceKind>,
    /// Where the provider can be reached; the first is the default.
    pub servers: Vec<Server>,
    /// The server that the document names first, for all of its operations.
    pub first_server: Option<FirstServer>,
    /// The path that the URL of every server ends with, where the document names no host.
    pub base_path: Option<String>,
    /// The base URL that an OAuth flow has the token endpoint on, where the document names no host.
    pub flow_url: Option<String>,
    /// Token endpoints first, then the others.
    pub endpoints: Vec<Endpoint>,
    /// Types of responses and error bodies, by name.
    pub types: Vec<TypeDef>,
    /// Scopes that the document knows, in order.
    pub scopes: Vec<Scope>,
    /// Where the provider leaves RFC 6749, in sentences.
    pub deviations: Vec<String>,
    /// What people need to know of an endpoint besides, in sentences: by the name of its `static`.
    pub notes: Vec<(String, String)>,
}

impl Model {
    /// The type of this name.
    pub fn type_def(&self, ident: &str) -> Option<&TypeDef> {
        self.types.iter().find(|def| def.ident() == ident)
    }

    /// Whether another endpoint of the same kind has the same path.
    pub(crate) fn shares_path(&self, endpoint: &Endpoint) -> bool {
        let path = |endpoint: &Endpoint| endpoint.paths.first().map(|choice| choice.path.clone());
        let mut others = self.endpoints.iter();
        others.any(|other| {
            let is_other = other.kind == endpoint.kind && other.ident != endpoint.ident;
            is_other && path(other) == path(endpoint)
        })
    }
}

/// A place where the provider can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Variant of the `Server` enum.
    pub ident: String,
    /// Base URL; `{variable}` stands for a variable.
    pub url: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The variable of which the URL begins with no more than the default: a caller may have any other base URL.
    pub default_of: Option<String>,
    /// The identifier of the authorization server; `{variable}` stands for a variable of the URL.
    pub issuer: Option<String>,
    /// The variables in the URL, in the URL's order, then those of endpoints on other hosts.
    pub variables: Vec<ServerVariable>,
}

/// The base URL of an endpoint on one of the servers, where it is not the server's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointServer {
    /// Variant of the `Server` enum.
    pub server: String,
    /// Base URL; `{variable}` stands for a variable.
    pub url: String,
    /// The variables in the URL; the server has them too.
    pub variables: Vec<ServerVariable>,
}

/// A variable in a server's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariable {
    /// Name in the URL.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Value when none is given.
    pub default: Option<String>,
    /// The only values there are, beside the default; empty when any value will do.
    pub values: Vec<String>,
    /// What any other value matches as a whole.
    pub pattern: Option<String>,
    /// A value that the URL takes, for examples.
    pub sample: String,
}

/// A scope that the document knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The scope; `{variable}` stands for a parameter.
    pub wire: String,
    /// Constant, or function where it has parameters.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Parameters: name on the wire and in Rust.
    pub parameters: Vec<(String, String)>,
}
