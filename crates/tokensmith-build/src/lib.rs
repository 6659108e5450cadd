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
//! The module is what `tokensmith generate` writes as a crate, byte for byte except for the header.
//! An overlay beside the document applies. What is wrong with the document is a warning or an error
//! of the build, with file, line, column and what to write instead; [`Config`] denies or silences
//! warnings. Notes, which change nothing of the module, are shown by `tokensmith check`. The client
//! for programs that do not use `async` exists if your crate has a feature `blocking` that turns on
//! `tokensmith-runtime/blocking`; a feature `oidc` that turns on `tokensmith-runtime/oidc` adds the
//! types of ID tokens. If the document needs other features of the runtime, such as `jwt` or
//! `pattern`, the compiler names each one that is missing and the line for `Cargo.toml`.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod config;
mod error;
mod features;
mod level;
mod module;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use config::Config;
pub use error::Error;

/// Generates the module of a document with the default [`Config`]. The path starts at the folder of
/// your crate; the module has the name of the file.
///
/// # Errors
///
/// As for [`Config::generate`].
pub fn generate(document: impl AsRef<Path>) -> Result<(), Error> {
    Config::new().generate(document)
}
