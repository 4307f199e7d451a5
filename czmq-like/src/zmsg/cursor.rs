//! The cursor of a message, which looking at it moves.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Which frame was looked at last, if any.
///
/// It is an atomic, not a Cell, so that a ZMsg is Sync: a `SendError<ZMsg>` must be, to become a
/// `Box<dyn Error + Send + Sync>`. Threads that look at one message share its cursor.
pub(super) struct Cursor {
    /// The frame's index and 1 more; 0 is no frame.
    after: AtomicUsize,
}

impl Cursor {
    #[inline]
    pub(super) const fn new() -> Self {
        Self { after: AtomicUsize::new(0) }
    }

    /// The index of the frame after this one, or of the first.
    #[inline]
    pub(super) fn next(&self) -> usize {
        self.after.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set(&self, index: Option<usize>) {
        self.after.store(index.map_or(0, |index| index + 1), Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        *self.after.get_mut() = 0;
    }

    /// Takes note that the frame at `index` is gone.
    pub(super) fn removed(&mut self, index: usize) {
        let after = self.after.get_mut();
        if *after > index {
            *after -= 1;
        }
    }
}
