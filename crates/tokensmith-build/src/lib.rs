//! A typed OAuth 2.0 client as a module of your own crate, from an OpenAPI document that stays there.
//!
//! In `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! serde = { version = "1", features = ["derive"] }
//! tokensmith-runtime = { version = "0.1", features = ["hyper"] }
//!
//! [build-dependencies]
//! tokensmith-build = "0.1"
//! ```
//!
//! In `build.rs`:
//!
//! ```no_run
//! fn main() -> Result<(), tokensmith_build::Error> {
//!     tokensmith_build::generate("specs/acme.yaml")
//! }
//! ```
//!
//! And wherever the module `acme` is to be:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/acme.rs"));
//! ```
//!
//! The module is what `tokensmith generate` writes as a crate, byte for byte but for the header. An overlay beside the document applies. What is
//! wrong with the document is a warning or an error of the build, with file, line, column and what to write instead. A client for
//! programs that do not use `async` is there where your crate has a feature `blocking` that turns on `tokensmith-runtime/blocking`; where the
//! document asks for other features of the runtime (`jwt`, `authorization`), the compiler says which are missing.

#![warn(clippy::print_stdout, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use tokensmith_codegen::emit::{Manifest, Options, emit, module_name};
use tokensmith_codegen::output::{self, Printable, cargo};
use tokensmith_codegen::project::overlay_of;
use tokensmith_codegen::{Severity, Source, provider_name, read};

/// Generates the module of a document, which is named from the folder of your crate. The module is called like the file.
///
/// # Errors
///
/// When a file cannot be read or written, or the document has errors; those are printed.
pub fn generate(document: impl AsRef<Path>) -> Result<(), Error> {
    let document = document.as_ref();
    let root = folder("CARGO_MANIFEST_DIR")?;
    let out = folder("OUT_DIR")?;
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
    for diagnostic in &reading.diagnostics {
        match diagnostic.severity() {
            Severity::Error => {
                output::print_error(Printable::diagnostic(diagnostic, false));
                output::print_error("");
            }
            Severity::Warning => told(cargo::warning(&diagnostic.to_string()))?,
        }
    }
    let model = reading.model.ok_or(Error::Document(name.clone()))?;
    let options = Options {
        source: name,
        command: "tokensmith-build".to_owned(),
        manifest: Manifest::Standalone { runtime_path: None },
    };
    let module = provider.replace('-', "_");
    let (folder, untested) = (out.join(&module), out.join(format!("{module}-untested")));
    for (file, text) in emit(&model, &options) {
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
        "#[cfg_attr(not(doctest), path = {:?})]\n#[cfg_attr(doctest, path = {:?})]\npub mod {};\n",
        folder.join("lib.rs"),
        untested.join("lib.rs"),
        module_name(&provider)
    );
    write(&out.join(format!("{module}.rs")), &entry)?;
    told(cargo::expect_features(&["blocking", "hyper"]))
}

/// Why there is no module.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// Cargo sets this variable, but only for a build script.
    Variable(&'static str),
    /// The document of this name has errors, which are printed.
    Document(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => {
                let text = format!("{}: {error}", path.display());
                formatter.write_str(Printable::text(&text).as_str())
            }
            Self::Variable(name) => {
                write!(formatter, "{name} is not set: call this in a build script")
            }
            Self::Document(name) => {
                let name = Printable::text(name);
                write!(formatter, "{} has errors: see above", name.as_str())
            }
        }
    }
}

impl std::error::Error for Error {}

fn folder(variable: &'static str) -> Result<PathBuf, Error> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or(Error::Variable(variable))
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
    tokensmith_codegen::file::read(path).map_err(|error| Error::File(path.to_owned(), error))
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
