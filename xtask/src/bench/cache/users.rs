//! How fast the tokens of many users are refreshed.

use std::path::Path;

use super::super::contestant::{build, medians, run as execute};
use super::shared::{Redis, find};

/// How often it is measured.
const ROUNDS: usize = 3;

pub(super) fn run(root: &Path) -> Result<(), String> {
    // Its absence was reported.
    let Some(server) = find() else {
        return Ok(());
    };
    let program = build(root, "cache", "users")?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let redis = Redis::start(server)?;
        rates.push(execute::<3>(&program, &[&redis.url])?);
    }
    let [by_postgres, by_redis, by_memory] = medians(&rates);
    println!(
        "\n4000 users' tokens, each refreshed once, 64 tasks on two threads, access tokens in Redis, a provider that takes no time; \
         servers on this machine, PostgreSQL with `fsync`; median of {ROUNDS}\n"
    );
    println!("| refresh tokens in | refreshes per second |");
    println!("|---|---:|");
    println!("| PostgreSQL | {by_postgres:.0} |");
    println!("| Redis, which keeps nothing on disk here | {by_redis:.0} |");
    println!("| memory | {by_memory:.0} |");
    Ok(())
}
