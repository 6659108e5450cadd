//! `docs/BENCHMARKS.md`: the last result of each benchmark, and where it was measured.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::report::Report;
use super::{BENCHMARKS, machine, quote};

const FILE: &str = "docs/BENCHMARKS.md";
const HEAD: &str = "\
# Benchmarks

`cargo xtask bench` writes this page; `cargo xtask bench NAME` replaces one section. README quotes
from here, and `cargo xtask test` fails if it quotes something else. Machines differ and are noisy:
compare ratios of one run, not times of two.
";

/// Replaces the section of one benchmark, and updates what README quotes.
pub(crate) fn write(root: &Path, name: &str, report: &Report) -> Result<(), String> {
    let path = root.join(FILE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    let new = section(name, &machine::describe(root)?, report);
    let mut page = HEAD.to_owned();
    for (other, _) in BENCHMARKS {
        let section = if other == name {
            Some(new.as_str())
        } else {
            find(&old, other)
        };
        if let Some(section) = section {
            let _ = write!(page, "\n{}\n", section.trim_end());
        }
    }
    let folder = root.join("docs");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    save(&path, &page)?;
    let readme = root.join("README.md");
    let text = fs::read_to_string(&readme).map_err(|error| format!("README.md: {error}"))?;
    save(&readme, &quote::updated(&text, &page)?)
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn section(name: &str, measured: &str, report: &Report) -> String {
    let mut section = format!("## {name}\n\n{measured}\n\n{}", report.markdown);
    if !report.figures.is_empty() {
        section.push_str("| figure | value |\n|---|---:|\n");
        for figure in &report.figures {
            let _ = writeln!(section, "| `{name}.{}` | {} |", figure.name, figure.value);
        }
    }
    section
}

/// The section of a benchmark in the page, with its heading.
fn find<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let start = page.find(&format!("\n## {name}\n"))? + 1;
    let rest = &page[start..];
    let end = rest.find("\n## ").unwrap_or(rest.len());
    Some(&rest[..end])
}
