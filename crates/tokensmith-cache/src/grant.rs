//! What a source asks for, whatever the types of its requests.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokensmith_runtime::{
    self as runtime, Client, Endpoint, Error, NoBody, Operation, Parameters, Request, Secret,
    Transport,
};

pub(crate) type Fetched = Result<runtime::Token, Error>;

/// The requests of one source, and the transport that they go over.
pub(crate) trait Grant: Send + Sync {
    /// Asks for a token by the grant that needs no refresh token, where there is one.
    fn full(&self) -> Option<BoxFuture<'_, Fetched>>;

    /// Asks for a token by a refresh token, where that is set up.
    fn refresh<'a>(&'a self, refresh_token: &'a Secret) -> Option<BoxFuture<'a, Fetched>>;

    /// Whether refresh tokens are of any use.
    fn can_refresh(&self) -> bool;

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

type Full<P, T> = dyn Fn(&Client<P, T>) -> BoxFuture<'_, Fetched> + Send + Sync;
type Refresh<P, T> =
    dyn for<'a> Fn(&'a Client<P, T>, &'a Secret) -> BoxFuture<'a, Fetched> + Send + Sync;

/// The requests of a client.
pub(crate) struct Requests<P, T> {
    pub(crate) client: Client<P, T>,
    pub(crate) full: Option<Box<Full<P, T>>>,
    pub(crate) refresh: Option<Box<Refresh<P, T>>>,
}

impl<P: 'static, T: Transport + Send + Sync + 'static> Requests<P, T> {
    pub(crate) fn new(client: Client<P, T>) -> Self {
        Self {
            client,
            full: None,
            refresh: None,
        }
    }

    pub(crate) fn set_full<R>(&mut self, request: R)
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        let request = std::sync::Arc::new(request);
        self.full = Some(Box::new(move |client| {
            let request = std::sync::Arc::clone(&request);
            Box::pin(async move { client.send(AsToken(&*request)).await })
        }));
    }

    pub(crate) fn set_refresh<R>(&mut self, make: impl Fn(&Secret) -> R + Send + Sync + 'static)
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        self.refresh = Some(Box::new(move |client, refresh_token| {
            let request = make(refresh_token);
            Box::pin(async move { client.send(AsToken(&request)).await })
        }));
    }
}

impl<P: 'static, T: Transport + Send + Sync + 'static> Grant for Requests<P, T> {
    fn full(&self) -> Option<BoxFuture<'_, Fetched>> {
        self.full.as_ref().map(|full| full(&self.client))
    }

    fn refresh<'a>(&'a self, refresh_token: &'a Secret) -> Option<BoxFuture<'a, Fetched>> {
        let refresh = self.refresh.as_ref()?;
        Some(refresh(&self.client, refresh_token))
    }

    fn can_refresh(&self) -> bool {
        self.refresh.is_some()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.client.transport().sleep(duration))
    }
}

/// A request whose answer is read as any token: what a cache needs is the same for all of them.
pub(crate) struct AsToken<'r, R>(pub(crate) &'r R);

impl<R: Request> Request for AsToken<'_, R> {
    type Provider = R::Provider;
    type Response = runtime::Token;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        self.0.endpoint()
    }

    fn operation(&self) -> &Operation<'_> {
        self.0.operation()
    }

    fn path(&self) -> &str {
        self.0.path()
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        self.0.parameters(parameters);
    }
}
