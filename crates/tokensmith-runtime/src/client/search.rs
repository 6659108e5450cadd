//! Asking servers and resources what they say of themselves, at one place after another.

use super::resource::ResourceChallenge;
use crate::protocol::{Exchange, Settings};
use crate::server::url;
use crate::{
    BlockingTransport, Client, Endpoint, EndpointKind, Error, ErrorKind, GenericRequest, Method,
    Operation, PlainHttpHosts, ProtectedResource, Response, ServerMetadata, Transport, blocking,
};

/// Metadata that say whose they are.
pub(super) trait SelfDescription: Response {
    /// Fails if they are not those of the one that was asked for, or name a URL that they must not.
    fn check(&self, asked: &str, plain_http: &PlainHttpHosts) -> Result<(), Error>;
}

/// The places at which metadata may be.
#[derive(Debug)]
pub(super) struct Search<M> {
    /// The identifier of the server or the resource.
    asked: String,
    request: GenericRequest<'static, M>,
    /// The places that are left, the next one last.
    left: Vec<String>,
    plain_http: PlainHttpHosts,
}

static METADATA: Endpoint<'static> =
    Endpoint::new(EndpointKind::Metadata, &[""]).with_method(Method::Get);
static DESCRIBE: Operation<'static> = Operation::new();

impl<M: SelfDescription> Search<M> {
    /// Begins at one place; of the others, the next one is the last.
    pub(super) fn new(settings: &Settings, asked: &str, first: String, left: Vec<String>) -> Self {
        Self {
            asked: asked.to_owned(),
            request: at(first),
            left,
            plain_http: settings.plain_http.clone(),
        }
    }

    pub(super) fn request(&self) -> &GenericRequest<'static, M> {
        &self.request
    }

    /// What came of a request; `None` if there is another one to send.
    pub(super) fn outcome(&mut self, outcome: Result<M, Error>) -> Option<Result<M, Error>> {
        if outcome.as_ref().is_err_and(is_elsewhere)
            && let Some(url) = self.left.pop()
        {
            self.request = at(url);
            return None;
        }
        Some(outcome.and_then(|metadata| {
            metadata.check(&self.asked, &self.plain_http)?;
            Ok(metadata)
        }))
    }
}

/// The request for what is at a URL.
fn at<M>(url: String) -> GenericRequest<'static, M> {
    GenericRequest::new(&METADATA, &DESCRIBE).path(url)
}

/// Whether a response leaves the hope that the metadata are in another place.
fn is_elsewhere(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Provider | ErrorKind::Malformed | ErrorKind::Redirect
    )
}

/// Fails if a member of metadata is a URL that nothing may be sent to.
pub(super) fn check_urls<'u>(
    urls: impl IntoIterator<Item = (&'u str, &'u str)>,
    asked: &str,
    plain_http: &PlainHttpHosts,
) -> Result<(), Error> {
    let mut urls = urls.into_iter();
    urls.try_for_each(|member| url::check_member(member, asked, plain_http))
}

impl<P, T: Transport> Client<P, T> {
    /// Asks an authorization server what it says of itself (RFC 8414): at the well-known place of
    /// that RFC and, where there is nothing, at those of OpenID Connect. No credentials are sent.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the issuer is not a URL without query and fragment, or the metadata
    /// name an endpoint that is not at `https`: plain http is for this machine, where the issuer is
    /// on it too, and for hosts that were allowed. Of the kind `malformed` if the metadata is
    /// another issuer's; else as for [`send`](Self::send).
    pub async fn discover(&self, issuer: &str) -> Result<ServerMetadata, Error> {
        let search = Search::of_server(&self.settings, issuer)?;
        self.search(search).await
    }

    /// Asks a protected resource what it says of itself (RFC 9728): at the place that the challenge
    /// names or, where it names none, at the well-known place of that RFC and, for a resource with
    /// a path, at the root of its host, where MCP servers may have it. No credentials are sent.
    ///
    /// The challenge has to be one of the resource itself: of a response of exactly this URL,
    /// without redirects. Many MCP servers have metadata of their whole host, whose `resource` is
    /// `https://mcp.example.com` for `https://mcp.example.com/mcp`. A token for that is good for
    /// everything on the host, so the caller asks for it by that name.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if the metadata are another resource's (section 3.3), which the
    /// message names: `resource` has to be this text. Of the kind `config` if the resource or the
    /// place is not an `https` URL without a fragment (plain http is for this machine, and for
    /// hosts that were allowed), or the metadata name one that is not, or that is at plain http on
    /// this machine where the resource is at `https`; else as for [`send`](Self::send).
    pub async fn protected_resource(
        &self,
        resource: &str,
        challenge: Option<&ResourceChallenge>,
    ) -> Result<ProtectedResource, Error> {
        let search = Search::of_resource(&self.settings, resource, challenge)?;
        self.search(search).await
    }

    async fn search<M: SelfDescription>(&self, mut search: Search<M>) -> Result<M, Error> {
        loop {
            let exchange = Exchange::new(&self.settings, search.request());
            let outcome = self.drive(exchange).await;
            if let Some(outcome) = search.outcome(outcome) {
                return outcome;
            }
        }
    }
}

impl<P, T: BlockingTransport> blocking::Client<P, T> {
    /// Asks an authorization server what it says of itself (RFC 8414), as
    /// [`Client::discover`](crate::Client::discover) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn discover(&self, issuer: &str) -> Result<ServerMetadata, Error> {
        self.search(Search::of_server(self.settings(), issuer)?)
    }

    /// Asks a protected resource what it says of itself (RFC 9728), as
    /// [`Client::protected_resource`](crate::Client::protected_resource) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn protected_resource(
        &self,
        resource: &str,
        challenge: Option<&ResourceChallenge>,
    ) -> Result<ProtectedResource, Error> {
        self.search(Search::of_resource(self.settings(), resource, challenge)?)
    }

    fn search<M: SelfDescription>(&self, mut search: Search<M>) -> Result<M, Error> {
        loop {
            let outcome = self.drive(Exchange::new(self.settings(), search.request()));
            if let Some(outcome) = search.outcome(outcome) {
                return outcome;
            }
        }
    }
}
