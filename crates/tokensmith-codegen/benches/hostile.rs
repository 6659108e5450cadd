//! How long documents of just under a megabyte take that are made to take long: `cargo bench -p tokensmith-codegen --bench hostile`.
//!
//! Documents of all sizes are tried: the ones that take most are those that are just within a limit. Prints what takes more than a
//! tenth of what it may, and fails if a document takes more than 5 s of CPU or 500 MB. Each shape has a process of its own, which is
//! ended when it goes far beyond that. `-- server` measures only the shapes with `server` in their names.

#[expect(dead_code, reason = "the test uses the rest")]
#[path = "../tests/growth/outcome.rs"]
mod outcome;
#[expect(dead_code, reason = "the test uses the rest")]
#[path = "../tests/growth/shape/mod.rs"]
mod shape;

use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use outcome::{ALLOCATOR, MOST, Outcome, Task, folder_of, run_in};
use shape::{Document, Size};

/// What a document may take.
const LONGEST: Duration = Duration::from_secs(5);

/// When the process of a shape is ended: others may have the processor for a while.
const END: Duration = Duration::from_secs(600);

/// How much memory its process gets.
const LIMIT: usize = 3 * MOST;

/// How much of a keyword the smallest documents have.
const SMALLEST: usize = 16;

/// More than any document has, in bytes.
const BYTES: usize = 1_000_000;

/// What the argument is that makes this program measure one document.
const MEASURE: &str = "measure";

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
    let arguments = std::env::args().skip(1);
    // What cargo adds.
    let arguments: Vec<String> = arguments.filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [mode, shape, way] if mode == MEASURE => {
            println!("{}", measure(shape, way));
            ExitCode::SUCCESS
        }
        wanted => compare(wanted),
    }
}

/// Measures the shapes that are wanted, as many at a time as there are processors.
fn compare(wanted: &[String]) -> ExitCode {
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let shapes = shape::all().filter(|(name, _)| is_wanted(name));
    let all = shapes.flat_map(|(name, _)| WAYS.map(|(way, _)| (name, way)));
    let (rest, totals) = (Mutex::new(all), Mutex::new((0, 0)));
    println!("| document | size | CPU | memory | becomes |\n|---|---:|---:|---:|---|");
    let work = || {
        let next = || rest.lock().expect("no thread panics").next();
        while let Some((name, way)) = next() {
            let (line, is_slow) = match in_process(name, way) {
                Ok(None) => continue,
                Ok(Some(row)) => (row.is_notable().then(|| row.to_string()), row.is_slow()),
                Err(end) => (Some(format!("| | | {end}")), true),
            };
            if let Some(line) = line {
                println!("| {name}, {way} {line} |");
            }
            let mut totals = totals.lock().expect("no thread panics");
            totals.0 += 1;
            totals.1 += usize::from(is_slow);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let (count, slow) = totals.into_inner().expect("no thread panics");
    println!("\n{count} documents, {slow} of them take more than 5 s or 500 MB");
    if slow == 0 && count > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What a document took.
struct Row {
    bytes: usize,
    time: Duration,
    peak: usize,
    becomes: String,
}

impl Row {
    fn of(document: &Document) -> Self {
        ALLOCATOR.set_limit(LIMIT).expect("less is held");
        // To write files is no part of it.
        let folder = folder_of(document);
        let start = cpu_time();
        let Outcome {
            peak,
            is_crate,
            is_too_large,
            ..
        } = run_in(folder.path(), document, Task::Generate);
        let becomes = match (is_crate, is_too_large) {
            (true, _) => "a crate",
            (false, true) => "TS022",
            (false, false) => "errors",
        };
        Self {
            bytes: document.length(),
            time: cpu_time().saturating_sub(start),
            peak,
            becomes: becomes.to_owned(),
        }
    }

    /// How much of what it may take it takes.
    fn share(&self) -> f64 {
        let time = self.time.as_secs_f64() / LONGEST.as_secs_f64();
        time.max(self.peak as f64 / MOST as f64)
    }

    /// What [`Row::read`] reads.
    fn written(&self) -> String {
        let Self {
            bytes,
            time,
            peak,
            becomes,
        } = self;
        format!("{bytes} {} {peak} {becomes}", time.as_micros())
    }

    fn is_notable(&self) -> bool {
        self.share() > 0.1
    }

    fn is_slow(&self) -> bool {
        self.share() > 1.0
    }

    fn read(line: &str) -> Option<Self> {
        let mut words = line.trim().splitn(4, ' ');
        let mut number = || words.next()?.parse::<usize>().ok();
        Some(Self {
            bytes: number()?,
            time: Duration::from_micros(number()?.try_into().ok()?),
            peak: number()?,
            becomes: words.next()?.to_owned(),
        })
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (size, peak) = (self.bytes / 1_000, self.peak >> 20);
        let time = self.time.as_secs_f64();
        write!(
            formatter,
            "| {size} KB | {time:.2} s | {peak} MB | {}",
            self.becomes
        )
    }
}

/// What a document took in a process of its own; nothing if no document of this shape has the size; how the process ended otherwise.
fn in_process(name: &str, way: &str) -> Result<Option<Row>, String> {
    let own = std::env::current_exe().expect("has a path");
    let child = Command::new(own)
        .args([MEASURE, name, way])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("can be run");
    if !has_ended(&mut child) {
        return Err(format!("ended after {} s", END.as_secs()));
    }
    let output = child.wait_with_output().expect("has ended");
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let line = message.lines().next().unwrap_or_default();
        return Err(format!("{}: {line}", output.status));
    }
    Ok(Row::read(&String::from_utf8_lossy(&output.stdout)))
}

/// Waits for a process, and ends it when that takes too long.
fn has_ended(child: &mut Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < END {
        if child.try_wait().expect("is ours").is_some() {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("is ours");
    child.wait().expect("is ours");
    false
}

/// Measures documents of a shape, of all sizes, and gives back the one that took most, as [`Row`] reads it.
fn measure(name: &str, way: &str) -> String {
    let mut shapes = shape::all();
    let (_, make) = shapes
        .find(|(other, _)| *other == name)
        .expect("is a shape");
    let (_, size) = WAYS
        .into_iter()
        .find(|(other, _)| *other == way)
        .expect("is a way");
    let make = |count| Some(make(size(count))).filter(|document| document.length() < BYTES);
    let mut worst: Option<Row> = None;
    let mut note = |document: &Document| {
        let row = Row::of(document);
        let is_crate = row.becomes == "a crate";
        if worst
            .as_ref()
            .is_none_or(|worst| row.share() > worst.share())
        {
            worst = Some(row);
        }
        is_crate
    };
    let (mut count, mut last) = (SMALLEST, 0);
    // The largest that is within the limits.
    let mut crate_at = None;
    // Where a document does not become longer, more of it are the same.
    while let Some(document) = make(count).filter(|document| document.length() != last) {
        last = document.length();
        if note(&document) {
            crate_at = Some(count);
        }
        count *= 2;
    }
    let largest = count / 2;
    let mut nearer = |mut at: usize, until: usize, is_better: fn(bool) -> bool| {
        let mut step = (until - at) / 2;
        while step > at / 16 {
            let document = make(at + step);
            if document.is_some_and(|document| is_better(note(&document))) {
                at += step;
            }
            step /= 2;
        }
    };
    if let Some(at) = crate_at.filter(|at| *at < largest) {
        nearer(at, 2 * at, |is_crate| is_crate);
    }
    nearer(largest, count, |_| true);
    worst.map_or_else(String::new, |row| row.written())
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
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
