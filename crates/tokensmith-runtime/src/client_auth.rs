//! How a request proves which client it comes from.

mod memory;
mod style;

pub(crate) mod assertion;
pub(crate) mod credentials;
#[cfg(feature = "dpop")]
pub(crate) mod dpop;
#[cfg(feature = "jwt")]
pub mod jwt;
#[cfg(feature = "random")]
pub(crate) mod random;
pub(crate) mod secret;

pub(crate) use memory::Memory;
pub(crate) use style::{Style, Styles, basic_pair};
