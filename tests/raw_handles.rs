//! Raw handles: contexts and sockets that go to code that calls libzmq itself, and come from there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::ffi::c_void;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use common::{SOON, connected_pair, inproc, within};
use zmq_sys_ext as ffi;
use zmqx::{Any, Context, ErrorKind, Pair, Pub, Pull, Socket, SocketKind};

/// A context as other code makes it, which terminates it itself.
struct Foreign(*mut c_void);

impl Foreign {
    fn new() -> Self {
        // SAFETY: zmq_ctx_new(3) has no preconditions.
        let ptr = unsafe { ffi::zmq_ctx_new() };
        assert!(!ptr.is_null());
        Self(ptr)
    }

    fn borrow(&self) -> Context {
        // SAFETY: it is terminated in `term`, when the tests are done with the context.
        unsafe { Context::from_raw(self.0) }.unwrap()
    }

    fn socket(&self, kind: i32) -> *mut c_void {
        // SAFETY: the context is there.
        let ptr = unsafe { ffi::zmq_socket(self.0, kind) };
        assert!(!ptr.is_null());
        ptr
    }

    fn term(self) {
        // SAFETY: the context is there, and this is its last use.
        assert_eq!(unsafe { ffi::zmq_ctx_destroy(self.0) }, 0);
    }
}

fn close(socket: *mut c_void) {
    // SAFETY: the socket is open, and this is its last use. libzmq says so if it is not.
    assert_eq!(unsafe { ffi::zmq_close(socket) }, 0);
}

#[test]
fn a_borrowed_context_is_not_terminated_by_us() {
    within(SOON, || {
        let foreign = Foreign::new();
        let ctx = foreign.borrow();
        assert_eq!(ctx.as_raw(), foreign.0);
        let (a, b) = connected_pair(&ctx);
        a.send("x").unwrap();
        assert_eq!(b.recv().unwrap(), "x");
        drop((a, b, ctx));
        // It still opens sockets.
        close(foreign.socket(ffi::ZMQ_PAIR));
        foreign.term();
    });
}

#[test]
fn term_on_a_borrowed_context_waits_for_our_sockets_only() {
    within(SOON, || {
        let foreign = Foreign::new();
        let theirs = foreign.socket(ffi::ZMQ_PAIR);
        let ctx = foreign.borrow();
        let ours = ctx.socket(Pair).unwrap();
        let back = ctx.term_timeout(Duration::from_millis(20)).unwrap_err();
        assert_eq!(back.open_sockets, 1);
        assert_eq!(ours.recv().unwrap_err().kind(), ErrorKind::Terminated);
        drop(ours);
        back.context.term().unwrap();
        close(theirs);
        foreign.term();
    });
}

#[test]
fn sockets_in_a_borrowed_context_keep_its_owner_waiting() {
    within(SOON, || {
        let foreign = Foreign::new();
        let socket = foreign.borrow().socket(Pull).unwrap();
        let (ready, is_ready) = channel();
        let thread = thread::spawn(move || {
            ready.send(()).unwrap();
            let end = socket.recv().unwrap_err().kind();
            drop(socket);
            end
        });
        is_ready.recv().unwrap();
        foreign.term();
        assert_eq!(thread.join().unwrap(), ErrorKind::Terminated);
    });
}

/// The owner of a message, which says when it goes.
struct Owner(Sender<()>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        b"owned"
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn our_context_opens_sockets_for_other_code() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        // SAFETY: the context is there.
        let theirs = unsafe { ffi::zmq_socket(ctx.as_raw(), ffi::ZMQ_PAIR) };
        assert!(!theirs.is_null());
        // SAFETY: it is an open socket of the context, and nobody else's.
        let socket = unsafe { Socket::<Pair>::from_raw(&ctx, theirs) }.unwrap();
        assert_eq!(socket.as_raw(), theirs);
        let other = ctx.socket(Pair).unwrap();
        other.connect(socket.bind(inproc()).unwrap()).unwrap();
        other.send("x").unwrap();
        assert_eq!(socket.recv().unwrap(), "x");
        drop((socket, other));
        ctx.term().unwrap();
    });
}

#[test]
fn into_raw_keeps_ctx() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (a, b) = connected_pair(&ctx);
        let raw = a.into_raw();
        let clone = ctx.clone();
        drop((ctx, b));
        // Every handle may go: the socket is open, and what it belongs to is there.
        let weak = clone.as_raw();
        drop(clone);
        // SAFETY: the context is kept for the socket that was given away.
        let other = unsafe { ffi::zmq_socket(weak, ffi::ZMQ_PAIR) };
        assert!(!other.is_null());
        close(other);
        let mut kind = 0;
        let mut len = size_of::<i32>();
        // SAFETY: the socket is open; libzmq writes an int.
        let rc = unsafe {
            ffi::zmq_getsockopt(raw, ffi::ZMQ_TYPE, (&raw mut kind).cast(), &raw mut len)
        };
        assert_eq!((rc, kind), (0, ffi::ZMQ_PAIR));
        close(raw);
    });
}

