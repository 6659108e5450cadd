//! The OAuth meaning of a document.
//!
//! Everything that is emitted stands here, sorted, so that equal documents give equal code however their keys are ordered.

mod answer;
mod authorization;
mod branch;
mod client_auth;
mod copies;
pub mod credential;
mod declared;
mod describe;
mod description;
mod deviation;
mod distinct;
mod endpoint;
mod engine;
mod error;
pub(crate) mod example;
mod grant;
pub(crate) mod name;
mod parameter;
pub(crate) mod pattern;
mod places;
mod request;
mod response;
pub mod rfc;
pub mod sample;
mod schema;
mod scope;
mod security;
mod server;
mod style;
mod types;
mod visible;
mod weight;

use openapiv3::OpenAPI;
use semver::Version;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension::{self, InfoExtension};
use crate::openapi::site::Site;
use crate::select;

pub use answer::{EnumDef, ErrorCase, Field, FieldType, StructDef, TypeDef, Variant};
pub use description::{Endpoint, PathChoice, Success};
pub(crate) use description::{KINDS, method};
pub use example::{AnswerExample, Client, Examples, Meaning, RequestExample};
pub use request::{Operation, Parameter, ParameterKind};
pub use tokensmith_description::{
    Attributes, Audience, Authentication, BodyFormat, ClientAuth, CodeChallengeMethod,
    EndpointKind, Expiry, ExpiryFormat, Location, Method, OwnedFailureMark,
};
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
    /// Where the provider can be reached; the first is the default.
    pub servers: Vec<Server>,
    /// The URL of the server that the document names first, for all of its operations.
    pub first_server: Option<String>,
    /// Token endpoints first, then the others.
    pub endpoints: Vec<Endpoint>,
    /// Types of responses and error bodies, by name.
    pub types: Vec<TypeDef>,
    /// Scopes that the document knows, in order.
    pub scopes: Vec<Scope>,
    /// Where the provider leaves RFC 6749, in sentences.
    pub deviations: Vec<String>,
}

impl Model {
    /// The type of this name.
    pub fn type_def(&self, ident: &str) -> Option<&TypeDef> {
        self.types.iter().find(|def| def.ident() == ident)
    }

    /// Whether any endpoint has an example of a request or of an answer.
    pub fn has_examples(&self) -> bool {
        let mut examples = self.endpoints.iter().map(|endpoint| &endpoint.examples);
        examples.any(|examples| !examples.requests.is_empty() || !examples.answers.is_empty())
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

/// What every part of the model is built from.
pub(crate) struct Context<'a> {
    pub(crate) api: &'a OpenAPI,
    /// The pruned tree as the document has it, for extensions.
    pub(crate) tree: &'a Value,
    pub(crate) sites: &'a [Site],
}

/// Builds the model; `None` when the diagnostics say why it cannot be.
pub(crate) fn build(
    name: &str,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Model> {
    let info: InfoExtension = match extension::read(&context.tree["info"], "/info") {
        Ok(info) => info,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            InfoExtension::default()
        }
    };
    let mut types = types::Types::new(context.api);
    let environments = server::Environments::of(context, diagnostics);
    let endpoints = endpoint::endpoints(name, context, &environments, &mut types, diagnostics);
    let servers = environments.into_servers(&endpoints, diagnostics);
    let scopes = scope::scopes(context, diagnostics);
    let version = version(info.version.as_deref(), diagnostics);
    if !diagnostics.has_errors()
        && !endpoints
            .iter()
            .any(|endpoint| endpoint.kind == EndpointKind::Token)
    {
        diagnostics.push(select::no_token_endpoint());
    }
    if diagnostics.has_errors() {
        return None;
    }
    let api = context.api;
    let mut model = Model {
        name: name.to_owned(),
        title: info
            .title
            .or_else(|| name::pascal(name))
            .unwrap_or_else(|| name.to_owned()),
        version,
        description: api.info.description.clone(),
        docs_url: api.external_docs.as_ref().map(|docs| docs.url.clone()),
        servers,
        first_server: server::first(api),
        endpoints,
        types: types.into_sorted(),
        scopes,
        deviations: Vec::new(),
    };
    if !diagnostics.budget().code(weight::weight(&model)) {
        return None;
    }
    model.deviations = deviation::deviations(&model);
    Some(model)
}

/// The version of a crate whose document does not say which.
const FIRST: Version = Version::new(0, 1, 0);

/// The greatest number in a version: there has to be one after it.
const GREATEST: u64 = u32::MAX as u64;

/// The version that a document gives its crate.
fn version(written: Option<&str>, diagnostics: &mut Diagnostics) -> Version {
    let Some(written) = written else {
        return FIRST;
    };
    let fault = match written.parse::<Version>() {
        Ok(version) if version.major.max(version.minor).max(version.patch) <= GREATEST => {
            return version;
        }
        Ok(_) => format!("a number is greater than {GREATEST}"),
        Err(error) => error.to_string(),
    };
    let message = format!("`{}` is not a version: {fault}", written.escape_debug());
    diagnostics.push(
        Diagnostic::new(Rule::Extension, "/info/x-tokensmith/version", message)
            .help("write three numbers, as Semantic Versioning has them: 0.1.0"),
    );
    FIRST
}
