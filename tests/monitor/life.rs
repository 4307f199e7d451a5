//! A monitor and its socket come to their ends in any order, on any thread, and nothing waits for either.

use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use zmqx::{Context, ErrorKind, EventKind, MonitorEvents, Push, Rep, Req, Socket};

use crate::common::{SOON, TCP, interruptible};
use crate::{next, within};

/// A client of its own asks the server, which answers.
fn is_served(ctx: &Context, server: &Socket<Rep>, endpoint: &str) {
    let client = ctx.socket(Req).unwrap();
    client.connect(endpoint).unwrap();
    client.send("Hello").unwrap();
    assert_eq!(server.recv().unwrap(), "Hello");
    server.send("World").unwrap();
    assert_eq!(client.recv().unwrap(), "World");
}

#[test]
fn one_that_is_dropped_on_another_thread_stops_nothing() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        for _ in 0..20 {
            let monitor = server.monitor(MonitorEvents::all()).unwrap();
            let dropped = thread::spawn(move || drop(monitor));
            is_served(&ctx, &server, endpoint.as_str());
            dropped.join().unwrap();
            is_served(&ctx, &server, endpoint.as_str());
        }
    });
}

#[test]
fn one_that_is_never_read_slows_nothing() {
    within(SOON * 4, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        // Where too many wait to be accepted, the system has them try again after a second.
        server.set_backlog(1500).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let address = endpoint.address();
        // More events than two queues hold with libzmq's usual marks.
        for _ in 0..1500 {
            drop(TcpStream::connect(address).unwrap());
        }
        is_served(&ctx, &server, endpoint.as_str());
        drop(server);
        let accepted = monitor.filter(|event| event.kind() == EventKind::Accepted).count();
        assert_eq!(accepted, 1501);
    });
}

#[test]
fn a_socket_has_one_at_a_time() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let first = server.monitor(MonitorEvents::LISTENING).unwrap();
        let error = server.monitor(MonitorEvents::all()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadState);
        assert_eq!(error.to_string(), "monitor socket: it has a Monitor already");
        let endpoint = server.bind(TCP).unwrap();
        assert_eq!(first.recv().unwrap().kind(), EventKind::Listening);
        is_served(&ctx, &server, endpoint.as_str());
        drop(first);
        // The next one tells of what comes after it, and of what it was asked for.
        let second = server.monitor(MonitorEvents::ACCEPTED).unwrap();
        assert_eq!(second.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        is_served(&ctx, &server, endpoint.as_str());
        assert_eq!(second.recv().unwrap().kind(), EventKind::Accepted);
    });
}

#[test]
fn both_may_go_while_the_socket_has_something_to_send() {
    within(SOON, || {
        let ctx = Context::builder().linger(Some(SOON * 4)).build().unwrap();
        for rounds in 0..3 {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
            drop(listener);
            let source = ctx.socket(Push).unwrap();
            source.set_reconnect_ivl(Some(Duration::from_millis(1))).unwrap();
            let monitor = source.monitor(MonitorEvents::all()).unwrap();
            source.connect(&endpoint).unwrap();
            source.send("unsent").unwrap();
            next(&monitor, EventKind::ConnectRetried);
            drop(source);
            if rounds > 0 {
                // It is told of what the socket does after its end, as it still tries to send.
                next(&monitor, EventKind::ConnectRetried);
            }
            drop(monitor);
        }
        // The I/O thread that those still use is there for others.
        let server = ctx.socket(Rep).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        for _ in 0..10 {
            is_served(&ctx, &server, endpoint.as_str());
        }
        drop(server);
        // What is unsent would be waited for.
        let ended = ctx.term_timeout(Duration::from_millis(50));
        let timeout = ended.unwrap_err();
        assert_eq!((timeout.error.kind(), timeout.open_sockets), (ErrorKind::WouldBlock, 0));
        std::mem::forget(timeout.context);
    });
}

#[test]
fn a_socket_that_was_given_away_is_left_alone() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let raw = server.into_raw();
        drop(monitor);
        // SAFETY: `into_raw` gave it, and nobody else has it.
        let server = unsafe { Socket::<Rep>::from_raw(&ctx, raw) }.unwrap();
        is_served(&ctx, &server, endpoint.as_str());
        is_served(&ctx, &server, endpoint.as_str());
    });
}

