//! What only a terminal needs.

pub(crate) mod interrupt;
pub(crate) mod progress;
pub(crate) mod wrap;
