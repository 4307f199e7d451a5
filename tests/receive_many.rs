//! Receiving what is there in one call: how much that is, what it waits for, and that an error loses nothing.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use testing::{Measuring, allocations};
use zmqx::{Context, ErrorKind, Message, Pull, Push, Rep, Req};

use common::{SOON, both_sorts, connected, interruptible, within};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

#[test]
fn it_takes_what_is_there_up_to_the_limit_behind_what_the_vec_holds() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            for number in 1..=5 {
                source.send(number.to_string()).unwrap();
            }
            let mut frames = vec![Message::from("before")];
            assert_eq!(sink.recv_many(&mut frames, 0).unwrap(), 0);
            assert_eq!(sink.recv_many(&mut frames, 3).unwrap(), 3);
            assert_eq!(frames, ["before", "1", "2", "3"]);
            assert_eq!(sink.try_recv_many(&mut frames, usize::MAX).unwrap(), 2);
            assert_eq!(frames, ["before", "1", "2", "3", "4", "5"]);
            let error = sink.try_recv_many(&mut frames, 3).unwrap_err();
            assert_eq!((error.kind(), frames.len()), (ErrorKind::WouldBlock, 6));
        }
    });
}

#[test]
fn only_the_first_is_waited_for() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let (begins, begun) = mpsc::channel();
            let receiver = thread::spawn(move || {
                begins.send(()).unwrap();
                let mut frames = Vec::new();
                sink.recv_many(&mut frames, 2).unwrap();
                frames
            });
            begun.recv().unwrap();
            source.send("one").unwrap();
            assert_eq!(receiver.join().unwrap(), ["one"]);
        }
    });
}

#[test]
fn rcvtimeo_holds_for_the_first() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let time = Duration::from_millis(30);
            sink.set_rcvtimeo(Some(time)).unwrap();
            let (mut frames, start) = (Vec::new(), Instant::now());
            let error = sink.recv_many(&mut frames, 2).unwrap_err();
            assert_eq!((error.kind(), frames.len()), (ErrorKind::WouldBlock, 0));
            assert!(start.elapsed() >= time);
            sink.set_rcvtimeo(None).unwrap();
            source.send("x").unwrap();
            assert_eq!(sink.recv_many(&mut frames, 2).unwrap(), 1);
        }
    });
}

#[test]
fn a_message_of_several_frames_may_end_in_the_next_call() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            source.send_multipart(["a", "b", "c"]).unwrap();
            source.send("d").unwrap();
            let mut frames = Vec::new();
            assert_eq!(sink.recv_many(&mut frames, 2).unwrap(), 2);
            assert!(frames.iter().all(Message::has_more));
            assert_eq!(sink.recv_many(&mut frames, 9).unwrap(), 2);
            assert_eq!(frames, ["a", "b", "c", "d"]);
            assert!(frames[2..].iter().all(|frame| !frame.has_more()));
        }
    });
}

#[test]
fn an_error_behind_the_first_is_the_next_calls() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (server, client) = connected(&ctx, Rep, Req);
            client.send("request").unwrap();
            let mut frames = Vec::new();
            assert_eq!(server.recv_many(&mut frames, 5).unwrap(), 1);
            let error = server.recv_many(&mut frames, 5).unwrap_err();
            assert_eq!((error.kind(), frames.len()), (ErrorKind::BadState, 1));

            let (a, b) = ctx.pipe().unwrap();
            b.send("last words").unwrap();
            drop(b);
            assert_eq!(a.recv_many(&mut frames, 5).unwrap(), 1);
            for _ in 0..2 {
                let error = a.recv_many(&mut frames, 5).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Disconnected);
            }
            assert_eq!(frames, ["request", "last words"]);
        }
    });
}

#[test]
fn an_interrupt_and_a_shutdown_end_it_and_lose_nothing() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (sink, source) = connected(&ctx, Pull, Push);
        source.send("x").unwrap();
        interrupt.trigger();
        let mut frames = Vec::new();
        let error = sink.recv_many(&mut frames, 5).unwrap_err();
        assert_eq!((error.kind(), frames.len()), (ErrorKind::Interrupted, 0));
        // What is there is still to be had.
        assert_eq!(sink.try_recv_many(&mut frames, 5).unwrap(), 1);
        interrupt.clear();

        let end = thread::spawn(move || ctx.shutdown());
        let error = sink.recv_many(&mut frames, 5).unwrap_err();
        assert_eq!((error.kind(), frames.len()), (ErrorKind::Terminated, 1));
        end.join().unwrap().unwrap();
    });
}

#[test]
fn it_allocates_nothing_in_a_vec_that_was_used_before() {
    within(SOON, || {
        let (sink, source) = connected(&Context::new().unwrap(), Pull, Push);
        let mut frames = Vec::new();
        let allocated = allocations(|| {
            frames.clear();
            (0..8).for_each(|_| source.send([7; 16]).unwrap());
            assert_eq!(sink.recv_many(&mut frames, 8).unwrap(), 8);
        });
        assert_eq!(allocated, 0);
    });
}
