//! The types that differ by platform or by version, written by hand.

use core::ffi::{c_short, c_void};

/// A message, opaque.
///
/// 64 bytes, whatever the version: libzmq 3.2 and 4.0 use 32 of them, later versions all. The build
/// script refuses a header whose `zmq_msg_t` is larger. It is aligned as a pointer is, which
/// libzmq asks for though older headers do not say so.
#[repr(C)]
#[derive(Debug)]
pub struct zmq_msg_t {
    _bytes: [u8; 64],
    _align: [usize; 0],
}

/// What the operating system calls a socket: a `SOCKET` on Windows, as std has it.
#[cfg(all(windows, target_pointer_width = "64"))]
pub type zmq_fd_t = u64;

/// What the operating system calls a socket: a `SOCKET` on Windows, as std has it.
#[cfg(all(windows, target_pointer_width = "32"))]
pub type zmq_fd_t = u32;

/// What the operating system calls a socket: a file descriptor.
#[cfg(not(windows))]
pub type zmq_fd_t = core::ffi::c_int;

/// One thing to wait for with [`zmq_poll`](crate::zmq_poll).
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct zmq_pollitem_t {
    /// A libzmq socket, or null, and then `fd` counts.
    pub socket: *mut c_void,
    /// The operating system's socket or file descriptor.
    pub fd: zmq_fd_t,
    /// The events to wait for: `ZMQ_POLLIN`, `ZMQ_POLLOUT`, `ZMQ_POLLERR`, `ZMQ_POLLPRI`.
    pub events: c_short,
    /// Those that [`zmq_poll`](crate::zmq_poll) found.
    pub revents: c_short,
}
