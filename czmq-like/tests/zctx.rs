//! The class `ZCtx`: what CZMQ's own test of zctx checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use czmq_like::prelude::*;

use common::within;

/// An endpoint that takes connections, and never says a word: what is sent to it stays unsent.
fn deaf() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    (listener, endpoint)
}

#[test]
fn a_context_comes_and_goes_with_and_without_sockets() {
    within(|| {
        drop(ZCtx::new().unwrap());
        ZCtx::new().unwrap().destroy().unwrap();

        // A context that has its options set, with sockets that are never closed by hand.
        let ctx = ZCtx::new().unwrap();
        ctx.set_iothreads(1).unwrap();
        ctx.set_linger(Some(Duration::from_millis(5))).unwrap();
        let sockets = [SocketKind::Push, SocketKind::Sub, SocketKind::Router];
        let sockets = sockets.map(|kind| ctx.socket(kind).unwrap());
        sockets[0].connect("tcp://127.0.0.1:5555").unwrap();
        assert!(!ctx.underlying().unwrap().as_raw().is_null());
        drop(sockets);
        ctx.destroy().unwrap();
    });
}

#[test]
fn linger_is_zero_unless_set() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let first = ctx.socket(Push).unwrap();
        assert_eq!(first.linger().unwrap(), Some(Duration::ZERO));
        ctx.set_linger(Some(Duration::from_millis(10))).unwrap();
        assert_eq!(ctx.socket(Push).unwrap().linger().unwrap(), Some(Duration::from_millis(10)));
        assert_eq!(ctx.shadow().socket(Push).unwrap().linger().unwrap().unwrap().as_millis(), 10);
        ctx.set_linger(None).unwrap();
        assert_eq!(ctx.socket(Push).unwrap().linger().unwrap(), None);
        assert_eq!(first.linger().unwrap(), Some(Duration::ZERO));
        let error = ctx.set_linger(Some(Duration::MAX)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn what_was_not_sent_does_not_keep_it() {
    within(|| {
        let (_listener, endpoint) = deaf();
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Push).unwrap();
        socket.connect(&endpoint).unwrap();
        zstr::send(&socket, "nobody reads this").unwrap();
        drop(socket);
        drop(ctx);
    });
}

#[test]
fn destroy_waits_for_what_lingers() {
    within(|| {
        let (_listener, endpoint) = deaf();
        let ctx = ZCtx::new().unwrap();
        ctx.set_linger(Some(Duration::from_millis(300))).unwrap();
        let socket = ctx.socket(Push).unwrap();
        socket.connect(&endpoint).unwrap();
        zstr::send(&socket, "nobody reads this").unwrap();
        drop(socket);
        let begun = Instant::now();
        ctx.destroy().unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(250), "{:?}", begun.elapsed());
    });
}

#[test]
fn iothreads_count_before_the_first_socket() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        // No thread at all will do for inproc, and for nothing else.
        ctx.set_iothreads(0).unwrap();
        let socket = ctx.socket(Pair).unwrap();
        socket.bind("inproc://a").unwrap();
        assert_eq!(socket.bind("tcp://127.0.0.1:*").unwrap_err().kind(), ErrorKind::NoIoThread);
        let error = ctx.shadow().set_iothreads(2).unwrap_err();
        assert_eq!(error.to_string(), "set iothreads: a socket was opened before");
    });
}

#[test]
fn high_water_marks_are_those_of_later_sockets() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        ctx.set_sndhwm(7);
        ctx.set_rcvhwm(9);
        let socket = ctx.socket(Dealer).unwrap();
        assert_eq!((socket.sndhwm().unwrap(), socket.rcvhwm().unwrap()), (7, 9));
    });
}

#[test]
fn sockets_that_outlive_it_are_terminated() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        let blocked = ctx.socket(Pull).unwrap();
        let blocked = thread::spawn(move || zstr::recv(&blocked).unwrap_err().kind());
        let begun = Instant::now();
        drop(ctx);
        assert!(begun.elapsed() < Duration::from_secs(10), "it waited for a socket");
        assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(blocked.join().unwrap(), ErrorKind::Terminated);
    });
}

#[test]
fn destroy_waits_for_sockets_of_other_threads() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        let thread = thread::spawn(move || {
            let end = zstr::recv(&socket).unwrap_err().kind();
            // So that there is something to wait for.
            thread::sleep(Duration::from_millis(200));
            let dropped_at = Instant::now();
            drop(socket);
            (end, dropped_at)
        });
        ctx.destroy().unwrap();
        let destroyed_at = Instant::now();
        let (end, dropped_at) = thread.join().unwrap();
        assert_eq!(end, ErrorKind::Terminated);
        assert!(destroyed_at >= dropped_at);
    });
}

#[test]
fn a_shadow_is_the_same_context_and_ends_nothing() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        // Before there is any socket too, which crashed CZMQ 1.4.
        let shadow = ctx.shadow();
        let server = shadow.socket(Rep).unwrap();
        server.bind("inproc://shadow").unwrap();
        let client = ctx.socket(Req).unwrap();
        client.connect("inproc://shadow").unwrap();
        ctx.shadow().destroy().unwrap();
        drop(shadow);
        zstr::send(&client, "Hello").unwrap();
        assert_eq!(zstr::recv(&server).unwrap(), "Hello");

        let shadow = ctx.shadow().shadow();
        drop(ctx);
        assert_eq!(zstr::recv(&server).unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(shadow.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn a_shadow_of_what_never_had_a_socket_is_terminated_with_it() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let shadow = ctx.shadow();
        drop(ctx);
        assert_eq!(shadow.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn it_may_go_to_other_threads_and_be_shared() {
    fn is_send_and_sync<T: Send + Sync + 'static>() {}
    is_send_and_sync::<ZCtx>();
}

#[test]
fn it_goes_well_while_unwinding() {
    within(|| {
        let result = std::panic::catch_unwind(|| {
            let ctx = ZCtx::new().unwrap();
            let _socket = ctx.socket(Pull).unwrap();
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert!(result.is_err());
        drop(ZCtx::new().unwrap().socket(Pull).unwrap());
    });
}