#[test]
fn the_context_terminates_after_a_socket_that_came_back_is_dropped() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let raw = ctx.socket(Pull).unwrap().into_raw();
        // SAFETY: it is the socket that was given away, and nobody uses it.
        let socket = unsafe { Socket::<Pull>::from_raw(&ctx, raw) }.unwrap();
        let back = ctx.term_timeout(Duration::ZERO).unwrap_err();
        assert_eq!(back.open_sockets, 1);
        drop(socket);
        back.context.term().unwrap();
    });
}

#[test]
fn the_last_drop_terminates_a_context_whose_socket_came_back() {
    within(SOON, || {
        // A message's owner tells that the context is gone: what is queued goes with it.
        let (gone, is_gone) = channel();
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let (a, b) = connected_pair(&ctx);
        a.send(zmqx::Message::from_owner(Owner(gone))).unwrap();
        let raw = b.into_raw();
        // SAFETY: it is the socket that was given away, and nobody uses it.
        let b = unsafe { Socket::<Any>::from_raw(&ctx, raw) }.unwrap();
        assert_eq!(b.kind(), SocketKind::Pair);
        drop((ctx, a, b));
        is_gone.recv().unwrap();
    });
}

#[test]
fn a_socket_of_another_kind_is_refused_and_left_open() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let raw = ctx.socket(Pull).unwrap().into_raw();
        // SAFETY: it is an open socket of the context, and nobody else's.
        let error = unsafe { Socket::<Pub>::from_raw(&ctx, raw) }.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "adopt socket: it is a PULL, not a PUB");
        // SAFETY: it was left open, and ours.
        let socket = unsafe { Socket::<Pull>::from_raw(&ctx, raw) }.unwrap();
        socket.bind(inproc()).unwrap();
        drop(socket);
        ctx.term().unwrap();
    });
}

#[test]
fn null_is_refused() {
    let ctx = Context::new().unwrap();
    // SAFETY: a null pointer is what it is to refuse.
    let error = unsafe { Context::from_raw(std::ptr::null_mut()) }.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "borrow context: a null pointer");
    // SAFETY: as above.
    let error = unsafe { Socket::<Any>::from_raw(&ctx, std::ptr::null_mut()) }.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "adopt socket: a null pointer");
}

#[test]
fn a_socket_of_a_context_that_was_shut_down_is_left_open() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let raw = ctx.socket(Pull).unwrap().into_raw();
        ctx.shutdown().unwrap();
        // SAFETY: it is the socket that was given away, and nobody uses it.
        let error = unsafe { Socket::<Pull>::from_raw(&ctx, raw) }.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Terminated);
        close(raw);
        ctx.term().unwrap();
    });
}

#[test]
fn term_waits_for_a_socket_that_was_given_away() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let raw = ctx.socket(Pull).unwrap().into_raw();
        let back = ctx.term_timeout(Duration::from_millis(30)).unwrap_err();
        close(raw);
        back.context.term().unwrap();
    });
}

#[test]
fn an_end_of_a_pipe_that_is_given_away_is_a_plain_pair() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (a, b) = ctx.pipe().unwrap();
        let raw = a.into_raw();
        // SAFETY: it is the socket that was given away, and nobody uses it.
        let a = unsafe { Socket::<Pair>::from_raw(&ctx, raw) }.unwrap();
        a.send("x").unwrap();
        assert_eq!(b.recv().unwrap(), "x");
        b.send("y").unwrap();
        assert_eq!(a.recv().unwrap(), "y");
        drop(a);
        assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_message_without_data_from_other_code_is_empty() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (a, b) = connected_pair(&ctx);
        let raw = a.into_raw();
        let mut message = std::mem::MaybeUninit::uninit();
        let (data, hint) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: zmq_msg_init_data(3) initialises it, over no bytes, which nobody is to free.
        let rc = unsafe { ffi::zmq_msg_init_data(message.as_mut_ptr(), data, 0, None, hint) };
        assert_eq!(rc, 0);
        // SAFETY: the message is initialised, and the socket is open; zmq_msg_send(3) takes the message over.
        assert_eq!(unsafe { ffi::zmq_msg_send(message.as_mut_ptr(), raw, 0) }, 0);
        let received = b.recv().unwrap();
        assert!(received.is_empty() && received == b"");
        assert_eq!(received.clone(), received);
        close(raw);
    });
}
