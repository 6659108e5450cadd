//! `cargo xtask codegen`: the crates follow the documents.

use crate::command::{Subcommand, flag};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use semver::Version;
use similar::{ChangeTag, TextDiff};
use tokensmith_codegen::project::write::{Change, Difference};
use tokensmith_codegen::project::{COMMAND, Document, Outcome, Project, Report};
use tokensmith_codegen::{Severity, Source, read};

use crate::{specs, watch};
use tokensmith_codegen::diagnostic::output::{self, Printable};

/// A run over more documents than this shows a progress bar.
const MANY: usize = 20;
/// Changed lines of a file that `--check` shows.
const DIFF_LINES: usize = 12;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "codegen",
    usage: "[--check | --watch] [PROVIDER...]",
    about: "Generates the crates from the documents in specs.",
    details: "",
    options: &[
        flag("--check", "write nothing; fail and say what would change"),
        flag("--watch", "generate again whenever a document is saved"),
    ],
    examples: &[
        ("", "Generate every crate"),
        (
            "--watch acme",
            "Generate one crate whenever its document is saved",
        ),
        ("--check", "See whether every crate follows its document"),
    ],
    run,
};

/// Generates, or with `--check` compares.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let (flags, names): (Vec<_>, Vec<_>) = arguments
        .iter()
        .cloned()
        .partition(|argument| argument.starts_with('-'));
    let check = match flags.as_slice() {
        [] => false,
        [only] if only == "--check" => true,
        [only] if only == "--watch" => return watch::run(root, || once(root, &names, false)),
        _ => {
            let given = flags.join(" ");
            return Err(format!(
                "`{COMMAND}` cannot be given `{given}`: it takes --check or --watch, and names of providers"
            ));
        }
    };
    once(root, &names, check)
}

/// One round.
fn once(root: &Path, names: &[String], check: bool) -> Result<ExitCode, String> {
    let start = Instant::now();
    let progress = Progress::new();
    let project = Project {
        root,
        names,
        cache: cache(root),
        progress: &|done, all| progress.show(done, all),
    };
    let report = if check {
        project.check()
    } else {
        project.generate()
    };
    progress.clear();
    let report = report.map_err(|error| error.to_string())?;
    print_diagnostics(&report);
    print_outcomes(&report, check);
    let stale = if check {
        print_differences(root, &report)
    } else {
        0
    };
    print_summary(&report, check, start);
    let unsourced = check && !names_sources(&report);
    let broken = report
        .outcomes
        .iter()
        .any(|outcome| outcome.summary.is_none());
    Ok(if broken || unsourced || stale > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Whether the crates are as the documents say, and the documents name their sources. What else there is to tell of them, a run has told.
pub(crate) fn is_settled(root: &Path, names: &[String]) -> Result<bool, String> {
    let project = Project {
        root,
        names,
        cache: cache(root),
        progress: &|_, _| {},
    };
    let report = project.check().map_err(|error| error.to_string())?;
    let is_fresh = print_differences(root, &report) == 0;
    let is_whole = report
        .outcomes
        .iter()
        .all(|outcome| outcome.summary.is_some());
    Ok(names_sources(&report) && is_fresh && is_whole)
}

/// The version that a document gives its crate if one of its files had another text; `None` if it
/// has errors.
pub(crate) fn version(
    root: &Path,
    document: &Document,
    (file, text): (&Path, &str),
) -> Result<Option<Version>, String> {
    let bytes = |path: &Path| match path == file {
        true => Ok(text.as_bytes().to_vec()),
        false => specs::read_own(path),
    };
    let overlay = document.overlay.as_deref().map(bytes).transpose()?;
    let bytes = bytes(&document.path)?;
    let shown = specs::shown(root, &document.path);
    let source = Source::new(&shown, &bytes).in_folder(document.path.parent());
    let overlay = overlay.as_ref().map(|bytes| Source::new("overlay", bytes));
    let reading = read(&document.name, source, overlay);
    Ok(reading.model.map(|model| model.version))
}

/// Beside what cargo builds, so that it goes with it.
fn cache(root: &Path) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("tokensmith-codegen.json")
}

fn print_diagnostics(report: &Report) {
    let coloured = output::is_coloured(output::is_error_terminal());
    for diagnostic in report
        .outcomes
        .iter()
        .flat_map(|outcome| &outcome.diagnostics)
    {
        output::print_error(Printable::diagnostic(diagnostic, coloured));
        output::print_error("");
    }
}

/// One aligned line per provider.
fn print_outcomes(report: &Report, check: bool) {
    let rows: Vec<[String; 5]> = report
        .outcomes
        .iter()
        .map(|outcome| row(outcome, check))
        .collect();
    let widths: [usize; 4] = std::array::from_fn(|column| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    });
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        output::print(format!("{}  {}", cells.join("  "), row[4]));
    }
}

fn row(outcome: &Outcome, check: bool) -> [String; 5] {
    let name = outcome.name.clone();
    let Some(summary) = &outcome.summary else {
        let errors = outcome
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error)
            .count();
        let status = format!("broken: {}, nothing written", count(errors, "error"));
        return [name, String::new(), String::new(), String::new(), status];
    };
    let changed = outcome.differences.len();
    let orphaned = outcome
        .differences
        .iter()
        .filter(|difference| difference.new.is_none())
        .count();
    let unchanged = summary.files - (changed - orphaned);
    let verb = if check { "not fresh" } else { "written" };
    let files = match changed {
        0 => format!("{} unchanged", count(summary.files, "file")),
        _ if check || orphaned == 0 => {
            format!("{} {verb}, {unchanged} unchanged", count(changed, "file"))
        }
        _ => format!(
            "{} written, {orphaned} removed, {unchanged} unchanged",
            count(changed - orphaned, "file")
        ),
    };
    [
        name,
        summary.endpoints.join(" "),
        grants(&summary.grants),
        summary.client_auth.join(" "),
        files,
    ]
}

