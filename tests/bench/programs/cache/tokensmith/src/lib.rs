//! A client of Moov that asks the provider in memory.

use std::future::Future;
use std::time::Duration;

use http::{Request, Response};
use measure::{Failure, Provider};
use tokensmith_moov::{Client, Credentials, Server};
use tokensmith_runtime::{Transport, TransportError};

/// A client that asks this provider.
///
/// # Errors
///
/// If the URL of the provider's server is none.
pub fn client(provider: &Provider) -> Result<Client<InMemory>, Failure> {
    let credentials = Credentials::new("example-client-id", "example-client-secret-not-real");
    let transport = InMemory(provider.clone());
    Ok(Client::with_transport(
        transport,
        Server::default(),
        credentials,
    )?)
}

/// Asks the provider in memory.
#[derive(Debug, Clone)]
pub struct InMemory(Provider);

impl Transport for InMemory {
    async fn send(&self, _request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        Ok(Response::new(self.0.response().await.into_bytes()))
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }
}
