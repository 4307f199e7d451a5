//! `RawSocket`, the owner of a libzmq socket.

use std::ffi::{c_int, c_void};
use std::mem::size_of;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zmq_sys_ext as ffi;

use super::errno::{self, check};
use super::fork::Validity;
use super::frames::Frames;
use super::message::Message;
use super::poll;
use crate::cell::Cell;
use crate::error::{Error, Result};
use crate::touch::Watch;

pub(crate) use ffi::{ZMQ_DONTWAIT as DONTWAIT, ZMQ_POLLOUT as POLLOUT, ZMQ_SNDMORE as SNDMORE};

/// An open socket, closed when dropped, in the process that opened it alone.
pub(crate) struct RawSocket {
    ptr: NonNull<c_void>,
    validity: Arc<Validity>,
    is_given_away: bool,
    /// The next call on the socket is to be reported to `watch`: a `Poller` has found it not ready, and waits for its
    /// descriptor, whose news any call may swallow.
    is_armed: Cell<bool>,
    /// The `Poller` that it is registered in.
    watch: Mutex<Option<Watch>>,
    /// Calls may go to libzmq that are not seen here.
    is_exposed: Cell<bool>,
    /// What this libzmq is to be told of its endpoints.
    #[cfg(not(libzmq_4_1))]
    pub(super) names: Box<super::endpoints::Names>,
}

// SAFETY: zmq_socket(3): "sockets may be migrated between threads with a full fence", which moving a value gives. It
// is not Sync: "ØMQ sockets are not thread safe".
unsafe impl Send for RawSocket {}

impl RawSocket {
    /// # Safety
    ///
    /// The pointer is that of an open socket, which nobody else uses or closes from here on.
    pub(crate) unsafe fn from_ptr(ptr: NonNull<c_void>, validity: &Arc<Validity>) -> Self {
        Self {
            ptr,
            validity: Arc::clone(validity),
            is_given_away: false,
            is_armed: Cell::new(false),
            watch: Mutex::new(None),
            is_exposed: Cell::new(false),
            #[cfg(not(libzmq_4_1))]
            names: Box::default(),
        }
    }

    /// Fails to compile where it has anything but its pointer that threads cannot share.
    #[cfg(feature = "draft")]
    pub(crate) fn check_sync(&self) {
        fn is_sync(_: &impl Sync) {}
        let Self {
            ptr: _,
            validity,
            is_given_away,
            is_armed,
            watch,
            is_exposed,
            #[cfg(not(libzmq_4_1))]
            names,
        } = self;
        is_sync(&(validity, is_given_away, is_armed, watch, is_exposed));
        #[cfg(not(libzmq_4_1))]
        is_sync(names);
    }

    /// Leaves it to others to close it.
    pub(crate) fn give_away(&mut self) {
        self.is_given_away = true;
    }

    /// Moves the socket out. What stays behind is not to be used, and closes nothing.
    pub(crate) fn take(&mut self) -> Self {
        let (ptr, validity) = (self.ptr, Arc::clone(&self.validity));
        let is_given_away = std::mem::replace(&mut self.is_given_away, true);
        let (is_armed, is_exposed) = (Cell::new(false), Cell::new(false));
        Self {
            ptr,
            validity,
            is_given_away,
            is_armed,
            watch: Mutex::default(),
            is_exposed,
            #[cfg(not(libzmq_4_1))]
            names: std::mem::take(&mut self.names),
        }
    }

    /// The pointer, for what does not swallow the news of the socket's descriptor.
    pub(crate) fn as_non_null(&self) -> NonNull<c_void> {
        self.ptr
    }

    /// The pointer for a call, which may swallow the news of the socket's descriptor.
    #[inline(always)]
    pub(crate) fn as_ptr(&self) -> *mut c_void {
        self.touch();
        self.ptr.as_ptr()
    }

    /// Reports that the socket is used, or that what is known of it has changed, where a `Poller` waits for it.
    #[inline(always)]
    pub(crate) fn touch(&self) {
        if self.is_armed.get() {
            self.report();
        }
    }

    #[cold]
    fn report(&self) {
        self.is_armed.set(false);
        if let Some(watch) = &*self.watch() {
            watch.report();
        }
    }

    /// Has the next use reported.
    pub(crate) fn arm(&self) {
        self.is_armed.set(true);
    }

    /// Has no use reported until it is armed again: the `Poller` will ask it in any case.
    pub(crate) fn disarm(&self) {
        self.is_armed.set(false);
    }

