//! How a `Poller` learns that one of its sockets was used, which may have swallowed the news of its descriptor.
//!
//! A registered socket is not to be sent to another thread, but a `Poller` that is leaked leaves it registered when it
//! is free again: so the list is one that any thread may write to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The slots of a `Poller` whose sockets were used since it last looked.
#[derive(Default)]
pub(crate) struct Touched {
    is_any: AtomicBool,
    slots: Mutex<Vec<usize>>,
}

impl Touched {
    /// Tells whether there are any.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// Takes the slots out, into `slots`.
    pub(crate) fn take(&self, slots: &mut Vec<usize>) {
        self.is_any.store(false, Ordering::Release);
        slots.append(&mut self.slots.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A socket's registration in a `Poller`.
pub(crate) struct Watch {
    pub(crate) touched: Arc<Touched>,
    pub(crate) slot: usize,
}

impl Watch {
    /// Says that the socket was used.
    pub(crate) fn report(&self) {
        let mut slots = self.touched.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.push(self.slot);
        self.touched.is_any.store(true, Ordering::Release);
    }
}
