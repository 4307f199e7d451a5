//! What the functions beneath do where no call from above brings it about, or not when it should.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod half_way;

use std::ptr::null_mut;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use testing::{SOON, wait_until, within};
use zmq_sys_ext as ffi;

use super::fork::ForkLock;
use super::frames::Frames;
use super::message::Message;
use super::monitor::Tap;
use super::socket::RawSocket;
use super::{curve, errno};
use crate::context::Context;
use crate::error::ErrorKind;
use crate::kind::{Pair, Rep};
use crate::monitor::MonitorEvents;
use crate::multipart::Multipart;
use crate::poll::PollEvents;
use crate::poller::Poller;
use crate::socket::Socket;

fn pair() -> (Context, Socket<Pair>, Socket<Pair>) {
    let ctx = Context::new().unwrap();
    let (a, b) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
    a.bind("inproc://pair").unwrap();
    b.connect("inproc://pair").unwrap();
    (ctx, a, b)
}

/// Waits until the socket has heard that its context was shut down.
fn wait_for_the_end(socket: &RawSocket) {
    // Where libzmq has no shutdown, another thread is at it.
    wait_until("it is shut down", || socket.ask_events() == Err(ffi::ETERM));
}

#[test]
fn what_was_put_back_comes_first_though_a_poller_has_waited_meanwhile() {
    const B: usize = 1;
    within(SOON, || {
        let (_ctx, a, b) = pair();
        assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        let mut poller = Poller::new().unwrap();
        poller.add(&b, B, PollEvents::IN).unwrap();
        assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
        // As by a proxy that a command ends.
        b.core.put_back(Multipart::from(["first"]));
        a.send("second").unwrap();
        assert_eq!(poller.wait(Some(SOON)).unwrap().unwrap().key(), B);
        assert_eq!(b.recv().unwrap(), "first");
        assert_eq!(b.recv().unwrap(), "second");
    });
}

#[test]
fn each_errno_has_its_kind_and_is_shown_as_one_of_the_systems() {
    let table = [
        (errno::DISCONNECTED, ErrorKind::Disconnected, libc::EPIPE),
        (errno::REPORTED, ErrorKind::Disconnected, libc::EPIPE),
        (errno::PANICKED, ErrorKind::Panicked, libc::ECONNABORTED),
        (errno::FORKED, ErrorKind::Forked, libc::EPERM),
        (ffi::ETERM, ErrorKind::Terminated, ffi::ETERM),
        (ffi::EFSM, ErrorKind::BadState, ffi::EFSM),
        (ffi::ENOCOMPATPROTO, ErrorKind::IncompatibleTransport, ffi::ENOCOMPATPROTO),
        (ffi::EMTHREAD, ErrorKind::NoIoThread, ffi::EMTHREAD),
        (libc::EAGAIN, ErrorKind::WouldBlock, libc::EAGAIN),
        (libc::EWOULDBLOCK, ErrorKind::WouldBlock, libc::EWOULDBLOCK),
        (libc::EINTR, ErrorKind::Interrupted, libc::EINTR),
        (libc::EINVAL, ErrorKind::InvalidInput, libc::EINVAL),
        (libc::EACCES, ErrorKind::PermissionDenied, libc::EACCES),
        (libc::EPERM, ErrorKind::PermissionDenied, libc::EPERM),
        (libc::ENOENT, ErrorKind::NotFound, libc::ENOENT),
        (libc::ENOMEM, ErrorKind::OutOfMemory, libc::ENOMEM),
        (libc::EHOSTUNREACH, ErrorKind::HostUnreachable, libc::EHOSTUNREACH),
        (libc::EADDRINUSE, ErrorKind::AddrInUse, libc::EADDRINUSE),
        (libc::EADDRNOTAVAIL, ErrorKind::AddrNotAvailable, libc::EADDRNOTAVAIL),
        (libc::ENODEV, ErrorKind::NoDevice, libc::ENODEV),
        (libc::EMFILE, ErrorKind::TooManySockets, libc::EMFILE),
        (libc::ENFILE, ErrorKind::TooManySockets, libc::ENFILE),
        (libc::ENOTSUP, ErrorKind::Unsupported, libc::ENOTSUP),
        (libc::EOPNOTSUPP, ErrorKind::Unsupported, libc::EOPNOTSUPP),
        (libc::EPROTONOSUPPORT, ErrorKind::Unsupported, libc::EPROTONOSUPPORT),
        (libc::ECONNREFUSED, ErrorKind::ConnectionRefused, libc::ECONNREFUSED),
        (libc::ENOTSOCK, ErrorKind::NotASocket, libc::ENOTSOCK),
        (libc::EMSGSIZE, ErrorKind::MessageTooLarge, libc::EMSGSIZE),
        (libc::EXDEV, ErrorKind::Other(libc::EXDEV), libc::EXDEV),
    ];
    for (code, kind, shown) in table {
        assert_eq!((errno::kind(code), errno::public(code)), (kind, shown), "{code}");
    }
}

