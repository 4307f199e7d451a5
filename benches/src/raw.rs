//! libzmq as a careful C program calls it.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "as in C: this is what safe code is measured against"
)]

use std::ffi::{CString, c_int, c_void};
use std::ptr;

use zmq_sys_ext as ffi;
use zmqx::SocketKind;

use crate::Library;

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
    /// Returns the socket that libzmq knows.
    pub fn as_ptr(&self) -> *mut c_void {
        self.0
    }

    fn set(&self, option: c_int, value: c_int) {
        // SAFETY: the socket is open; libzmq reads an int.
        check(unsafe {
            ffi::zmq_setsockopt(self.0, option, (&raw const value).cast(), size_of::<c_int>())
        });
    }
}

impl Message {
    /// Allocates one of so many bytes, and copies them.
    #[inline(always)]
    pub fn copy(bytes: &[u8]) -> Self {
        let mut message = std::mem::MaybeUninit::<ffi::zmq_msg_t>::uninit();
        // SAFETY: libzmq initialises the zmq_msg_t, with room for as many bytes.
        unsafe {
            check(ffi::zmq_msg_init_size(message.as_mut_ptr(), bytes.len()));
            let data = ffi::zmq_msg_data(message.as_mut_ptr()).cast();
            ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
            Self(message.assume_init())
        }
    }

    /// Makes one of an allocated buffer, which libzmq has freed when it is done with it.
    #[inline(always)]
    pub fn of_malloc(size: usize) -> Self {
        unsafe extern "C" fn release(data: *mut c_void, _hint: *mut c_void) {
            // SAFETY: malloc gave it, and this is its last use.
            unsafe { libc::free(data) };
        }
        let mut message = std::mem::MaybeUninit::<ffi::zmq_msg_t>::uninit();
        // SAFETY: the buffer has as many bytes, which are zero, and is given away.
        unsafe {
            let data = libc::calloc(1, size);
            let hint = ptr::null_mut();
            check(ffi::zmq_msg_init_data(message.as_mut_ptr(), data, size, Some(release), hint));
            Self(message.assume_init())
        }
    }
}

impl Default for Message {
    fn default() -> Self {
        let mut message = std::mem::MaybeUninit::<ffi::zmq_msg_t>::uninit();
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
    fn send(socket: &Socket, frame: &[u8], has_more: bool) {
        let mut message = std::mem::ManuallyDrop::new(Message::copy(frame));
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
    fn len(message: &Message) -> usize {
        // SAFETY: the zmq_msg_t is initialised.
        unsafe { ffi::zmq_msg_size(&raw const message.0) }
    }

    #[inline(always)]
    fn has_more(message: &Message) -> bool {
        // SAFETY: the zmq_msg_t is initialised.
        unsafe { ffi::zmq_msg_more(&raw const message.0) != 0 }
    }

    #[inline(always)]
    fn forward(socket: &Socket, message: &mut Message) {
        let flags = if Self::has_more(message) { ffi::ZMQ_SNDMORE } else { 0 };
        // SAFETY: the socket is open; the zmq_msg_t is initialised, and is again, empty, once it is sent.
        check(unsafe { ffi::zmq_msg_send(&raw mut message.0, socket.0, flags) });
    }
}
