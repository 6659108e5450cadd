//! What a document says of an endpoint.

use std::collections::BTreeMap;

use tokensmith_description::{Attributes, ClientAuth, EndpointKind, Location, Method};

use crate::model::{EndpointServer, ErrorCase, Examples, Operation, Parameter, name};
use crate::prose;

/// The kinds of endpoints that documents have.
pub(crate) fn kinds() -> impl Iterator<Item = EndpointKind> {
    let kinds = EndpointKind::ALL.iter().copied();
    kinds.filter(|kind| kind.is_in_documents())
}

/// Returns the method of this name, if requests can be sent by it.
pub(crate) fn method(name: &str) -> Option<Method> {
    let mut methods = Method::ALL.iter().copied();
    methods.find(|method| method.as_str().eq_ignore_ascii_case(name))
}

/// An OAuth endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// What it is for.
    pub kind: EndpointKind,
    /// The operations that it is read from, as JSON Pointers; none where only a flow names it.
    pub declared_at: Vec<String>,
    /// Name of its `static`.
    pub ident: String,
    /// What the document says of it.
    pub description: Option<String>,
    /// Paths below a server's URL, or whole URLs; the first is the default.
    pub paths: Vec<PathChoice>,
    /// Its base URLs, where it is on other hosts than the servers' own. It is not on a server that is missing here.
    pub servers: Vec<EndpointServer>,
    /// How it wants its requests, and how it responds.
    pub attributes: Attributes,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Whether the connection has the client's certificate (RFC 8705).
    pub certificate: bool,
    /// Whether it takes proofs of possession (RFC 9449).
    pub dpop: bool,
    /// What the document says of the client beside how it authenticates.
    pub client: ClientWords,
    /// One operation per grant; other endpoints than a token endpoint have one.
    pub operations: Vec<Operation>,
    /// Where parameters stand that have no place of their own, but within an object that the caller gives: `data.client_id`, by
    /// their names in RFC 6749.
    pub nested: BTreeMap<&'static str, String>,
    /// What a success holds.
    pub response: Success,
    /// What else a success declares, where the type that holds it has no field for it.
    pub undeclared_fields: Vec<String>,
    /// Type of the refusals, by name.
    pub error: String,
    /// The refusals that the document declares, by status.
    pub errors: Vec<ErrorCase>,
    /// Whole requests and responses that the document gives as examples.
    pub examples: Examples,
}

impl Endpoint {
    /// Name of the enum of the endpoint's paths, where it has several.
    pub fn path_type(&self) -> Option<String> {
        let name = name::pascal(&self.ident)?;
        (self.paths.len() > 1).then(|| format!("{name}Path"))
    }

    /// What the document says of one of its requests: of the only one, where it says that of the endpoint.
    pub fn description_of<'a>(&'a self, operation: &'a Operation) -> Option<&'a str> {
        let is_only = self.operations.len() == 1;
        let of_endpoint = self.description.as_deref().filter(|_| is_only);
        operation.description.as_deref().or(of_endpoint)
    }

    /// What the document says of it and of none of its requests alone.
    pub fn own_description(&self) -> Option<&str> {
        let of_request =
            |operation: &Operation| self.description_of(operation) == self.description.as_deref();
        let description = self.description.as_deref();
        description.filter(|_| !self.operations.iter().any(of_request))
    }

    /// The grants that it takes; none for an endpoint that issues no tokens.
    pub fn grants(&self) -> impl Iterator<Item = &str> {
        let operations = match self.kind {
            EndpointKind::Token => self.operations.as_slice(),
            _ => &[],
        };
        operations
            .iter()
            .filter_map(|operation| operation.grant.as_deref())
    }

    /// The types of its requests in a sentence, as code.
    pub(crate) fn requests(&self) -> String {
        let operations = self.operations.iter();
        let names = operations.map(|operation| format!("`{}`", operation.ident));
        prose::listed(&names.collect::<Vec<_>>(), "and")
    }

