//! `Cell`, for what a socket remembers from one call to the next.
//!
//! Several threads may share a socket of the kinds that libzmq makes for that, so it is atomic. As nothing else is
//! told by it, and nothing is counted, a load or a store costs what a plain one does.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// A value that fits into an atomic.
pub(crate) trait Atomic: Copy {
    type Cell;

    fn cell(self) -> Self::Cell;
    fn load(cell: &Self::Cell) -> Self;
    fn store(self, cell: &Self::Cell);
}

impl Atomic for usize {
    type Cell = AtomicUsize;

    fn cell(self) -> AtomicUsize {
        AtomicUsize::new(self)
    }

    #[inline(always)]
    fn load(cell: &AtomicUsize) -> Self {
        cell.load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn store(self, cell: &AtomicUsize) {
        cell.store(self, Ordering::Relaxed);
    }
}

/// A value of a few, by its number.
pub(crate) trait Few: Copy {
    fn number(self) -> u8;
    fn from_number(number: u8) -> Self;
}

impl Few for bool {
    #[inline(always)]
    fn number(self) -> u8 {
        self.into()
    }

    #[inline(always)]
    fn from_number(number: u8) -> Self {
        number != 0
    }
}

impl<T: Few> Atomic for T {
    type Cell = AtomicU8;

    fn cell(self) -> AtomicU8 {
        AtomicU8::new(self.number())
    }

    #[inline(always)]
    fn load(cell: &AtomicU8) -> Self {
        Self::from_number(cell.load(Ordering::Relaxed))
    }

    #[inline(always)]
    fn store(self, cell: &AtomicU8) {
        cell.store(self.number(), Ordering::Relaxed);
    }
}

/// As [`std::cell::Cell`], and Sync.
#[derive(Debug)]
pub(crate) struct Cell<T: Atomic>(T::Cell);

impl<T: Atomic> Cell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value.cell())
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> T {
        T::load(&self.0)
    }

    #[inline(always)]
    pub(crate) fn set(&self, value: T) {
        value.store(&self.0);
    }

    /// Sets it, and gives what it was: not in one step, which would cost more.
    #[inline(always)]
    pub(crate) fn replace(&self, value: T) -> T {
        let former = self.get();
        self.set(value);
        former
    }
}
