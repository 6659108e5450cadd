//! Why there is no module.

use std::path::PathBuf;
use std::{fmt, io};

use tokensmith_codegen::diagnostic::output::Printable;

/// Why there is no module. `Debug` is the same text as `Display`: it is what cargo shows of a build
/// script whose `main` returns this error.
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// A variable that cargo sets for build scripts is missing.
    Variable(&'static str),
    /// The document of this name has errors, which are printed.
    Document(String),
    /// The document of this name breaks these rules, which the build denies. They are printed.
    Denied(String, Vec<&'static str>),
    /// [`Config::allow`](crate::Config::allow) was given something else than a warning's code or name.
    Rule(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::File(path, error) => format!("{}: {error}", path.display()),
            Self::Variable(name) => {
                format!("the environment has no {name}: call this in a build script")
            }
            Self::Document(name) => format!("{name} has errors, which are listed above"),
            Self::Denied(name, rules) => format!(
                "{name} breaks {}, as listed above: correct the document, or allow a rule with \
                 `tokensmith_build::Config::allow`",
                rules.join(", ")
            ),
            Self::Rule(name) => format!(
                "`Config::allow` takes the code or name of a warning, such as `TS047`, not `{name}`"
            ),
        };
        formatter.write_str(Printable::text(&text).as_str())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}