    /// Registers it in a `Poller`, or takes it out.
    pub(crate) fn set_watch(&self, watch: Option<Watch>) {
        self.is_armed.set(false);
        *self.watch() = watch;
    }

    /// Whether it is registered in a `Poller`.
    pub(crate) fn is_registered(&self) -> bool {
        self.watch().is_some()
    }

    fn watch(&self) -> MutexGuard<'_, Option<Watch>> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that others may use it without a report.
    pub(crate) fn expose(&self) {
        self.is_exposed.set(true);
    }

    /// Whether others may use it without a report.
    pub(crate) fn is_exposed(&self) -> bool {
        self.is_exposed.get()
    }

    /// Whether this process is a child of the one that opened it.
    #[inline]
    pub(crate) fn is_inherited(&self) -> bool {
        self.validity.is_inherited()
    }

    /// The errno of using it in a child of the process that opened it, or after its context was shut down.
    #[inline]
    pub(crate) fn usable(&self) -> Result<(), i32> {
        self.validity.check()
    }

    /// The error of using it where it may not be used.
    pub(crate) fn check_usable(&self, operation: &'static str) -> Result<()> {
        self.usable().map_err(|code| Error::new(code, operation))
    }

    #[cfg(libzmq_draft)]
    pub(crate) fn validity(&self) -> &Arc<Validity> {
        &self.validity
    }

    // The five that move messages report nothing: whoever calls them has seen to it that the socket is not armed.

    /// Sends the message, which is then to be forgotten; or gives -1, with which it stays whole.
    #[inline(always)]
    pub(crate) fn send(&self, message: &mut Message, flags: c_int) -> c_int {
        message.send(self.ptr.as_ptr(), flags)
    }

    /// Receives into the message, or gives -1.
    #[inline(always)]
    pub(crate) fn recv(&self, message: &mut Message, flags: c_int) -> c_int {
        message.recv(self.ptr.as_ptr(), flags)
    }

    /// Sends the first of the frames; or gives -1, with which it stays where it is.
    #[inline(always)]
    pub(crate) fn send_front(&self, frames: &mut Frames, flags: c_int) -> c_int {
        frames.send_front(self.ptr.as_ptr(), flags)
    }

    /// Sends the frames, the first with these flags, and the others without waiting; or gives the errno of one, which and
    /// those behind it stay.
    #[inline(always)]
    pub(crate) fn send_whole(&self, frames: &mut Frames, flags: c_int) -> Result<(), i32> {
        frames.send_whole(self.ptr.as_ptr(), flags)
    }

    /// Receives a message; or gives the errno. Once it has begun, a signal waits.
    #[inline(always)]
    pub(crate) fn recv_new(&self, flags: c_int) -> Result<Frames, i32> {
        Frames::receive(self.ptr.as_ptr(), flags)
    }

    /// Receives a message in place of the frames that are there; or gives the errno, and keeps what was received before.
    #[inline]
    pub(crate) fn recv_whole(&self, frames: &mut Frames, flags: c_int) -> Result<(), i32> {
        frames.recv_whole(self.ptr.as_ptr(), flags)
    }

    /// Receives the rest of a message that begins with the frames that are there, as `recv_whole`.
    pub(crate) fn recv_rest(&self, frames: &mut Frames, flags: c_int) -> Result<(), i32> {
        frames.recv_rest(self.ptr.as_ptr(), flags)
    }

    /// Sets an option to bytes; `None` is libzmq's NULL.
    pub(crate) fn set(&self, option: c_int, value: Option<&[u8]>) -> Result<()> {
        self.check_usable("set option")?;
        let (data, len) =
            value.map_or((std::ptr::null(), 0), |value| (value.as_ptr(), value.len()));
        // SAFETY: the socket is open; libzmq reads `len` bytes, and does not keep the pointer.
        let rc = unsafe { ffi::zmq_setsockopt(self.as_ptr(), option, data.cast(), len) };
        check(rc, "set option").map(drop)
    }

    /// Sets an option to a number of the size that libzmq wants for it.
    pub(crate) fn set_number<T: Number>(&self, option: c_int, value: T) -> Result<()> {
        self.check_usable("set option")?;
        if is_contrary(option) {
            return self.set_number(ffi::ZMQ_IPV4ONLY, T::from(value == T::default()));
        }
        let value: *const T = &raw const value;
        // SAFETY: the socket is open; libzmq reads `size_of::<T>()` bytes, and does not keep the pointer.
        let rc =
            unsafe { ffi::zmq_setsockopt(self.as_ptr(), option, value.cast(), size_of::<T>()) };
        check(rc, "set option").map(drop)
    }