    /// Whether anything stands in the body of its requests.
    pub(crate) fn has_body(&self) -> bool {
        let attributes = &self.attributes;
        let authentication = &attributes.authentication;
        let is_client_there = match authentication.method {
            ClientAuth::Auto => true,
            ClientAuth::Header | ClientAuth::Query => false,
            method if method.is_in_authorization() => false,
            ClientAuth::None => {
                !authentication.client_id.is_empty() && authentication.id_location.is_none()
            }
            _ => true,
        };
        let mut copies = attributes.copies.iter();
        is_client_there
            || copies.any(|(_, location)| *location == Location::Body)
            || self.operations.iter().any(|operation| {
                let mut parameters = operation.parameters.iter();
                operation.names_client
                    || operation.grant.is_some() && attributes.grant_type.1 == Location::Body
                    || parameters.any(|parameter| self.has_in_body(parameter))
            })
    }

    /// Whether a parameter is in the body: there alone, or there as well.
    pub(crate) fn has_in_body(&self, parameter: &Parameter) -> bool {
        parameter.location == Location::Body || self.is_copied(&parameter.wire, Location::Body)
    }

    /// Whether a parameter is sent there beside its own place.
    pub(crate) fn is_copied(&self, name: &str, location: Location) -> bool {
        let mut copies = self.attributes.copies.iter();
        copies.any(|(other, place)| (other.as_str(), *place) == (name, location))
    }

    /// Whether callers give a parameter of this name to one of its requests.
    pub(crate) fn has_parameter(&self, wire: &str) -> bool {
        let operations = self.operations.iter();
        let mut parameters = operations.flat_map(|operation| &operation.parameters);
        parameters.any(|parameter| parameter.wire == wire)
    }

    /// Whether a client's request goes there, rather than a user's browser.
    pub fn is_called(&self) -> bool {
        !self.kind.is_for_browsers()
    }
}

/// What a document says of clients that no request type has a place for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientWords {
    /// Whether requests without client authentication are taken as well.
    pub is_optional: bool,
    /// Whether the document does not require the secret of a client that it knows by its identifier.
    pub secret_is_optional: bool,
    /// Whether the body may have the identifier that a client with a secret shows by HTTP Basic.
    pub id_may_be_in_body: bool,
    /// Whether words keep public clients (RFC 6749, section 2.1) from the endpoint.
    pub denies_public: bool,
    /// Whether the document does not say how the client authenticates there, so that it does as at the token endpoint.
    pub is_as_at_token_endpoint: bool,
    /// Whether a client assertion (RFC 7521, section 4.2) is taken beside another authentication.
    pub takes_assertion: bool,
    /// Whether the document does not declare the `nonce` that authorization requests for the scope `openid` have.
    pub nonce_is_undeclared: bool,
    /// Whether requests with a code verifier (RFC 7636) have no client authentication.
    pub verifier_is_public: bool,
    /// What is said of the client's identifier.
    pub id: Vec<CredentialWords>,
    /// What is said of the client's secret.
    pub secret: Vec<CredentialWords>,
}

/// What a document says of a credential, and of which requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialWords {
    /// May be empty.
    pub text: String,
    /// The types of the requests; none where it is said of all.
    pub requests: Vec<String>,
    /// Whether these requests must have it, and others need not.
    pub is_required: bool,
}

/// What a success of an endpoint holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Success {
    /// Nothing that counts.
    Nothing,
    /// A token: the name of its type.
    Token(String),
    /// What a token is good for (RFC 7662, section 2.2).
    Introspection,
    /// What a device shows its user (RFC 8628, section 3.2).
    DeviceAuthorization,
    /// A reference to an authorization request (RFC 9126, section 2.2).
    PushedAuthorization,
    /// A client that was registered (RFC 7591, section 3.2.1).
    Registration,
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
