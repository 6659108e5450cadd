//! What tests share.

#[cfg(test)]
mod world;

#[cfg(test)]
pub(crate) use world::*;
