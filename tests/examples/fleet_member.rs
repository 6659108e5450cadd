//! One process of a fleet that shares its tokens through Redis: it needs a valid token all the time, for some seconds, and
//! says how that went.
//!
//! ```text
//! fleet_member REDIS PROVIDER SECONDS
//! ```

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokensmith_cache::{Keyring, Options, Policy, RedisStore, TokenSource};
use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, HyperTransport, Retry, TokenRequest, grants,
};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [redis, provider, seconds] = arguments.as_slice() else {
        return Err("usage: fleet_member REDIS PROVIDER SECONDS".into());
    };
    // So that the provider can tell the processes apart. A header of the client would give each a token of its own.
    let process = std::process::id().to_string();
    let client = Client::<Any, _>::with_transport(
        Named(HyperTransport::new()?, process),
        provider.as_str(),
        Credentials::new("client", "secret"),
    )?;
    let policy = Policy::default().with_lease(Duration::from_secs(1));
    let options = Options::default()
        .policy(policy)
        .store(RedisStore::new(redis)?, Keyring::new("key", [7; 32]));
    let request = TokenRequest::new(&TOKEN, &grants::CLIENT_CREDENTIALS);
    let tokens = TokenSource::builder(&client.retry(Retry::never()))
        .grant(request)
        .options(options)
        .build()?;

    let end = Instant::now() + Duration::from_secs(seconds.parse()?);
    let (mut reads, mut failures, mut expired) = (0_u64, 0_u64, 0_u64);
    while Instant::now() < end {
        // Before the call: whatever holds this process up afterwards, a token must not have been at its end by then.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        match tokens.token().await {
            Ok(token) => {
                reads += 1;
                // The provider writes into each token when it ends.
                let ends: u128 = token
                    .access_token()
                    .rsplit('.')
                    .next()
                    .unwrap_or_default()
                    .parse()?;
                expired += u64::from(now >= ends);
            }
            Err(error) => {
                failures += 1;
                eprintln!("{error}: {:?}", error.exchange());
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!("{reads} {failures} {expired}");
    Ok(())
}

/// A transport that says which process it is.
#[derive(Clone)]
struct Named(HyperTransport, String);

impl tokensmith_runtime::Transport for Named {
    async fn send(
        &self,
        mut request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, tokensmith_runtime::TransportError> {
        if let Ok(name) = self.1.parse() {
            request.headers_mut().insert("x-process", name);
        }
        self.0.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}
