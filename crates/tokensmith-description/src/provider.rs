//! What a document says of a provider: its servers and its endpoints.

use crate::Endpoint;

/// A provider, as its document describes it.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    name: &'a str,
    title: &'a str,
    servers: &'a [ServerDescription<'a>],
    endpoints: &'a [&'a Endpoint<'a>],
}

impl<'a> Description<'a> {
    /// A provider by its short name (`moov`) and its title for people (`Moov`).
    pub const fn new(name: &'a str, title: &'a str) -> Self {
        Self {
            name,
            title,
            servers: &[],
            endpoints: &[],
        }
    }

    /// Sets the servers; the first is the default.
    #[must_use]
    pub const fn with_servers(mut self, servers: &'a [ServerDescription<'a>]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the endpoints.
    #[must_use]
    pub const fn with_endpoints(mut self, endpoints: &'a [&'a Endpoint<'a>]) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// The short name, in lower case.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The name for people.
    pub const fn title(&self) -> &'a str {
        self.title
    }

    /// The servers; the first is the default.
    pub const fn servers(&self) -> &'a [ServerDescription<'a>] {
        self.servers
    }

    /// The endpoints, in the document's order.
    pub const fn endpoints(&self) -> &'a [&'a Endpoint<'a>] {
        self.endpoints
    }
}

/// One server of a provider: a region, a sandbox, a tenant's own host.
///
/// It is an environment: endpoints that are on other hosts have a URL for each
/// ([`Endpoint::with_servers`]), and share its variables.
#[derive(Debug, Clone, Copy)]
pub struct ServerDescription<'a> {
    name: &'a str,
    url: &'a str,
    description: &'a str,
    issuer: Option<&'a str>,
    variables: &'a [ServerVariable<'a>],
}

impl<'a> ServerDescription<'a> {
    /// A server by its name and base URL, in which variables stand in braces:
    /// `https://{tenant}.example.com`.
    pub const fn new(name: &'a str, url: &'a str) -> Self {
        Self {
            name,
            url,
            description: "",
            issuer: None,
            variables: &[],
        }
    }

    /// Sets the description for people.
    #[must_use]
    pub const fn with_description(mut self, description: &'a str) -> Self {
        self.description = description;
        self
    }

    /// Sets the identifier of the authorization server (RFC 8414 section 2), in which variables of
    /// the URL may stand: `https://{tenant}.example.com`.
    #[must_use]
    pub const fn with_issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Sets the variables of the URL, and of the URLs of endpoints that are on other hosts.
    #[must_use]
    pub const fn with_variables(mut self, variables: &'a [ServerVariable<'a>]) -> Self {
        self.variables = variables;
        self
    }

    /// The short name.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The base URL, variables in braces.
    pub const fn url(&self) -> &'a str {
        self.url
    }

    /// The description for people; empty where the document has none.
    pub const fn description(&self) -> &'a str {
        self.description
    }

    /// The identifier of the authorization server, variables in braces; `None` if the document does
    /// not name it.
    pub const fn issuer(&self) -> Option<&'a str> {
        self.issuer
    }

    /// The variables of the URL, and of the URLs of endpoints that are on other hosts.
    pub const fn variables(&self) -> &'a [ServerVariable<'a>] {
        self.variables
    }
}

/// A variable of a server's URL.
#[derive(Debug, Clone, Copy)]
pub struct ServerVariable<'a> {
    name: &'a str,
    default: Option<&'a str>,
    values: &'a [&'a str],
    pattern: &'a str,
}

impl<'a> ServerVariable<'a> {
    /// A variable by its name, without the braces.
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            default: None,
            values: &[],
            pattern: "",
        }
    }

    /// Sets the value used when none is given.
    #[must_use]
    pub const fn with_default(mut self, default: &'a str) -> Self {
        self.default = Some(default);
        self
    }

    /// Sets the only values allowed, beside the default: OpenAPI's `enum` is closed.
    #[must_use]
    pub const fn with_values(mut self, values: &'a [&'a str]) -> Self {
        self.values = values;
        self
    }

    /// Sets the pattern that a whole value has to match, unless it is the default or one of the
    /// values. Without the feature `pattern` other values are refused.
    #[must_use]
    pub const fn with_pattern(mut self, pattern: &'a str) -> Self {
        self.pattern = pattern;
        self
    }

    /// The name, without the braces.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The value used when none is given.
    pub const fn default(&self) -> Option<&'a str> {
        self.default
    }

    /// The only values allowed; empty when any is.
    pub const fn values(&self) -> &'a [&'a str] {
        self.values
    }

    /// The pattern of a whole value; empty when there is none.
    pub const fn pattern(&self) -> &'a str {
        self.pattern
    }
}
