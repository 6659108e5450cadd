//! Times, and how they are shown.

use std::time::{Duration, Instant};

/// The runs that are counted.
pub(crate) const RUNS: usize = 5;

/// The median of several runs, each prepared afresh and untimed.
pub(crate) fn median<P>(
    mut prepare: impl FnMut() -> Result<P, String>,
    mut work: impl FnMut(P) -> Result<(), String>,
) -> Result<Duration, String> {
    let mut times = Vec::with_capacity(RUNS);
    // One run more: the first warms the file cache and does not count.
    for _ in 0..=RUNS {
        let prepared = prepare()?;
        let start = Instant::now();
        work(prepared)?;
        times.push(start.elapsed());
    }
    times.remove(0);
    times.sort();
    Ok(times[RUNS / 2])
}

/// Milliseconds, with as many digits as mean something.
pub(crate) fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 {
        format!("{milliseconds:.1} ms")
    } else {
        format!("{milliseconds:.0} ms")
    }
}
