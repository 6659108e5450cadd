//! The memory that a `TokenManager` takes for the tokens of so many keys: the program's first argument. Gives the number of
//! tokens that are kept, for each the bytes beside the token that are allocated and by which the process has grown, and the
//! nanoseconds that a read takes.

use std::env;
use std::fs;
use std::time::{Duration, Instant};

use measure::{Allocations, Failure, Provider, TOKEN};
use tokensmith_cache::TokenManager;
use tokensmith_moov::ClientCredentials;

fn main() -> Result<(), Failure> {
    let keys: u32 = env::args().nth(1).ok_or("usage: PROGRAM KEYS")?.parse()?;
    // One thread, so that all that is allocated is counted.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure_memory(keys))
}

async fn measure_memory(keys: u32) -> Result<(), Failure> {
    let provider = Provider::new(Duration::ZERO);
    let client = cache_tokensmith::client(&provider)?;
    let (then, resident_then) = (Allocations::now(), resident()?);
    let manager = TokenManager::new(keys.try_into()?)?;
    for key in 0..keys {
        manager.token(&client, &request(key)).await?;
    }
    let live = Allocations::now().since(&then).live;
    let resident = resident()? - resident_then;
    let kept = i64::try_from(manager.len())?;
    let beside = |bytes: i64| bytes / kept - TOKEN.len() as i64;
    let start = Instant::now();
    for key in 0..keys {
        manager.token(&client, &request(key)).await?;
    }
    let time = start.elapsed().as_nanos() / u128::from(keys);
    println!("{kept} {} {} {time}", beside(live), beside(resident));
    Ok(())
}

fn request(key: u32) -> ClientCredentials {
    ClientCredentials::new().scope(format!("/accounts/{key}.write"))
}

/// The bytes of memory that the process has, as Linux tells.
fn resident() -> Result<i64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"))
        .ok_or("the system does not tell how much memory a process has")?;
    Ok(kilobytes.trim().parse::<i64>()? * 1024)
}