/// Grants by the last parts of their URIs, each once.
fn grants(all: &[String]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for grant in all {
        let name = grant.rsplit([':', '/']).next().unwrap_or(grant);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(" ")
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Whether every document names where its facts come from; tells of those that do not.
fn names_sources(report: &Report) -> bool {
    let is_bare = |outcome: &&Outcome| {
        let summary = outcome.summary.as_ref();
        summary.is_some_and(|summary| summary.sources == 0)
    };
    let bare: Vec<&str> = report
        .outcomes
        .iter()
        .filter(is_bare)
        .map(|outcome| outcome.name.as_str())
        .collect();
    if !bare.is_empty() {
        output::print_error(format!(
            "error: without sources: {}. To mend it, say in each document, or its overlay, where the facts come from:\n    \
             info: {{x-tokensmith: {{sources: [{{url: https://docs.example.com/oauth, date: 2026-11-29, kind: documentation}}]}}}}",
            bare.join(", ")
        ));
    }
    bare.is_empty()
}

/// Every file that is not as it would be generated, each with what differs.
fn print_differences(root: &Path, report: &Report) -> usize {
    let mut number = 0;
    for difference in report.differences() {
        number += 1;
        let path = difference
            .path
            .strip_prefix(root)
            .unwrap_or(&difference.path)
            .display();
        match &difference.change {
            Change::Missing => output::print(format!("\nmissing   {path}")),
            Change::Orphaned => output::print(format!("\norphaned  {path}")),
            Change::Stale { old } => {
                output::print(format!("\nstale     {path}"));
                print_diff(old, difference.new.as_deref().unwrap_or_default());
            }
        }
    }
    if number > 0 {
        output::print(format!(
            "\n{} not fresh. To mend it, run\n    {COMMAND}\n",
            if number == 1 {
                "1 file is".to_owned()
            } else {
                format!("{number} files are")
            }
        ));
    }
    number
}

fn print_diff(old: &str, new: &str) {
    let diff = TextDiff::from_lines(old, new);
    let changes = diff
        .iter_all_changes()
        .filter(|change| change.tag() != ChangeTag::Equal);
    let lines: Vec<String> = changes
        .map(|change| {
            let (sign, index) = match change.tag() {
                ChangeTag::Delete => ('-', change.old_index()),
                _ => ('+', change.new_index()),
            };
            format!(
                "    {:>5} {sign} {}",
                index.map_or(0, |index| index + 1),
                change.value().trim_end()
            )
        })
        .collect();
    for line in lines.iter().take(DIFF_LINES) {
        output::print(line.as_str());
    }
    if lines.len() > DIFF_LINES {
        output::print(format!(
            "          and {} more",
            count(lines.len() - DIFF_LINES, "line")
        ));
    }
}

fn print_summary(report: &Report, check: bool, start: Instant) {
    let changed = report.differences().count();
    let is_orphan = |difference: &&Difference| difference.change == Change::Orphaned;
    let removed = report.differences().filter(is_orphan).count();
    let shared = report.shared.len() - report.shared.iter().filter(is_orphan).count();
    let is_broken = |outcome: &&Outcome| outcome.summary.is_none();
    let broken = report.outcomes.iter().filter(is_broken).count();
    let mut parts = vec![count(report.outcomes.len(), "document")];
    if broken > 0 {
        parts.push(format!("{broken} broken"));
    }
    if changed > 0 && check {
        parts.push(format!("{} not fresh", count(changed, "file")));
    } else if changed > 0 {
        parts.push(format!("{} written", count(changed - removed, "file")));
    } else if broken == 0 {
        parts.push("everything fresh".to_owned());
    } else if broken < report.outcomes.len() {
        parts.push("everything else fresh".to_owned());
    }
    if shared > 0 && !check {
        parts.push("the list of providers among them".to_owned());
    }
    if removed > 0 && !check {
        parts.push(format!(
            "{} that nothing makes any more removed",
            count(removed, "file")
        ));
    }
    output::print(format!(
        "{} in {:.2} s",
        parts.join(", "),
        start.elapsed().as_secs_f64()
    ));
}

/// A bar on a terminal, when there is much to do.
struct Progress {
    terminal: bool,
    shown: Mutex<usize>,
}

impl Progress {
    fn new() -> Self {
        Self {
            terminal: output::is_error_terminal(),
            shown: Mutex::new(0),
        }
    }

    fn show(&self, done: usize, all: usize) {
        const WIDTH: usize = 40;
        if !self.terminal || all <= MANY {
            return;
        }
        let filled = done * WIDTH / all;
        let Ok(mut shown) = self.shown.try_lock() else {
            return;
        };
        if filled > *shown {
            *shown = filled;
            let bar = "=".repeat(filled);
            output::show_progress(format!("[{bar:WIDTH$}] {done}/{all}"));
        }
    }

    fn clear(&self) {
        if self.shown.lock().is_ok_and(|shown| *shown > 0) {
            // The bar is no part of the output.
            output::show_progress("");
        }
    }
}
