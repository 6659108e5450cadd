//! `tokensmith generate`: a crate that stands alone, from a document of the caller's own.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::{self, Printable, Styled};
use tokensmith_codegen::emit::{self, Manifest, Options, is_generated};
use tokensmith_codegen::project::write::{self, Change, Difference};
use tokensmith_codegen::{Diagnostic, Severity};

use crate::args::GenerateArgs;
use crate::document;
use crate::document::diagnostics::{count, write_groups};
use crate::failure::Failure;
use crate::terminal::interrupt;

/// How the generated files name this command.
const COMMAND: &str = "tokensmith generate";

/// Writes the crate, if the document has no errors and nothing foreign is in the way.
pub(crate) fn run(args: &GenerateArgs) -> Result<ExitCode, Failure> {
    let name = args
        .name
        .clone()
        .unwrap_or_else(|| document::provider(&args.spec));
    let mut reading = document::load(&name, &args.spec, args.overlay.as_deref())?;
    print_diagnostics(&reading.diagnostics, args);
    let Some(model) = reading.model.take() else {
        return Err(Failure::Failed(format!(
            "{} has errors: nothing is written",
            document::shown(&args.spec)
        )));
    };
    let options = Options {
        source: source(&args.spec),
        command: COMMAND.to_owned(),
        manifest: Manifest::Standalone {
            runtime_path: runtime_path(args)?,
        },
    };
    let files = emit::emit(&model, &options);
    write::refuse_links(&args.out, &files)?;
    let all = files.len();
    let differences = write::compare(&args.out, files)?;
    refuse_foreign(&differences)?;
    let differences: Vec<&Difference> = differences
        .iter()
        .filter(|difference| difference.new.is_some() || is_ours(&args.out, &difference.path))
        .collect();
    interrupt::wait_for_writing();
    {
        let _whole = interrupt::hold();
        write::apply(differences.iter().copied())?;
    }

    let written = differences
        .iter()
        .filter(|difference| difference.new.is_some())
        .count();
    let unchanged = all - written;
    let package = emit::package(&name);
    let out = document::shown(&args.out);
    output::try_print(format!(
        "{package} in {out}: {} written, {unchanged} unchanged",
        count(written, "file")
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints errors in full and, unless all is asked for, a line for each statement of a
/// warning and each rule that notes.
fn print_diagnostics(diagnostics: &[Diagnostic], args: &GenerateArgs) {
    let is_terminal = output::is_error_terminal();
    let coloured = output::is_coloured(is_terminal);
    let is_shown = |it: &&Diagnostic| args.all || it.severity() == Severity::Error;
    for diagnostic in diagnostics.iter().filter(is_shown) {
        output::print_error(Printable::diagnostic(diagnostic, coloured));
        output::print_error("");
    }
    if args.all
        || diagnostics
            .iter()
            .all(|it| it.severity() == Severity::Error)
    {
        return;
    }
    let mut text = Styled::new(coloured);
    for severity in [Severity::Warning, Severity::Note] {
        write_groups(&mut text, diagnostics, severity, is_terminal);
    }
    text.text("--all shows each place, and what to write there.\n");
    output::print_error(text);
    output::print_error("");
}

/// Fails if a file would be overwritten that was not generated.
fn refuse_foreign(differences: &[Difference]) -> Result<(), Failure> {
    let foreign: Vec<String> = differences
        .iter()
        .filter(
            |difference| matches!(&difference.change, Change::Stale { old } if !is_generated(old)),
        )
        .map(|difference| document::shown(&difference.path))
        .collect();
    if foreign.is_empty() {
        return Ok(());
    }
    let message = "nothing is written: these files are in the way, and were not generated";
    Err(Failure::Failed(format!(
        "{message}\n  {}",
        foreign.join("\n  ")
    )))
}

/// Whether a generated file that is no longer part of the crate ever was: other crates may lie
/// below the folder.
fn is_ours(out: &Path, file: &Path) -> bool {
    file.parent()
        .is_some_and(|folder| folder == out.join("src") || folder == out.join("examples"))
}

/// The document as the generated files name it: as it was given, but never where it is on this
/// machine.
fn source(spec: &Path) -> String {
    let named = if spec.is_absolute() {
        spec.file_name().map_or(spec, Path::new)
    } else {
        spec
    };
    document::shown(named).replace(|character: char| character.is_control(), " ")
}

/// Where the runtime crate is, as seen from the generated one; an absolute path stays absolute.
fn runtime_path(args: &GenerateArgs) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = &args.runtime_path else {
        return Ok(None);
    };
    if !path.join("Cargo.toml").is_file() {
        return Err(Failure::Failed(format!(
            "{} holds no crate",
            document::shown(path)
        )));
    }
    if path.is_absolute() {
        return Ok(Some(path.clone()));
    }
    let (runtime, out) = (path.canonicalize()?, canonical(&args.out)?);
    Ok(Some(relative(&out, &runtime)))
}

/// The path without links and `..`, though its end may not exist yet.
fn canonical(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let existing = path
        .ancestors()
        .find(|ancestor| ancestor.exists())
        .unwrap_or(&path);
    let rest = path.strip_prefix(existing).unwrap_or(Path::new(""));
    Ok(existing.canonicalize()?.join(rest))
}

/// The way from a folder to another one; both are canonical.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(from, to)| from == to)
        .count();
    if shared == 0 {
        return to.to_owned();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.components().skip(shared)).collect();
    PathBuf::from(document::shown(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_as_given_but_not_by_its_place_on_the_machine() {
        assert_eq!(
            source(Path::new("../specs/acme.yaml")),
            "../specs/acme.yaml"
        );
        let absolute = std::path::absolute("specs/acme.yaml").expect("a working directory");
        assert_eq!(source(&absolute), "acme.yaml");
        assert_eq!(source(Path::new("a\nb.yaml")), "a b.yaml");
    }

    #[test]
    fn the_runtime_is_named_from_the_crate() {
        let relative = |from, to| relative(Path::new(from), Path::new(to));
        assert_eq!(relative("/a/b/c", "/a/d"), Path::new("../../d"));
        assert_eq!(relative("/a", "/a/b/c"), Path::new("b/c"));
    }
}
