//! A read of a token at hand allocates nothing. With the feature `tracing`, and nobody who listens,
//! neither.
//!
//! How many instructions a read takes is compared with a recorded number in `tests/instructions`,
//! and how long it takes beside the clock in it is measured by `cargo xtask bench cache`.

use std::alloc::System;
use std::future::pending;
use std::hint::black_box;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cap::Cap;
use futures_util::FutureExt as _;
use tokensmith_cache::{Options, Token, TokenSource, UserTokens, blocking};
use tokensmith_runtime::{
    Any, BlockingTransport, Client, Credentials, Endpoint, EndpointKind, Operation, Parameter,
    Secret, Spawner, TokenRequest, Transport, TransportError, blocking as threads,
};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[Parameter::new("refresh_token").required().secret()]);
static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_operations(&[&CLIENT_CREDENTIALS, &REFRESH_TOKEN]);

/// Responds at once.
#[derive(Clone)]
struct InMemory;

fn response() -> http::Response<Vec<u8>> {
    let body = r#"{"access_token":"t","refresh_token":"r","expires_in":3600,"scope":"a b"}"#;
    http::Response::new(body.as_bytes().to_vec())
}

impl Transport for InMemory {
    async fn send(
        &self,
        _request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(response())
    }

    async fn sleep(&self, _duration: Duration) {
        pending::<()>().await;
    }
}

impl BlockingTransport for InMemory {
    fn send(
        &self,
        _request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(response())
    }
}

fn client() -> Client<Any, InMemory> {
    let credentials = Credentials::new("client", "secret");
    let client = Client::with_transport(InMemory, "https://auth.example.com", credentials);
    client.expect("a client")
}

fn request() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)
}

/// One test at a time: all count what the process asks for.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the token; the first time it comes from the transport, at once.
fn read(source: &TokenSource) -> Token {
    let token = source.token().now_or_never().expect("no wait");
    token.expect("a token")
}

/// How many bytes a thousand reads ask for. What else goes on in the process may ask for some
/// meanwhile, but not each time.
fn allocated(read: impl Fn() -> Token) -> usize {
    let rounds = (0..20).map(|_| {
        let before = ALLOCATOR.total_allocated();
        for _ in 0..1000 {
            let token = read();
            black_box((token.header_value(), token.clone()));
        }
        ALLOCATOR.total_allocated() - before
    });
    rounds.min().expect("rounds")
}

#[track_caller]
fn assert_reads_allocate_nothing(read: impl Fn() -> Token) {
    // The first one gets the token.
    black_box(read());
    assert_eq!(allocated(&read), 0);
    // What would be found otherwise.
    let boxed = || {
        black_box(Box::new(0_u64));
        read()
    };
    assert_eq!(allocated(boxed), 8 * 1000);
}

#[test]
fn a_source_reads_without_an_allocation() {
    let _turn = turn();
    let source = TokenSource::new(&client(), request()).expect("a source");
    assert_reads_allocate_nothing(|| read(&source));
    assert_reads_allocate_nothing(|| source.cached().expect("a token"));
}

#[test]
fn an_observer_changes_nothing() {
    let _turn = turn();
    let options = Options::default().observer(|event| drop(format!("{event:?}")));
    let source = TokenSource::builder(&client()).grant(request());
    let source = source.options(options).build().expect("a source");
    assert_reads_allocate_nothing(|| read(&source));
}

#[test]
fn a_source_of_a_user_reads_without_an_allocation() {
    let _turn = turn();
    let refresh = |token: &Secret| {
        TokenRequest::new(&TOKEN, &REFRESH_TOKEN).secret_parameter("refresh_token", token.clone())
    };
    let threads = Spawner::threads();
    let options = Options::default().spawn(move |work| threads.spawn(work));
    let users = UserTokens::builder(&client(), refresh).options(options);
    let users = users.build().expect("users");
    let source = users.source_with("ada", "refresh-0").expect("a subject");
    pollster::block_on(source.token()).expect("a token");
    assert_reads_allocate_nothing(|| read(&source));
}

#[test]
fn a_blocking_source_reads_without_an_allocation() {
    let _turn = turn();
    let credentials = Credentials::new("client", "secret");
    let url = "https://auth.example.com";
    let client = threads::Client::<Any, _>::with_transport(InMemory, url, credentials);
    let source = blocking::TokenSource::new(&client.expect("a client"), request());
    let source = source.expect("a source");
    assert_reads_allocate_nothing(|| source.token().expect("a token"));
}