#[test]
fn a_vector_without_memory_is_an_empty_message() {
    let message = Message::from_vec(Vec::new());
    assert!(message.is_empty());
    assert_eq!(message.as_slice(), b"");
}

#[test]
fn no_frame_is_not_sent() {
    within(SOON, || {
        let (_ctx, a, b) = pair();
        assert_eq!(a.core.raw.send_front(&mut Frames::new(), 0), -1);
        a.send("x").unwrap();
        assert_eq!(b.recv().unwrap(), "x");
    });
}

#[test]
#[cfg(unix)]
fn the_rest_of_a_message_is_waited_for_whatever_signals_come() {
    use testing::storm::Storm;

    within(SOON, || {
        let (_ctx, a, b) = pair();
        let before = Storm::come();
        let sender = thread::spawn(move || {
            // Until signals have cut the wait short.
            while Storm::come() < before + 30 {
                thread::sleep(Duration::from_millis(1));
            }
            a.send_multipart(["one", "two"]).unwrap();
        });
        let mut frames = Frames::new();
        frames.push_back("begun".into());
        let _storm = Storm::on_this_thread();
        b.core.raw.recv_rest(&mut frames, 0).unwrap();
        let received = frames.as_slice().iter().map(Message::as_slice);
        assert!(received.eq([&b"begun"[..], b"one", b"two"]));
        sender.join().unwrap();
    });
}

#[test]
fn a_shutdown_amid_a_message_leaves_what_was_received() {
    within(SOON, || {
        let (ctx, a, b) = pair();
        a.send_multipart(["one", "two"]).unwrap();
        let mut frames = Frames::new();
        frames.push_back(b.recv().unwrap());
        ctx.shutdown().unwrap();
        wait_for_the_end(&b.core.raw);
        assert_eq!(b.core.raw.recv_rest(&mut frames, 0), Err(ffi::ETERM));
        assert!(frames.as_slice().iter().map(Message::as_slice).eq([b"one"]));
    });
}

#[test]
fn a_monitor_whose_end_cannot_connect_leaves_the_socket_to_another() {
    if !Tap::is_there() {
        // Nobody makes one: `Socket::monitor` is Unsupported.
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let tap = Tap::new(&server.core.raw);
        let other = Context::new().unwrap();
        let end = other.socket(Pair).unwrap();
        other.shutdown().unwrap();
        wait_for_the_end(&end.core.raw);
        // Not MONITOR_STOPPED, with which libzmq would wait for somebody to hear it: in a context that goes on.
        let events = MonitorEvents::LISTENING.bits();
        let start = |end: &RawSocket, endpoint| {
            tap.start(RawSocket::monitor, &server.core.raw, end, endpoint, events)
        };
        let error = start(&end.core.raw, c"inproc://first").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Terminated);
        let end = ctx.socket(Pair).unwrap();
        start(&end.core.raw, c"inproc://second").unwrap();
        server.bind("tcp://127.0.0.1:*").unwrap();
        assert_eq!(end.recv_multipart().unwrap().len(), 2);
        assert!(tap.close().is_none());
    });
}

