//! Sending a browser away, after the request was pushed (RFC 9126) where the provider takes it.

use crate::protocol::{Exchange, PushedAuthorizationRequest};
use crate::{
    Authorization, AuthorizationRequest, BlockingTransport, Client, Error, Provider, Transport,
    blocking,
};

impl<P: Provider, T: Transport> Client<P, T> {
    /// Makes the URL to send a user's browser to, as [`authorization_url`](Self::authorization_url)
    /// does. Where the provider has an endpoint for it, the request is pushed: its parameters are
    /// sent there, and the URL has a reference to them (RFC 9126).
    ///
    /// # Errors
    ///
    /// As there, and as for [`send`](Self::send) if the request is pushed.
    pub async fn authorize<R>(&self, request: &R) -> Result<Authorization, Error>
    where
        R: AuthorizationRequest<Provider = P>,
    {
        match PushedAuthorizationRequest::<P>::new(self.settings(), request)? {
            None => self.authorization_url(request),
            Some(pushed) => {
                let exchange = Exchange::new(self.settings(), &pushed);
                let response = self.drive(exchange).await?;
                pushed.into_authorization(&response)
            }
        }
    }
}

impl<P: Provider, T: BlockingTransport> blocking::Client<P, T> {
    /// Makes the URL to send a user's browser to, and pushes the request where the provider has an
    /// endpoint for it: see [`Client::authorize`](crate::Client::authorize).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn authorize<R>(&self, request: &R) -> Result<Authorization, Error>
    where
        R: AuthorizationRequest<Provider = P>,
    {
        match PushedAuthorizationRequest::<P>::new(self.settings(), request)? {
            None => self.authorization_url(request),
            Some(pushed) => {
                let response = self.drive(Exchange::new(self.settings(), &pushed))?;
                pushed.into_authorization(&response)
            }
        }
    }
}
