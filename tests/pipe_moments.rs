//! `Context::pipe`: no moment to drop an end is a wrong one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use common::{SOON, both_sorts, rounds, within};
use zmqx::{Context, ErrorKind, PollEvents, poll};

#[test]
fn a_sender_whose_peer_leaves_at_any_moment_never_blocks() {
    within(SOON * 4, || {
        for round in 0..rounds(300) {
            for (a, b) in both_sorts().map(|ctx| ctx.pipe().unwrap()) {
                let thread = thread::spawn(move || {
                    for _ in 0..round % 10 {
                        let _ = b.try_recv();
                    }
                    drop(b);
                });
                loop {
                    let sent = match round % 3 {
                        0 => a.send("one").map_err(|error| error.kind()),
                        1 => a.send_multipart(["a", "b", "c", "d"]).map_err(|error| error.kind()),
                        _ => a
                            .send_more("a")
                            .and_then(|()| a.send_more("b"))
                            .and_then(|()| a.send("c"))
                            .map_err(|error| error.kind()),
                    };
                    if let Err(kind) = sent {
                        assert_eq!(kind, ErrorKind::Disconnected);
                        break;
                    }
                }
                thread.join().unwrap();
            }
        }
    });
}

#[test]
fn a_linger_of_zero_loses_nothing() {
    within(SOON, || {
        for _ in 0..rounds(100) {
            let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
            let (a, b) = ctx.pipe().unwrap();
            assert_eq!(a.linger().unwrap(), Some(Duration::ZERO));
            let thread = thread::spawn(move || {
                for number in 0_u32..100 {
                    a.send_multipart([number.to_le_bytes(), [0; 4]]).unwrap();
                }
            });
            for number in 0_u32..100 {
                assert_eq!(b.recv_multipart().unwrap(), [number.to_le_bytes(), [0; 4]]);
            }
            assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
            thread.join().unwrap();
        }
    });
}

#[test]
fn both_ends_may_go_at_once() {
    within(SOON * 2, || {
        for round in 0..rounds(300) {
            for (a, b) in both_sorts().map(|ctx| ctx.pipe().unwrap()) {
                if round % 2 == 0 {
                    a.send("unread").unwrap();
                    b.send("unread").unwrap();
                }
                let barrier = Arc::new(Barrier::new(2));
                let threads = [a, b].map(|end| {
                    let barrier = Arc::clone(&barrier);
                    thread::spawn(move || {
                        barrier.wait();
                        drop(end);
                    })
                });
                for thread in threads {
                    thread.join().unwrap();
                }
            }
        }
    });
}

#[test]
fn an_end_that_leaves_at_any_moment_is_noticed_by_a_blocked_peer() {
    within(SOON * 2, || {
        for round in 0..rounds(300) {
            for (a, b) in both_sorts().map(|ctx| ctx.pipe().unwrap()) {
                let thread = thread::spawn(move || {
                    let mut received = 0;
                    loop {
                        if round % 2 == 0 {
                            poll(&mut [b.poll_item(PollEvents::IN)], None).unwrap();
                        }
                        match b.recv() {
                            Ok(_) => received += 1,
                            Err(error) => return (received, error.kind()),
                        }
                    }
                });
                for _ in 0..round % 7 {
                    a.send("x").unwrap();
                }
                drop(a);
                assert_eq!(thread.join().unwrap(), (round % 7, ErrorKind::Disconnected));
            }
        }
    });
}
