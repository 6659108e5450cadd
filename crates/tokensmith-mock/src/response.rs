//! What is sent back.

pub(crate) mod body;
mod expiry;
pub(crate) mod refuse;
pub(crate) mod sample;
pub(crate) mod success;
