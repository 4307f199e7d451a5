//! `Frames`, the buffer of a multipart message.
//!
//! One word, so that it moves in a register, which is a buffer that is recycled: each thread keeps a few of the usual size,
//! so that a program that receives and sends multiparts allocates nothing once it has begun. Room is left in front for
//! an envelope.
//!
//! Every slot of a buffer holds a message, those without a frame an empty one: libzmq receives into it, and leaves one
//! where it has sent, so that a frame that only passes through is neither initialised nor closed.

mod buffer;

use std::ffi::{c_int, c_void};
use std::ptr::{self, NonNull};
use std::slice;

use self::buffer::{Header, USUAL, allocate, give_usual, release, take_usual};
use super::errno;
use super::message::Message;
use super::socket::{DONTWAIT, SNDMORE};

/// Slots left free in front of the first frame: an envelope has one to three, and each hop adds two at most.
const IN_FRONT: u32 = 4;

/// A double-ended queue of messages that lie side by side.
pub(crate) struct Frames {
    /// Where its buffer begins, or `NO_BUFFER`.
    buffer: NonNull<Header>,
}

/// What stands for a buffer where there is none. It is not written to.
const NO_BUFFER: &Header = &Header { capacity: 0, head: 0, len: 0 };

// SAFETY: it owns its messages, which are Send, and its buffer, which came from the global allocator.
unsafe impl Send for Frames {}
// SAFETY: `&Frames` gives out `&Message` only, and Message is Sync.
unsafe impl Sync for Frames {}

impl Frames {
    #[inline]
    pub(crate) const fn new() -> Self {
        // SAFETY: a reference is not null.
        Self { buffer: unsafe { NonNull::new_unchecked(ptr::from_ref(NO_BUFFER).cast_mut()) } }
    }

    #[inline]
    fn header(&self) -> &Header {
        // SAFETY: it is that of a buffer, which is ours, or `NO_BUFFER`.
        unsafe { self.buffer.as_ref() }
    }

    /// Says where the frames are. There is a buffer.
    #[inline]
    fn set(&mut self, head: u32, len: u32) {
        debug_assert!(head + len <= self.header().capacity && self.header().capacity > 0);
        // SAFETY: it is that of a buffer, which is ours.
        let header = unsafe { self.buffer.as_mut() };
        header.head = head;
        header.len = len;
    }

