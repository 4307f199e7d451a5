//! What libzmq's versions do in their own ways, and is the same here; or is not, and then known.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use common::{SOON, TCP, blocked, inproc, rounds, runs_with, within};
use zmqx::{Context, Dealer, ErrorKind, Pair, Pull, Push, Rep, Router};

#[test]
fn no_socket_is_opened_after_a_shutdown_whether_or_not_there_was_one() {
    for had_one in [false, true] {
        let ctx = Context::new().unwrap();
        if had_one {
            ctx.socket(Pair).unwrap();
        }
        ctx.shutdown().unwrap();
        assert_eq!(ctx.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
        within(SOON, || ctx.term().unwrap());
    }
}

/// Connects over inproc to what is never bound; on 3.2 that is refused.
fn connect_to_nobody(ctx: &Context) -> zmqx::Socket<Dealer> {
    let socket = ctx.socket(Dealer).unwrap();
    match socket.connect(inproc()) {
        Ok(()) => assert!(runs_with(4, 0, 0)),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
            assert!(!runs_with(4, 0, 0));
        }
    }
    socket
}

#[test]
fn a_context_ends_though_an_inproc_connect_has_found_no_bind() {
    within(SOON, || {
        // Dropped, shut down and dropped, terminated; with the socket before the context, and after it.
        for way in 0..6 {
            let ctx = Context::new().unwrap();
            let socket = connect_to_nobody(&ctx);
            if way % 2 == 0 {
                drop(socket);
                match way {
                    0 => drop(ctx),
                    2 => ctx.shutdown().unwrap(),
                    _ => ctx.term().unwrap(),
                }
                continue;
            }
            ctx.shutdown().unwrap();
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Terminated);
            drop(socket);
            ctx.term().unwrap();
        }
    });
}

#[test]
fn a_shutdown_may_come_while_others_connect_and_bind_over_inproc() {
    within(2 * SOON, || {
        for round in 0..rounds(100) {
            let ctx = Context::new().unwrap();
            let threads = [0; 2].map(|_| {
                let ctx = ctx.clone();
                thread::spawn(move || {
                    // Not so many that libzmq, which frees what is closed later, has no room left for the one by which it
                    // ends a connect that has found no bind: it aborts then.
                    for _ in 0..200 {
                        let Ok(socket) = ctx.socket(Router) else { break };
                        let name = inproc();
                        let other = connect_to(&ctx, &name);
                        let _ = socket.bind(&name);
                        drop(other);
                    }
                })
            });
            thread::sleep(Duration::from_micros(u64::try_from(round % 10).unwrap() * 100));
            ctx.shutdown().unwrap();
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            ctx.term().unwrap();
        }
    });
}

fn connect_to(ctx: &Context, name: &str) -> Option<zmqx::Socket<Dealer>> {
    let socket = ctx.socket(Dealer).ok()?;
    let _ = socket.connect(name);
    Some(socket)
}

#[test]
fn a_shutdown_wakes_what_is_blocked_on_any_thread() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (ready, begun) = channel();
        let sockets = [0; 3].map(|_| ctx.socket(Rep).unwrap());
        let threads = sockets.map(|socket| blocked(&ready, move || socket.recv().unwrap_err()));
        (0..3).for_each(|_| begun.recv().unwrap());
        ctx.shutdown().unwrap();
        for thread in threads {
            assert_eq!(thread.join().unwrap().kind(), ErrorKind::Terminated);
        }
        ctx.term().unwrap();
    });
}

#[test]
fn ipv6_is_an_option_of_sockets_and_contexts() {
    let plain = Context::new().unwrap().socket(Pull).unwrap();
    assert_eq!((plain.ipv6().unwrap(), plain.ipv4only().unwrap()), (false, true));
    plain.set_ipv6(true).unwrap();
    assert_eq!((plain.ipv6().unwrap(), plain.ipv4only().unwrap()), (true, false));
    plain.set_ipv4only(true).unwrap();
    assert!(!plain.ipv6().unwrap());
    let ctx = Context::builder().ipv6(true).build().unwrap();
    assert!(ctx.socket(Pull).unwrap().ipv6().unwrap());
    let ctx = Context::builder().ipv6(true).ipv6(false).build().unwrap();
    assert!(!ctx.socket(Pull).unwrap().ipv6().unwrap());
}

#[test]
fn messages_go_over_ipv6() {
    within(SOON, || {
        let ctx = Context::builder().ipv6(true).build().unwrap();
        let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        if std::net::TcpListener::bind("[::1]:0").is_err() {
            println!("skipped: this machine has no IPv6");
            return;
        }
        let endpoint = sink.bind("tcp://[::1]:*").unwrap();
        assert!(endpoint.as_str().starts_with("tcp://[::1]:"), "{endpoint}");
        source.connect(&endpoint).unwrap();
        source.send("Hello").unwrap();
        assert_eq!(sink.recv().unwrap(), "Hello");
        sink.unbind(&endpoint).unwrap();
    });
}

#[test]
fn a_host_that_nobody_knows_is_an_error_before_4_1_and_waited_for_since() {
    within(2 * SOON, || {
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        // A name that RFC 6761 sees to it is nobody's.
        let connected = ctx.socket(Push).unwrap().connect("tcp://nobody.invalid:5555");
        if runs_with(4, 1, 0) {
            connected.unwrap();
        } else {
            let error = connected.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
    });
}

#[test]
fn a_bind_says_what_it_became_and_can_be_undone() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Pull).unwrap();
    for given in [TCP, "tcp://lo:*", "tcp://*:*"] {
        if given.contains("lo:") && !cfg!(target_os = "linux") {
            continue;
        }
        let endpoint = socket.bind(given).unwrap();
        assert!(endpoint.port().is_some_and(|port| port > 0), "{endpoint}");
        socket.unbind(&endpoint).unwrap();
        assert_eq!(socket.unbind(&endpoint).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
