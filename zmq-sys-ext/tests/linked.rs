//! The libzmq that was linked answers, and is the one whose header was found.

use std::ffi::{CStr, c_int, c_void};
use std::mem::{MaybeUninit, align_of, size_of};
use std::ptr;
#[cfg(unix)]
use std::{ffi::c_short, io::Write, os::fd::AsRawFd, os::unix::net::UnixStream};

use zmq_sys_ext as ffi;

/// The header's version, which crates above see as `DEP_ZMQ_EXT_VERSION`.
const HEADER: &str = env!("ZMQ_SYS_EXT_VERSION");

fn running() -> (c_int, c_int, c_int) {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: zmq_version writes an int to each of the three places, which live through the call.
    unsafe { ffi::zmq_version(&raw mut major, &raw mut minor, &raw mut patch) };
    (major, minor, patch)
}

#[test]
fn the_running_libzmq_is_of_the_level_of_the_header() {
    let (major, minor, patch) = running();
    let level = format!("{major}.{minor}.");
    assert!(HEADER.starts_with(&level), "{level}{patch} runs, and the header is {HEADER}'s");
}

#[test]
fn a_message_crosses_a_pair_of_sockets() {
    let address = c"inproc://a-message-crosses";
    // SAFETY: zmq_ctx_new asks nothing of its caller.
    let context = unsafe { ffi::zmq_ctx_new() };
    assert!(!context.is_null());
    let [left, right] = [(); 2].map(|()| {
        // SAFETY: the context is alive: it is destroyed at the end of the test.
        unsafe { ffi::zmq_socket(context, ffi::ZMQ_PAIR) }
    });
    assert!(!left.is_null() && !right.is_null());
    // SAFETY: the socket is open, and the address ends in NUL.
    assert_eq!(unsafe { ffi::zmq_bind(left, address.as_ptr()) }, 0);
    // SAFETY: the socket is open, and the address ends in NUL.
    assert_eq!(unsafe { ffi::zmq_connect(right, address.as_ptr()) }, 0);
    // SAFETY: the socket is open, and the buffer has five bytes.
    let sent = unsafe { ffi::zmq_send(left, b"hello".as_ptr().cast(), 5, 0) };
    assert_eq!(sent, 5);

    let mut message = MaybeUninit::<ffi::zmq_msg_t>::uninit();
    let message = message.as_mut_ptr();
    // SAFETY: there is room for a zmq_msg_t, which this makes a message.
    assert_eq!(unsafe { ffi::zmq_msg_init(message) }, 0);
    // SAFETY: the message is initialised, and the socket is open.
    assert_eq!(unsafe { ffi::zmq_msg_recv(message, right, 0) }, 5);
    // SAFETY: the message is initialised.
    let data = unsafe { ffi::zmq_msg_data(message) };
    // SAFETY: the message holds the five bytes that were received.
    let text = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), 5) };
    assert_eq!(text, b"hello");
    // SAFETY: the message is initialised, and not used after.
    assert_eq!(unsafe { ffi::zmq_msg_close(message) }, 0);
    for socket in [left, right] {
        // SAFETY: the socket is open, and not used after.
        assert_eq!(unsafe { ffi::zmq_close(socket) }, 0);
    }
    // SAFETY: the context's sockets are closed, and it is not used after.
    assert_eq!(unsafe { ffi::zmq_ctx_destroy(context) }, 0);
}

#[test]
#[cfg(unix)]
fn poll_finds_the_descriptor_that_is_ready() {
    let events = c_short::try_from(ffi::ZMQ_POLLIN).unwrap();
    let (left, right) = UnixStream::pair().unwrap();
    let (mut near, far) = UnixStream::pair().unwrap();
    near.write_all(b"!").unwrap();
    let mut items = [left.as_raw_fd(), right.as_raw_fd(), far.as_raw_fd()]
        .map(|fd| ffi::zmq_pollitem_t { socket: ptr::null_mut(), fd, events, revents: 0 });
    // SAFETY: there are three items, and they and their descriptors live through the call.
    assert_eq!(unsafe { ffi::zmq_poll(items.as_mut_ptr(), 3, 1000) }, 1);
    assert_eq!(items.map(|item| c_int::from(item.revents)), [0, 0, ffi::ZMQ_POLLIN]);
}

