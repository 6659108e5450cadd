//! A document becomes the files of a module.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tokensmith_codegen::diagnostic::output::{self, Printable, cargo};
use tokensmith_codegen::emit::{self, Manifest, Options};
use tokensmith_codegen::project::overlay_of;
use tokensmith_codegen::{Diagnostic, Model, Severity, Source, provider_name, read};

use crate::level::{Level, Levels};
use crate::{Error, features};

/// Generates the module of a document in the folder `root` into the folder `out`.
pub(crate) fn generate(
    levels: &Levels,
    document: &Path,
    root: &Path,
    out: &Path,
) -> Result<(), Error> {
    let stem = document.file_stem().unwrap_or_default().to_string_lossy();
    let provider = provider_name(&stem);
    let path = root.join(document);
    let bytes = load(&path)?;
    let overlay = overlay_of(&path);
    let overlay = overlay
        .map(|path| Ok::<_, Error>((shown(&path), load(&path)?)))
        .transpose()?;
    let name = shown(document);
    let source = Source::new(&name, &bytes).in_folder(path.parent());
    let overlay = overlay
        .as_ref()
        .map(|(name, bytes)| Source::new(name, bytes));
    let reading = read(&provider, source, overlay);
    for external in &reading.externals {
        watch(&path.with_file_name(&external.path))?;
    }
    let denied = report(&reading.diagnostics, levels)?;
    let model = reading.model.ok_or(Error::Document(name.clone()))?;
    if !denied.is_empty() {
        return Err(Error::Denied(name, denied));
    }
    write_module(&model, &provider, name, out)?;
    told(cargo::expect_features(&["blocking", "hyper", "oidc"]))
}

/// Prints the diagnostics, and returns the codes of the warnings that the build denies.
fn report(diagnostics: &[Diagnostic], levels: &Levels) -> Result<Vec<&'static str>, Error> {
    let mut denied = Vec::new();
    for diagnostic in diagnostics {
        match levels.of(diagnostic.rule) {
            Level::Allow => {}
            Level::Warn => told(cargo::warning(&diagnostic.to_string()))?,
            Level::Deny => {
                output::print_error(Printable::diagnostic(diagnostic, false));
                output::print_error("");
                let code = diagnostic.rule.code();
                if diagnostic.severity() == Severity::Warning && !denied.contains(&code) {
                    denied.push(code);
                }
            }
        }
    }
    Ok(denied)
}

fn write_module(model: &Model, provider: &str, source: String, out: &Path) -> Result<(), Error> {
    let checks = features::checks(
        Printable::text(&source).as_str(),
        &emit::runtime_features(model),
    );
    let options = Options {
        source,
        command: "tokensmith-build".to_owned(),
        manifest: Manifest::Standalone { runtime_path: None },
    };
    let module = provider.replace('-', "_");
    let (folder, untested) = (out.join(&module), out.join(format!("{module}-untested")));
    for (file, text) in emit::emit(model, &options) {
        if let Some(file) = file.strip_prefix("src/") {
            write(&folder.join(file), &text)?;
            // Its examples name a crate, which is tested where it is one.
            write(
                &untested.join(file),
                &text.replace("```no_run", "```ignore"),
            )?;
        }
    }
    // What is included cannot begin with the documentation of a module; a module in a file of its own can.
    let entry = format!(
        "#[cfg_attr(not(doctest), path = {:?})]\n#[cfg_attr(doctest, path = {:?})]\npub mod {};\n{checks}",
        folder.join("lib.rs"),
        untested.join("lib.rs"),
        emit::module_name(provider)
    );
    write(&out.join(format!("{module}.rs")), &entry)
}

/// What could not be said to cargo.
fn told(said: io::Result<()>) -> Result<(), Error> {
    said.map_err(|error| Error::File(PathBuf::from("standard output"), error))
}

/// Has cargo build again when a file changes.
fn watch(path: &Path) -> Result<(), Error> {
    cargo::rerun_if_changed(path).map_err(|error| Error::File(path.to_owned(), error))
}

/// Reads a file, and has cargo build again when it changes.
fn load(path: &Path) -> Result<Vec<u8>, Error> {
    watch(path)?;
    tokensmith_codegen::source::file::read(path)
        .map_err(|error| Error::File(path.to_owned(), error))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(path, text));
    written.map_err(|error| Error::File(path.to_owned(), error))
}

/// A path as messages name it, with `/` on every system.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
