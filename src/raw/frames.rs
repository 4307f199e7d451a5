//! `Frames`, the buffer of a multipart message.
//!
//! Three words, so that it moves cheaply, over a buffer that is recycled: each thread keeps a few of the usual size, so
//! that a program that receives and sends multiparts allocates nothing once it has begun. Room is left in front for
//! an envelope.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr::{self, NonNull};
use std::slice;

use super::errno;
use super::message::Message;
use super::socket::{DONTWAIT, SNDMORE};

/// Frames in a buffer of the usual size, which is 1 KiB.
const USUAL: u32 = 16;
/// Frames left free in front of the first one: an envelope has one to three, and each hop adds two at most.
const IN_FRONT: u32 = 4;
/// Buffers that a thread keeps at most.
const KEPT: u32 = 8;

/// A double-ended queue of messages that lie side by side.
pub(crate) struct Frames {
    /// The buffer, dangling where `capacity` is 0.
    buffer: NonNull<Message>,
    capacity: u32,
    /// Where the first frame is: the slots from `head` to `head + len` are initialised, the others are not.
    head: u32,
    len: u32,
}

// SAFETY: it owns its messages, which are Send, and its buffer, which came from the global allocator.
unsafe impl Send for Frames {}
// SAFETY: `&Frames` gives out `&Message` only, and Message is Sync.
unsafe impl Sync for Frames {}

impl Frames {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { buffer: NonNull::dangling(), capacity: 0, head: 0, len: 0 }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[Message] {
        // SAFETY: the slots from `head` on are `len` initialised messages, and `&self` keeps them so.
        unsafe { slice::from_raw_parts(self.slot(0), self.len as usize) }
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [Message] {
        // SAFETY: the slots from `head` on are `len` initialised messages, and `&mut self` keeps others away.
        unsafe { slice::from_raw_parts_mut(self.slot(0), self.len as usize) }
    }

    /// The slot of frame `index`, which may be the one after the last.
    #[inline]
    fn slot(&self, index: u32) -> *mut Message {
        // SAFETY: `head + index` is at most `capacity`, so that this stays within the buffer or at its end.
        unsafe { self.buffer.as_ptr().add((self.head + index) as usize) }
    }

    pub(crate) fn push_back(&mut self, message: Message) {
        self.reserve_back();
        // SAFETY: `reserve_back` made the slot after the last one, and it holds nothing.
        unsafe { self.slot(self.len).write(message) };
        self.len += 1;
    }

    pub(crate) fn push_front(&mut self, message: Message) {
        if self.head == 0 {
            self.move_frames(IN_FRONT.max(self.len));
        }
        self.head -= 1;
        self.len += 1;
        // SAFETY: the slot before the first one is in the buffer now, and holds nothing.
        unsafe { self.slot(0).write(message) };
    }

    pub(crate) fn pop_back(&mut self) -> Option<Message> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: it was the last frame, and is none of ours from here on.
        Some(unsafe { self.slot(self.len).read() })
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<Message> {
        let first = self.as_slice().first().map(ptr::from_ref)?;
        self.forget_front();
        // SAFETY: it was the first frame, and is none of ours from here on.
        Some(unsafe { first.read() })
    }

    /// Takes out the frame at `index`; those behind it move up.
    pub(crate) fn remove(&mut self, index: usize) -> Option<Message> {
        if index >= self.len as usize {
            return None;
        }
        self.as_mut_slice()[index..].rotate_left(1);
        self.pop_back()
    }

    /// Puts a frame before the one at `index`, or behind the last one.
    pub(crate) fn insert(&mut self, index: usize, message: Message) {
        self.push_back(message);
        let last = self.len as usize - 1;
        self.as_mut_slice()[index.min(last)..].rotate_right(1);
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        let frames = ptr::from_mut(self.as_mut_slice());
        self.len = 0;
        self.head = IN_FRONT.min(self.capacity);
        // SAFETY: the slice was our frames, and is none of ours from here on.
        unsafe { frames.drop_in_place() };
    }

