//! Tokens that a fleet shares through Redis or Valkey.

use std::fmt;
use std::future::{Future, ready};
use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisError, Script, ScriptInvocation};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::operation::{Detached, LIMIT};
use super::state::{LONGEST, TOMBSTONE};
use super::{Begin, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version};

mod refresh_tokens;

/// A store in Redis, or Valkey: one server, or a cluster by a `redis::cluster_async::ClusterConnection`. Clones use the same
/// connection. Needs a tokio runtime, which drives its operations whoever waits for them: on another runtime, or on a thread.
///
/// Each operation is one script over keys with one hash tag, so that it is atomic on a cluster too. Times are the server's:
/// machines need no common clock. Access tokens are under `{PREFIX:NAME}`: `:token`, with a time to live, `:lease` and `:wait`.
/// An eviction policy such as `volatile-ttl` does no harm to them.
///
/// If a node of a cluster is down, the access tokens of its hash slots are done without, and those of others are not. Which
/// node has a slot is not known here, so this is found out for 64 neighbouring slots at a time: each time the first operation
/// in such a group fails, the group is done without for two seconds.
///
/// # Refresh tokens
///
/// As a [`RefreshTokenStore`](crate::RefreshTokenStore), it has a hash for each user, `{PREFIX:NAME}:refresh`, without a time
/// to live as long as there is a value; an hour after it was deleted, the rest goes too. Its fields: `value`, the encrypted refresh token; `section`, `ends` and `mark`, the section that somebody has, its
/// deadline and which call began it; `last`, the highest number that was given to a section; `confirmed` and `saved`, the
/// sections that did so last; `put`, which call of `put` or `delete` came last.
///
/// Redis keeps what it is configured to keep. With `appendonly yes` and `appendfsync always` a token that was saved survives a
/// crash; otherwise the last ones are lost, and with `save ""` all of them. A replica that takes over has not got the last
/// ones either (`min-replicas-to-write` makes that rarer). Whoever's refresh token is lost has to sign in again; where an
/// older one is back, it is used a second time. `maxmemory-policy` has to be `noeviction` or one of `volatile-*`, which evict
/// only keys with a time to live. Under `allkeys-*` a user's hash may be evicted: value, section and numbers go together, so
/// that a holder can neither confirm nor save, nothing is used twice, and the user has to sign in again. A Redis that is full
/// fails, and nothing is sent meanwhile. Where all that is too much to ask of it, use `PostgresStore`.
#[derive(Clone)]
pub struct RedisStore<C = ConnectionManager> {
    connection: C,
    prefix: String,
    /// Or why there is none.
    detached: Result<Detached, StoreError>,
}

static BEGIN: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/begin.lua")));
static RENEW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/renew.lua")));
static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/put.lua")));
static FAIL: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/fail.lua")));
static DELETE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/delete.lua")));

impl RedisStore {
    /// A store at a URL such as `redis://localhost` or `redis://user:password@host:6379/0`. It connects when it is first
    /// used, and again whenever the connection is lost: a program starts without its Redis.
    ///
    /// # Errors
    ///
    /// If the URL is invalid, or outside a tokio runtime.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let client =
            Client::open(url).map_err(|_| StoreError::new("this URL of a Redis is invalid"))?;
        // Without a runtime, the connection manager would panic.
        Detached::here()?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(LIMIT))
            .set_response_timeout(Some(LIMIT))
            // Who asks may ask again.
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(Self::with_connection(connection.map_err(StoreError::new)?))
    }
}

impl<C> RedisStore<C> {
    /// Creates a store over a connection that is there already, with the timeouts that it has. Outside a tokio runtime, its
    /// operations fail.
    pub fn with_connection(connection: C) -> Self {
        Self {
            connection,
            prefix: "tokensmith".to_owned(),
            detached: Detached::here(),
        }
    }

    /// Sets what the names begin with: `tokensmith` unless set. Without braces, which mark what a cluster keeps together.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisStore<C> {
    fn run<'a, T: Send + 'static>(
        &'a self,
        operation: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> StoreFuture<'a, T> {
        self.run_or_undo(operation, |_| ready(()))
    }

