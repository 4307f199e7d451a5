//! `Queue`: entries that take turns.

use slab::Slab;

use super::entry::Entry;

/// No slot.
const NONE: usize = usize::MAX;

/// Some of a `Poller`'s entries, each by its slot, in a ring: none moves in memory when the first becomes the last, and
/// any of them can leave. An entry is in one queue at most.
pub(super) struct Queue {
    /// The slot of the first, or `NONE`.
    first: usize,
}

/// The slots of the entries beside an entry in its queue. What they are in none says nothing.
#[derive(Clone, Copy)]
pub(super) struct Links {
    next: usize,
    previous: usize,
}

impl Links {
    pub(super) const NONE: Self = Self { next: NONE, previous: NONE };
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { first: NONE }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first == NONE
    }

    /// The slot of the first; or one that is no entry's, where there is none.
    #[inline]
    pub(super) fn first(&self) -> usize {
        self.first
    }

    /// Makes the first, with these links, the last.
    #[inline]
    pub(super) fn rotate(&mut self, links: Links) {
        self.first = links.next;
    }

    /// Puts an entry that is in no queue behind the last.
    pub(super) fn push(&mut self, entries: &mut Slab<Entry<'_>>, slot: usize) {
        let links = if self.is_empty() {
            self.first = slot;
            Links { next: slot, previous: slot }
        } else {
            Links { next: self.first, previous: entries[self.first].links.previous }
        };
        entries[slot].links = links;
        entries[links.previous].links.next = slot;
        entries[links.next].links.previous = slot;
    }

    /// Takes out an entry that is in this queue.
    pub(super) fn remove(&mut self, entries: &mut Slab<Entry<'_>>, slot: usize) {
        let links = entries[slot].links;
        entries[links.previous].links.next = links.next;
        entries[links.next].links.previous = links.previous;
        if self.first == slot {
            self.first = if links.next == slot { NONE } else { links.next };
        }
    }
}
