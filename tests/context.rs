//! A context's end, by `term` and `term_timeout`.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, blocked, both_sorts, deaf, rounds, within};
use zmqx::{Context, ErrorKind, Pair, Pub, Pull, Push, Rep};

#[test]
fn shutdown_and_term_twice_are_fine() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Pair).unwrap();
        ctx.shutdown().unwrap();
        ctx.shutdown().unwrap();
        drop(socket);
        ctx.clone().term().unwrap();
        ctx.clone().term().unwrap();
        ctx.clone().term_timeout(Duration::ZERO).unwrap();
        ctx.shutdown().unwrap();
        ctx.term().unwrap();
    });
}

#[test]
fn ctx_shutdown_then_use_clone() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let clone = ctx.clone();
        let socket = clone.socket(Pair).unwrap();
        ctx.shutdown().unwrap();
        drop(ctx);
        assert_eq!(clone.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Terminated);
        drop(socket);
        clone.clone().term().unwrap();
        assert_eq!(clone.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
        assert!(format!("{clone:?}").contains("Terminated"));
    });
}

#[test]
fn use_after_term_through_a_clone_is_an_error() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let clone = ctx.clone();
        ctx.term().unwrap();
        assert_eq!(clone.socket(Rep).unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(clone.pipe().unwrap_err().kind(), ErrorKind::Terminated);
        clone.shutdown().unwrap();
        clone.term().unwrap();
    });
}

#[test]
fn term_waits_for_the_sockets() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (ready, is_ready) = channel();
            let socket = ctx.socket(Pull).unwrap();
            let thread = blocked(&ready, move || {
                let end = socket.recv().unwrap_err().kind();
                let closed_at = Instant::now();
                drop(socket);
                (end, closed_at)
            });
            is_ready.recv().unwrap();
            ctx.term().unwrap();
            let ended_at = Instant::now();
            let (end, closed_at) = thread.join().unwrap();
            assert_eq!(end, ErrorKind::Terminated);
            assert!(closed_at <= ended_at);
        }
    });
}

#[test]
fn two_threads_may_terminate_at_once() {
    within(SOON, || {
        for _ in 0..rounds(50) {
            let ctx = Context::new().unwrap();
            let socket = ctx.socket(Pull).unwrap();
            let other = ctx.clone();
            let thread = thread::spawn(move || other.term());
            let third = ctx.clone();
            let blocked = thread::spawn(move || {
                let _kept = third;
                socket.recv().unwrap_err().kind()
            });
            ctx.term().unwrap();
            thread.join().unwrap().unwrap();
            assert_eq!(blocked.join().unwrap(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn term_timeout_gives_the_context_back_and_then_works() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (a, b) = (ctx.socket(Pair).unwrap(), ctx.socket(Pub).unwrap());
        let begun = Instant::now();
        let back = ctx.term_timeout(Duration::from_millis(50)).unwrap_err();
        assert!(begun.elapsed() >= Duration::from_millis(50));
        assert_eq!(back.open_sockets, 2);
        assert_eq!(back.error.kind(), ErrorKind::WouldBlock);
        assert!(back.to_string().contains("2 sockets still open"), "{back}");
        drop(a);
        let back = back.context.term_timeout(Duration::ZERO).unwrap_err();
        assert_eq!(back.open_sockets, 1);
        assert_eq!(b.send("x").unwrap_err().kind(), ErrorKind::Terminated);
        drop(b);
        back.context.term_timeout(SOON).unwrap();
    });
}

#[test]
fn term_timeout_says_so_where_only_messages_are_left() {
    within(SOON, || {
        let ctx = Context::builder().linger(Some(Duration::from_millis(500))).build().unwrap();
        let socket = ctx.socket(Push).unwrap();
        let (_listener, endpoint) = deaf();
        socket.connect(endpoint).unwrap();
        socket.send("unsent").unwrap();
        drop(socket);
        let back = ctx.term_timeout(Duration::from_millis(20)).unwrap_err();
        assert_eq!(back.open_sockets, 0);
        back.context.term().unwrap();
    });
}

#[test]
fn fd_after_term_is_error() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Pair).unwrap();
        let back = ctx.term_timeout(Duration::ZERO).unwrap_err();
        assert_eq!(socket.rcvhwm().unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(socket.last_endpoint().unwrap_err().kind(), ErrorKind::Terminated);
        drop((socket, back));
    });
}