#[test]
fn a_text_that_is_no_key_has_no_public_key() {
    let error = curve::public("no key").unwrap_err();
    let runs = crate::version();
    let expected = match (runs.major, runs.minor) >= (4, 2) && crate::has(crate::Capability::Curve)
    {
        true => ErrorKind::InvalidInput,
        false => ErrorKind::Unsupported,
    };
    assert_eq!(error.kind(), expected);
}

#[test]
fn a_fork_lock_is_held_by_one_thread_at_a_time() {
    // It is never freed.
    static LOCK: OnceLock<ForkLock> = OnceLock::new();

    let (lock, count) = (LOCK.get_or_init(ForkLock::new), AtomicU32::new(0));
    // Two threads that find none at once: what the second makes is not used, and gone.
    (0..2).for_each(|_| lock.renew(null_mut()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    let _held = lock.lock();
                    // Not in one step: what another does in between would be lost.
                    count.store(count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(count.into_inner(), 4000);
}

#[test]
#[cfg(not(libzmq_draft))]
fn without_the_draft_api_each_of_its_functions_is_unsupported() {
    let socket = Context::new().unwrap().socket(Pair).unwrap();
    let (raw, mut message) = (&socket.core.raw, Message::new());
    let mut results = vec![
        message.peer().map(drop),
        message.set_peer(1),
        message.group_name().map(drop),
        message.set_group_name(c"group"),
        raw.peer_state(b"peer").map(drop),
        super::draft::Shared::new(Box::new(&socket)).map(drop),
    ];
    #[cfg(feature = "draft")]
    results.extend([
        raw.join(c"group"),
        raw.leave(c"group"),
        raw.connect_peer(c"inproc://peer").map(drop),
    ]);
    for result in results.drain(..) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    #[cfg(feature = "draft")]
    raw.check_sync();
}

#[test]
#[cfg(all(libzmq_draft, feature = "draft"))]
fn a_thread_safe_socket_tells_a_poller_of_the_shutdown() {
    use super::draft::Shared;
    use super::poll::OUT;
    use crate::kind::Server;

    within(SOON, || {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Server).unwrap();
        let shared = Shared::new(Box::new(&socket)).unwrap();
        assert_eq!(shared.events(), Ok(OUT));
        ctx.shutdown().unwrap();
        // Another thread of libzmq's tells it.
        wait_until("it has heard of it", || shared.events() == Err(ffi::ETERM));
    });
}

#[test]
#[cfg(all(unix, libzmq_draft, feature = "draft"))]
fn what_a_child_inherits_of_a_poller_is_left_alone() {
    use super::draft::Shared;
    use super::poll::OUT;
    use crate::kind::Server;

    within(SOON * 2, || {
        let socket = Context::new().unwrap().socket(Server).unwrap();
        let mut shared = Some(Shared::new(Box::new(&socket)).unwrap());
        testing::in_fork(SOON, || drop(shared.take()));
        assert_eq!(shared.unwrap().events(), Ok(OUT));
    });
}

#[test]
#[cfg(all(libzmq_draft, feature = "draft"))]
fn a_peer_that_cannot_connect_has_no_routing_id() {
    let socket = Context::new().unwrap().socket(crate::kind::Peer).unwrap();
    let error = socket.core.raw.connect_peer(c"unheard-of://peer").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

/// Later ones find a port themselves, however often a wildcard was bound.
#[test]
#[cfg(not(libzmq_4_1))]
fn there_is_no_port_behind_the_last() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Pair).unwrap();
    let error = socket.core.raw.bind_beside("tcp://127.0.0.1", u16::MAX).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}
