//! What only a terminal needs.

pub(crate) mod progress;
