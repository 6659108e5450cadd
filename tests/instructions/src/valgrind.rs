//! Counting with valgrind.

use std::process::Command;

use super::work::Work;

/// The instructions of one unit of work: what more rounds cost, so that start and set-up do not count.
pub(crate) fn count(work: &Work) -> Result<u64, String> {
    let few = total(work, 1)?;
    let many = total(work, 1 + work.rounds)?;
    Ok(many.saturating_sub(few) / u64::from(work.rounds) / work.units)
}

/// The instructions of a whole process.
fn total(work: &Work, rounds: u32) -> Result<u64, String> {
    instructions(&["run", work.name, &rounds.to_string()])
}

/// The instructions of this program with these arguments.
pub(crate) fn instructions(arguments: &[&str]) -> Result<u64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        // It counts what callgrind counts, in half the time.
        .args(["--tool=cachegrind", "--cache-sim=no"])
        .arg("--cachegrind-out-file=/dev/null")
        .arg(own)
        .args(arguments)
        .output()
        .map_err(|error| {
            format!("cannot run valgrind ({error}): `cargo xtask setup` installs it")
        })?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind failed:\n{log}"));
    }
    // ==123== I   refs:      1,234,567
    let counted = log.lines().filter(|line| line.contains(" I "));
    let counted = counted.filter_map(|line| line.split_once("refs:")).next();
    let count = counted.and_then(|(_, count)| count.trim().replace(',', "").parse().ok());
    count.ok_or_else(|| format!("valgrind printed no count:\n{log}"))
}
