//! Counting what a thread allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HERE: Cell<Allocations> = const { Cell::new(Allocations { count: 0, bytes: 0, live: 0 }) };
}

/// The system's allocator, counted.
pub(crate) struct Counting;

/// How much this thread has allocated since it started.
#[derive(Debug, Clone, Copy)]
pub struct Allocations {
    /// How often memory was asked for; making a piece larger is asking.
    pub count: i64,
    /// How much was asked for; of a piece that is made larger, what it has more than before.
    pub bytes: i64,
    /// How much of that is still in use, if no other thread gives it back.
    pub live: i64,
}

impl Allocations {
    /// Up to now.
    pub fn now() -> Self {
        HERE.get()
    }

    /// From then to now.
    #[must_use]
    pub fn since(&self, then: &Self) -> Self {
        Self {
            count: self.count - then.count,
            bytes: self.bytes - then.bytes,
            live: self.live - then.live,
        }
    }
}

/// Each thread counts for itself: a number that threads share would cost each allocation more than the allocation itself.
fn count(asked: i64, bytes: i64) {
    // A thread that ends has no numbers any more.
    let _ = HERE.try_with(|here| {
        let then = here.get();
        here.set(Allocations {
            count: then.count + asked,
            bytes: then.bytes + bytes.max(0),
            live: then.live + bytes,
        });
    });
}

/// No layout is larger than this.
fn size(layout: Layout) -> i64 {
    i64::try_from(layout.size()).unwrap_or(i64::MAX)
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, size(layout));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, size(layout));
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new: usize) -> *mut u8 {
        count(1, i64::try_from(new).unwrap_or(i64::MAX) - size(layout));
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, new) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, -size(layout));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}
