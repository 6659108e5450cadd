//! The client for programs without an asynchronous runtime.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use crate::client::settings_methods;
use crate::protocol::drive::Drive;
use crate::protocol::{Exchange, Step};
use crate::settings::Settings;
#[cfg(feature = "blocking")]
use crate::{Any, OAuth2};
use crate::{
    BlockingTransport, Credentials, DefaultBlockingTransport, Environment, Error, PlainHttpHosts,
    Provider, Request, Server,
};

/// Sends requests to one provider on the caller's thread. All else is as in [`Client`](crate::Client).
pub struct Client<P, T = DefaultBlockingTransport> {
    settings: Arc<Settings>,
    transport: T,
    provider: PhantomData<fn() -> P>,
}

#[cfg(feature = "blocking")]
impl<P: Provider> Client<P> {
    /// A client of the provider's default server.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the server's URL is none, `tls` if the operating system's certificates cannot be read.
    pub fn new(credentials: Credentials) -> Result<Self, Error>
    where
        P::Server: Default,
    {
        Self::for_server(P::Server::default(), credentials)
    }

    /// A client of one of the provider's servers.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn for_server(
        server: impl Into<P::Server>,
        credentials: Credentials,
    ) -> Result<Self, Error> {
        Self::with_transport(crate::BlockingHyperTransport::new()?, server, credentials)
    }
}

#[cfg(feature = "blocking")]
impl<P> Client<P> {
    /// Limits how long a request may take. Connections that are open already are not used for it.
    ///
    /// A transport of the caller's own has its own limits.
    #[must_use]
    pub fn timeouts(self, timeouts: crate::Timeouts) -> Self {
        Self {
            transport: self.transport.timeouts(timeouts),
            ..self
        }
    }
}

#[cfg(feature = "blocking")]
impl Client<Any> {
    /// A client as the settings of a connector say.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), and of the kind `config` if a setting is none that can be used.
    pub fn for_connector(connector: &OAuth2) -> Result<Self, Error> {
        Ok(Self::with_settings(
            crate::BlockingHyperTransport::new()?,
            connector.settings()?,
        ))
    }
}

impl<P: Provider, T> Client<P, T> {
    /// A client with a transport of the caller's own.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the server's URL is none, or neither `https` nor a loopback host's. A host that may be
    /// reached over plain http is named in [`Settings::with_plain_http`].
    pub fn with_transport(
        transport: T,
        server: impl Into<P::Server>,
        credentials: Credentials,
    ) -> Result<Self, Error> {
        let server = server.into();
        let environment = Environment::new(P::DESCRIPTION, &server.choice())?;
        let settings =
            Settings::for_environment(environment, credentials, PlainHttpHosts::default())?;
        Ok(Self::with_settings(transport, settings))
    }

    /// A client with settings of the caller's own, such as those of a [`Connector`](crate::Connector).
    pub fn with_settings(transport: T, settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            transport,
            provider: PhantomData,
        }
    }
}

impl<P, T> Client<P, T> {
    settings_methods!();

    /// What the client does with every request.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What moves the bytes.
    pub fn transport(&self) -> &T {
        &self.transport
    }
}

impl<P, T: BlockingTransport> Client<P, T> {
    /// Sends a request and reads the answer, trying again as [`Retry`](crate::Retry) says.
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

    /// Asks for the token of a device until its user has decided (RFC 8628 section 3.4): waits first, and as long as
    /// the server says.
    ///
    /// To be able to cancel, drive a [`Polling`](crate::protocol::Polling).
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind). The code is `access_denied` when the user refused, `expired_token` when
    /// nobody decided before the codes expired.
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

    /// Asks an authorization server what it says of itself (RFC 8414): at the well-known place of that RFC and, where
    /// there is nothing, at that of OpenID Connect. No credentials are sent.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if the metadata is another issuer's; else as for [`send`](Self::send).
    #[cfg(feature = "discovery")]
    pub fn discover(&self, issuer: &str) -> Result<crate::ServerMetadata, Error> {
        use crate::discovery::{Discover, WellKnown};
        let place = Discover::new(issuer, WellKnown::OAuth);
        let mut outcome = self.drive(Exchange::new(&self.settings, &place));
        if outcome.as_ref().is_err_and(Discover::is_elsewhere) {
            let place = Discover::new(issuer, WellKnown::OpenId);
            outcome = self.drive(Exchange::new(&self.settings, &place));
        }
        Discover::check(outcome?, issuer)
    }

    fn drive<D: Drive>(&self, mut drive: D) -> Result<D::Output, Error<D::Body>> {
        loop {
            match drive.step(SystemTime::now()) {
                Step::Send(request) => {
                    let answer = self.transport.send(request);
                    drive.answer(answer, SystemTime::now());
                }
                Step::Wait(delay) => self.transport.sleep(delay),
                Step::Done => return drive.finish(),
            }
        }
    }
}

impl<P, T: Clone> Clone for Client<P, T> {
    fn clone(&self) -> Self {
        Self {
            settings: Arc::clone(&self.settings),
            transport: self.transport.clone(),
            provider: PhantomData,
        }
    }
}

impl<P, T> fmt::Debug for Client<P, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("blocking::Client")
            .field(&self.settings)
            .finish()
    }
}
