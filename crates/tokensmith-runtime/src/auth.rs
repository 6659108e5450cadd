//! How a request proves which client it comes from.

mod memory;
mod style;

pub(crate) use memory::Memory;
pub(crate) use style::{Style, Styles, basic_pair};
