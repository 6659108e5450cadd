//! The client for programs without an asynchronous runtime.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use crate::client::definition::client;
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

    /// Asks for the token of a device until its user has decided (RFC 8628 section 3.4), as
    /// [`Client::poll`](crate::Client::poll) does. To be able to cancel, drive a
    /// [`Polling`](crate::protocol::Polling).
    ///
    /// # Errors
    ///
    /// As there.
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
