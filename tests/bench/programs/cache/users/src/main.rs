//! Refreshes of many users' tokens, by a provider in memory that rotates refresh tokens: access tokens in the Redis at a URL, the
//! program's first argument, and refresh tokens in PostgreSQL, in Redis or in memory. Gives the refreshes per second with each.

// The server that the tests start. With a disk that is asked for each commit.
#[expect(dead_code, reason = "tests kill and restart it, and share it")]
#[path = "../../../../../src/postgres.rs"]
mod postgres;

use std::env;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use http::{Request, Response};
use measure::Failure;
use tokensmith_cache::{
    Keyring, MemoryRefreshTokenStore, Options, Policy, PostgresStore, RedisStore,
    RefreshTokenStore, UserTokens,
};
use tokensmith_moov::{Client, ClientCredentials, Credentials, RefreshToken, Server};
use tokensmith_runtime::{Transport, TransportError};

use self::postgres::Postgres;

/// How many users there are.
const USERS: u64 = 4000;
/// How many tasks ask for their tokens at once.
const TASKS: u64 = 64;
const THREADS: usize = 2;
/// How long the access tokens live: all have expired before they are asked for.
const LIFETIME: Duration = Duration::from_secs(1);

fn main() -> Result<(), Failure> {
    let redis = env::args().nth(1).ok_or("usage: PROGRAM REDIS")?;
    let postgres = Postgres::start_durable();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = PostgresStore::new(&postgres.database())?;
        store.migrate().await?;
        let by_postgres = measure_refreshes(&redis, store).await?;
        let by_redis = measure_refreshes(&redis, RedisStore::new(&redis)?).await?;
        let by_memory = measure_refreshes(&redis, MemoryRefreshTokenStore::new()).await?;
        println!("{by_postgres:.0} {by_redis:.0} {by_memory:.0}");
        Ok(())
    })
}

/// Signs all users in, waits until their access tokens have expired, and has all refreshed once.
async fn measure_refreshes(
    redis: &str,
    store: impl RefreshTokenStore + 'static,
) -> Result<f64, Failure> {
    let provider = Rotating::default();
    let credentials = Credentials::new("example-client-id", "example-client-secret-not-real");
    let client = Client::with_transport(provider.clone(), Server::default(), credentials);
    let client = client?;
    let keyring = || Keyring::new("example", [7; 32]);
    let options = Options::default()
        .policy(Policy::default().with_store_timeout(Duration::from_secs(5)))
        .spawn(|work| drop(tokio::spawn(work)))
        .store(RedisStore::new(redis)?, keyring());
    let users = UserTokens::builder(&client, |token| RefreshToken::new(token.clone()))
        .refresh_tokens(store, keyring())
        .options(options)
        .build()?;
    let first = client.send(ClientCredentials::new()).await?;
    for user in 0..USERS {
        users.sign_in(&user.to_string(), &first).await?;
    }
    tokio::time::sleep(LIFETIME).await;
    let before = provider.responses();
    let start = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let users = users.clone();
            tokio::spawn(async move {
                for user in (task..USERS).step_by(TASKS as usize) {
                    users.token(&user.to_string()).await?;
                }
                Ok::<_, Failure>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let elapsed = start.elapsed();
    let refreshes = provider.responses() - before;
    if refreshes != USERS {
        return Err(format!("{refreshes} refreshes of {USERS} users").into());
    }
    Ok(USERS as f64 / elapsed.as_secs_f64())
}

/// A provider in memory that gives another refresh token each time.
#[derive(Debug, Clone, Default)]
struct Rotating(Arc<AtomicU64>);

impl Rotating {
    fn responses(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Transport for Rotating {
    async fn send(&self, _request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let number = self.0.fetch_add(1, Relaxed);
        let body = format!(
            r#"{{"access_token":"example-access-token-{number}","expires_in":{},"refresh_token":"example-refresh-token-{number}","scope":"example","token_type":"Bearer"}}"#,
            LIFETIME.as_secs()
        );
        Ok(Response::new(body.into_bytes()))
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }
}
