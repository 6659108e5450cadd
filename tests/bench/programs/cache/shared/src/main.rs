//! Tokens from a `TokenManager` that shares them through the Redis at a URL: the program's first argument. Gives the tokens
//! per second that a process gets from Redis when it holds none yet, and the reads per second when it holds them.

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cache_tokensmith::InMemory;
use measure::{Failure, Provider};
use tokensmith_cache::{Keyring, Options, RedisStore, TokenManager, TokenSource};
use tokensmith_moov::{Client, ClientCredentials};

/// How many tokens are shared.
const KEYS: u32 = 16_000;
/// How many tasks ask for them at once.
const TASKS: u32 = 64;
/// How often the tasks read the tokens that are there, one after the other.
const READS: u32 = 100;
const THREADS: usize = 2;

fn main() -> Result<(), Failure> {
    let url = env::args().nth(1).ok_or("usage: PROGRAM REDIS")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()?;
    runtime.block_on(measure_reads(&url))
}

async fn measure_reads(url: &str) -> Result<(), Failure> {
    let provider = Provider::new(Duration::ZERO);
    let client = cache_tokensmith::client(&provider)?;
    all(sources(url, &client)?, 1).await?;
    let sources = sources(url, &client)?;
    let from_redis = all(sources.clone(), 1).await?;
    let from_memory = all(sources, READS).await?;
    if provider.asked() != KEYS {
        return Err(format!("the provider was asked {} times", provider.asked()).into());
    }
    println!("{from_redis:.0} {from_memory:.0}");
    Ok(())
}

/// The sources of a process that holds no tokens yet, in a part for each task.
fn sources(url: &str, client: &Client<InMemory>) -> Result<Vec<Arc<[TokenSource]>>, Failure> {
    let keyring = Keyring::new("example", [7; 32]);
    let options = Options::default().store(RedisStore::new(url)?, keyring);
    let manager = TokenManager::with_options(KEYS.try_into()?, options)?;
    let source = |key| {
        let request = ClientCredentials::new().scope(format!("/accounts/{key}.write"));
        manager.source(client, request)
    };
    let part = |task| {
        (0..KEYS / TASKS)
            .map(|key| source(task * KEYS / TASKS + key))
            .collect()
    };
    Ok((0..TASKS).map(part).collect::<Result<_, _>>()?)
}

/// Has a task for each part read the tokens of its sources, and gives the reads per second.
async fn all(parts: Vec<Arc<[TokenSource]>>, reads: u32) -> Result<f64, Failure> {
    let start = Instant::now();
    let task = |sources: Arc<[TokenSource]>| {
        tokio::spawn(async move {
            for _ in 0..reads {
                for source in &*sources {
                    source.token().await?;
                }
            }
            Ok::<_, Failure>(())
        })
    };
    let tasks: Vec<_> = parts.into_iter().map(task).collect();
    for task in tasks {
        task.await??;
    }
    Ok(f64::from(KEYS * reads) / start.elapsed().as_secs_f64())
}
