//! What a source asks for, whatever the types of its requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokensmith_runtime::{
    self as runtime, Client, Endpoint, Error, NoBody, Operation, Parameters, Request, Secret,
    Spawner, Transport, protocol,
};

pub(crate) type Fetched = Result<runtime::Token, Error>;

/// Asked immediately before a request is sent.
pub(crate) type MaySend<'a> = &'a (dyn Fn() -> BoxFuture<'a, bool> + Send + Sync);

/// The requests of one source, and the transport that they go over.
pub(crate) trait Grant: Send + Sync {
    /// Asks for a token by the grant that needs no refresh token, where there is one.
    fn full<'a>(&'a self, may_send: MaySend<'a>) -> Option<BoxFuture<'a, Fetched>>;

    /// Whether that carries something that can be used once.
    fn is_one_time(&self) -> bool;

    /// Asks for a token by a refresh token, where that is set up.
    fn refresh<'a>(
        &'a self,
        refresh_token: &'a Secret,
        may_send: MaySend<'a>,
    ) -> Option<BoxFuture<'a, Fetched>>;

    /// Revokes a token (RFC 7009), where that is set up.
    fn revoke<'a>(&'a self, token: &'a Secret) -> Option<BoxFuture<'a, Result<(), Error>>>;

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;

    fn spawner(&self) -> Option<Spawner>;

    /// What errors call the provider.
    fn provider(&self) -> &Arc<str>;
}

/// Grants whose codes are good for one token (RFC 6749 section 4.1.2, RFC 8628 section 3.5).
const SPENT_BY_USE: [&str; 2] = [
    "authorization_code",
    "urn:ietf:params:oauth:grant-type:device_code",
];

type Full<P, T> =
    dyn for<'a> Fn(&'a Client<P, T>, MaySend<'a>) -> BoxFuture<'a, Fetched> + Send + Sync;
type Refresh<P, T> = dyn for<'a> Fn(&'a Client<P, T>, &'a Secret, MaySend<'a>) -> BoxFuture<'a, Fetched>
    + Send
    + Sync;
type Revoke<P, T> =
    dyn for<'a> Fn(&'a Client<P, T>, &'a Secret) -> BoxFuture<'a, Result<(), Error>> + Send + Sync;

/// The requests of a client.
pub(crate) struct Requests<P, T> {
    pub(crate) client: Client<P, T>,
    pub(crate) full: Option<Box<Full<P, T>>>,
    pub(crate) refresh: Option<Box<Refresh<P, T>>>,
    pub(crate) revoke: Option<Box<Revoke<P, T>>>,
    /// Whether the grant that needs no refresh token carries something that can be used once.
    is_one_time: bool,
    /// Whether that was used.
    is_spent: AtomicBool,
    provider: Arc<str>,
}

impl<P: 'static, T: Transport + Send + Sync + 'static> Requests<P, T> {
    pub(crate) fn new(client: Client<P, T>) -> Self {
        Self {
            client,
            full: None,
            refresh: None,
            revoke: None,
            is_one_time: false,
            is_spent: AtomicBool::new(false),
            provider: Arc::default(),
        }
    }

    /// Names the provider in errors as those of this request do.
    pub(crate) fn set_provider<R: Request>(&mut self, request: &R) {
        self.provider = protocol::provider_name(self.client.settings(), request).into();
    }

    pub(crate) fn set_full<R>(&mut self, request: R)
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        self.set_provider(&request);
        let grant = request.operation().grant_type();
        self.is_one_time = grant.is_some_and(|grant| SPENT_BY_USE.contains(&grant));
        let request = Arc::new(request);
        self.full = Some(Box::new(move |client, may_send| {
            let request = Arc::clone(&request);
            Box::pin(async move { client.send_if(AsToken(&*request), may_send).await })
        }));
    }

    pub(crate) fn set_refresh<R>(&mut self, make: impl Fn(&Secret) -> R + Send + Sync + 'static)
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        self.refresh = Some(Box::new(move |client, refresh_token, may_send| {
            let request = make(refresh_token);
            Box::pin(async move { client.send_if(AsToken(&request), may_send).await })
        }));
    }

    pub(crate) fn set_revoke<R>(&mut self, make: impl Fn(&Secret) -> R + Send + Sync + 'static)
    where
        R: Request<Provider = P> + Send + Sync + 'static,
    {
        self.revoke = Some(Box::new(move |client, token| {
            let request = make(token);
            Box::pin(async move { client.send(AsDone(&request)).await })
        }));
    }
}

impl<P: 'static, T: Transport + Send + Sync + 'static> Grant for Requests<P, T> {
    fn full<'a>(&'a self, may_send: MaySend<'a>) -> Option<BoxFuture<'a, Fetched>> {
        let full = self.full.as_ref()?(&self.client, may_send);
        if !self.is_one_time {
            return Some(full);
        }
        let is_spent = self.is_spent.load(Ordering::Relaxed);
        (!is_spent).then(|| -> BoxFuture<'a, Fetched> {
            Box::pin(async move {
                let fetched = full.await;
                let may_be_spent = |error: &Error| error.may_have_been_sent();
                if fetched.as_ref().map_or_else(may_be_spent, |_| true) {
                    self.is_spent.store(true, Ordering::Relaxed);
                }
                fetched
            })
        })
    }

    fn is_one_time(&self) -> bool {
        self.is_one_time
    }

    fn refresh<'a>(
        &'a self,
        refresh_token: &'a Secret,
        may_send: MaySend<'a>,
    ) -> Option<BoxFuture<'a, Fetched>> {
        let refresh = self.refresh.as_ref()?;
        Some(refresh(&self.client, refresh_token, may_send))
    }

    fn revoke<'a>(&'a self, token: &'a Secret) -> Option<BoxFuture<'a, Result<(), Error>>> {
        let revoke = self.revoke.as_ref()?;
        Some(revoke(&self.client, token))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.client.transport().sleep(duration))
    }

    fn spawner(&self) -> Option<Spawner> {
        self.client.transport().spawner()
    }

    fn provider(&self) -> &Arc<str> {
        &self.provider
    }
}

// A request whose response is read in one way, whatever its type: what a cache needs is the same for all of them.
macro_rules! read_as {
    ($(#[$doc:meta])* $name:ident, $response:ty) => {
        $(#[$doc])*
        pub(crate) struct $name<'r, R>(pub(crate) &'r R);

        impl<R: Request> Request for $name<'_, R> {
            type Provider = R::Provider;
            type Response = $response;
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
    };
}

read_as!(
    /// A request whose response is any token.
    AsToken,
    runtime::Token
);
read_as!(
    /// A request whose response holds nothing.
    AsDone,
    ()
);