#[test]
fn libzmq_has_words_for_its_own_errors() {
    for (code, words) in [(ffi::ETERM, "terminated"), (ffi::EFSM, "current state")] {
        // SAFETY: zmq_strerror takes any number, and gives a string that is never freed.
        let text = unsafe { ffi::zmq_strerror(code) };
        // SAFETY: it ends in NUL.
        let text = unsafe { CStr::from_ptr(text) };
        assert!(text.to_string_lossy().contains(words), "{text:?}");
    }
}

#[test]
fn the_message_is_64_bytes_aligned_as_a_pointer() {
    assert_eq!(size_of::<ffi::zmq_msg_t>(), 64);
    assert_eq!(align_of::<ffi::zmq_msg_t>(), align_of::<*mut c_void>());
}

#[test]
#[cfg(all(feature = "curve", feature = "vendored", not(feature = "zmq-sys")))]
fn the_vendored_libzmq_has_curve() {
    // SAFETY: the name ends in NUL.
    assert_eq!(unsafe { ffi::zmq_has(c"curve".as_ptr()) }, 1);
    let (mut public, mut secret) = ([0; 41], [0; 41]);
    // SAFETY: each of the two keys takes 40 characters and a NUL.
    let made = unsafe { ffi::zmq_curve_keypair(public.as_mut_ptr(), secret.as_mut_ptr()) };
    assert_eq!(made, 0);
}

#[test]
#[cfg(all(feature = "draft", feature = "vendored", not(feature = "zmq-sys")))]
fn the_vendored_libzmq_has_the_draft_api() {
    // SAFETY: the name ends in NUL.
    assert_eq!(unsafe { ffi::zmq_has(c"draft".as_ptr()) }, 1);
    // SAFETY: zmq_poller_new asks nothing of its caller.
    let mut poller = unsafe { ffi::zmq_poller_new() };
    // SAFETY: the poller is alive.
    assert_eq!(unsafe { ffi::zmq_poller_size(poller) }, 0);
    // SAFETY: the poller is alive, and the place of its pointer is writable.
    assert_eq!(unsafe { ffi::zmq_poller_destroy(&raw mut poller) }, 0);
    assert!(poller.is_null());
}

#[test]
#[cfg(all(target_os = "linux", feature = "vendored", not(feature = "zmq-sys")))]
fn the_vendored_libzmq_is_configured_for_linux() {
    // SAFETY: zmq_ctx_new asks nothing of its caller.
    let context = unsafe { ffi::zmq_ctx_new() };
    // SAFETY: the context is alive.
    let socket = unsafe { ffi::zmq_socket(context, ffi::ZMQ_PAIR) };
    assert!(!socket.is_null());
    let mut fd: c_int = -1;
    let mut len = size_of::<c_int>();
    // SAFETY: the socket is open, and there is room for the int that ZMQ_FD is.
    let got =
        unsafe { ffi::zmq_getsockopt(socket, ffi::ZMQ_FD, (&raw mut fd).cast(), &raw mut len) };
    assert_eq!(got, 0);
    // What libzmq does not know of it does with a pair of sockets.
    let mailbox = std::fs::read_link(format!("/proc/self/fd/{fd}")).unwrap();
    assert!(mailbox.to_string_lossy().contains("eventfd"), "{}", mailbox.display());
    // SAFETY: the socket is open, and not used after.
    assert_eq!(unsafe { ffi::zmq_close(socket) }, 0);
    // SAFETY: the context's socket is closed, and it is not used after.
    assert_eq!(unsafe { ffi::zmq_ctx_destroy(context) }, 0);
}
