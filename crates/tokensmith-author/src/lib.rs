//! What contributors use to write documents of providers and to compare them.
//!
//! - [`template`] begins a document, [`import`] makes one of a vendor's file, and [`update`] takes a
//!   newer file of the vendor's.
//! - [`diff`] says what a changed document means for the users of its crate, and [`comparison`]
//!   reports that of all documents of a project.
//! - [`meaning`] says on a page what a document means, and [`markdown`] writes what documents say
//!   so that nothing in it breaks out.
//! - [`release`] says which crates get which versions, and in which order they are published.
//!
//! The commands `cargo xtask new`, `import`, `update`, `diff` and `release` are made of it.

#![warn(clippy::print_stdout, clippy::print_stderr, clippy::too_many_lines)]

pub mod comparison;
pub mod diff;
pub mod import;
pub mod markdown;
pub mod meaning;
pub mod release;
pub mod template;
pub mod update;
