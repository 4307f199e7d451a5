//! The memory of `Frames`: a header, and slots behind it, of which each thread keeps some.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::raw::message::Message;

/// Slots in a buffer of the usual size, which are 1 KiB.
pub(super) const USUAL: u32 = 16;
/// Buffers that a thread keeps at most.
const KEPT: usize = 8;

/// The beginning of a buffer: its slots follow. Each of them begins a line of the processor's cache.
#[repr(align(64))]
pub(super) struct Header {
    /// How many slots there are.
    pub(super) capacity: u32,
    /// Where the first frame is: the slots from `head` to `head + len` are frames, and the others empty messages, which
    /// hold nothing that would have to be released.
    pub(super) head: u32,
    pub(super) len: u32,
}

fn layout(capacity: u32) -> Layout {
    let slots = Layout::array::<Message>(capacity as usize);
    let whole = slots.and_then(|slots| Layout::new::<Header>().extend(slots));
    #[allow(clippy::expect_used, reason = "2^32 frames are 256 GiB, less than isize::MAX")]
    let (whole, begin) = whole.expect("a capacity below 2^32");
    debug_assert_eq!(begin, size_of::<Header>());
    whole.pad_to_align()
}

/// A buffer without a frame.
#[cold]
pub(super) fn allocate(capacity: u32) -> NonNull<Header> {
    let layout = layout(capacity);
    // SAFETY: the layout is not empty, as it has a header.
    let buffer = unsafe { alloc(layout) }.cast::<Header>();
    let Some(buffer) = NonNull::new(buffer) else { handle_alloc_error(layout) };
    // SAFETY: the header is the beginning of what was allocated.
    unsafe { buffer.write(Header { capacity, head: 0, len: 0 }) };
    // SAFETY: the slots follow it.
    let first = unsafe { buffer.add(1) }.cast::<Message>();
    for index in 0..capacity as usize {
        // SAFETY: the buffer has `capacity` slots.
        let slot = unsafe { first.add(index) };
        // SAFETY: it is one of them, and holds nothing yet.
        unsafe { Message::init_at(slot.as_ptr()) };
    }
    buffer
}

/// Gives memory back whose messages are all empty, and so need no close.
pub(super) fn release(buffer: NonNull<Header>) {
    // SAFETY: `allocate` has written it.
    let capacity = unsafe { buffer.as_ref() }.capacity;
    // SAFETY: `allocate` made it, with this capacity, and its owner has no more use for it.
    unsafe { dealloc(buffer.as_ptr().cast(), layout(capacity)) };
}

/// A thread's buffers of the usual size that nobody uses, and that have no frames.
struct Pool {
    buffers: [Cell<*mut Header>; KEPT],
    len: Cell<usize>,
}

thread_local! {
    static POOL: Pool = const {
        Pool { buffers: [const { Cell::new(ptr::null_mut()) }; KEPT], len: Cell::new(0) }
    };
}

impl Pool {
    #[inline]
    fn take(&self) -> Option<NonNull<Header>> {
        let last = self.len.get().checked_sub(1)?;
        self.len.set(last);
        NonNull::new(self.buffers.get(last)?.get())
    }

    /// Takes the buffer over, or says that there are enough.
    #[inline]
    fn give(&self, buffer: NonNull<Header>) -> bool {
        let len = self.len.get();
        let Some(place) = self.buffers.get(len) else {
            return false;
        };
        place.set(buffer.as_ptr());
        self.len.set(len + 1);
        true
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        while let Some(buffer) = self.take() {
            release(buffer);
        }
    }
}

/// A buffer of the usual size, whose messages are all empty. Where its frames are to be is for the taker to say.
#[inline]
pub(super) fn take_usual() -> NonNull<Header> {
    // Where the thread is ending, its pool is gone.
    let pooled = POOL.try_with(Pool::take).ok().flatten();
    pooled.unwrap_or_else(|| allocate(USUAL))
}

/// Keeps a buffer of the usual size, whose messages are all empty, or gives its memory back.
#[inline]
pub(super) fn give_usual(buffer: NonNull<Header>) {
    if !POOL.try_with(|pool| pool.give(buffer)).unwrap_or(false) {
        release(buffer);
    }
}
