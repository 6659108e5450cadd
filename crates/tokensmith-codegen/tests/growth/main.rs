//! However much of a keyword a document has, reading it and writing its crate takes memory in proportion, and ends within bounds.
//!
//! What counts is memory: how much is held at a time, and how much is asked for in all, which grows with the work that is done.
//! Both are the same on every machine and in every run; a clock would not be.

mod outcome;
mod shape;

use outcome::{MOST, Outcome, Task, run};
use serde_json::{Value, json};
use shape::{Document, Size};

/// Bytes that say nothing about growth: lists are made twice as large when they are full.
const NOISE: usize = 200 << 10;
/// How much of a keyword there is in documents that are compared.
const COUNTS: [usize; 3] = [6, 12, 24];

/// What is measured of an outcome, and its name.
type Measure = (&'static str, fn(&Outcome) -> usize);

/// A document that is twice as long takes twice the memory and twice the work. Nothing is said of what does not make a document longer.
fn grows_evenly(name: &str, task: Task, document: impl Fn(usize) -> Document) -> Vec<String> {
    let documents = COUNTS.map(document);
    let lengths = documents.each_ref().map(Document::length);
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
    let (ladders, others): (Vec<_>, Vec<_>) =
        shape::all().partition(|(name, _)| shape::multiplies(name));
    let mut faults: Vec<String> = Vec::new();
    for (name, make) in others {
        let title = format!("{name}, broad");
        faults.extend(grows_evenly(&title, Task::Generate, broad(make)));
        let title = format!("{name}, repetitive");
        faults.extend(grows_evenly(&title, Task::Read, repetitive(make)));
    }
    // The others are part of the benchmark `hostile`.
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
        (
            "a mapping that each branch extends",
            shape("discriminator", of(4_000, 1)),
        ),
        (
            "media types of Swagger 2.0",
            shape("Swagger media types of one schema", of(380, 380)),
        ),
        (
            "security schemes that refer to one",
            shape("security schemes that refer to one", of(4_000, 4_000)),
        ),
        (
            "properties of one default",
            shape("properties of one default", of(3_000, 40_000)),
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