#[test]
fn the_context_ends_with_monitors_or_without() {
    within(SOON, || {
        for drop_first in [true, false] {
            let ctx = Context::new().unwrap();
            let server = ctx.socket(Rep).unwrap();
            let monitor = server.monitor(MonitorEvents::all()).unwrap();
            let endpoint = server.bind(TCP).unwrap();
            is_served(&ctx, &server, endpoint.as_str());
            if drop_first {
                drop(monitor);
                drop(server);
            } else {
                drop(server);
                drop(monitor);
            }
            ctx.term().unwrap();
        }
    });
}

#[test]
fn it_keeps_the_context_and_may_be_the_last_that_does() {
    within(SOON, || {
        let server = Context::new().unwrap().socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        server.bind(TCP).unwrap();
        drop(server);
        assert!(monitor.map(|event| event.kind()).any(|kind| kind == EventKind::Closed));
    });
}

#[test]
fn a_shutdown_ends_it() {
    within(SOON, || {
        for ctx in crate::common::both_sorts() {
            let server = ctx.socket(Rep).unwrap();
            let mut monitor = server.monitor(MonitorEvents::all()).unwrap();
            let reader = thread::spawn(move || {
                assert_eq!(monitor.next(), None);
                monitor.recv().unwrap_err().kind()
            });
            ctx.shutdown().unwrap();
            assert_eq!(reader.join().unwrap(), ErrorKind::Terminated);
            let error = server.monitor(MonitorEvents::all()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn an_interrupt_ends_its_receive() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let server = ctx.socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        let trigger = interrupt.clone();
        let waiting = thread::spawn(move || (monitor.recv().unwrap_err().kind(), monitor));
        trigger.trigger();
        let (kind, monitor) = waiting.join().unwrap();
        assert_eq!(kind, ErrorKind::Interrupted);
        interrupt.clear();
        server.bind(TCP).unwrap();
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::Listening);
    });
}

#[test]
fn the_end_of_the_socket_ends_a_receive_on_another_thread() {
    within(SOON, || {
        for ctx in crate::common::both_sorts() {
            let server = ctx.socket(Rep).unwrap();
            let monitor = server.monitor(MonitorEvents::LISTENING).unwrap();
            let waiting = thread::spawn(move || monitor.recv().unwrap_err().kind());
            drop(server);
            assert_eq!(waiting.join().unwrap(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn sockets_of_monitors_that_are_gone_are_not_piled_up() {
    within(SOON * 4, || {
        let ctx = Context::builder().max_sockets(40).build().unwrap();
        for _ in 0..200 {
            let server = loop {
                // What is closed is given free by libzmq's own thread.
                match ctx.socket(Rep) {
                    Ok(server) => break server,
                    Err(error) => assert_eq!(error.kind(), ErrorKind::TooManySockets),
                }
                thread::sleep(Duration::from_millis(1));
            };
            let Ok(monitor) = server.monitor(MonitorEvents::all()) else { continue };
            server.bind(TCP).unwrap();
            // The socket first, so that the monitor cannot stop libzmq.
            drop(server);
            drop(monitor);
        }
    });
}

#[test]
fn one_that_finds_no_room_in_its_context_leaves_the_socket_to_another() {
    within(SOON, || {
        let ctx = Context::builder().max_sockets(3).build().unwrap();
        let (server, other) = (ctx.socket(Rep).unwrap(), ctx.socket(Rep).unwrap());
        // There is room for its own end, and none for libzmq's.
        let error = server.monitor(MonitorEvents::all()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManySockets);
        drop(other);
        let mut monitor = server.monitor(MonitorEvents::all());
        while let Err(error) = monitor {
            assert_eq!(error.kind(), ErrorKind::TooManySockets);
            // What is closed is given free by libzmq's own thread.
            thread::sleep(Duration::from_millis(1));
            monitor = server.monitor(MonitorEvents::all());
        }
        server.bind(TCP).unwrap();
        assert_eq!(monitor.unwrap().recv().unwrap().kind(), EventKind::Listening);
    });
}
