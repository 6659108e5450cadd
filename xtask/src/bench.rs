//! `cargo xtask bench`: the benchmark table.

mod codegen;
mod generators;
mod stages;
mod time;

use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!(
            "`cargo xtask bench` takes no arguments, not `{unknown}`"
        ));
    }
    codegen::run(root)?;
    stages::run(root)?;
    generators::run(root)?;
    Ok(ExitCode::SUCCESS)
}
