//! Documents of which a part is twice as long take twice the instructions.
//!
//! What runs over a list again for each of its members asks for no memory, so that the test `growth`
//! of codegen does not see it.

use std::thread;

use super::callgrind;
use super::shape::{self, Document, Size};
use tokensmith_codegen::{Source, read};

/// The shapes that took a multiple of this once.
const SHAPES: [&str; 6] = [
    "keys as alternatives",
    "keys at once",
    "token URLs of other paths",
    "media types of a broad response",
    "media types of a broad refusal",
    "media types of a broad request",
];

/// How much there is of a keyword: more than a request may have parameters.
const BREADTHS: [usize; 3] = [1_100, 2_200, 4_400];

/// How many times as many instructions the second step may take: evenly it would be two.
const MOST: f64 = 2.3;

/// Prints a table, and says whether every shape grows evenly.
pub(crate) fn check() -> Result<bool, String> {
    println!("\n| growth | {BREADTHS:?} | of the first step |\n|---|---|---:|");
    let counts: Vec<Result<[u64; 3], String>> = thread::scope(|scope| {
        let started = SHAPES.map(|name| scope.spawn(move || counts(name)));
        let ended = started.into_iter().map(|thread| {
            let failed = |_| Err("a thread ended early".to_owned());
            thread.join().unwrap_or_else(failed)
        });
        ended.collect()
    });
    let mut is_even = true;
    for (name, counts) in SHAPES.iter().zip(counts) {
        let counts = counts?;
        let [one, two, four] = counts;
        let ratio = four.saturating_sub(two) as f64 / two.saturating_sub(one).max(1) as f64;
        println!("| {name} | {counts:?} | {ratio:.2} |");
        is_even &= ratio <= MOST;
    }
    Ok(is_even)
}

fn counts(name: &str) -> Result<[u64; 3], String> {
    let count = |breadth: usize| callgrind::instructions(&["grow", name, &breadth.to_string()]);
    let [one, two, four] = BREADTHS;
    Ok([count(one)?, count(two)?, count(four)?])
}

/// Reads a document of a shape: what callgrind runs.
pub(crate) fn run(name: &str, breadth: usize) -> Result<(), String> {
    let mut shapes = shape::all();
    let found = shapes.find(|(other, _)| *other == name);
    let (_, make) = found.ok_or_else(|| format!("unknown shape `{name}`"))?;
    let Document { text, .. } = make(Size {
        breadth,
        depth: 1,
        repetition: 1,
    });
    let source = Source::new("example.yaml", text.as_bytes());
    std::hint::black_box(read("example", source, None));
    Ok(())
}
