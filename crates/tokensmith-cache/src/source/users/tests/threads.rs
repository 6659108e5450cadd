//! Users of programs without tokio: a request that has left is driven to its end on a thread of its
//! own.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use futures_channel::oneshot;
use tokensmith_runtime::{
    BlockingTransport, Client, Credentials, Spawner, Transport, TransportError, blocking,
};

use super::*;
use crate::{Options, Policy, time};

const KEY: [u8; 32] = [7; 32];

/// A provider that rotates, and holds its responses back until it is let go.
#[derive(Clone, Default)]
struct Provider(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    /// The refresh tokens that came, in their order.
    used: Vec<String>,
    lets_go: bool,
}

impl Provider {
    fn respond(&self, request: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let body = String::from_utf8(request.into_body()).expect("a form");
        let mut form = body.split('&');
        let used = form.find_map(|pair| pair.strip_prefix("refresh_token="));
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.used.push(used.expect("a refresh token").to_owned());
        let number = state.used.len();
        changed.notify_all();
        let patience = Duration::from_secs(60);
        let held = changed.wait_timeout_while(state, patience, |state| !state.lets_go);
        drop(held.unwrap_or_else(PoisonError::into_inner));
        let body = format!(
            r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","expires_in":3600}}"#
        );
        http::Response::new(body.into_bytes())
    }

    fn used(&self) -> Vec<String> {
        let state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.used.clone()
    }

    fn let_go(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lets_go = true;
        changed.notify_all();
    }

    /// Waits until a request has left.
    fn wait_for_a_request(&self) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let patience = Duration::from_secs(60);
        let came = changed.wait_timeout_while(state, patience, |state| state.used.is_empty());
        let (state, _) = came.unwrap_or_else(PoisonError::into_inner);
        assert!(!state.used.is_empty(), "no request has left");
    }
}

impl BlockingTransport for Provider {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(self.respond(request))
    }
}

/// An asynchronous transport that needs no runtime.
#[derive(Clone)]
struct OfThreads(Provider);

impl Transport for OfThreads {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (sender, response) = oneshot::channel();
        let provider = self.0.clone();
        std::thread::spawn(move || drop(sender.send(provider.respond(request))));
        Ok(response.await.expect("a response"))
    }

    async fn sleep(&self, duration: Duration) {
        time::sleep(duration).await;
    }

    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::threads())
    }
}

fn credentials() -> Credentials {
    Credentials::new("client", "S3cret-canary")
}

fn saved(users: &UserTokens, store: &MemoryRefreshTokenStore) -> Option<String> {
    let store = Faulty::new(store.clone());
    stored_token(users, &store)
}

#[test]
fn a_caller_without_tokio_that_gives_up_leaves_the_refresh_to_a_thread() {
    let (provider, store) = (Provider::default(), MemoryRefreshTokenStore::new());
    let transport = OfThreads(provider.clone());
    let client =
        Client::<Any, _>::with_transport(transport, "https://auth.example.com", credentials());
    let users = UserTokens::builder(&client.expect("a client"), refresh)
        .refresh_tokens(store.clone(), Keyring::new("key", KEY));
    let users = users.build().expect("users");
    pollster::block_on(async {
        let source = users.source_with("ada", "refresh-0").expect("a source");
        let asked = Box::pin(source.token());
        let left = Box::pin(async { provider.wait_for_a_request() });
        // The first one gives itself up as soon as it has to wait, and is dropped.
        drop(futures_util::future::select(asked, left).await);
        assert_eq!(provider.used(), ["refresh-0"]);
        // It was stored before it was sent.
        assert_eq!(saved(&users, &store).as_deref(), Some("refresh-0"));
        provider.let_go();
        let left = users.drain(Duration::from_secs(60)).await;
        assert!(left.is_complete(), "{left:?}");
        assert_eq!(saved(&users, &store).as_deref(), Some("refresh-1"));
        let token = users.token("ada").await.expect("at hand");
        assert_eq!(token.access_token(), "access-1");
    });
    assert_eq!(provider.used(), ["refresh-0"]);
}

#[test]
fn a_thread_that_gives_up_leaves_the_refresh_to_another() {
    let (provider, store) = (Provider::default(), MemoryRefreshTokenStore::new());
    let client = blocking::Client::<Any, _>::with_transport(
        provider.clone(),
        "https://auth.example.com",
        credentials(),
    );
    let client = client.expect("a client");
    let policy = Policy::default().with_deadline(Duration::from_millis(1));
    let users = || {
        let builder = crate::blocking::UserTokens::builder(&client, refresh)
            .refresh_tokens(store.clone(), Keyring::new("key", KEY))
            .options(Options::default().policy(policy.clone()));
        crate::blocking::UserTokens::build(builder).expect("users")
    };
    let first = users();
    let source = first.source_with("ada", "refresh-0").expect("a source");
    let error = source.token().expect_err("the provider holds it back");
    assert_eq!(error.kind(), TokenErrorKind::Deadline);
    assert!(error.to_string().contains("goes on"), "{error}");
    assert_eq!(provider.used(), ["refresh-0"]);
    provider.let_go();
    assert!(first.drain(Duration::from_secs(60)).is_complete());
    // Another process finds the next one.
    let token = users().token("ada").expect("a token");
    assert_eq!(token.access_token(), "access-2");
    assert_eq!(provider.used(), ["refresh-0", "refresh-1"]);
}
