//! How much memory a manager of many tokens takes.

use std::path::Path;

use super::super::contestant::{build, run as execute};
use super::super::report::Report;

const KEYS: u32 = 1_000_000;

pub(super) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let program = build(root, "cache", "keys")?;
    let [kept, allocated, resident, read] = execute(&program, &[&KEYS.to_string()])?;
    report.text(format!(
        "A `TokenManager` with room for {KEYS} tokens after it was asked for as many. Target: at most 400\n\
         bytes beside the token."
    ));
    report.table(
        "many",
        &[
            "| tokens kept | bytes for each beside the token: allocated | resident | one read by its request |"
                .to_owned(),
            "|---:|---:|---:|---:|".to_owned(),
            format!(
                "| {kept:.0} | {allocated:.0} | {resident:.0} | {:.1} µs |",
                read / 1000.0
            ),
        ],
    );
    report.figure("bytes-per-token", format!("{allocated:.0} bytes"));
    Ok(())
}
