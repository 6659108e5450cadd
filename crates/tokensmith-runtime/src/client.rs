//! The asynchronous client.

#[cfg(feature = "testing")]
mod assertions;
#[cfg(feature = "authorization")]
mod authorization;
pub mod blocking;
pub mod connector;
mod definition;
#[cfg(feature = "discovery")]
pub(crate) mod discovery;
#[cfg(feature = "oidc")]
mod openid;
#[cfg(feature = "discovery")]
pub(crate) mod registration;
#[cfg(feature = "discovery")]
pub(crate) mod resource;
#[cfg(feature = "discovery")]
mod search;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use self::definition::client;
use crate::protocol::drive::Drive;
use crate::protocol::settings::Settings;
use crate::protocol::{Exchange, Step};
use crate::{
    Credentials, DefaultTransport, Environment, Error, PlainHttpHosts, Provider, Request, Server,
    Transport,
};

/// Sends requests to one provider.
///
/// Cheap to clone; clones share what they learn about client authentication. Sending requires that
/// `T` is a [`Transport`].
pub struct Client<P, T = DefaultTransport> {
    settings: Arc<Settings>,
    transport: T,
    provider: PhantomData<fn() -> P>,
}

client!("Client", "hyper", HyperTransport);

impl<P, T: Transport> Client<P, T> {
    /// Sends a request and reads the response, trying again as [`Retry`](crate::Retry) says.
    ///
    /// Dropping the future gives up; a credential that can be used once may be spent by then.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind).
    pub async fn send<R: Request<Provider = P>>(
        &self,
        request: R,
    ) -> Result<R::Response, Error<R::Error>> {
        self.drive(Exchange::new(&self.settings, &request)).await
    }

    /// Sends a request as [`send`](Self::send) does, and asks immediately before each try, when the
    /// request is ready, whether it may still be sent. Whoever holds a lock on a credential looks
    /// there once more.
    ///
    /// # Errors
    ///
    /// Of the kind `request`, and not sent, if it may not be sent; else as for
    /// [`send`](Self::send).
    pub async fn send_if<R, F>(
        &self,
        request: R,
        mut may_send: impl FnMut() -> F,
    ) -> Result<R::Response, Error<R::Error>>
    where
        R: Request<Provider = P>,
        F: Future<Output = bool>,
    {
        let mut exchange = Exchange::new(&self.settings, &request);
        loop {
            match exchange.step(SystemTime::now()) {
                Step::Send(_) if !may_send().await => exchange.withhold(),
                Step::Send(request) => {
                    let response = self.transport.send(request).await;
                    exchange.receive(response, SystemTime::now());
                }
                Step::Wait(delay) => self.transport.sleep(delay).await,
                Step::Done => return exchange.finish(),
            }
        }
    }

    /// Asks for the token of a device until its user has decided (RFC 8628 section 3.4): waits
    /// first, and as long as the server says.
    ///
    /// Dropping the future cancels.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind). The code is `access_denied` when the user refused,
    /// `expired_token` when nobody decided before the codes expired.
    #[cfg(feature = "device")]
    pub async fn poll<R: Request<Provider = P>>(
        &self,
        request: R,
        authorization: &crate::DeviceAuthorization,
    ) -> Result<R::Response, Error<R::Error>> {
        self.drive(crate::protocol::Polling::new(
            &self.settings,
            &request,
            authorization,
        ))
        .await
    }

    pub(crate) async fn drive<D: Drive>(&self, mut drive: D) -> Result<D::Output, Error<D::Body>> {
        loop {
            match drive.step(SystemTime::now()) {
                Step::Send(request) => {
                    let response = self.transport.send(request).await;
                    drive.receive(response, SystemTime::now());
                }
                Step::Wait(delay) => self.transport.sleep(delay).await,
                Step::Done => return drive.finish(),
            }
        }
    }
}
