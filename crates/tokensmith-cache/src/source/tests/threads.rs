//! Sources for threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokensmith_runtime::{Any, BlockingTransport, Credentials, TransportError, blocking};

use super::*;
#[cfg(feature = "file")]
use crate::{FileStore, Keyring, Options};

/// A transport with a made-up response, which takes so long, and how often it was used.
#[derive(Clone, Default)]
struct Counted {
    latency: Duration,
    requests: Arc<AtomicUsize>,
}

impl BlockingTransport for Counted {
    fn send(
        &self,
        _request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        thread::sleep(self.latency);
        let body = br#"{"access_token":"t","expires_in":3600}"#;
        Ok(http::Response::new(body.to_vec()))
    }
}

fn client(transport: &Counted) -> blocking::Client<Any, Counted> {
    let credentials = Credentials::new("id", "secret");
    let client = blocking::Client::with_transport(
        transport.clone(),
        "https://auth.example.com",
        credentials,
    );
    client.expect("a client")
}

#[test]
fn threads_share_one_request() {
    let transport = Counted {
        // Time for the others to come.
        latency: SECOND / 5,
        ..Counted::default()
    };
    let source = crate::blocking::TokenSource::new(&client(&transport), request());
    let source = source.expect("a source");
    thread::scope(|scope| {
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(|| source.token())).collect();
        for thread in threads {
            let token = thread.join().expect("no panic").expect("a token");
            assert_eq!(token.access_token(), "t");
        }
    });
    assert_eq!(transport.requests.load(Ordering::SeqCst), 1);
}

#[cfg(feature = "file")]
#[test]
fn processes_share_a_token_through_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let transport = Counted::default();
    for _ in 0..3 {
        let store = FileStore::new(folder.path().join("tokens")).expect("a store");
        let options = Options::default().store(store, Keyring::new("key", [7; 32]));
        let builder = crate::blocking::TokenSource::builder(&client(&transport));
        let builder = builder.grant(request()).options(options);
        let source = crate::blocking::TokenSource::build(builder).expect("a source");
        assert_eq!(source.token().expect("a token").access_token(), "t");
    }
    assert_eq!(transport.requests.load(Ordering::SeqCst), 1);
}

#[cfg(all(feature = "file", feature = "redis"))]
#[tokio::test]
async fn a_store_that_needs_a_runtime_is_refused_with_the_reason() {
    let store = crate::RedisStore::new("redis://localhost:1").expect("a store");
    let options = Options::default().store(store, Keyring::new("key", [7; 32]));
    let builder = crate::blocking::TokenSource::builder(&client(&Counted::default()));
    let builder = builder.grant(request()).options(options);
    let error = crate::blocking::TokenSource::build(builder).expect_err("no runtime");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    assert!(error.to_string().contains("tokio"), "{error}");
}
