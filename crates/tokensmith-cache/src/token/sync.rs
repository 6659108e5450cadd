//! What a slot shares between threads: by the standard library and `arc-swap`, or by shuttle, which tries the orders in which
//! threads can meet.

#[cfg(not(shuttle))]
pub(crate) use arc_swap::ArcSwap;
#[cfg(not(shuttle))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64},
};

#[cfg(shuttle)]
pub(crate) use shuttle::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64},
};

/// Stands for `arc_swap::ArcSwap`, whose own atomics are tested where it is made: a load and a store are one step each.
#[cfg(shuttle)]
pub(crate) struct ArcSwap<T>(Mutex<std::sync::Arc<T>>);

#[cfg(shuttle)]
impl<T> ArcSwap<T> {
    pub(crate) fn new(value: std::sync::Arc<T>) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn load(&self) -> arc_swap::Guard<std::sync::Arc<T>> {
        arc_swap::Guard::from_inner(self.lock().clone())
    }

    pub(crate) fn store(&self, value: std::sync::Arc<T>) {
        *self.lock() = value;
    }

    fn lock(&self) -> MutexGuard<'_, std::sync::Arc<T>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
