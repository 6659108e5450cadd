//! The cache of `yup-oauth2`, by the flow of an authorized user over connections in memory.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use measure::{Cache, Failure, Provider};
use tokio::io::DuplexStream;
use tower_service::Service;
use yup_oauth2::authenticator::Authenticator;
use yup_oauth2::authorized_user::AuthorizedUserSecret;
use yup_oauth2::{AuthorizedUserAuthenticator, CustomHyperClientBuilder};

fn main() -> Result<(), Failure> {
    measure::run::<Yup>()
}

struct Yup(Authenticator<InMemory>);

impl Cache for Yup {
    async fn empty(provider: &Provider) -> Result<Self, Failure> {
        let secret = AuthorizedUserSecret {
            client_id: "example-client-id".to_owned(),
            client_secret: "example-client-secret-not-real".to_owned(),
            refresh_token: "example-refresh-token-not-real".to_owned(),
            key_type: "authorized_user".to_owned(),
        };
        let client = Client::builder(TokioExecutor::new()).build(InMemory(provider.clone()));
        let client = CustomHyperClientBuilder::from(client);
        let builder = AuthorizedUserAuthenticator::with_client(secret, client);
        Ok(Self(builder.build().await?))
    }

    async fn read(&self) -> Result<usize, Failure> {
        let token = self.0.token(&["example"]).await?;
        Ok(token.token().unwrap_or_default().len())
    }
}

/// Connects to the provider, whatever the URL says.
#[derive(Clone)]
struct InMemory(Provider);

impl Service<Uri> for InMemory {
    type Response = Pipe;
    type Error = io::Error;
    type Future = Ready<io::Result<Pipe>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _url: Uri) -> Self::Future {
        let (here, there) = tokio::io::duplex(4096);
        tokio::spawn(self.0.clone().serve(there));
        ready(Ok(Pipe(TokioIo::new(here))))
    }
}

/// A connection in memory.
struct Pipe(TokioIo<DuplexStream>);

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
