//! What the tests of several crates share: a watchdog and other waits, children after fork, signals and storms of them,
//! and an allocator that measures what its thread asks for.
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: testing::Measuring = testing::Measuring;
//!
//! let (_, measured) = testing::measure(|| vec![0_u8; 10]);
//! assert_eq!((measured.count, measured.largest), (1, 10));
//! ```

#[cfg(unix)]
mod fork;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
pub mod storm;
mod waits;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

#[cfg(unix)]
pub use fork::in_fork;
#[cfg(unix)]
pub use signals::restore_defaults;
pub use waits::{SOON, rounds, wait_until, within};

/// The system's allocator, which also measures. A test crate makes it its `global_allocator`.
///
/// What libzmq allocates is C's, and not measured.
#[derive(Debug)]
pub struct Measuring;

/// What a thread has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    /// How often memory was allocated, or made larger.
    pub count: usize,
    /// The most bytes that were asked for at once.
    pub largest: usize,
}

thread_local! {
    static MEASURED: Cell<Measured> = const { Cell::new(Measured { count: 0, largest: 0 }) };
}

/// Runs `body`, and tells what its thread has allocated meanwhile.
pub fn measure<T>(body: impl FnOnce() -> T) -> (T, Measured) {
    MEASURED.set(Measured::default());
    let result = body();
    (result, MEASURED.get())
}

/// How often `turn` allocates in a hundred turns, once it has begun.
pub fn allocations(mut turn: impl FnMut()) -> usize {
    (0..3).for_each(|_| turn());
    let ((), measured) = measure(|| (0..100).for_each(|_| turn()));
    measured.count
}

fn note(size: usize) {
    // Where the thread is ending, nobody asks any more.
    let _ = MEASURED.try_with(|measured| {
        let Measured { count, largest } = measured.get();
        measured.set(Measured { count: count + 1, largest: largest.max(size) });
    });
}

// SAFETY: it does what `System` does, which it asks for everything.
unsafe impl GlobalAlloc for Measuring {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller keeps the contract, which is `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
