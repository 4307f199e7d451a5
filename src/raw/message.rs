//! `Message`, the owner of a zmq_msg_t.

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{CStr, c_int, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::slice;

use zmq_sys_ext as ffi;

use super::errno;
use super::owner::{Unclaimed, free_owner, free_vec};
use crate::error::{Error, Result};

/// One frame: a sequence of bytes that libzmq holds.
///
/// It goes anywhere, but is never written to once it is made: what was received over inproc may be the very bytes
/// of other receivers, or of the sender. To write a message in place, use [`Message::build`].
///
/// Corresponds to `zmq_msg_t`; see [`zmq_msg_init(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_init.html).
///
/// ```
/// use zmqx::Message;
///
/// let message = Message::from("Hello");
/// assert_eq!(message, "Hello");
/// assert_eq!(&message[..2], b"He");
/// ```
///
/// Nothing writes through a `Message`:
///
/// ```compile_fail,E0594
/// let mut message = zmqx::Message::from("Hello");
/// message[0] = b'J'; // the sender, or another receiver, may be reading it
/// ```
#[repr(transparent)]
pub struct Message {
    // libzmq leaves some of its bytes unwritten. It keeps no pointer to it or into it, so that it may be moved bitwise.
    msg: MaybeUninit<ffi::zmq_msg_t>,
}

// SAFETY: libzmq ties no zmq_msg_t to a thread: its buffer is counted with atomics, and a free function that Rust
// gave it owns something that is Send.
unsafe impl Send for Message {}
// SAFETY: what takes `&self` (zmq_msg_data, zmq_msg_size, zmq_msg_more, zmq_msg_gets) only reads.
unsafe impl Sync for Message {}

impl Message {
    /// Creates an empty message.
    #[inline]
    pub fn new() -> Self {
        let mut message = Self { msg: MaybeUninit::uninit() };
        // SAFETY: zmq_msg_init(3) initialises the zmq_msg_t that it is given, and cannot fail.
        unsafe { ffi::zmq_msg_init(message.msg.as_mut_ptr()) };
        message
    }

    /// Initialises an empty message where there is none.
    ///
    /// # Safety
    ///
    /// `slot` is writable, and holds no message, which would not be closed.
    #[inline(always)]
    pub(super) unsafe fn init_at(slot: *mut Self) {
        // SAFETY: zmq_msg_init(3) initialises the zmq_msg_t at the slot, which the caller promises is writable.
        unsafe { ffi::zmq_msg_init(slot.cast()) };
    }

    /// Copies bytes into a new message.
    #[inline(always)]
    pub(crate) fn copy_of(bytes: &[u8]) -> Self {
        // Where it is to be from the start: bytes that were only just written one by one are slow to be moved.
        let mut message = Self { msg: MaybeUninit::uninit() };
        // SAFETY: zmq_msg_init_size(3) initialises the zmq_msg_t, or fails and leaves nothing to close.
        if unsafe { ffi::zmq_msg_init_size(message.msg.as_mut_ptr(), bytes.len()) } == -1 {
            std::mem::forget(message);
            exhausted(bytes.len());
        }
        let data = message.data_mut();
        // SAFETY: `data` is `bytes.len()` bytes that the new message alone owns.
        unsafe { data.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        message
    }

    /// Creates a message of `len` bytes, which are zero until `fill` writes them in place.
    ///
    /// ```
    /// let message = zmqx::Message::build(4, |buffer| buffer[..2].copy_from_slice(b"ab"));
    /// assert_eq!(message, b"ab\0\0");
    /// ```
    ///
    /// # Panics
    ///
    /// When `fill` does. As with a `Vec`, memory that is exhausted ends the process: see
    /// [`try_build`](Self::try_build).
    pub fn build(len: usize, fill: impl FnOnce(&mut [u8])) -> Self {
        Self::try_build(len, fill).unwrap_or_else(|_| exhausted(len))
    }

    /// Creates a message in place, as [`build`](Self::build), where its size comes from elsewhere.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): no message can be that long.
    /// - [`OutOfMemory`](crate::ErrorKind::OutOfMemory): memory is exhausted.
    pub fn try_build(len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Self> {
        if isize::try_from(len).is_err() {
            return Err(Error::invalid("create message", format!("{len} bytes are too many")));
        }
        let mut message = ManuallyDrop::new(Self { msg: MaybeUninit::uninit() });
        // SAFETY: zmq_msg_init_size(3) initialises the zmq_msg_t, or fails and leaves nothing to close.
        let rc = unsafe { ffi::zmq_msg_init_size(message.msg.as_mut_ptr(), len) };
        errno::check(rc, "create message")?;
        let mut message = ManuallyDrop::into_inner(message);
        let data = message.data_mut();
        // SAFETY: `data` is `len` bytes that the new message alone owns.
        unsafe { data.write_bytes(0, len) };
        // SAFETY: they are written now, and nothing else refers to them while `fill` runs.
        fill(unsafe { slice::from_raw_parts_mut(data, len) });
        Ok(message)
    }

    /// Creates a message over bytes that live as long as the program, without a copy.
    ///
    /// ```
    /// let message = zmqx::Message::from_static(b"Hello");
    /// assert_eq!(message, "Hello");
    /// ```
    #[inline]
    pub fn from_static(bytes: &'static (impl AsRef<[u8]> + ?Sized)) -> Self {
        let bytes = bytes.as_ref();
        // SAFETY: the bytes stay for ever, and libzmq does not write to them; without a free function there is
        // nothing to release.
        unsafe { Self::init_data(bytes.as_ptr(), bytes.len(), None, std::ptr::null_mut()) }
            .unwrap_or_else(|_| Self::copy_of(bytes))
    }

    /// Takes the vector's buffer, without a copy.
    pub(crate) fn from_vec(bytes: Vec<u8>) -> Self {
        if bytes.capacity() == 0 {
            return Self::new();
        }
        let mut bytes = ManuallyDrop::new(bytes);
        let (data, len) = (bytes.as_mut_ptr(), bytes.len());
        let hint = std::ptr::without_provenance_mut(bytes.capacity());
        // SAFETY: the buffer is the message's from here on; `free_vec` releases it, on any thread.
        let message = unsafe { Self::init_data(data, len, Some(free_vec), hint) };
        message.unwrap_or_else(|_| Self::copy_of(&ManuallyDrop::into_inner(bytes)))
    }

    /// Creates a message over the bytes of `owner`, without a copy.
    ///
    /// The owner is dropped once, when libzmq and all receivers are done with its bytes: perhaps on one of libzmq's
    /// threads, or on that of a receiver in this process. A panic in its `Drop` is contained.
    ///
    /// ```
    /// let message = zmqx::Message::from_owner(String::from("Hello"));
    /// assert_eq!(message, "Hello");
    /// ```
    pub fn from_owner<T: AsRef<[u8]> + Send + 'static>(owner: T) -> Self {
        let owner = Unclaimed(Box::into_raw(Box::new(owner)));
        // Asked once: nothing binds `as_ref` to say the same twice.
        // SAFETY: the Box is valid, and nothing refers to what is in it but this.
        let bytes: *const [u8] = unsafe { &*owner.0 }.as_ref();
        // SAFETY: the bytes are the owner's, or outlive it, and it is boxed, so that they stay where they are until
        // `free_owner` drops it, which it may on any thread, as it is Send and 'static.
        let message = unsafe {
            Self::init_data(bytes.cast(), bytes.len(), Some(free_owner::<T>), owner.0.cast())
        };
        if let Ok(message) = message {
            std::mem::forget(owner);
            return message;
        }
        // SAFETY: libzmq refused the owner, so it is still ours, and so are its bytes.
        Self::copy_of(unsafe { &*bytes })
    }

    /// # Safety
    ///
    /// `data` is `len` bytes that stay, unwritten, until `free` is called with it and `hint`, which may happen on any thread.
    #[inline(always)]
    unsafe fn init_data(
        data: *const u8,
        len: usize,
        free: ffi::zmq_free_fn,
        hint: *mut c_void,
    ) -> Result<Self> {
        let mut message = ManuallyDrop::new(Self { msg: MaybeUninit::uninit() });
        let data = data.cast_mut().cast();
        // SAFETY: zmq_msg_init_data(3) initialises the zmq_msg_t and only reads the data, which the caller promises
        // to be there; or it fails, and leaves nothing to close.
        let rc = unsafe { ffi::zmq_msg_init_data(message.msg.as_mut_ptr(), data, len, free, hint) };
        errno::check(rc, "create message")?;
        Ok(ManuallyDrop::into_inner(message))
    }

    /// Moves the message out, and leaves an empty one.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Self {
        // SAFETY: what is read is the one message from here on, as an empty one takes its place at once.
        let message = unsafe { std::ptr::read(self) };
        // SAFETY: it was moved out.
        unsafe { Self::init_at(self) };
        message
    }

    /// Makes it empty; what it held is released.
    #[inline(always)]
    pub(super) fn reset(&mut self) {
        // SAFETY: the zmq_msg_t is initialised. It is closed once, as an empty one takes its place at once.
        unsafe { ffi::zmq_msg_close(self.as_mut_ptr()) };
        // SAFETY: it was closed, and holds nothing.
        unsafe { Self::init_at(self) };
    }

    /// Makes a second handle to the same bytes, which are counted and not copied.
    ///
    /// It takes `&mut self`, as the count is noted in the message itself. `clone` copies the bytes. To send the same bytes
    /// to many, or again and again, this is the cheapest way: a handle is no allocation, as a share of a `Bytes` is.
    ///
    /// Corresponds to [`zmq_msg_copy(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_copy.html).
    ///
    /// ```
    /// use zmqx::{Context, Message};
    ///
    /// let (a, b) = Context::new()?.pipe()?;
    /// let mut news = Message::from(vec![b'x'; 1 << 20]);
    /// for _ in 0..3 {
    ///     a.send(news.share())?;
    /// }
    /// assert_eq!(b.recv()?, news);
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    #[must_use]
    pub fn share(&mut self) -> Self {
        let mut handle = Self::new();
        self.share_to(&mut handle);
        handle
    }

    /// Makes `handle`, whatever it was, a second handle to the same bytes.
    #[inline(always)]
    pub(crate) fn share_to(&mut self, handle: &mut Self) {
        // SAFETY: both are initialised, and `&mut self` keeps other threads from the source, which is written to.
        let rc = unsafe { ffi::zmq_msg_copy(handle.as_mut_ptr(), self.as_mut_ptr()) };
        if rc != 0 {
            *handle = Self::copy_of(self.as_slice());
        }
    }

    /// Returns how many bytes it has.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_size(3) only reads it.
        unsafe { ffi::zmq_msg_size(self.as_ptr()) }
    }

    /// Tells whether it has no bytes.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the bytes.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        let len = self.len();
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_data(3) only reads it: it takes it as mutable because it
        // gives the bytes out so.
        let data: *const u8 = unsafe { ffi::zmq_msg_data(self.as_ptr().cast_mut()) }.cast();
        if data.is_null() {
            return &[];
        }
        // SAFETY: zmq_msg_data(3) and zmq_msg_size(3) describe the message's bytes, which stay as long as it is
        // neither closed nor received into; both need it mutably. Nobody writes to them.
        unsafe { slice::from_raw_parts(data, len) }
    }

    /// Tells whether another frame of the same multipart message follows this one, as received.
    ///
    /// Corresponds to [`zmq_msg_more(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_more.html).
    #[inline]
    pub fn has_more(&self) -> bool {
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_more(3) only reads it.
        unsafe { ffi::zmq_msg_more(self.as_ptr()) != 0 }
    }

    /// Asks for a property of the connection that the message came by.
    #[cfg(libzmq_4_1)]
    pub(crate) fn gets(&self, property: &CStr) -> Result<Option<&CStr>> {
        // SAFETY: the zmq_msg_t is initialised and zmq_msg_gets(3) only reads it; it does not keep the name.
        let value = unsafe { ffi::zmq_msg_gets(self.as_ptr(), property.as_ptr()) };
        if value.is_null() {
            return Ok(None);
        }
        // SAFETY: zmq_msg_gets(3) gives a NUL-terminated string that is the message's.
        Ok(Some(unsafe { CStr::from_ptr(value) }))
    }

    /// Asks for a property of the connection that the message came by.
    #[cfg(not(libzmq_4_1))]
    pub(crate) fn gets(&self, _property: &CStr) -> Result<Option<&CStr>> {
        Err(Error::unsupported("get property", "needs libzmq 4.1"))
    }

    #[inline]
    pub(super) fn as_ptr(&self) -> *const ffi::zmq_msg_t {
        self.msg.as_ptr()
    }

    #[inline]
    pub(super) fn as_mut_ptr(&mut self) -> *mut ffi::zmq_msg_t {
        self.msg.as_mut_ptr()
    }

    /// The bytes to write to, of a message that is new.
    #[inline]
    fn data_mut(&mut self) -> *mut u8 {
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_data(3) only reads it.
        unsafe { ffi::zmq_msg_data(self.as_mut_ptr()) }.cast()
    }

    /// Sends it; afterwards, if that went well, nothing is left to close.
    #[inline(always)]
    pub(super) fn send(&mut self, socket: *mut c_void, flags: c_int) -> c_int {
        // SAFETY: the caller's socket is open, the zmq_msg_t is initialised, and zmq_msg_send(3) leaves it so.
        unsafe { ffi::zmq_msg_send(self.as_mut_ptr(), socket, flags) }
    }

    /// Receives into it; what it held is released.
    #[inline(always)]
    pub(super) fn recv(&mut self, socket: *mut c_void, flags: c_int) -> c_int {
        // SAFETY: the caller's socket is open, the zmq_msg_t is initialised, and zmq_msg_recv(3) leaves it so.
        unsafe { ffi::zmq_msg_recv(self.as_mut_ptr(), socket, flags) }
    }
}

impl Drop for Message {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the zmq_msg_t is initialised, and is not used again. It fails only for one that is not.
        unsafe { ffi::zmq_msg_close(self.msg.as_mut_ptr()) };
    }
}

/// Ends the process, as a `Vec` that cannot grow does.
#[cold]
fn exhausted(len: usize) -> ! {
    match Layout::array::<u8>(len) {
        Ok(layout) => handle_alloc_error(layout),
        Err(_) => capacity_overflow(len),
    }
}

#[cold]
#[allow(clippy::panic, reason = "the documented panic of `Message::build`, and Vec's own")]
fn capacity_overflow(len: usize) -> ! {
    panic!("capacity overflow: a message of {len} bytes")
}
