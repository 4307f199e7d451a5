//! Waiting: zmq_poll(3) over many, and poll(2) for one socket's call that would block.

use std::ffi::{c_int, c_long, c_short, c_void};
use std::marker::PhantomData;
use std::time::Duration;

use zmq_sys_ext as ffi;

use super::errno::check;
use super::socket::RawSocket;
use crate::error::Result;

#[cfg(unix)]
pub(crate) use std::os::fd::{AsFd, BorrowedFd as Borrowed, RawFd};
/// A SOCKET, which is what libzmq takes for a descriptor here.
#[cfg(windows)]
pub(crate) use std::os::windows::io::{
    AsSocket as AsFd, BorrowedSocket as Borrowed, RawSocket as RawFd,
};

/// Lends the descriptor.
pub(crate) fn lend(fd: &impl AsFd) -> Borrowed<'_> {
    #[cfg(unix)]
    return fd.as_fd();
    #[cfg(windows)]
    return fd.as_socket();
}

/// Lends a descriptor that is known by its number.
///
/// # Safety
///
/// It is open for as long as it is lent.
#[cfg(any(not(target_os = "linux"), zmqx_polling))]
pub(super) unsafe fn borrow<'a>(fd: RawFd) -> Borrowed<'a> {
    // SAFETY: the caller promises that it is open.
    unsafe { Borrowed::borrow_raw(fd) }
}

/// The number of a descriptor.
pub(crate) fn raw(fd: Borrowed<'_>) -> RawFd {
    #[cfg(unix)]
    return std::os::fd::AsRawFd::as_raw_fd(&fd);
    #[cfg(windows)]
    return std::os::windows::io::AsRawSocket::as_raw_socket(&fd);
}

/// zmq.h's events, which are ints there and shorts in an item.
pub(crate) const IN: c_short = short(ffi::ZMQ_POLLIN);
pub(crate) const OUT: c_short = short(ffi::ZMQ_POLLOUT);
pub(crate) const ERR: c_short = short(ffi::ZMQ_POLLERR);
pub(crate) const PRI: c_short = short(ffi::ZMQ_POLLPRI);

#[allow(clippy::cast_possible_truncation, reason = "checked when it is compiled")]
const fn short(event: c_int) -> c_short {
    assert!(event as c_short as c_int == event);
    event as c_short
}

/// What to wait for: a socket or a descriptor, which it borrows.
///
/// It is not Send: only the thread that may use the socket may poll it. It has no Drop.
#[repr(transparent)]
pub(crate) struct Item<'a> {
    item: ffi::zmq_pollitem_t,
    borrowed: PhantomData<&'a RawSocket>,
}

impl<'a> Item<'a> {
    pub(crate) fn socket(socket: &'a RawSocket, events: c_short) -> Self {
        Self::new(socket.as_ptr(), RawFd::default(), events)
    }

    pub(crate) fn fd(fd: Borrowed<'a>, events: c_short) -> Self {
        Self::new(std::ptr::null_mut(), raw(fd), events)
    }

    fn new(socket: *mut c_void, fd: RawFd, events: c_short) -> Self {
        let item = ffi::zmq_pollitem_t { socket, fd, events, revents: 0 };
        Self { item, borrowed: PhantomData }
    }

    /// The same, to be polled beside others.
    pub(crate) fn again(&self) -> Self {
        Self::new(self.item.socket, self.item.fd, self.item.events)
    }

    pub(crate) fn events(&self) -> c_short {
        self.item.events
    }

    pub(crate) fn revents(&self) -> c_short {
        self.item.revents
    }

    pub(crate) fn set_revents(&mut self, revents: c_short) {
        self.item.revents = revents;
    }
}

/// Waits until one of the items is ready, or the time is up; gives how many are.
pub(crate) fn poll(items: &mut [Item<'_>], timeout: Option<Duration>) -> Result<c_int> {
    let count = c_int::try_from(items.len()).unwrap_or(c_int::MAX);
    // Transparent: a slice of them is one of libzmq's items.
    let first: *mut ffi::zmq_pollitem_t = items.as_mut_ptr().cast();
    // SAFETY: they are `count` items whose sockets are borrowed, so that they are open and this thread's; libzmq
    // writes their `revents`.
    check(unsafe { ffi::zmq_poll(first, count, milliseconds(timeout)) }, "poll")
}

/// A timeout in libzmq's unit; one that is no whole number of milliseconds is rounded up, so that it never ends early.
pub(super) fn milliseconds(timeout: Option<Duration>) -> c_long {
    let Some(timeout) = timeout else { return -1 };
    let part = u64::from(timeout.subsec_nanos().div_ceil(1_000_000));
    let millis = timeout.as_secs().saturating_mul(1000).saturating_add(part);
    // Longer than 24 days is as good as that: whoever waits looks at his own clock again.
    c_long::try_from(millis).unwrap_or(c_long::MAX).min(c_int::MAX.into())
}

/// Waits until one of the descriptors is readable, or the time is up. A signal ends it with EINTR.
#[cfg(unix)]
pub(crate) fn wait_readable(fds: &[RawFd], timeout: Option<Duration>) -> Result<()> {
    let mut polled = [libc::pollfd { fd: -1, events: libc::POLLIN, revents: 0 }; 2];
    for (slot, fd) in polled.iter_mut().zip(fds) {
        slot.fd = *fd;
    }
    let timeout = c_int::try_from(milliseconds(timeout)).unwrap_or(c_int::MAX);
    // SAFETY: poll(2) reads and writes two pollfds, and passes over those whose descriptor is negative.
    check(unsafe { libc::poll(polled.as_mut_ptr(), 2, timeout) }, "wait").map(drop)
}

/// Waits until one of the sockets is readable, or the time is up.
#[cfg(windows)]
pub(crate) fn wait_readable(fds: &[RawFd], timeout: Option<Duration>) -> Result<()> {
    let mut items: Vec<Item<'_>> =
        fds.iter().map(|fd| Item::new(std::ptr::null_mut(), *fd, IN)).collect();
    poll(&mut items, timeout).map(drop)
}
