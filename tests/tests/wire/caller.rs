//! The asynchronous and the blocking client, which every test uses alike.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokensmith_runtime::{
    BlockingTransport, BodyFormat, Client, ClientAuth, Credentials, DefaultBlockingTransport,
    DefaultTransport, Error, Provider, Request, Retry, Transport, TransportError, blocking,
};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};

/// Which client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Asynchronous,
    Blocking,
}

/// Runs a test with either client, and says which one it was when it fails.
pub(crate) fn both(test: impl Fn(Kind)) {
    for kind in [Kind::Asynchronous, Kind::Blocking] {
        println!("with the client: {kind:?}");
        test(kind);
    }
}

/// Sends for real, and notes the waits in place of waiting.
#[derive(Clone)]
struct Impatient<T> {
    inner: T,
    waits: Waits,
}

type Waits = Arc<Mutex<Vec<Duration>>>;

fn note(waits: &Waits, duration: Duration) {
    waits
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(duration);
}

impl<T: Transport + Sync> Transport for Impatient<T> {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.inner.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        note(&self.waits, duration);
    }
}

impl<T: BlockingTransport> BlockingTransport for Impatient<T> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.inner.send(request)
    }

    fn sleep(&self, duration: Duration) {
        note(&self.waits, duration);
    }
}

/// A client of either kind, which does not try again unless told to.
pub(crate) struct Caller<P> {
    client: Either<P>,
    waits: Waits,
}

enum Either<P> {
    Asynchronous(Client<P, Impatient<DefaultTransport>>),
    Blocking(blocking::Client<P, Impatient<DefaultBlockingTransport>>),
}

/// Does the same with whichever client it is.
macro_rules! map {
    ($caller:expr, $client:ident => $change:expr) => {{
        let Caller { client, waits } = $caller;
        let client = match client {
            Either::Asynchronous($client) => Either::Asynchronous($change),
            Either::Blocking($client) => Either::Blocking($change),
        };
        Caller { client, waits }
    }};
}

impl<P: Provider> Caller<P>
where
    P::Server: Default,
{
    /// A client with the credentials that the endpoints know.
    pub(crate) fn new(kind: Kind, url: &str) -> Self {
        Self::with_credentials(kind, url, Credentials::new(CLIENT_ID, CLIENT_SECRET))
    }

    /// A client of another name.
    pub(crate) fn with_credentials(kind: Kind, url: &str, credentials: Credentials) -> Self {
        let (waits, server) = (Waits::default(), P::Server::default());
        let client = match kind {
            Kind::Asynchronous => {
                let inner = DefaultTransport::new().expect("a transport");
                let transport = Impatient {
                    inner,
                    waits: Arc::clone(&waits),
                };
                Either::Asynchronous(
                    Client::with_transport(transport, server, credentials).expect("a client"),
                )
            }
            Kind::Blocking => {
                let inner = DefaultBlockingTransport::new().expect("a transport");
                let transport = Impatient {
                    inner,
                    waits: Arc::clone(&waits),
                };
                Either::Blocking(
                    blocking::Client::with_transport(transport, server, credentials)
                        .expect("a client"),
                )
            }
        };
        let caller = Self { client, waits };
        map!(caller, client => client.base_url(url).expect("a URL").retry(Retry::never()))
    }
}

impl<P: Provider> Caller<P> {
    pub(crate) fn client_auth(self, client_auth: ClientAuth) -> Self {
        map!(self, client => client.client_auth(client_auth))
    }

    pub(crate) fn format(self, format: BodyFormat) -> Self {
        map!(self, client => client.format(format))
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        map!(self, client => client.header(name, value).expect("a header"))
    }

    pub(crate) fn retry(self, retry: Retry) -> Self {
        map!(self, client => client.retry(retry))
    }

    pub(crate) fn send<R: Request<Provider = P>>(
        &self,
        request: R,
    ) -> Result<R::Response, Error<R::Error>> {
        match &self.client {
            Either::Asynchronous(client) => block_on(client.send(request)),
            Either::Blocking(client) => client.send(request),
        }
    }

    /// The waits so far, none of which was waited.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl<P> Clone for Caller<P> {
    fn clone(&self) -> Self {
        let client = match &self.client {
            Either::Asynchronous(client) => Either::Asynchronous(client.clone()),
            Either::Blocking(client) => Either::Blocking(client.clone()),
        };
        Self {
            client,
            waits: Arc::clone(&self.waits),
        }
    }
}

/// Runs a future to its end, as a program with tokio does.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    runtime.block_on(future)
}