    /// Gives to `undo` what a caller who has left did not get.
    fn run_or_undo<'a, T, U>(
        &'a self,
        operation: impl Future<Output = Result<T, StoreError>> + Send + 'static,
        undo: impl FnOnce(T) -> U + Send + 'static,
    ) -> StoreFuture<'a, T>
    where
        T: Send + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        Box::pin(async move {
            let detached = self.detached.clone()?;
            detached.run_or_undo(operation, undo).await
        })
    }

    fn needs_its_runtime(&self) -> bool {
        self.detached
            .as_ref()
            .is_ok_and(Detached::is_driven_by_callers)
    }

    /// What the keys of a name begin with. A cluster keeps what has the same braces on one machine.
    fn tag(&self, name: &StoreName) -> String {
        format!("{{{}:{}}}", self.prefix, name.as_str())
    }

    async fn token<T: FromRedisValue>(
        self,
        script: &'static Script,
        name: StoreName,
        version: Option<Version>,
        duration: Duration,
        last: Option<Vec<u8>>,
    ) -> Result<T, StoreError> {
        let tag = self.tag(&name);
        let mut invocation = script.prepare_invoke();
        for part in ["token", "lease", "wait"] {
            invocation.key(format!("{tag}:{part}"));
        }
        invocation.arg(version.map_or_else(String::new, |version| version.0.to_string()));
        invocation.arg(milliseconds(duration));
        if let Some(last) = last {
            invocation.arg(last);
        }
        self.invoke(&invocation).await
    }

    async fn invoke<T: FromRedisValue>(
        &self,
        invocation: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        match invocation.invoke_async(&mut connection).await {
            // That it is gone is found out only by using it. The second try has a new one; if the first one was carried out
            // after all, it gives the same: every script may run twice. A server that is only slow is not asked twice.
            Err(error) if is_gone(&error) => invocation.invoke_async(&mut connection).await,
            outcome => outcome,
        }
        .map_err(store_error)
    }

    async fn begin_lease(
        self,
        name: StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> Result<Begin, StoreError> {
        let mark = Some(mark()?.to_vec());
        let (what, version, value, milliseconds): (String, u64, Vec<u8>, u64) =
            self.token(&BEGIN, name, known, lease, mark).await?;
        let (version, time) = (Version(version), Duration::from_millis(milliseconds));
        match what.as_str() {
            "found" => Ok(Begin::Found(Stored {
                version,
                value,
                remaining: time,
            })),
            "leased" => Ok(Begin::Leased(version)),
            "held" => Ok(Begin::Held(time)),
            "wait" => Ok(Begin::CoolingDown(time)),
            _ => Err(StoreError::new(
                "Redis: the script returned what it never returns",
            )),
        }
    }
}

/// Whether the connection is gone.
fn is_gone(error: &RedisError) -> bool {
    error.is_io_error() && !error.is_timeout()
}

/// A millisecond at least, and no longer than the server can add to the time.
fn milliseconds(duration: Duration) -> u64 {
    let milliseconds = duration.min(LONGEST).as_millis();
    u64::try_from(milliseconds).unwrap_or(u64::MAX).max(1)
}
/// The server's own refusals are of what is under the key; all else is of the connection.
fn store_error(error: RedisError) -> StoreError {
    let is_of_one_entry = error
        .code()
        .is_some_and(|code| ["ERR", "WRONGTYPE"].contains(&code))
        || error.kind() == redis::ErrorKind::UnexpectedReturnType;
    if is_of_one_entry {
        return StoreError::of_one_entry(error);
    }
    StoreError::new(error)
}

/// The hash slot of a key's tag: CRC-16 (XMODEM) modulo 16384, as Redis Cluster has it.
fn hash_slot(tag: &[u8]) -> u16 {
    let crc = tag.iter().fold(0_u16, |crc, byte| {
        let crc = crc ^ (u16::from(*byte) << 8);
        (0..8).fold(crc, |crc, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x1021
            }
        })
    });
    crc % 16_384
}

/// What tells a call that is made again from one of somebody else.
fn mark() -> Result<[u8; 16], StoreError> {
    let mut mark = [0; 16];
    let filled = SystemRandom::new().fill(&mut mark);
    filled.map_err(|_| StoreError::new("the operating system gives no random bytes"))?;
    Ok(mark)
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> TokenStore for RedisStore<C> {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        let begin = self.clone().begin_lease(name.clone(), known, lease);
        let (store, name) = (self.clone(), name.clone());
        self.run_or_undo(begin, async move |undelivered| {
            if let Begin::Leased(lease) = undelivered {
                let end = store.token::<bool>(&FAIL, name, Some(lease), Duration::ZERO, None);
                // Where this fails, the lease ends by itself.
                drop(end.await);
            }
        })
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        let store = self.clone();
        self.run(store.token(&RENEW, name.clone(), Some(lease), duration, None))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        let (store, value) = (self.clone(), Some(value.to_vec()));
        self.run(store.token(&PUT, name.clone(), Some(version), lifetime, value))
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        let (store, name) = (self.clone(), name.clone());
        self.run(async move {
            let _ended: bool = store
                .token(&FAIL, name, Some(lease), cool_down, None)
                .await?;
            Ok(())
        })
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        let store = self.clone();
        self.run(store.token(&DELETE, name.clone(), None, TOMBSTONE, None))
    }

    /// The client does not say which node has a name, and slots move between nodes: 64 neighbours of the 16384 hash slots
    /// are one part.
    fn part(&self, name: &StoreName) -> u8 {
        let slot = hash_slot(format!("{}:{}", self.prefix, name.as_str()).as_bytes());
        u8::try_from(slot / 64).unwrap_or(u8::MAX)
    }

    fn needs_tokio(&self) -> bool {
        self.needs_its_runtime()
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
