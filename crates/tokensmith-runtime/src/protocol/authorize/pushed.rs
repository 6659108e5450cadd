//! Pushed authorization requests (RFC 9126): the client sends the parameters itself, and the browser
//! carries a reference to them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::draft::PreparedParameter;
use super::prepared::Prepared;
use super::rules;
use crate::protocol::Settings;
use crate::{
    Audience, Authorization, AuthorizationRequest, Endpoint, EndpointKind, Error, Location, NoBody,
    Operation, Parameters, PendingAuthorization, Provider, PushedAuthorization, PushedRequests,
    Request, Value,
};

/// The endpoint of a server that is known by its metadata. All servers take their issuer for the
/// audience of an assertion (RFC 9126 section 2).
static PUSHED: Endpoint<'static> =
    Endpoint::new(EndpointKind::PushedAuthorization, &[""]).with_audience(Audience::Issuer);
static PUSH: Operation<'static> = Operation::new();

/// An authorization request that is sent to the server before a browser goes there (RFC 9126).
///
/// It is sent like any other request, with the client's authentication and, if tokens are bound to
/// a key, with a proof of it. With the response it makes the URL for the browser, which has no
/// parameters but the client's identifier and the reference. `Client::authorize` does both:
///
/// ```
/// use tokensmith_runtime::protocol::{PushedAuthorizationRequest, Settings};
/// use tokensmith_runtime::{Any, Authorization, BlockingTransport, Error, TokenRequest};
/// use tokensmith_runtime::blocking::Client;
///
/// fn authorize<T: BlockingTransport>(
///     client: &Client<Any, T>,
///     request: &TokenRequest<'_>,
/// ) -> Result<Authorization, Error> {
///     match PushedAuthorizationRequest::<Any>::new(client.settings(), request)? {
///         Some(pushed) => {
///             let response = client.send(&pushed)?;
///             pushed.into_authorization(&response)
///         }
///         None => client.authorization_url(request),
///     }
/// }
/// ```
pub struct PushedAuthorizationRequest<'a, P> {
    endpoint: &'a Endpoint<'a>,
    path: Cow<'a, str>,
    prepared: Prepared,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> PushedAuthorizationRequest<'static, P> {
    /// Creates the request to the endpoint that the server's metadata name, or that the provider's
    /// document has; `None` if there is no such endpoint, or if the document says that pushed requests
    /// have to be switched on first, and neither the metadata nor the caller says that they were.
    ///
    /// # Errors
    ///
    /// As for [`authorize`](super::authorize), and of the kind `config` if requests have to be pushed
    /// and there is no endpoint for them.
    pub fn new<R: AuthorizationRequest<Provider = P>>(
        settings: &Settings,
        request: &R,
    ) -> Result<Option<Self>, Error> {
        let (endpoint, path) = match &settings.authorization_rules.pushed_url {
            Some(url) => (&PUSHED, Some(Cow::Owned(url.clone()))),
            None => {
                let mut endpoints = P::DESCRIPTION.endpoints().iter().copied();
                let endpoint = endpoints.find(|it| it.kind() == EndpointKind::PushedAuthorization);
                let pushed = request.endpoint().pushed_requests();
                match (
                    endpoint,
                    rules::requires_pushed(settings, request.endpoint()),
                ) {
                    (Some(_), None) if pushed == PushedRequests::IfEnabled => return Ok(None),
                    (Some(endpoint), _) => (endpoint, None),
                    (None, Some(required_by)) => {
                        return Err(Error::config(format!(
                            "authorization requests have to be pushed (RFC 9126), as {required_by}, and \
                             there is no endpoint for them: neither in the provider's document, nor in \
                             its metadata, as `pushed_authorization_request_endpoint`"
                        )));
                    }
                    (None, None) => return Ok(None),
                }
            }
        };
        Self::at(endpoint, path, settings, request).map(Some)
    }
}

impl<'a, P: Provider> PushedAuthorizationRequest<'a, P> {
    /// Creates the request to an endpoint of a document that is read at run time; at another path
    /// than its first, if one is given.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn at<R: AuthorizationRequest<Provider = P>>(
        endpoint: &'a Endpoint<'a>,
        path: Option<Cow<'a, str>>,
        settings: &Settings,
        request: &R,
    ) -> Result<Self, Error> {
        let first = || endpoint.paths().first().copied().unwrap_or_default();
        Ok(Self {
            endpoint,
            path: path.unwrap_or_else(|| first().into()),
            prepared: Prepared::new(settings, request)?,
            provider: PhantomData,
        })
    }

    /// Returns what the response of the browser will be held against.
    pub fn pending(&self) -> &PendingAuthorization {
        self.prepared.pending()
    }

    /// Makes the URL for the browser, with the reference that the server responded with.
    ///
    /// # Errors
    ///
    /// Of the kind `request` if the reference is too long for a URL.
    pub fn into_authorization(
        self,
        response: &PushedAuthorization,
    ) -> Result<Authorization, Error> {
        self.prepared
            .into_pushed_authorization(&response.request_uri)
    }
}

impl<P: Provider> Request for PushedAuthorizationRequest<'_, P> {
    type Provider = P;
    type Response = PushedAuthorization;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        self.endpoint.operations().first().copied().unwrap_or(&PUSH)
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn parameters<'p>(&'p self, parameters: &mut Parameters<'p>) {
        // An endpoint below the same path, such as that of a tenant.
        let declared = self.operation().parameters().iter();
        let in_path = declared.filter(|parameter| parameter.location() == Location::Path);
        for parameter in in_path {
            let mut values = self.prepared.path_values.iter();
            if let Some((name, value)) = values.find(|(name, _)| name == parameter.name()) {
                parameters.push(name, value);
            }
        }
        // The client is named by the client authentication, whatever that is.
        let is_client = |name: &str| name == self.prepared.client_id_name();
        for PreparedParameter {
            name,
            values,
            is_secret,
        } in &self.prepared.parameters
        {
            match values.as_slice() {
                _ if is_client(name) => {}
                [value] if *is_secret => parameters.push(name, value),
                [value] => parameters.push(name, value.expose()),
                values => parameters.push(name, Value::SecretList(values)),
            }
        }
    }
}

impl<P> fmt::Debug for PushedAuthorizationRequest<'_, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.prepared.parameters.iter().map(|it| it.name.as_str());
        formatter
            .debug_struct("PushedAuthorizationRequest")
            .field("parameters", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
