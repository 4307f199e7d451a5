//! libzmq as a careful C program calls it.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "as in C: this is what safe code is measured against"
)]

mod timers;

use std::ffi::{CString, c_int, c_long, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;
use std::sync::Arc;

use zmq_sys_ext as ffi;
use zmqx::SocketKind;

use crate::Library;

pub use timers::Timers;

/// libzmq, by its C API.
#[derive(Debug)]
pub enum Raw {}

/// A context.
#[derive(Debug)]
pub struct Context(*mut c_void);

// SAFETY: zmq_ctx_new(3): "a ØMQ context is thread safe".
unsafe impl Send for Context {}

/// A socket.
#[derive(Debug)]
pub struct Socket(*mut c_void);

// SAFETY: zmq_socket(3): a socket may migrate to another thread with a full fence, as a spawn or a channel is.
unsafe impl Send for Socket {}

/// A `zmq_msg_t`, initialised.
#[derive(Debug)]
pub struct Message(ffi::zmq_msg_t);

fn check(rc: c_int) {
    assert!(rc != -1, "{}", std::io::Error::last_os_error());
}

impl Socket {
    fn set(&self, option: c_int, value: c_int) {
        // SAFETY: the socket is open; libzmq reads an int.
        check(unsafe {
            ffi::zmq_setsockopt(self.0, option, (&raw const value).cast(), size_of::<c_int>())
        });
    }
}

impl Message {
    /// Makes one of a buffer, which `release` is called with when libzmq is done with it.
    ///
    /// # Safety
    ///
    /// `data` is `size` bytes that stay, unwritten, until `release` is called with it and `hint`, if it is given.
    #[inline(always)]
    unsafe fn of(
        data: *const u8,
        size: usize,
        release: ffi::zmq_free_fn,
        hint: *mut c_void,
    ) -> Self {
        let mut message = MaybeUninit::<ffi::zmq_msg_t>::uninit();
        let data = data.cast_mut().cast();
        // SAFETY: libzmq initialises the zmq_msg_t, of bytes that the caller promises are there.
        unsafe {
            check(ffi::zmq_msg_init_data(message.as_mut_ptr(), data, size, release, hint));
            Self(message.assume_init())
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        let mut message = MaybeUninit::<ffi::zmq_msg_t>::uninit();
        // SAFETY: libzmq initialises the zmq_msg_t.
        unsafe {
            check(ffi::zmq_msg_init(message.as_mut_ptr()));
            Self(message.assume_init())
        }
    }
}

impl Drop for Message {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the zmq_msg_t is initialised, and this is its last use.
        unsafe { ffi::zmq_msg_close(&raw mut self.0) };
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.set(ffi::ZMQ_LINGER, 0);
        // SAFETY: the socket is open, and this is its last use.
        check(unsafe { ffi::zmq_close(self.0) });
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is there, and this is its last use.
        check(unsafe { ffi::zmq_ctx_term(self.0) });
    }
}

impl Library for Raw {
    const NAME: &str = "C";
    type Context = Context;
    type Socket = Socket;
    type Message = Message;
    type Buffer = Arc<[u8]>;
    type Items<'a> = Vec<ffi::zmq_pollitem_t>;

    fn context() -> Context {
        // SAFETY: zmq_ctx_new(3) has no preconditions; the context is there.
        unsafe {
            let context = ffi::zmq_ctx_new();
            check(ffi::zmq_ctx_set(context, ffi::ZMQ_MAX_SOCKETS, 20_000));
            Context(context)
        }
    }

    fn socket(context: &Context, kind: SocketKind) -> Socket {
        let number = match kind {
            SocketKind::Pair => ffi::ZMQ_PAIR,
            SocketKind::Pub => ffi::ZMQ_PUB,
            SocketKind::Sub => ffi::ZMQ_SUB,
            SocketKind::Req => ffi::ZMQ_REQ,
            SocketKind::Rep => ffi::ZMQ_REP,
            SocketKind::Dealer => ffi::ZMQ_DEALER,
            SocketKind::Router => ffi::ZMQ_ROUTER,
            SocketKind::Pull => ffi::ZMQ_PULL,
            SocketKind::Push => ffi::ZMQ_PUSH,
            other => panic!("no workload has a {other}"),
        };
        // SAFETY: the context is there.
        let socket = unsafe { ffi::zmq_socket(context.0, number) };
        assert!(!socket.is_null(), "{}", std::io::Error::last_os_error());
        Socket(socket)
    }

    fn bind(socket: &Socket, endpoint: &str) -> String {
        let endpoint = CString::new(endpoint).unwrap();
        let mut bound = vec![0_u8; 256];
        let mut len = bound.len();
        // SAFETY: the socket is open; libzmq reads the string, and writes `len` bytes at most.
        unsafe {
            check(ffi::zmq_bind(socket.0, endpoint.as_ptr()));
            let data = bound.as_mut_ptr().cast();
            check(ffi::zmq_getsockopt(socket.0, ffi::ZMQ_LAST_ENDPOINT, data, &raw mut len));
        }
        bound.truncate(len - 1);
        String::from_utf8(bound).unwrap()
    }

    fn connect(socket: &Socket, endpoint: &str) {
        let endpoint = CString::new(endpoint).unwrap();
        // SAFETY: the socket is open; libzmq reads the string.
        check(unsafe { ffi::zmq_connect(socket.0, endpoint.as_ptr()) });
    }

    fn subscribe(socket: &Socket) {
        // SAFETY: the socket is open; libzmq reads no bytes.
        check(unsafe { ffi::zmq_setsockopt(socket.0, ffi::ZMQ_SUBSCRIBE, c"".as_ptr().cast(), 0) });
    }

    fn set_unlimited(socket: &Socket) {
        socket.set(ffi::ZMQ_SNDHWM, 0);
        socket.set(ffi::ZMQ_RCVHWM, 0);
    }

    #[inline(always)]
    fn copy(bytes: &[u8]) -> Message {
        let mut message = MaybeUninit::<ffi::zmq_msg_t>::uninit();
        // SAFETY: libzmq initialises the zmq_msg_t, with room for as many bytes.
        unsafe {
            check(ffi::zmq_msg_init_size(message.as_mut_ptr(), bytes.len()));
            let data = ffi::zmq_msg_data(message.as_mut_ptr()).cast();
            ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
            Message(message.assume_init())
        }
    }

    #[inline(always)]
    fn fixed(bytes: &'static [u8]) -> Message {
        // SAFETY: the bytes stay for ever.
        unsafe { Message::of(bytes.as_ptr(), bytes.len(), None, ptr::null_mut()) }
    }

    #[inline(always)]
    fn given(size: usize) -> Message {
        unsafe extern "C" fn release(data: *mut c_void, _hint: *mut c_void) {
            // SAFETY: calloc gave it, and this is its last use.
            unsafe { libc::free(data) };
        }
        // SAFETY: the buffer has as many bytes, which are zero, and is given away.
        unsafe { Message::of(libc::calloc(1, size).cast(), size, Some(release), ptr::null_mut()) }
    }

    fn buffer(size: usize) -> Arc<[u8]> {
        vec![0; size].into()
    }

    /// With a count of its holders, as C has it: what goes with the message is a pointer.
    #[inline(always)]
    fn share(buffer: &Arc<[u8]>) -> Message {
        unsafe extern "C" fn release(data: *mut c_void, size: *mut c_void) {
            let bytes = ptr::slice_from_raw_parts(data.cast_const().cast::<u8>(), size.addr());
            // SAFETY: these are the pointer and the length of a holder that `share` gave away.
            drop(unsafe { Arc::from_raw(bytes) });
        }
        let (data, size) = (Arc::into_raw(Arc::clone(buffer)), buffer.len());
        // SAFETY: the bytes stay until their last holder is gone, and this one goes with `release`.
        unsafe { Message::of(data.cast(), size, Some(release), ptr::without_provenance_mut(size)) }
    }

    #[inline(always)]
    fn send_message(socket: &Socket, message: Message) {
        let mut message = ManuallyDrop::new(message);
        // SAFETY: the socket is open; the zmq_msg_t is initialised, and libzmq's once it is sent.
        check(unsafe { ffi::zmq_msg_send(&raw mut message.0, socket.0, 0) });
    }

    #[inline(always)]
    fn send(socket: &Socket, frame: &[u8], has_more: bool) {
        let mut message = ManuallyDrop::new(Self::copy(frame));
        let flags = if has_more { ffi::ZMQ_SNDMORE } else { 0 };
        // SAFETY: the socket is open; the zmq_msg_t is initialised, and libzmq's once it is sent.
        check(unsafe { ffi::zmq_msg_send(&raw mut message.0, socket.0, flags) });
    }

    #[inline(always)]
    fn recv(socket: &Socket, message: &mut Message) {
        // SAFETY: the socket is open, and the zmq_msg_t initialised.
        check(unsafe { ffi::zmq_msg_recv(&raw mut message.0, socket.0, 0) });
    }

    #[inline(always)]
    fn try_recv(socket: &Socket, message: &mut Message) -> bool {
        // SAFETY: the socket is open, and the zmq_msg_t initialised.
        unsafe {
            let rc = ffi::zmq_msg_recv(&raw mut message.0, socket.0, ffi::ZMQ_DONTWAIT);
            assert!(rc != -1 || ffi::zmq_errno() == libc::EAGAIN);
            rc != -1
        }
    }

    #[inline(always)]
    fn len(message: &Message) -> usize {
        // SAFETY: the zmq_msg_t is initialised.
        unsafe { ffi::zmq_msg_size(&raw const message.0) }
    }

    #[inline(always)]
    fn forward(socket: &Socket, message: &mut Message) -> bool {
        // SAFETY: the socket is open; the zmq_msg_t is initialised, and is again, empty, once it is sent.
        unsafe {
            let more = ffi::zmq_msg_more(&raw const message.0) != 0;
            let flags = if more { ffi::ZMQ_SNDMORE } else { 0 };
            check(ffi::zmq_msg_send(&raw mut message.0, socket.0, flags));
            more
        }
    }

    fn items(sockets: &[Socket]) -> Vec<ffi::zmq_pollitem_t> {
        let item = |socket: &Socket| ffi::zmq_pollitem_t {
            socket: socket.0,
            fd: 0,
            events: 1,
            revents: 0,
        };
        sockets.iter().map(item).collect()
    }

    #[inline(always)]
    fn poll(items: &mut Vec<ffi::zmq_pollitem_t>) -> usize {
        poll_for(items, -1);
        items.iter().position(|item| item.revents != 0).unwrap()
    }

    #[inline(always)]
    fn is_any_ready(items: &mut Vec<ffi::zmq_pollitem_t>) -> bool {
        poll_for(items, 0) > 0
    }
}

#[inline(always)]
fn poll_for(items: &mut [ffi::zmq_pollitem_t], milliseconds: c_long) -> c_int {
    let count = c_int::try_from(items.len()).unwrap();
    // SAFETY: the sockets are open, and there are as many items.
    let ready = unsafe { ffi::zmq_poll(items.as_mut_ptr(), count, milliseconds) };
    check(ready);
    ready
}
