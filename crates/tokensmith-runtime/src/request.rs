//! What generated code implements so that the engine can send its requests.

pub(crate) mod generic;
pub mod grants;
pub(crate) mod provider_list;
pub(crate) mod value;

use crate::{Description, Endpoint, ErrorBody, Operation, Parameters, Response, ServerChoice};

/// A provider, as a type: it keeps the requests of one provider from being sent to another.
pub trait Provider {
    /// Which server to talk to.
    type Server: Server;
    /// What the document says of it.
    const DESCRIPTION: &'static Description<'static>;
}

/// A choice among a provider's servers.
pub trait Server {
    /// Which server it is, and the values of its variables.
    fn choice(&self) -> ServerChoice<'_>;
}

/// One request that a provider understands.
pub trait Request {
    /// Who understands it.
    type Provider: Provider;
    /// What the response holds.
    type Response: Response;
    /// What a refusal holds.
    type Error: ErrorBody;

    /// The endpoint it goes to.
    fn endpoint(&self) -> &Endpoint<'_>;

    /// What it asks of the endpoint.
    fn operation(&self) -> &Operation<'_>;

    /// The path, relative to the base URL; the endpoint's first one by default.
    fn path(&self) -> &str {
        self.endpoint().paths().first().copied().unwrap_or_default()
    }

    /// Lists the parameters that the caller has given.
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>);
}

impl<R: Request + ?Sized> Request for &R {
    type Provider = R::Provider;
    type Response = R::Response;
    type Error = R::Error;

    fn endpoint(&self) -> &Endpoint<'_> {
        (**self).endpoint()
    }

    fn operation(&self) -> &Operation<'_> {
        (**self).operation()
    }

    fn path(&self) -> &str {
        (**self).path()
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        (**self).parameters(parameters);
    }
}

/// A request that a user's browser carries to an authorization endpoint (RFC 6749 section 4.1.1).
///
/// `state`, `nonce` and the code challenge are not among its parameters: the client makes them.
pub trait AuthorizationRequest {
    /// Who understands it.
    type Provider;

    /// The endpoint it goes to.
    fn endpoint(&self) -> &Endpoint<'_>;

    /// What it asks of the endpoint.
    fn operation(&self) -> &Operation<'_>;

    /// The path, relative to the base URL, or a whole URL; the endpoint's first one by default.
    fn path(&self) -> &str {
        self.endpoint().paths().first().copied().unwrap_or_default()
    }

    /// Lists the parameters that the caller has given.
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>);
}

/// What a request to end a session says of itself, for `Client::logout_url` (OpenID Connect
/// RP-Initiated Logout 1.0 section 2). `P` is who understands it.
pub trait EndSessionRequest<P> {
    /// The endpoint it goes to.
    fn endpoint(&self) -> &Endpoint<'_>;

    /// What it asks of the endpoint.
    fn operation(&self) -> &Operation<'_>;

    /// The path, relative to the base URL, or a whole URL; the endpoint's first one by default.
    fn path(&self) -> &str {
        self.endpoint().paths().first().copied().unwrap_or_default()
    }

    /// Lists the parameters that the caller has given.
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>);
}
