//! How fast the tokens of many users are refreshed.

use std::path::Path;

use super::super::contestant::{build, medians, run as execute};
use super::super::report::Report;
use super::shared::{Redis, find};

/// How often it is measured.
const ROUNDS: usize = 3;

pub(super) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let server = find()?;
    let program = build(root, "cache", "users")?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let redis = Redis::start(server)?;
        rates.push(execute::<3>(&program, &[&redis.url])?);
    }
    let [by_postgres, by_redis, by_memory] = medians(&rates);
    report.text(format!(
        "4000 users' tokens, each refreshed once, 64 tasks on two threads, access tokens in Redis, a provider\n\
         that takes no time; servers on this machine, PostgreSQL with `fsync`; median of {ROUNDS}."
    ));
    report.table(
        "users",
        &[
            "| refresh tokens in | refreshes per second |".to_owned(),
            "|---|---:|".to_owned(),
            format!("| PostgreSQL | {by_postgres:.0} |"),
            format!("| Redis, which keeps nothing on disk here | {by_redis:.0} |"),
            format!("| memory | {by_memory:.0} |"),
        ],
    );
    Ok(())
}
