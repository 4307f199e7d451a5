//! File descriptors in `poll`, alone and beside sockets.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use zmqx::{Interrupt, PollEvents, PollItem, Pull, Push, poll};

use common::{SOON, both_sorts, connected, within};

const ZERO: Option<Duration> = Some(Duration::ZERO);

#[test]
fn descriptors_are_polled_beside_sockets() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let (mut ours, mut theirs) = UnixStream::pair().unwrap();
            theirs.write_all(b"x").unwrap();
            let mut items = [
                sink.poll_item(PollEvents::IN),
                PollItem::from_fd(ours.as_fd(), PollEvents::IN | PollEvents::OUT),
            ];
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(!items[0].is_readable());
            assert!(items[1].is_readable() && items[1].is_writable() && !items[1].is_error());
            ours.read_exact(&mut [0]).unwrap();
            source.send("Hello").unwrap();
            let mut items =
                [sink.poll_item(PollEvents::IN), PollItem::from_fd(ours.as_fd(), PollEvents::IN)];
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(items[0].is_readable() && !items[1].is_readable());
        }
    });
}

#[test]
fn descriptors_alone_will_do() {
    within(SOON, || {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut items = [PollItem::from_fd(ours.as_fd(), PollEvents::IN)];
        assert_eq!(poll(&mut items, Some(Duration::from_millis(1))).unwrap(), 0);
        drop(theirs);
        // The end of a stream can be read.
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        assert!(items[0].is_readable());
    });
}

#[test]
fn a_listener_is_readable_when_a_client_comes() {
    within(SOON, || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut items = [PollItem::from_fd(listener.as_fd(), PollEvents::IN)];
        assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
        let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        assert_eq!(poll(&mut items, None).unwrap(), 1);
    });
}

#[test]
fn an_interrupts_descriptor_is_readable_while_it_is_triggered() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        let mut items = [PollItem::from_fd(interrupt.as_fd(), PollEvents::IN)];
        assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
        interrupt.trigger();
        interrupt.trigger();
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        interrupt.clear();
        assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
    });
}
