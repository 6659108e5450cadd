//! The client for programs without an asynchronous runtime.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use crate::client::client;
use crate::protocol::drive::Drive;
use crate::protocol::settings::Settings;
use crate::protocol::{Exchange, Step};
use crate::{
    BlockingTransport, Credentials, DefaultBlockingTransport, Environment, Error, PlainHttpHosts,
    Provider, Request, Server,
};

/// Sends requests to one provider on the caller's thread. All else is as in
/// [`Client`](crate::Client).
pub struct Client<P, T = DefaultBlockingTransport> {
    settings: Arc<Settings>,
    transport: T,
    provider: PhantomData<fn() -> P>,
}

client!("blocking::Client", "blocking", BlockingHyperTransport);

impl<P, T: BlockingTransport> Client<P, T> {
    /// Sends a request and reads the response, trying again as [`Retry`](crate::Retry) says.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn send<R: Request<Provider = P>>(
        &self,
        request: R,
    ) -> Result<R::Response, Error<R::Error>> {
        self.drive(Exchange::new(&self.settings, &request))
    }

    /// Asks for the token of a device until its user has decided (RFC 8628 section 3.4): waits
    /// first, and as long as the server says.
    ///
    /// To be able to cancel, drive a [`Polling`](crate::protocol::Polling).
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind). The code is `access_denied` when the user refused,
    /// `expired_token` when nobody decided before the codes expired.
    #[cfg(feature = "device")]
    pub fn poll<R: Request<Provider = P>>(
        &self,
        request: R,
        authorization: &crate::DeviceAuthorization,
    ) -> Result<R::Response, Error<R::Error>> {
        self.drive(crate::protocol::Polling::new(
            &self.settings,
            &request,
            authorization,
        ))
    }

    /// Asks an authorization server what it says of itself (RFC 8414): at the well-known place of
    /// that RFC and, where there is nothing, at those of OpenID Connect. No credentials are sent.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the issuer is not a URL without query and fragment, or the metadata
    /// of an `https` URL name one of plain http on this machine; `malformed` if the metadata is
    /// another issuer's; else as for [`send`](Self::send).
    #[cfg(feature = "discovery")]
    pub fn discover(&self, issuer: &str) -> Result<crate::ServerMetadata, Error> {
        let settings = &self.settings;
        let mut search = crate::client::discovery::Discover::new(settings, issuer)?;
        loop {
            let outcome = self.drive(Exchange::new(settings, &search));
            if let Some(outcome) = search.outcome(outcome) {
                return outcome;
            }
        }
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
    /// hosts that were allowed), or a resource of an `https` URL names one of plain http on this
    /// machine; else as for [`send`](Self::send).
    #[cfg(feature = "discovery")]
    pub fn protected_resource(
        &self,
        resource: &str,
        challenge: Option<&crate::ResourceChallenge>,
    ) -> Result<crate::ProtectedResource, Error> {
        let settings = &self.settings;
        let mut search = crate::client::resource::Search::new(settings, resource, challenge)?;
        loop {
            let outcome = self.drive(Exchange::new(settings, search.request()));
            if let Some(outcome) = search.outcome(outcome) {
                return outcome;
            }
        }
    }

    pub(crate) fn drive<D: Drive>(&self, mut drive: D) -> Result<D::Output, Error<D::Body>> {
        loop {
            match drive.step(SystemTime::now()) {
                Step::Send(request) => {
                    let response = self.transport.send(request);
                    drive.receive(response, SystemTime::now());
                }
                Step::Wait(delay) => self.transport.sleep(delay),
                Step::Done => return drive.finish(),
            }
        }
    }
}
