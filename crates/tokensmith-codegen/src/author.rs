//! What contributors use to write documents and to compare them.

pub mod diff;
pub mod extract;
pub mod import;
pub mod template;
pub mod update;
