//! `Context::pipe`: two ends, each of which learns that the other is gone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, both_sorts, rounds, within};
use zmqx::{Context, ErrorKind, Message, Multipart, Pair, PollEvents, Socket, poll, proxy};

type Ends = (Socket<Pair>, Socket<Pair>);

/// Runs `test` with a pipe of each sort of context.
fn each(test: impl Fn(Ends) + Send + 'static) {
    within(SOON, move || both_sorts().map(|ctx| ctx.pipe().unwrap()).into_iter().for_each(&test));
}

/// Drops `end` on a thread that panics.
fn panic_with(end: Socket<Pair>) {
    let thread = thread::spawn(move || {
        let _end = end;
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(thread.join().is_err());
}

#[test]
fn messages_come_in_order_and_then_disconnected() {
    each(|(a, b)| {
        for number in 0_u32..100 {
            a.send(number.to_le_bytes()).unwrap();
        }
        drop(a);
        for number in 0_u32..100 {
            assert_eq!(b.recv().unwrap(), number.to_le_bytes());
        }
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn both_directions_carry_messages() {
    each(|(a, b)| {
        a.send("ping").unwrap();
        b.send("pong").unwrap();
        assert_eq!(b.recv().unwrap(), "ping");
        assert_eq!(a.recv().unwrap(), "pong");
    });
}

#[test]
fn disconnected_is_told_again_and_again() {
    each(|(a, b)| {
        drop(a);
        for _ in 0..3 {
            assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
            assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::Disconnected);
            assert_eq!(b.recv_timeout(SOON * 2).unwrap_err().kind(), ErrorKind::Disconnected);
            assert_eq!(b.recv_multipart().unwrap_err().kind(), ErrorKind::Disconnected);
            assert_eq!(b.try_recv_multipart().unwrap_err().kind(), ErrorKind::Disconnected);
            assert_eq!(
                b.recv_into(&mut Message::new()).unwrap_err().kind(),
                ErrorKind::Disconnected
            );
            let mut message = Multipart::from(["left over"]);
            let error = b.recv_multipart_into(&mut message).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Disconnected);
            assert!(message.is_empty());
            assert_eq!(b.send("x").unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn an_end_that_is_dropped_while_unwinding_has_panicked() {
    each(|(a, b)| {
        a.send("last words").unwrap();
        panic_with(a);
        assert_eq!(b.recv().unwrap(), "last words");
        for _ in 0..2 {
            let error = b.recv().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Panicked);
            assert_eq!(error.to_string(), "receive: the thread at the other end panicked");
            assert_eq!(b.send("x").unwrap_err().kind(), ErrorKind::Panicked);
        }
    });
}

#[test]
fn a_blocked_recv_learns_that_the_other_end_left() {
    each(|(a, b)| {
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            ready.send(()).unwrap();
            b.recv().unwrap_err().kind()
        });
        is_ready.recv().unwrap();
        drop(a);
        assert_eq!(thread.join().unwrap(), ErrorKind::Disconnected);
    });
}

#[test]
fn poll_returns_at_once_before_and_after_the_farewell_is_read() {
    each(|(a, b)| {
        a.send("queued").unwrap();
        drop(a);
        let is_readable = |end: &Socket<Pair>, timeout| {
            let mut items = [end.poll_item(PollEvents::IN)];
            poll(&mut items, timeout).unwrap() == 1 && items[0].is_readable()
        };
        assert!(is_readable(&b, None));
        assert_eq!(b.recv().unwrap(), "queued");
        assert!(is_readable(&b, None));
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        assert!(is_readable(&b, None));
        assert!(is_readable(&b, Some(SOON * 2)));
        let mut items = [b.poll_item(PollEvents::OUT)];
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        assert!(items[0].is_writable() && !items[0].is_readable());
        // Beside a socket that has nothing.
        let other = b.context().socket(Pair).unwrap();
        let mut items = [other.poll_item(PollEvents::IN), b.poll_item(PollEvents::IN)];
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        assert!(!items[0].is_readable() && items[1].is_readable());
    });
}

#[test]
fn a_blocked_poll_learns_that_the_other_end_left() {
    each(|(a, b)| {
        let (ready, is_ready) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            ready.send(()).unwrap();
            poll(&mut [b.poll_item(PollEvents::IN)], None).unwrap();
            b.recv().unwrap_err().kind()
        });
        is_ready.recv().unwrap();
        drop(a);
        assert_eq!(thread.join().unwrap(), ErrorKind::Disconnected);
    });
}

#[test]
fn a_send_to_an_end_that_is_gone_gives_the_message_back() {
    each(|(a, b)| {
        drop(a);
        let error = b.send("mine").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Disconnected);
        assert_eq!(error.to_string(), "send: the other end is gone");
        assert_eq!(error.into_message(), "mine");
        assert_eq!(b.try_send("mine").unwrap_err().into_message(), "mine");
        let error = b.send_multipart(["my", "own"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Disconnected);
        assert_eq!(error.into_message(), ["my", "own"]);
    });
}

#[test]
fn an_unfinished_multipart_is_never_received() {
    each(|(a, b)| {
        a.send("whole").unwrap();
        a.send_more("half").unwrap();
        drop(a);
        assert_eq!(b.recv_multipart().unwrap(), ["whole"]);
        assert_eq!(b.recv_multipart().unwrap_err().kind(), ErrorKind::Disconnected);
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn an_unfinished_multipart_does_not_keep_its_sender_from_leaving() {
    each(|(a, b)| {
        a.send_more("half").unwrap();
        drop(a);
        // Frame by frame, what there is of it may be seen, but nothing after it.
        let mut end = b.recv();
        if let Ok(frame) = &end {
            assert_eq!(*frame, "half");
            end = b.recv();
        }
        assert_eq!(end.unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn multipart_messages_arrive_whole() {
    each(|(a, b)| {
        let thread = thread::spawn(move || {
            for number in 0_u32..200 {
                a.send_multipart([&number.to_le_bytes()[..], b"", &[1; 100]]).unwrap();
            }
        });
        for number in 0_u32..200 {
            let message = b.recv_multipart().unwrap();
            assert_eq!(message, [&number.to_le_bytes()[..], b"", &[1; 100]]);
        }
        assert_eq!(b.recv_multipart().unwrap_err().kind(), ErrorKind::Disconnected);
        thread.join().unwrap();
    });
}

#[test]
fn there_is_no_high_water_mark() {
    within(SOON * 4, || {
        let count = u32::try_from(rounds(100_000)).unwrap();
        let (a, b) = Context::new().unwrap().pipe().unwrap();
        for number in 0..count {
            a.send(number.to_le_bytes()).unwrap();
        }
        drop(a);
        for number in 0..count {
            assert_eq!(b.recv().unwrap(), number.to_le_bytes());
        }
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn into_any_is_still_an_end() {
    each(|(a, b)| {
        let b = b.into_any();
        drop(a.into_any());
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        let b = b.downcast::<Pair>().unwrap();
        assert_eq!(b.send("x").unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn the_farewell_is_not_confused_with_a_users_zero_byte() {
    static ZERO: [u8; 1] = [0];
    const ALSO_ZERO: &[u8] = b"\0";
    each(|(a, b)| {
        let zeros = [
            Message::from("\0"),
            Message::from_static(b"\0"),
            Message::from_static(&ZERO),
            Message::from_static(ALSO_ZERO),
            Message::from_static(b""),
            Message::from(vec![0]),
            Message::from_owner(vec![0]),
            Message::new(),
        ];
        let count = zeros.len();
        let lengths = zeros.each_ref().map(|zero| zero.len());
        for zero in zeros {
            a.send(zero).unwrap();
        }
        a.send_multipart([b"\0", b"\0"]).unwrap();
        for length in lengths {
            assert_eq!(b.recv().unwrap().len(), length);
        }
        assert_eq!(count, 8);
        assert_eq!(b.recv_multipart().unwrap(), [b"\0", b"\0"]);
        drop(a);
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn a_received_message_can_be_sent_on_through_another_pipe() {
    // What looks like a farewell to one pipe must not be one to the next: no user ever holds it.
    each(|(a, b)| {
        let (c, d) = a.context().pipe().unwrap();
        a.send("x").unwrap();
        drop(a);
        while let Ok(message) = b.recv() {
            c.send(message).unwrap();
        }
        assert_eq!(d.recv().unwrap(), "x");
        assert_eq!(d.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_proxy_over_a_pipe_ends_when_the_other_end_leaves() {
    each(|(a, b)| {
        let (c, d) = a.context().pipe().unwrap();
        let thread = thread::spawn(move || proxy(&b, &c).unwrap_err().kind());
        a.send("through").unwrap();
        assert_eq!(d.recv().unwrap(), "through");
        drop(a);
        assert_eq!(thread.join().unwrap(), ErrorKind::Disconnected);
        assert_eq!(d.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn timeouts_hold_on_an_end() {
    each(|(a, b)| {
        let wait = Duration::from_millis(50);
        let begun = Instant::now();
        assert_eq!(b.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
        b.set_rcvtimeo(Some(wait)).unwrap();
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(begun.elapsed() >= wait * 2);
        assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        drop(a);
    });
}

#[test]
fn many_pipes_in_one_context() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (near, far): (Vec<_>, Vec<_>) = (0..100).map(|_| ctx.pipe().unwrap()).unzip();
        let threads: Vec<_> = far
            .into_iter()
            .map(|end| {
                thread::spawn(move || {
                    let message = end.recv().unwrap();
                    end.send(message).unwrap();
                })
            })
            .collect();
        for (number, end) in near.iter().enumerate() {
            end.send(number.to_le_bytes()).unwrap();
        }
        for (number, end) in near.iter().enumerate() {
            assert_eq!(end.recv().unwrap(), number.to_le_bytes());
            assert_eq!(end.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        }
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
