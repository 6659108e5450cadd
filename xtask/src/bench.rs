//! `cargo xtask bench`: the benchmark tables.

mod build;
mod cache;
mod codegen;
mod contestant;
mod exchange;
mod generators;
mod intake;
mod stages;
mod time;
mod tools;

use std::path::Path;
use std::process::ExitCode;

type Table = (&'static str, fn(&Path) -> Result<(), String>);

const TABLES: [Table; 7] = [
    ("codegen", codegen::run),
    ("stages", stages::run),
    ("generators", generators::run),
    ("intake", intake::run),
    ("exchange", exchange::run),
    ("build", build::run),
    ("cache", cache::run),
];

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let names = TABLES.map(|(name, _)| name);
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| !names.contains(&argument.as_str()))
    {
        return Err(format!(
            "there is no table `{unknown}`: name one of {}, or none to have all",
            names.join(", ")
        ));
    }
    let chosen = TABLES
        .iter()
        .filter(|(name, _)| arguments.is_empty() || arguments.iter().any(|other| other == name));
    for (index, (_, table)) in chosen.enumerate() {
        if index > 0 {
            println!();
        }
        table(root)?;
    }
    Ok(ExitCode::SUCCESS)
}
