//! One process of a fleet that has the tokens of many users: refresh tokens in PostgreSQL, Redis or
//! files, access tokens in Redis. It signs some of them in, then asks for tokens of all of them, at
//! random, and says how that went.
//!
//! ```text
//! users_member '{"store": {"postgres": URL}, {"redis": URL} or {"files": FOLDER}, "redis": URL or null, "provider": URL, "log": FILE, "users": N,
//!     "sign_in": [FIRST, END], "seconds": S, "lease": SECONDS, "lets_everybody_in": false}'
//! ```
//!
//! It prints `ready` when they are signed in and waits for a line, then a JSON object of counts.

mod log;
mod noted_store;
mod store;
mod transport;

use std::io::BufRead as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::{TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokensmith_cache::{
    FileStore, Keyring, Options, Policy, PostgresStore, RedisStore, RefreshTokenStore, TokenError,
    TokenErrorKind, UserTokens,
};
use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, Retry, Secret, TokenRequest, grants,
};

use self::log::Log;
use self::noted_store::NotedStore;

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

/// How many tasks ask for tokens.
const TASKS: u64 = 12;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Where refresh tokens are.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Store {
    Postgres(String),
    Redis(String),
    Files(PathBuf),
}

#[derive(Deserialize)]
struct Settings {
    store: Store,
    redis: Option<String>,
    provider: String,
    log: PathBuf,
    users: u64,
    sign_in: (u64, u64),
    seconds: u64,
    lease: f64,
    lets_everybody_in: bool,
}

/// How often what happened.
#[derive(Default, Serialize)]
struct Counts {
    tokens: u64,
    cancelled: u64,
    signed_out: u64,
    failed: u64,
    /// Tokens that had expired before they were asked for.
    expired: u64,
    /// Tokens of another user.
    foreign: u64,
    /// Refresh tokens that were not saved in the end.
    unsaved: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = std::env::args().nth(1).ok_or("usage: users_member JSON")?;
    let settings: Settings = serde_json::from_str(&settings)?;
    let log = Log::open(&settings.log)?;
    let client = Client::<Any, _>::with_transport(
        transport::Noted::new(log.clone())?,
        settings.provider.as_str(),
        Credentials::new("client", "secret"),
    )?
    .retry(Retry::never());
    let users = tokens(&settings, &client, log.clone())?;
    sign_in(&settings, &client, &users).await?;

    println!("ready");
    tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().next()).await?;

    let end = Instant::now() + Duration::from_secs(settings.seconds);
    let tasks = (0..TASKS).map(|task| {
        let seed = u64::from(std::process::id()) << 8 | task;
        let log = log.clone();
        tokio::spawn(ask(users.clone(), settings.users, Random(seed), end, log))
    });
    let mut counts = Counts::default();
    for task in tasks.collect::<Vec<_>>() {
        counts.add(&task.await?);
    }
    counts.unsaved = users.drain(Duration::from_secs(10)).await.unsaved;
    println!("{}", serde_json::to_string(&counts)?);
    Ok(())
}

fn tokens(
    settings: &Settings,
    client: &Client<Any, transport::Noted>,
    log: Log,
) -> Result<UserTokens, Failure> {
    let keyring = || Keyring::new("key", [7; 32]);
    let policy = Policy::default()
        .with_lease(Duration::from_secs_f64(settings.lease))
        // A machine that does other things beside is slow.
        .with_store_timeout(Duration::from_secs(2))
        .with_cool_down(Duration::from_millis(200), Duration::from_secs(1));
    let options = Options::default().policy(policy);
    // Redis has leases, too: without it, sections alone exclude others.
    let options = match &settings.redis {
        Some(redis) => options.store(RedisStore::new(redis)?, keyring()),
        None => options,
    };
    let store: Arc<dyn RefreshTokenStore> = match &settings.store {
        Store::Postgres(url) => Arc::new(PostgresStore::new(url)?),
        Store::Redis(url) => Arc::new(RedisStore::new(url)?),
        Store::Files(folder) => Arc::new(FileStore::new(folder)?),
    };
    let refresh = |token: &Secret| {
        TokenRequest::new(&TOKEN, &grants::REFRESH_TOKEN)
            .secret_parameter("refresh_token", token.clone())
    };
    let users = UserTokens::builder(client, refresh).options(options);
    let users = if settings.lets_everybody_in {
        let store = store::LetsEverybodyIn(store);
        users.refresh_tokens(NotedStore { store, log }, keyring())
    } else {
        users.refresh_tokens(NotedStore { store, log }, keyring())
    };
    Ok(users.build()?)
}

async fn sign_in(
    settings: &Settings,
    client: &Client<Any, transport::Noted>,
    users: &UserTokens,
) -> Result<(), Failure> {
    let (first, end) = settings.sign_in;
    stream::iter((first..end).map(Ok::<_, Failure>))
        .try_for_each_concurrent(16, async |user| {
            let code = TokenRequest::new(&TOKEN, &grants::AUTHORIZATION_CODE)
                .secret_parameter("code", user.to_string());
            users.sign_in_by(&user.to_string(), client, code).await?;
            Ok(())
        })
        .await
}

/// Asks for tokens of users, one after the other; gives up on a third of them.
async fn ask(users: UserTokens, count: u64, mut random: Random, end: Instant, log: Log) -> Counts {
    let mut counts = Counts::default();
    while Instant::now() < end {
        let user = random.below(count);
        let subject = user.to_string();
        let patience = match random.below(3) {
            0 => Duration::from_millis(random.below(40)),
            _ => Duration::from_secs(30),
        };
        // Before the call: whatever holds this process up afterwards, a token must not have expired by then.
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        match tokio::time::timeout(patience, users.token(&subject)).await {
            Err(_) => counts.cancelled += 1,
            Ok(Ok(token)) => counts.check(token.access_token(), &subject, now.as_millis()),
            Ok(Err(error)) => counts.failed(&error, &subject, &log),
        }
    }
    counts
}

impl Counts {
    fn check(&mut self, token: &str, user: &str, now: u128) {
        let mut parts = token.split('.').skip(1);
        self.tokens += 1;
        self.foreign += u64::from(parts.next() != Some(user));
        let ends = parts.nth(1).and_then(|ends| ends.parse::<u128>().ok());
        self.expired += u64::from(ends.is_none_or(|ends| ends <= now));
    }

    fn failed(&mut self, error: &TokenError, user: &str, log: &Log) {
        match error.kind() {
            TokenErrorKind::UserRequired => {
                if self.signed_out == 0 {
                    eprintln!("{error}");
                }
                log.write(&format!("signed_out {user}"));
                self.signed_out += 1;
            }
            _ => self.failed += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.tokens += other.tokens;
        self.cancelled += other.cancelled;
        self.signed_out += other.signed_out;
        self.failed += other.failed;
        self.expired += other.expired;
        self.foreign += other.foreign;
    }
}

/// Numbers that are different in each task, and good enough for that (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }
}
