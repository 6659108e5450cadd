//! Stage six: the OAuth meaning of a document.
//!
//! Everything that is emitted stands here, sorted, so that equal documents give equal code however their keys are ordered.

mod client_auth;
mod deviation;
mod distinct;
mod endpoint;
mod error;
mod grant;
pub(crate) mod name;
mod parameter;
mod response;
pub mod rfc;
mod schema;
mod scope;
mod server;
mod types;

use openapiv3::OpenAPI;

use crate::diagnostic::Diagnostics;
pub use crate::extension::ClientAuth;
use crate::extension::{self, InfoExtension};
use crate::prune::Site;
use serde_json::Value;

/// What a document says about a provider, in OAuth's terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The provider's name: lower case, digits and hyphens.
    pub name: String,
    /// The provider's name for people, such as `Moov`.
    pub title: String,
    /// What the document says of itself, in Markdown.
    pub description: Option<String>,
    /// The provider's own documentation.
    pub docs_url: Option<String>,
    /// Where the provider can be reached; the first is the default.
    pub servers: Vec<Server>,
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
    /// The variables in the URL, in the URL's order.
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
    /// The only values there are; empty when any value will do.
    pub values: Vec<String>,
}

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointKind {
    /// Issues tokens.
    Token,
    /// Revokes tokens.
    Revocation,
}

impl EndpointKind {
    /// The RFCs' word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Revocation => "revocation",
        }
    }
}

/// An OAuth endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// What it is for.
    pub kind: EndpointKind,
    /// Name of its `static`.
    pub ident: String,
    /// Paths below a server's URL, or whole URLs; the first is the default.
    pub paths: Vec<PathChoice>,
    /// Body formats, preferred first.
    pub formats: Vec<BodyFormat>,
    /// How the client authenticates unless told otherwise.
    pub client_auth: ClientAuth,
    /// JSON Pointers to the access token; the first that fits counts.
    pub access_token: Vec<String>,
    /// What stands between scopes.
    pub scope_separator: String,
    /// JSON Pointers to an error's code, beside the standard places.
    pub error_code: Vec<String>,
    /// JSON Pointers to an error's description, beside the standard places.
    pub error_description: Vec<String>,
    /// One operation per grant; a revocation endpoint has one.
    pub operations: Vec<Operation>,
    /// Type of a success, by name; nothing where the success has no body.
    pub response: Option<String>,
    /// Type of the refusals, by name.
    pub error: String,
    /// The refusals that the document declares, by status.
    pub errors: Vec<ErrorCase>,
}

impl Endpoint {
    /// Name of the enum of the endpoint's paths, where it has several.
    pub fn path_type(&self) -> Option<String> {
        let name = name::pascal(&self.ident)?;
        (self.paths.len() > 1).then(|| format!("{name}Path"))
    }
}

/// One of several paths of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChoice {
    /// The path, with its query string.
    pub path: String,
    /// Variant of the endpoint's path enum.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
}

/// How a request body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/json`
    Json,
}

impl BodyFormat {
    /// The name that the command line uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
        }
    }
}

/// A request that an endpoint takes: a grant, or a revocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Type of the request.
    pub ident: String,
    /// `grant_type`, where there is one.
    pub grant: Option<String>,
    /// Whether it carries a credential that can be used once only.
    pub one_time: bool,
    /// What the document says of it.
    pub description: Option<String>,
    /// Parameters in the order of the RFCs, then by name; without `grant_type` and client authentication.
    pub parameters: Vec<Parameter>,
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
    /// Fewest characters.
    pub min_length: Option<u32>,
    /// Most characters.
    pub max_length: Option<u32>,
    /// Regular expression that it matches.
    pub pattern: Option<String>,
    /// Sent when the caller gives none.
    pub default: Option<String>,
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// In the body.
    Body,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In the path.
    Path,
}

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterKind {
    /// A string.
    Text,
    /// A list of scopes, written as one string.
    Scopes,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A list of strings.
    TextList,
    /// One of a fixed set of strings; the type's name and its values.
    Enum(EnumDef),
}

/// A refusal that the document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorCase {
    /// Statuses, both included.
    pub statuses: (u16, u16),
    /// Variant of the error enum.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Type of the body; nothing where the document declares none.
    pub body: Option<String>,
}

/// A type of the `response` module.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeDef {
    /// An object.
    Struct(StructDef),
    /// A string out of a set that may grow.
    Enum(EnumDef),
}

impl TypeDef {
    /// The type's name.
    pub fn ident(&self) -> &str {
        match self {
            Self::Struct(def) => &def.ident,
            Self::Enum(def) => &def.ident,
        }
    }
}

/// An object in a response.
#[derive(Debug, Clone, PartialEq)]
pub struct StructDef {
    /// Name of the type.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Whether it holds the access token.
    pub is_token: bool,
    /// Fields in the order of the RFCs, then by name.
    pub fields: Vec<Field>,
}

/// A field of an object in a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// What it holds.
    pub ty: FieldType,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// A string.
    Text,
    /// A string that must not be shown.
    Secret,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An OAuth error code.
    ErrorCode,
    /// A list.
    List(Box<FieldType>),
    /// A type of the `response` module.
    Named(String),
    /// An object whose members the document does not say.
    Object,
    /// Anything.
    Any,
}

/// A string out of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumDef {
    /// Name of the type.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// The values, sorted.
    pub variants: Vec<Variant>,
    /// Whether upper and lower case are the same, as they are in `token_type` (RFC 6749, section 5.1).
    pub ignore_case: bool,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub ident: String,
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
    let endpoints = endpoint::endpoints(name, context, &mut types, diagnostics);
    let servers = server::servers(context, diagnostics);
    let scopes = scope::scopes(context, diagnostics);
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
        description: api.info.description.clone(),
        docs_url: api.external_docs.as_ref().map(|docs| docs.url.clone()),
        servers,
        endpoints,
        types: types.into_sorted(),
        scopes,
        deviations: Vec::new(),
    };
    model.deviations = deviation::deviations(&model);
    Some(model)
}
