//! What tests share.

#[cfg(test)]
mod faulty;
#[cfg(test)]
mod world;

#[cfg(test)]
pub(crate) use faulty::{Fault, Faulty};
#[cfg(test)]
pub(crate) use world::*;