    /// Receives a message behind the frames that are there; or gives the errno, and keeps what was received before.
    ///
    /// Only the first frame is waited for, as the others come with it. To be cancelled half-way would leave the socket with
    /// the rest, so that a signal has to wait once it has begun.
    #[inline(always)]
    pub(super) fn recv_whole(&mut self, socket: *mut c_void, flags: c_int) -> Result<(), i32> {
        loop {
            self.reserve_back();
            let mut slot = self.slot(self.len);
            for _ in self.head + self.len..self.capacity {
                // SAFETY: it is one of those behind the last frame, and holds nothing.
                let Some(message) = (unsafe { recv_at(slot, socket, flags) }) else {
                    // SAFETY: that was the slot.
                    match unsafe { not_received(slot) } {
                        errno::EINTR if self.len > 0 => break,
                        code => return Err(code),
                    }
                };
                self.len += 1;
                if !message.has_more() {
                    return Ok(());
                }
                // SAFETY: it stays within the buffer, or at its end.
                slot = unsafe { slot.add(1) };
            }
        }
    }

    /// Sends the first frame, and gives what zmq_msg_send(3) gave; -1 leaves it where it is.
    #[inline]
    pub(super) fn send_front(&mut self, socket: *mut c_void, flags: c_int) -> c_int {
        let Some(first) = self.as_mut_slice().first_mut() else {
            return -1;
        };
        let rc = first.send(socket, flags);
        if rc != -1 {
            // What was sent is empty: there is nothing to close.
            self.forget_front();
        }
        rc
    }

    /// Sends the frames in calls that do not wait; or gives the errno of one, which and those behind it stay.
    #[inline(always)]
    pub(super) fn send_rest(&mut self, socket: *mut c_void) -> Result<(), i32> {
        while self.len > 0 {
            let more = if self.len > 1 { SNDMORE } else { 0 };
            if self.send_front(socket, DONTWAIT | more) == -1 {
                return Err(errno::last());
            }
        }
        Ok(())
    }

    /// Lets go of the first frame, without dropping it.
    #[inline]
    fn forget_front(&mut self) {
        self.head += 1;
        self.len -= 1;
    }

    /// Drops the frames, and gives up the buffer.
    #[inline(never)]
    fn drop_all(&mut self) {
        self.clear();
        if self.capacity == USUAL {
            give_usual(self.buffer);
        } else {
            release(self.buffer, self.capacity);
        }
    }

    /// Makes sure that the slot after the last frame is in the buffer.
    #[inline]
    fn reserve_back(&mut self) {
        if self.head + self.len == self.capacity {
            self.make_room();
        }
    }

    /// Finds room behind the last frame: a buffer to begin with.
    #[inline(never)]
    fn make_room(&mut self) {
        if self.capacity != 0 {
            return self.make_more_room();
        }
        self.buffer = take_usual();
        self.capacity = USUAL;
        self.head = IN_FRONT;
    }

    /// Finds room behind the last frame, by moving to the front or to a larger buffer.
    #[cold]
    fn make_more_room(&mut self) {
        if self.capacity == USUAL && self.head > 0 {
            self.close_up();
        } else {
            self.move_frames(IN_FRONT.min(self.head));
        }
    }

    /// Moves the frames to the front of the buffer, which gives up the room for an envelope.
    fn close_up(&mut self) {
        // SAFETY: `len` frames are there, and the buffer begins before them.
        unsafe { self.buffer.as_ptr().copy_from(self.slot(0), self.len as usize) };
        self.head = 0;
    }

