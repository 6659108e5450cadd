//! What tests of stores and sources are made with.

#[cfg(feature = "testing")]
mod check_store;
#[cfg(feature = "testing")]
mod fixed;
#[cfg(feature = "testing")]
mod manual_clock;
#[cfg(feature = "testing")]
pub use check_store::{BrokenRule, check_store, check_stores};
#[cfg(feature = "testing")]
pub use fixed::fixed;
#[cfg(feature = "testing")]
pub use manual_clock::ManualClock;

#[cfg(test)]
mod faulty;
#[cfg(test)]
mod hooked;
#[cfg(test)]
mod store_clock;
#[cfg(test)]
mod world;

#[cfg(test)]
pub(crate) use faulty::{Fault, Faulty};
#[cfg(test)]
pub(crate) use hooked::{Hooked, Verdict};
#[cfg(test)]
pub(crate) use store_clock::StoreClock;
#[cfg(test)]
pub(crate) use world::*;
