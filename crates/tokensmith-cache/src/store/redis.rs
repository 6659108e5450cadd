//! Tokens that a fleet shares through Redis or Valkey.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Script};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::record::TOMBSTONE;
use super::{Begin, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version};

/// A store in Redis, or Valkey: one server, or a cluster by a `redis::cluster_async::ClusterConnection`. Clones use the same
/// connection. Needs a tokio runtime.
///
/// Each operation is one script over three keys with one hash tag, so that it is atomic on a cluster too. Times are the
/// server's: machines need no common clock. Under `{PREFIX:NAME}` there are `:token`, with a time to live, `:lease` and
/// `:wait`; an eviction policy such as `volatile-ttl` does no harm.
#[derive(Clone)]
pub struct RedisStore<C = ConnectionManager> {
    connection: C,
    prefix: String,
}

/// How long a connection, and the answer to an operation, are waited for. Callers wait for less, by their policy.
const TIMEOUT: Duration = Duration::from_secs(2);

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
    /// If it is no URL of a Redis.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let client = Client::open(url).map_err(|_| StoreError::new("this is no URL of a Redis"))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            // Who asks may ask again.
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(Self::with_connection(connection.map_err(StoreError::new)?))
    }
}

impl<C> RedisStore<C> {
    /// A store over a connection that is there already, with the timeouts that it has.
    pub fn with_connection(connection: C) -> Self {
        Self {
            connection,
            prefix: "tokensmith".to_owned(),
        }
    }

    /// Sets what the names begin with: `tokensmith` unless set. Without braces, which mark what a cluster keeps together.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

impl<C: ConnectionLike + Clone> RedisStore<C> {
    async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        name: &StoreName,
        version: Option<Version>,
        duration: Duration,
        last: Option<&[u8]>,
    ) -> Result<T, StoreError> {
        let tag = format!("{{{}:{}}}", self.prefix, name.as_str());
        let mut invocation = script.prepare_invoke();
        for part in ["token", "lease", "wait"] {
            invocation.key(format!("{tag}:{part}"));
        }
        invocation.arg(version.map_or_else(String::new, |version| version.0.to_string()));
        // Nothing lives for less than a millisecond.
        invocation.arg(
            u64::try_from(duration.as_millis())
                .unwrap_or(u64::MAX)
                .clamp(1, LONGEST),
        );
        if let Some(last) = last {
            invocation.arg(last);
        }
        let mut connection = self.connection.clone();
        match invocation.invoke_async(&mut connection).await {
            // That it is gone is found out only by using it. The second try has a new one; if the first one was carried out
            // after all, it gives the same: every script may run twice. A server that is only slow is not asked twice.
            Err(error) if error.is_io_error() && !error.is_timeout() => {
                invocation.invoke_async(&mut connection).await
            }
            answer => answer,
        }
        .map_err(store_error)
    }
}

/// The server's own refusals are of what is under the key; all else is of the connection.
fn store_error(error: redis::RedisError) -> StoreError {
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

/// A year, in milliseconds: the server takes no end of time.
const LONGEST: u64 = 365 * 24 * 60 * 60 * 1000;

/// What tells a call that is made again from one of somebody else.
fn mark() -> Result<[u8; 16], StoreError> {
    let mut mark = [0; 16];
    let filled = SystemRandom::new().fill(&mut mark);
    filled.map_err(|_| StoreError::new("the operating system gives no random bytes"))?;
    Ok(mark)
}

impl<C: ConnectionLike + Clone + Send + Sync> TokenStore for RedisStore<C> {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            let (what, version, value, milliseconds): (String, u64, Vec<u8>, u64) =
                self.run(&BEGIN, name, known, lease, Some(&mark()?)).await?;
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
                _ => Err(StoreError::new("the script has given what it never gives")),
            }
        })
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(self.run(&RENEW, name, Some(lease), duration, None))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(self.run(&PUT, name, Some(version), lifetime, Some(value)))
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let _ended: bool = self.run(&FAIL, name, Some(lease), cool_down, None).await?;
            Ok(())
        })
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        Box::pin(self.run(&DELETE, name, None, TOMBSTONE, None))
    }

    /// Nodes have runs of the 16384 hash slots: neighbours fail together.
    fn part(&self, name: &StoreName) -> u8 {
        let slot = hash_slot(format!("{}:{}", self.prefix, name.as_str()).as_bytes());
        u8::try_from(slot / 64).unwrap_or(u8::MAX)
    }

    fn needs_tokio(&self) -> bool {
        true
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