    /// Moves the frames so that `head` slots are free before them, and as many as there are frames behind.
    #[cold]
    fn move_frames(&mut self, head: u32) {
        let wanted =
            head.checked_add(self.len.saturating_mul(2)).and_then(|sum| sum.checked_add(1));
        #[allow(clippy::expect_used, reason = "2^31 frames are 128 GiB: memory ends before")]
        let wanted = wanted.expect("fewer than 2^31 frames");
        let mut moved = if wanted <= USUAL {
            Self { buffer: take_usual(), capacity: USUAL, head, len: 0 }
        } else {
            Self { buffer: allocate(wanted), capacity: wanted, head, len: 0 }
        };
        // SAFETY: `len` frames are there, and as many free slots in the new buffer, which is another one.
        unsafe { self.slot(0).copy_to_nonoverlapping(moved.slot(0), self.len as usize) };
        // The frames are the new buffer's now; dropping the old one releases the buffer alone.
        moved.len = std::mem::take(&mut self.len);
        *self = moved;
    }
}

impl Drop for Frames {
    #[inline]
    fn drop(&mut self) {
        // What was sent, or never used, which is what most are when they go.
        if self.len == 0 && self.capacity == USUAL {
            give_usual(self.buffer);
        } else if self.capacity != 0 {
            self.drop_all();
        }
    }
}

/// Receives into a slot; `None` is zmq_msg_recv(3)'s -1.
///
/// # Safety
///
/// The slot holds nothing, may be written to, and is nobody else's for `'a`.
#[inline(always)]
unsafe fn recv_at<'a>(
    slot: *mut Message,
    socket: *mut c_void,
    flags: c_int,
) -> Option<&'a mut Message> {
    // SAFETY: the caller's.
    unsafe { Message::init_at(slot) };
    // SAFETY: it has just been initialised, and is nobody else's.
    let message = unsafe { &mut *slot };
    (message.recv(socket, flags) != -1).then_some(message)
}

/// The errno of `recv_at`'s `None`.
///
/// # Safety
///
/// It was given this slot, which holds nothing from here on.
#[cold]
unsafe fn not_received(slot: *mut Message) -> i32 {
    let code = errno::last();
    // SAFETY: `recv_at` has initialised it.
    unsafe { slot.drop_in_place() };
    code
}

fn layout(capacity: u32) -> Layout {
    #[allow(clippy::expect_used, reason = "2^32 frames are 256 GiB, less than isize::MAX")]
    Layout::array::<Message>(capacity as usize).expect("a capacity below 2^32")
}

fn allocate(capacity: u32) -> NonNull<Message> {
    let layout = layout(capacity);
    // SAFETY: the layout is not empty, as every capacity that is asked for is at least 1.
    let buffer = unsafe { alloc(layout) };
    NonNull::new(buffer.cast()).unwrap_or_else(|| handle_alloc_error(layout))
}

fn release(buffer: NonNull<Message>, capacity: u32) {
    // SAFETY: `allocate` made it, with this capacity, and its owner has no more use for it.
    unsafe { dealloc(buffer.as_ptr().cast(), layout(capacity)) };
}

/// A thread's buffers of the usual size that nobody uses: a list whose links lie in the buffers themselves.
struct Pool {
    first: Cell<*mut Message>,
    len: Cell<u32>,
}

thread_local! {
    static POOL: Pool = const { Pool { first: Cell::new(ptr::null_mut()), len: Cell::new(0) } };
}

impl Pool {
    #[inline]
    fn take(&self) -> Option<NonNull<Message>> {
        let buffer = NonNull::new(self.first.get())?;
        // SAFETY: a buffer in the list begins with the link that `give` wrote, and is larger and aligned as well.
        let next = unsafe { buffer.cast::<*mut Message>().read() };
        self.first.set(next);
        self.len.set(self.len.get() - 1);
        Some(buffer)
    }

    /// Takes the buffer over, or says that there are enough.
    #[inline]
    fn give(&self, buffer: NonNull<Message>) -> bool {
        if self.len.get() == KEPT {
            return false;
        }
        // SAFETY: the buffer holds no message any more, and is large enough and aligned for a pointer.
        unsafe { buffer.cast::<*mut Message>().write(self.first.get()) };
        self.first.set(buffer.as_ptr());
        self.len.set(self.len.get() + 1);
        true
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        while let Some(buffer) = self.take() {
            release(buffer, USUAL);
        }
    }
}

#[inline]
fn take_usual() -> NonNull<Message> {
    // Where the thread is ending, its pool is gone.
    POOL.try_with(Pool::take).ok().flatten().unwrap_or_else(|| allocate(USUAL))
}

#[inline]
fn give_usual(buffer: NonNull<Message>) {
    if !POOL.try_with(|pool| pool.give(buffer)).unwrap_or(false) {
        release(buffer, USUAL);
    }
}