    #[inline]
    fn len(&self) -> u32 {
        self.header().len
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[Message] {
        // SAFETY: the slots from `head` on are `len` messages, and `&self` keeps them so.
        unsafe { slice::from_raw_parts(self.slot(0), self.len() as usize) }
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [Message] {
        // SAFETY: the slots from `head` on are `len` messages, and `&mut self` keeps others away.
        unsafe { slice::from_raw_parts_mut(self.slot(0), self.len() as usize) }
    }

    /// The slot of frame `index`, which may be the one after the last.
    #[inline]
    fn slot(&self, index: u32) -> *mut Message {
        // SAFETY: the slots follow the header; without a buffer it is its end.
        let first = unsafe { self.buffer.add(1) }.cast::<Message>();
        // SAFETY: `head + index` is at most `capacity`, so that this stays within the buffer or at its end.
        unsafe { first.as_ptr().add((self.header().head + index) as usize) }
    }

    /// How many slots there are from frame `index` on.
    #[inline]
    fn room(&self, index: u32) -> u32 {
        let header = self.header();
        header.capacity - header.head - index
    }

    #[inline]
    pub(crate) fn push_back(&mut self, message: Message) {
        if self.room(self.len()) == 0 {
            self.make_room();
        }
        let (head, len) = (self.header().head, self.len());
        // SAFETY: the slot after the last frame is in the buffer now, and what it holds needs no release.
        unsafe { self.slot(len).write(message) };
        self.set(head, len + 1);
    }

    pub(crate) fn push_front(&mut self, message: Message) {
        if self.header().head == 0 {
            self.move_frames(IN_FRONT.max(self.len()));
        }
        self.set(self.header().head - 1, self.len() + 1);
        // SAFETY: the slot before the first frame is in the buffer, and what it holds needs no release.
        unsafe { self.slot(0).write(message) };
    }

    pub(crate) fn pop_back(&mut self) -> Option<Message> {
        let last = self.as_mut_slice().last_mut()?.take();
        self.set(self.header().head, self.len() - 1);
        Some(last)
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<Message> {
        let first = self.as_mut_slice().first_mut()?.take();
        self.forget_front(1);
        Some(first)
    }

    /// Takes out the frame at `index`; those behind it move up.
    pub(crate) fn remove(&mut self, index: usize) -> Option<Message> {
        self.as_mut_slice().get_mut(index..).filter(|frames| !frames.is_empty())?.rotate_left(1);
        self.pop_back()
    }

    /// Puts a frame before the one at `index`, or behind the last one.
    pub(crate) fn insert(&mut self, index: usize, message: Message) {
        self.push_back(message);
        let last = self.as_slice().len() - 1;
        self.as_mut_slice()[index.min(last)..].rotate_right(1);
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.len() > 0 {
            self.truncate(0);
        }
        if self.header().head != IN_FRONT && self.header().capacity > 0 {
            self.set(IN_FRONT, 0);
        }
    }

    /// Drops the frames behind the first `len`, of which there are more.
    fn truncate(&mut self, len: u32) {
        for frame in &mut self.as_mut_slice()[len as usize..] {
            frame.reset();
        }
        self.set(self.header().head, len);
    }

    /// Receives a new message; or gives the errno.
    ///
    /// Only its first frame is waited for, as the others come with it. To be cancelled half-way would leave the socket with
    /// the rest, so that a signal has to wait once it has begun.
    #[inline(always)]
    pub(super) fn receive(socket: *mut c_void, flags: c_int) -> Result<Self, i32> {
        let mut frames = Self::usual();
        // SAFETY: so many slots are in the buffer, which is nobody else's.
        let stop = unsafe { recv_slots(frames.slot(0), USUAL - IN_FRONT, socket, flags) };
        match stop {
            Stop::Last(received) => {
                frames.set(IN_FRONT, received);
                Ok(frames)
            }
            stop => frames.go_on(stop, socket, flags),
        }
    }

    /// Receives the rest of a new message.
    #[cold]
    fn go_on(mut self, stop: Stop, socket: *mut c_void, flags: c_int) -> Result<Self, i32> {
        self.recv_from(0, Some(stop), socket, flags).map(|()| self)
    }

    /// Receives the rest of a message that begins with the frames that are there; or gives the errno, and keeps what was
    /// received before.
    pub(super) fn recv_rest(&mut self, socket: *mut c_void, flags: c_int) -> Result<(), i32> {
        self.recv_from(self.len(), None, socket, flags)
    }

    /// Receives a message in place of the frames that are there; or gives the errno, and keeps what was received before.
    #[inline]
    pub(super) fn recv_whole(&mut self, socket: *mut c_void, flags: c_int) -> Result<(), i32> {
        if self.header().head != IN_FRONT {
            // There is to be room for an envelope again.
            self.clear();
        }
        self.recv_from(0, None, socket, flags)
    }

    /// Receives a message that begins with the first `received` frames, and in place of the others; a first attempt has
    /// perhaps come to a stop already.
    #[inline]
    fn recv_from(
        &mut self,
        mut received: u32,
        mut stopped: Option<Stop>,
        socket: *mut c_void,
        flags: c_int,
    ) -> Result<(), i32> {
        let done = loop {
            let stop = stopped.take().unwrap_or_else(|| {
                // SAFETY: so many slots are in the buffer, and `&mut self` keeps others away.
                unsafe { recv_slots(self.slot(received), self.room(received), socket, flags) }
            });
            match stop {
                Stop::Last(more) => {
                    received += more;
                    break Ok(());
                }
                Stop::Full(more) => {
                    received += more;
                    self.note(received);
                    self.make_room();
                }
                Stop::Refused(more, code) => {
                    received += more;
                    if code != errno::EINTR || received == 0 {
                        break Err(code);
                    }
                }
            }
        };
        self.note(received);
        if received < self.len() {
            self.truncate(received);
        }
        done
    }

    /// Takes note that so many frames are there, or more.
    #[inline]
    fn note(&mut self, received: u32) {
        if received > self.len() {
            self.set(self.header().head, received);
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
            self.forget_front(1);
        }
        rc
    }

    /// Sends the frames, the first with these flags, and the others in calls that do not wait; or gives the errno of one,
    /// which and those behind it stay.
    #[inline(always)]
    pub(super) fn send_whole(&mut self, socket: *mut c_void, flags: c_int) -> Result<(), i32> {
        let len = self.len();
        let mut flags = flags;
        for (sent, frame) in (0..len).zip(self.as_mut_slice()) {
            let more = if sent + 1 < len { SNDMORE } else { 0 };
            if frame.send(socket, flags | more) == -1 {
                let code = errno::last();
                self.forget_front(sent);
                return Err(code);
            }
            flags = DONTWAIT;
        }
        if len > 0 {
            self.set(IN_FRONT, 0);
        }
        Ok(())
    }

    /// Lets go of the first frames, whose slots are empty.
    #[inline]
    fn forget_front(&mut self, count: u32) {
        if count > 0 {
            self.set(self.header().head + count, self.len() - count);
        }
    }

    /// A buffer of the usual size, without a frame.
    #[inline]
    fn usual() -> Self {
        let mut frames = Self { buffer: take_usual() };
        frames.set(IN_FRONT, 0);
        frames
    }

    /// Drops the frames, and gives up the buffer.
    #[inline(never)]
    fn drop_all(&mut self) {
        self.clear();
        if self.header().capacity == USUAL {
            give_usual(self.buffer);
        } else {
            release(self.buffer);
        }
    }

    /// Finds room behind the last frame: a buffer to begin with.
    #[inline(never)]
    fn make_room(&mut self) {
        match self.header().capacity {
            0 => *self = Self::usual(),
            USUAL if self.header().head > 0 => self.close_up(),
            _ => self.move_frames(IN_FRONT.min(self.header().head)),
        }
    }

    /// Moves the frames to the front of the buffer, which gives up the room for an envelope.
    #[cold]
    fn close_up(&mut self) {
        let (head, len) = (self.header().head, self.len());
        self.set(0, head + len);
        self.as_mut_slice().rotate_left(head as usize);
        self.set(0, len);
    }

    /// Moves the frames so that `head` slots are free before them, and as many as there are frames behind.
    #[cold]
    fn move_frames(&mut self, head: u32) {
        let len = self.len();
        let wanted = head.checked_add(len.saturating_mul(2)).and_then(|sum| sum.checked_add(1));
        #[allow(clippy::expect_used, reason = "2^31 frames are 128 GiB: memory ends before")]
        let wanted = wanted.expect("fewer than 2^31 frames");
        let mut moved =
            if wanted <= USUAL { Self::usual() } else { Self { buffer: allocate(wanted) } };
        moved.set(head, len);
        // The old buffer goes with empty messages in their places.
        moved.as_mut_slice().swap_with_slice(self.as_mut_slice());
        *self = moved;
    }
}

impl Drop for Frames {
    #[inline]
    fn drop(&mut self) {
        // What was sent, or never used, which is what most are when they go.
        if self.header().capacity == USUAL && self.len() == 0 {
            give_usual(self.buffer);
        } else if self.header().capacity != 0 {
            self.drop_all();
        }
    }
}

/// Why no more is received, after so many frames.
enum Stop {
    /// It was the message's last one.
    Last(u32),
    /// There is no slot for the next one.
    Full(u32),
    /// libzmq gave this errno.
    Refused(u32, i32),
}

/// Receives the frames of a message into the slots from this one on.
///
/// # Safety
///
/// There are `room` slots, which are messages, and nobody else's.
#[inline(always)]
unsafe fn recv_slots(mut slot: *mut Message, room: u32, socket: *mut c_void, flags: c_int) -> Stop {
    for received in 0..room {
        // SAFETY: the caller's.
        let message = unsafe { &mut *slot };
        if message.recv(socket, flags) == -1 {
            return Stop::Refused(received, errno::last());
        }
        if !message.has_more() {
            return Stop::Last(received + 1);
        }
        // SAFETY: it is one of the slots, or the end of the last one.
        slot = unsafe { slot.add(1) };
    }
    Stop::Full(room)
}
