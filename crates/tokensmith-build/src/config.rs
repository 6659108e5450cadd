//! How strict a build is.

use std::env;
use std::path::{Path, PathBuf};

use tokensmith_codegen::{Rule, Severity};

use crate::level::Levels;
use crate::{Error, module};

/// Settings for generating a module. [`generate`](crate::generate) uses the default ones.
///
/// ```no_run
/// fn main() -> Result<(), tokensmith_build::Error> {
///     tokensmith_build::Config::new()
///         .deny_warnings()
///         .allow("TS047")
///         .generate("specs/acme.yaml")
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    denies_warnings: bool,
    allowed: Vec<String>,
}

impl Config {
    /// Creates the default settings: warnings are shown, and the build fails if the document has
    /// errors or declares a success response without a token (TS032).
    pub fn new() -> Self {
        Self::default()
    }

    /// Fails the build on warnings too.
    pub fn deny_warnings(mut self) -> Self {
        self.denies_warnings = true;
        self
    }

    /// Silences a rule, given by its code or name, such as `TS047` or `no-source`. Only warnings
    /// can be silenced.
    pub fn allow(mut self, rule: impl Into<String>) -> Self {
        self.allowed.push(rule.into());
        self
    }

    /// Generates the module of a document. The path starts at the folder of your crate; the module
    /// has the name of the file.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or written, if the document has errors or denied warnings, which are
    /// printed, or if [`allow`](Self::allow) was given a rule that does not exist or is an error.
    pub fn generate(&self, document: impl AsRef<Path>) -> Result<(), Error> {
        let root = folder("CARGO_MANIFEST_DIR")?;
        let out = folder("OUT_DIR")?;
        module::generate(&self.levels()?, document.as_ref(), &root, &out)
    }

    pub(crate) fn levels(&self) -> Result<Levels, Error> {
        let find = |name: &String| match Rule::find(name) {
            Some(rule) if rule.severity() != Severity::Error => Ok(rule),
            _ => Err(Error::Rule(name.clone())),
        };
        Ok(Levels {
            allowed: self.allowed.iter().map(find).collect::<Result<_, _>>()?,
            denies_warnings: self.denies_warnings,
        })
    }
}

fn folder(variable: &'static str) -> Result<PathBuf, Error> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or(Error::Variable(variable))
}
