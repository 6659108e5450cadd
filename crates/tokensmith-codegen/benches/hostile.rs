//! How long documents of just under a megabyte take that are made to take long: `cargo bench -p tokensmith-codegen --bench hostile`.
//!
//! Prints each that takes more than a tenth of what it may, and fails if one takes more than 5 s of CPU or 500 MB.

#[expect(dead_code, reason = "the test uses the rest")]
#[path = "../tests/growth/outcome.rs"]
mod outcome;
#[expect(dead_code, reason = "the test uses the rest")]
#[path = "../tests/growth/shape/mod.rs"]
mod shape;

use std::process::ExitCode;
use std::time::Duration;

use outcome::{MOST, Outcome, Task, run};
use shape::Size;

/// What a document may take.
const LONGEST: Duration = Duration::from_secs(5);

/// A way in which shapes grow, and its name.
type Way = (&'static str, fn(usize) -> Size);

const WAYS: [Way; 4] = [
    ("broad", |count| Size {
        breadth: count,
        depth: 2,
        repetition: 2,
    }),
    ("repetitive", |count| Size {
        breadth: 2,
        depth: 2,
        repetition: count,
    }),
    ("deep", |count| Size {
        breadth: 2,
        depth: count.min(200),
        repetition: 2,
    }),
    ("both", |count| Size {
        breadth: count,
        depth: 8,
        repetition: count,
    }),
];

fn main() -> ExitCode {
    let (mut count, mut slow) = (0, 0);
    println!("| document | size | CPU | memory | becomes |\n|---|---:|---:|---:|---|");
    for (name, make) in shape::all() {
        for (way, size) in WAYS {
            let all = (4..20).map(|power| make(size(1 << power)));
            let mut fitting = all.take_while(|document| document.text.len() < 1 << 20);
            let Some(document) = fitting.next().map(|first| fitting.last().unwrap_or(first)) else {
                continue;
            };
            count += 1;
            let start = cpu_time();
            let outcome = run(&document, Task::Generate);
            let time = cpu_time().saturating_sub(start);
            let Outcome {
                peak,
                is_crate,
                is_too_large,
                ..
            } = outcome;
            if time > LONGEST / 10 || peak > MOST / 10 {
                let becomes = match (is_crate, is_too_large) {
                    (true, _) => "a crate",
                    (false, true) => "TS022",
                    (false, false) => "errors",
                };
                println!(
                    "| {name}, {way} | {} KB | {:.2} s | {} MB | {becomes} |",
                    document.text.len() >> 10,
                    time.as_secs_f64(),
                    peak >> 20
                );
            }
            if time > LONGEST || peak > MOST {
                slow += 1;
            }
        }
    }
    println!("\n{count} documents, {slow} of them take more than 5 s or 500 MB");
    if slow == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The CPU time of this thread, which other programs do not change.
#[cfg(target_os = "linux")]
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("is Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.expect("is a number"))
}

#[cfg(not(target_os = "linux"))]
fn cpu_time() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}
