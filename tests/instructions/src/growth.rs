//! Documents of which a part is twice as long take twice the instructions, whatever the part is.
//!
//! What runs over a list again for each of its members asks for no memory, so that the test `growth`
//! of codegen does not see it.

use std::sync::Mutex;
use std::thread;

use super::shape::{self, Document, Size};
use super::valgrind;
use tokensmith_codegen::{Source, read};

/// The shapes that took a multiple of this once: all of them take long.
pub(crate) const OFTEN: [&str; 9] = [
    "keys as alternatives",
    "keys at once",
    "token URLs of other paths",
    "media types of a broad response",
    "media types of a broad refusal",
    "media types of a broad request",
    "examples of responses without properties",
    "required properties",
    "objects of one kind",
];

/// The largest documents that are compared, in bytes.
const LARGEST: usize = 128_000;

/// More of a keyword than any limit allows.
const MOST_OF_A_KEYWORD: usize = 4_400;

/// How many times as many instructions a document may take that is twice as long.
const RATIO: f64 = 2.3;

/// What reading takes whatever the document is, and a hundredth of what any document may take.
const START: u64 = 10_000_000;
const BUDGET: u64 = 2_000_000_000;

/// Other parts have so much beside that which grows.
const BESIDE: usize = 3;

/// A way in which shapes grow, and its name.
type Way = (&'static str, fn(usize) -> Size);

const WAYS: [Way; 2] = [
    ("broad", |breadth| Size {
        breadth,
        depth: BESIDE,
        repetition: BESIDE,
    }),
    ("repetitive", |repetition| Size {
        breadth: BESIDE,
        depth: BESIDE,
        repetition,
    }),
];

/// Documents of a shape, one about twice as long as the other.
struct Pair {
    name: &'static str,
    way: &'static str,
    counts: [usize; 2],
    lengths: [usize; 2],
}

impl Pair {
    /// The largest ones; nothing where the shape does not grow in this way.
    fn of(name: &'static str, make: fn(Size) -> Document, (way, size): Way) -> Option<Self> {
        let length = |count| make(size(count)).length();
        let mut counts = [MOST_OF_A_KEYWORD / 2, MOST_OF_A_KEYWORD];
        while length(counts[1]) > LARGEST && counts[0] > 1 {
            counts = [counts[0] / 2, counts[0]];
        }
        let lengths = counts.map(length);
        (lengths[0] < lengths[1]).then_some(Self {
            name,
            way,
            counts,
            lengths,
        })
    }

    fn instructions(&self) -> Result<[u64; 2], String> {
        let count = |count: usize| {
            valgrind::instructions(&["grow", self.name, self.way, &count.to_string()])
        };
        let [one, two] = self.counts;
        Ok([count(one)?, count(two)?])
    }

    /// By how much more the instructions grow than the document.
    fn ratio(&self, [one, two]: [u64; 2]) -> f64 {
        let more = |count: u64| count.saturating_sub(START).max(START) as f64;
        let longer = self.lengths[1] as f64 / self.lengths[0] as f64;
        2.0 * more(two) / more(one) / longer.max(2.0)
    }
}

/// Prints what grows more than evenly, and says whether nothing does.
pub(crate) fn check(wanted: &[&str]) -> Result<bool, String> {
    let is_unknown = |part: &&&str| !shape::all().any(|(name, _)| name.contains(**part));
    if let Some(unknown) = wanted.iter().find(is_unknown) {
        return Err(format!("no shape has `{unknown}` in its name"));
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    let shapes = shape::all().filter(|(name, _)| is_wanted(name));
    let pairs = shapes.flat_map(|(name, make)| WAYS.map(|way| Pair::of(name, make, way)));
    let pairs: Vec<Pair> = pairs.flatten().collect();
    let (rest, failure) = (Mutex::new(pairs.iter()), Mutex::new(None));
    let uneven = Mutex::new(Vec::new());
    let work = || {
        let next = || rest.lock().ok()?.next();
        while let Some(pair) = next() {
            match pair.instructions() {
                Ok(counts) => {
                    let is_even = match shape::multiplies(pair.name) {
                        // What is multiplied up to a limit.
                        true => counts[1] <= BUDGET,
                        false => pair.ratio(counts) <= RATIO,
                    };
                    if !(is_even && wanted.is_empty()) {
                        let Pair {
                            name, way, lengths, ..
                        } = pair;
                        let ratio = pair.ratio(counts);
                        println!("| {name}, {way} | {lengths:?} | {counts:?} | {ratio:.2} |");
                    }
                    if let (false, Ok(mut uneven)) = (is_even, uneven.lock()) {
                        uneven.push(pair.name);
                    }
                }
                Err(message) => {
                    let Ok(mut failure) = failure.lock() else {
                        return;
                    };
                    *failure = Some(message);
                }
            }
        }
    };
    println!("\n| growth | bytes | instructions | for twice as much |\n|---|---:|---:|---:|");
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let uneven = uneven.into_inner().unwrap_or_default();
    println!(
        "{} pairs of documents, {} grow unevenly",
        pairs.len(),
        uneven.len()
    );
    match failure.into_inner() {
        Ok(Some(message)) => Err(message),
        Ok(None) => Ok(uneven.is_empty() && !pairs.is_empty()),
        Err(_) => Err("a thread ended early".to_owned()),
    }
}

/// Reads a document of a shape: what valgrind runs.
pub(crate) fn run(name: &str, way: &str, count: usize) -> Result<(), String> {
    let mut shapes = shape::all();
    let found = shapes.find(|(other, _)| *other == name);
    let (_, make) = found.ok_or_else(|| format!("unknown shape `{name}`"))?;
    let found = WAYS.into_iter().find(|(other, _)| *other == way);
    let (_, size) = found.ok_or_else(|| format!("unknown way `{way}`"))?;
    let document = make(size(count));
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (path, text) in &document.beside {
        std::fs::write(folder.path().join(path), text).map_err(|error| error.to_string())?;
    }
    let source = Source::new("example.yaml", document.text.as_bytes());
    let overlay = document.overlay.as_ref();
    let overlay = overlay.map(|text| Source::new("example.overlay.yaml", text.as_bytes()));
    let source = source.in_folder(Some(folder.path()));
    std::hint::black_box(read("example", source, overlay));
    Ok(())
}
