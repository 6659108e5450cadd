//! However much of a keyword a document has, reading it and writing its crate takes memory in proportion, and ends within bounds.
//!
//! What counts is memory: how much is held at a time, and how much is asked for in all, which grows with the work that is done.
//! Both are the same on every machine and in every run; a clock would not be.

mod shape;

#[cfg(target_os = "linux")]
use std::time::Duration;

use cap::Cap;
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use shape::{Document, Size};
use tokensmith_codegen::emit::{self, Manifest, Options};
use tokensmith_codegen::{Rule, Severity, Source, read};

#[global_allocator]
static ALLOCATOR: Cap<PeakAlloc> = Cap::new(PeakAlloc, usize::MAX);

/// Bytes that say nothing about growth: lists are made twice as large when they are full.
const NOISE: usize = 200 << 10;
/// How much of a keyword there is in documents that are compared.
const COUNTS: [usize; 3] = [6, 12, 24];
/// What any document under 1 MB may take, in bytes.
const MOST: usize = 500 << 20;

/// What came of a document.
struct Outcome {
    /// The most bytes that were held at a time.
    peak: usize,
    /// All bytes that were ever asked for.
    work: usize,
    is_crate: bool,
    is_too_large: bool,
}

/// What is done with a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Read,
    /// The files of its crate are written as well, if it has no errors.
    Generate,
}

fn run(document: &Document, task: Task) -> Outcome {
    let folder = tempfile::tempdir().expect("there is room");
    for (path, text) in &document.beside {
        std::fs::write(folder.path().join(path), text).expect("is writable");
    }
    let (held, worked) = (PeakAlloc.current_usage(), ALLOCATOR.total_allocated());
    PeakAlloc.reset_peak_usage();
    let source = Source::new("example.yaml", document.text.as_bytes());
    let overlay = document.overlay.as_ref();
    let overlay = overlay.map(|text| Source::new("example.overlay.yaml", text.as_bytes()));
    let reading = read("example", source.in_folder(Some(folder.path())), overlay);
    if let Some(model) = reading.model.as_ref().filter(|_| task == Task::Generate) {
        let options = Options {
            source: "example.yaml".to_owned(),
            command: "a test".to_owned(),
            manifest: Manifest::Workspace,
        };
        emit::emit(model, &options);
    }
    let mut errors = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
    Outcome {
        peak: PeakAlloc.peak_usage().saturating_sub(held),
        work: ALLOCATOR.total_allocated() - worked,
        is_crate: reading.model.is_some(),
        is_too_large: errors.any(|error| error.rule == Rule::TooLarge),
    }
}