    /// Gets an option as bytes, into the buffer, and gives their number.
    pub(crate) fn get(&self, option: c_int, buffer: &mut [u8]) -> Result<usize> {
        self.check_usable("get option")?;
        let mut len = buffer.len();
        let data = buffer.as_mut_ptr().cast();
        // SAFETY: the socket is open; libzmq writes at most `len` bytes to the buffer, and their number to `len`.
        let rc = unsafe { ffi::zmq_getsockopt(self.as_ptr(), option, data, &raw mut len) };
        check(rc, "get option")?;
        Ok(len.min(buffer.len()))
    }

    /// Gets an option as a number; an error where libzmq's is of another size.
    pub(crate) fn get_number<T: Number>(&self, option: c_int) -> Result<T> {
        self.check_usable("get option")?;
        if is_contrary(option) {
            let only_4 = self.get_number::<T>(ffi::ZMQ_IPV4ONLY)?;
            return Ok(T::from(only_4 == T::default()));
        }
        let mut value = T::default();
        let mut len = size_of::<T>();
        let data = (&raw mut value).cast();
        // SAFETY: the socket is open; libzmq writes at most `len` bytes, of which any pattern is a number.
        let rc = unsafe { ffi::zmq_getsockopt(self.as_ptr(), option, data, &raw mut len) };
        check(rc, "get option")?;
        if len != size_of::<T>() {
            let reason = format!("libzmq gives {len} bytes, not {}", size_of::<T>());
            return Err(Error::invalid("get option", reason));
        }
        Ok(value)
    }

    /// Asks a socket that is usable what it is ready for (ZMQ_EVENTS); or gives the errno.
    #[inline(always)]
    pub(crate) fn ask_events(&self) -> Result<c_int, i32> {
        self.touch();
        self.ask_unarmed()
    }

    /// The same for the `Poller` that the socket is in, which knows of this call, and has not armed it.
    #[inline(always)]
    pub(crate) fn ask_unarmed(&self) -> Result<c_int, i32> {
        let mut events: c_int = 0;
        let mut len = size_of::<c_int>();
        let data = (&raw mut events).cast();
        // SAFETY: the socket is open; libzmq writes a C int, of which any pattern of bits is one.
        let rc =
            unsafe { ffi::zmq_getsockopt(self.ptr.as_ptr(), ffi::ZMQ_EVENTS, data, &raw mut len) };
        errno_of(rc).map(|()| events)
    }

    /// What the socket is ready for (ZMQ_EVENTS), which also takes note of what its I/O thread has told it.
    pub(crate) fn events(&self) -> Result<c_int> {
        let asked = self.usable().and_then(|()| self.ask_events());
        asked.map_err(|code| Error::new(code, "get option"))
    }

    /// The descriptor that becomes readable when there is something to take note of (ZMQ_FD).
    pub(crate) fn fd(&self) -> Result<poll::RawFd> {
        self.get_number::<poll::RawFd>(ffi::ZMQ_FD)
    }
}

impl Drop for RawSocket {
    fn drop(&mut self) {
        if self.is_given_away || self.is_inherited() {
            return;
        }
        // SAFETY: the socket is open, and this is its last use. It fails only for what is no socket.
        unsafe { ffi::zmq_close(self.as_ptr()) };
    }
}

/// Translates the C convention "-1 is an error" for the calls that move messages, whose errors have their own words.
#[inline(always)]
pub(crate) fn errno_of(rc: c_int) -> Result<(), i32> {
    if rc == -1 { Err(errno::last()) } else { Ok(()) }
}

/// Whether the option is the contrary of one that libzmq has instead: 3.2 has no ZMQ_IPV6.
fn is_contrary(option: c_int) -> bool {
    cfg!(not(libzmq_4_0)) && option == ffi::ZMQ_IPV6
}

/// A plain number, of which any pattern of bits is one.
pub(crate) trait Number: Copy + Default + PartialEq + From<bool> {}

impl Number for i32 {}
impl Number for i64 {}
impl Number for u64 {}
#[cfg(all(windows, target_pointer_width = "32"))]
impl Number for u32 {}
