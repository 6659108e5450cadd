//! What can be asked of an endpoint.

use crate::Parameter;

/// One grant of a token endpoint, or the one operation of another endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    grant: Option<&'a str>,
    parameters: &'a [Parameter<'a>],
    one_time: bool,
    names_client: bool,
}

impl<'a> Operation<'a> {
    /// The operation of an endpoint that knows no grants.
    #[allow(clippy::new_without_default)] // an operation without anything is rarely meant
    pub const fn new() -> Self {
        Self {
            grant: None,
            parameters: &[],
            one_time: false,
            names_client: false,
        }
    }

    /// A grant, by the `grant_type` it is sent as.
    pub const fn grant(grant_type: &'a str) -> Self {
        Self {
            grant: Some(grant_type),
            parameters: &[],
            one_time: false,
            names_client: false,
        }
    }

    /// Sets the parameters. `grant_type`, `client_id` and `client_secret` are not among them.
    #[must_use]
    pub const fn with_parameters(mut self, parameters: &'a [Parameter<'a>]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Says that it carries a credential that can be used once (a code, a refresh token, a device
    /// code): it is sent again only when the first request provably never left.
    #[must_use]
    pub const fn one_time(mut self) -> Self {
        self.one_time = true;
        self
    }

    /// Says that its requests name the client in the body, beside the `Authorization` header by
    /// which the client authenticates.
    #[must_use]
    pub const fn naming_client(mut self) -> Self {
        self.names_client = true;
        self
    }

    /// The `grant_type`, where there is one.
    pub const fn grant_type(&self) -> Option<&'a str> {
        self.grant
    }

    /// The parameters it takes.
    pub const fn parameters(&self) -> &'a [Parameter<'a>] {
        self.parameters
    }

    /// Whether it carries a credential that can be used once.
    pub const fn is_one_time(&self) -> bool {
        self.one_time
    }

    /// Whether its requests name the client in the body, however it authenticates.
    pub const fn names_client(&self) -> bool {
        self.names_client
    }
}