/// What is measured of an outcome, and its name.
type Measure = (&'static str, fn(&Outcome) -> usize);

/// A document that is twice as long takes twice the memory and twice the work. Nothing is said of what does not make a document longer.
fn grows_evenly(name: &str, task: Task, document: impl Fn(usize) -> Document) -> Vec<String> {
    let documents = COUNTS.map(document);
    let lengths = documents.each_ref().map(length);
    if lengths[0] == lengths[2] {
        return Vec::new();
    }
    let outcomes = documents.each_ref().map(|document| run(document, task));
    let measures: [Measure; 2] = [
        ("held", |outcome| outcome.peak),
        ("asked for", |outcome| outcome.work),
    ];
    let complaints = measures.into_iter().filter_map(|(what, measure)| {
        let bytes = outcomes.each_ref().map(measure);
        let [first, second] = steps(bytes);
        let [short, long] = steps(lengths);
        let even = first.saturating_mul(long) / short.max(1);
        (second > even + even / 2 + NOISE)
            .then(|| format!("{name}: {bytes:?} bytes are {what} for {lengths:?}"))
    });
    complaints.collect()
}

/// How much comes with each step from one document to the next.
fn steps([one, two, four]: [usize; 3]) -> [usize; 2] {
    [two.saturating_sub(one), four.saturating_sub(two)]
}

fn length(document: &Document) -> usize {
    let beside = document.beside.iter().map(|(_, text)| text.len());
    let overlay = document.overlay.as_ref().map_or(0, String::len);
    document.text.len() + overlay + beside.sum::<usize>()
}

#[test]
fn memory_and_work_grow_with_a_document_and_have_an_end() {
    let broad = |make: fn(Size) -> Document| {
        move |breadth| {
            make(Size {
                breadth,
                depth: 3,
                repetition: 3,
            })
        }
    };
    let repetitive = |make: fn(Size) -> Document| {
        move |repetition| {
            make(Size {
                breadth: 3,
                depth: 3,
                repetition,
            })
        }
    };
    // What refers to itself on several levels grows as it likes, what is counted after it is multiplied up to its limit, and both end.
    let multiplies = |name: &str| {
        name.ends_with("ladder")
            || [
                "aliases of aliases",
                "merge keys in a chain",
                "pattern with counts",
                "server variables",
                "server variables in the host",
                "servers of operations",
                "types in a circle",
            ]
            .contains(&name)
    };
    let (ladders, others): (Vec<_>, Vec<_>) = shape::all().partition(|(name, _)| multiplies(name));
    let mut faults: Vec<String> = Vec::new();
    for (name, make) in others {
        let title = format!("{name}, broad");
        faults.extend(grows_evenly(&title, Task::Generate, broad(make)));
        let title = format!("{name}, repetitive");
        faults.extend(grows_evenly(&title, Task::Read, repetitive(make)));
    }
    // The others are part of the ignored test.
    for (name, make) in ladders.into_iter().skip(3).take(3) {
        let document = make(Size {
            breadth: 2,
            depth: 30,
            repetition: 2,
        });
        let outcome = run(&document, Task::Generate);
        if outcome.peak > MOST {
            faults.push(format!("{name}, deep: {} MB", outcome.peak >> 20));
        }
    }
    for (name, document) in explosive() {
        assert!(document.text.len() < 1 << 20, "{name}");
        let outcome = run(&document, Task::Generate);
        if outcome.peak > MOST || !(outcome.is_crate || outcome.is_too_large) {
            faults.push(format!("{name}: {} MB", outcome.peak >> 20));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// Documents under 1 MB that stand for very much.
fn explosive() -> Vec<(&'static str, Document)> {
    let shape = |wanted: &str, size| {
        let found = shape::all().find(|(name, _)| *name == wanted);
        found.expect("is a shape").1(size)
    };
    let of = |breadth, repetition| Size {
        breadth,
        depth: 1,
        repetition,
    };
    let pattern = json!({"type": "string", "pattern": "^((a*)*)*$", "examples": vec!["a".repeat(2_000) + "!"; 20]});
    vec![
        (
            "servers of operations",
            shape("servers of operations", of(400, 1)),
        ),
        (
            "one schema of 1,500",
            shape("properties of one schema", of(3_000, 1_500)),
        ),
        (
            "one description of 100 KB",
            shape("description of one schema", of(5_000, 2_000)),
        ),
        (
            "one name in an enum",
            shape("enum of one name", of(1_500, 1)),
        ),
        (
            "one name of all",
            shape("properties of one name", of(1_000, 1)),
        ),
        (
            "numbers for names",
            shape("properties with numbers for names", of(1_000, 1)),
        ),
        (
            "grants and parameters",
            shape("grants times parameters", of(100, 300)),
        ),
        ("a pattern", with_property(pattern)),
    ]
}

fn with_property(property: Value) -> Document {
    let plain = shape::repeated("", "/info/description", 0);
    let mut tree: Value = serde_json::from_str(&plain.text).expect("is JSON");
    tree["openapi"] = json!("3.1.0");
    tree["components"]["schemas"]["Request"]["properties"]["more"] = property;
    tree.into()
}

/// How long this thread has been running, as Linux counts it: other work on the machine does not matter.
#[cfg(target_os = "linux")]
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("is Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.expect("is a number"))
}

/// A way in which shapes grow, and its name.
#[cfg(target_os = "linux")]
type Way = (&'static str, fn(usize) -> Size);

/// The target itself, which takes a clock, in the profile of the command:
/// `cargo test --profile tool -p tokensmith-codegen --test growth -- --ignored --nocapture`.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "takes minutes"]
fn any_document_under_a_megabyte_ends_soon() {
    let mut faults = Vec::new();
    for (name, make) in shape::all() {
        let ways: [Way; 4] = [
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
        for (way, size) in ways {
            let all = (4..20).map(|power| make(size(1 << power)));
            let mut fitting = all.take_while(|document| document.text.len() < 1 << 20);
            let Some(document) = fitting.next().map(|first| fitting.last().unwrap_or(first)) else {
                continue;
            };
            let start = cpu_time();
            let outcome = run(&document, Task::Generate);
            let (time, peak) = (cpu_time().saturating_sub(start), outcome.peak >> 20);
            if time > Duration::from_secs(1) || peak > 200 {
                println!(
                    "{name}, {way}: {} KB, {time:?}, {peak} MB",
                    document.text.len() >> 10
                );
            }
            if time > Duration::from_secs(5) || outcome.peak > MOST {
                faults.push(format!("{name}, {way}: {time:?}, {peak} MB"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
