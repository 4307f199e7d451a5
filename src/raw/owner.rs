//! What a zero-copy message owns, and how it is dropped when libzmq is done with it.

use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// How many owners of zero-copy messages are being dropped on this thread, one inside another.
    static OWNERS_DROPPING: Cell<u32> = const { Cell::new(0) };
}

/// Whether this thread is dropping a message's owner: it may be one of libzmq's own.
pub(crate) fn is_dropping_owner() -> bool {
    OWNERS_DROPPING.try_with(Cell::get).is_ok_and(|depth| depth > 0)
}

/// Drops what a message owned, on whatever thread libzmq was done with it.
fn drop_owner(drop: impl FnOnce()) {
    let _ = OWNERS_DROPPING.try_with(|depth| depth.set(depth.get() + 1));
    // A panic must not unwind into libzmq. What it carries is dropped in its turn, which may panic as well; but where
    // that goes on and on, it is leaked.
    let mut dropped = catch_unwind(AssertUnwindSafe(drop));
    for _ in 0..3 {
        let Err(panic) = dropped else { break };
        dropped = catch_unwind(AssertUnwindSafe(move || std::mem::drop(panic)));
    }
    std::mem::forget(dropped);
    let _ = OWNERS_DROPPING.try_with(|depth| depth.set(depth.get() - 1));
}

/// The free function of a `Vec<u8>`: its capacity travels as the hint.
pub(super) unsafe extern "C" fn free_vec(data: *mut c_void, capacity: *mut c_void) {
    // SAFETY: libzmq gives back, once, the pointer and the hint that `from_vec` gave it, and nobody else has them. A
    // length of 0 will do, as bytes need no drop.
    drop(unsafe { Vec::<u8>::from_raw_parts(data.cast(), 0, capacity.addr()) });
}

/// The free function of an owner, which travels as the hint.
pub(super) unsafe extern "C" fn free_owner<T>(_data: *mut c_void, owner: *mut c_void) {
    // SAFETY: libzmq gives back, once, the pointer of the Box that `from_owner` gave it.
    let owner = unsafe { Box::<T>::from_raw(owner.cast()) };
    drop_owner(move || drop(owner));
}

/// An owner in its Box, which goes with this unless libzmq took it over.
pub(super) struct Unclaimed<T>(pub(super) *mut T);

impl<T> Drop for Unclaimed<T> {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Box::into_raw`, and nobody else has it.
        drop(unsafe { Box::from_raw(self.0) });
    }
}
