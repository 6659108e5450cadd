//! `cargo xtask bench`: measures, prints the tables, writes them into `docs/BENCHMARKS.md`, and
//! updates what README quotes from there.

mod build;
mod cache;
mod codegen;
mod contestant;
mod exchange;
mod generators;
mod intake;
mod machine;
mod mock;
mod quote;
mod record;
mod report;
mod stages;
mod time;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::Report;

/// Codegen is measured with the allocator that `cargo xtask` has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A benchmark: its name and the function that measures.
type Benchmark = (&'static str, fn(&Path, &mut Report) -> Result<(), String>);

/// All benchmarks, in the order of `docs/BENCHMARKS.md`.
const BENCHMARKS: [Benchmark; 8] = [
    ("codegen", codegen::run),
    ("stages", stages::run),
    ("generators", generators::run),
    ("intake", intake::run),
    ("exchange", exchange::run),
    ("build", build::run),
    ("cache", cache::run),
    ("mock", mock::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&root(), &arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let names = BENCHMARKS.map(|(name, _)| name);
    let is_unknown = |argument: &&String| !names.contains(&argument.as_str());
    if let Some(unknown) = arguments.iter().find(is_unknown) {
        return Err(format!(
            "unknown benchmark `{unknown}`; expected one of {}, or nothing to run all",
            names.join(", ")
        ));
    }
    for (name, measure) in BENCHMARKS {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == name) {
            let mut report = Report::default();
            measure(root, &mut report)?;
            record::write(root, name, &report)?;
        }
    }
    Ok(())
}

/// The root of the workspace.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}
