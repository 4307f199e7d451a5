//! Sending and receiving: what comes back, what waits and for how long, and that messages stay whole.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use zmqx::{
    Context, Dealer, ErrorKind, Message, Multipart, Open, Pair, Pub, Pull, Push, Rep, Req, Router,
    Sends, Socket, SocketKind, Sub, XPub, XSub,
};

use common::{SOON, TCP, both_sorts, connected, connected_over, inproc, within};

/// Fills what a socket may queue, and gives how many messages that were.
fn fill<K: Sends>(socket: &Socket<K>) -> usize {
    (0..).find(|_| socket.try_send("filler").is_err()).unwrap()
}

#[test]
fn eagain_returns_message() {
    within(SOON, || {
        for ctx in both_sorts() {
            let source = ctx.socket(Push).unwrap();
            let short = source.try_send("short").unwrap_err();
            assert_eq!((short.kind(), short.message), (ErrorKind::WouldBlock, "short".into()));

            let bytes = vec![7; 5000];
            let at = bytes.as_ptr();
            let long = source.try_send(bytes).unwrap_err();
            assert_eq!((long.message.as_ptr(), long.message.len()), (at, 5000));

            let first = source.try_send_more("first").unwrap_err();
            assert_eq!(
                (first.kind(), first.into_message()),
                (ErrorKind::WouldBlock, "first".into())
            );

            let frames = ["a".to_owned(), String::new(), "c".repeat(100)];
            let many = source.try_send_multipart(frames.clone()).unwrap_err();
            assert_eq!((many.kind(), many.message), (ErrorKind::WouldBlock, frames.clone().into()));

            // And what came back can be sent.
            let sink = ctx.socket(Pull).unwrap();
            source.connect(sink.bind(inproc()).unwrap()).unwrap();
            let again = source.try_send_multipart(frames.clone()).map_err(|error| error.error);
            again.unwrap();
            assert_eq!(sink.recv_multipart().unwrap(), frames);
        }
    });
}

#[test]
fn recv_gives_a_frame_and_tells_whether_others_follow() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            source.send_multipart(["a", "", "c"]).unwrap();
            source.send_more("d").unwrap();
            source.send("e").unwrap();
            source.send("f").unwrap();
            for (frame, has_more) in
                [("a", true), ("", true), ("c", false), ("d", true), ("e", false), ("f", false)]
            {
                let received = sink.recv().unwrap();
                assert_eq!((received.has_more(), received), (has_more, frame.into()));
            }
        }
    });
}

#[test]
fn recv_multipart_gives_the_rest_of_a_message_that_was_begun() {
    within(SOON, || {
        let (sink, source) = connected(&Context::new().unwrap(), Pull, Push);
        source.send_multipart(["a", "b", "c"]).unwrap();
        source.send("d").unwrap();
        assert_eq!(sink.recv().unwrap(), "a");
        assert_eq!(sink.recv_multipart().unwrap(), ["b", "c"]);
        assert_eq!(sink.recv_multipart().unwrap(), ["d"]);
    });
}

#[test]
fn recv_into_reuses_a_message() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let mut message = Message::from(vec![7; 5000]);
            for len in [0, 1, 33, 34, 1000, 5] {
                source.send(vec![8; len]).unwrap();
                sink.recv_into(&mut message).unwrap();
                assert_eq!(message, vec![8; len]);
            }
            source.send("try").unwrap();
            sink.try_recv_into(&mut message).unwrap();
            assert_eq!(message, "try");
            assert_eq!(sink.try_recv_into(&mut message).unwrap_err().kind(), ErrorKind::WouldBlock);
            // Whatever it holds now, it can be used.
            let _ = (message.len(), message.clone(), message.share());
        }
    });
}

#[test]
fn recv_multipart_into_reuses_a_message() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let mut message = Multipart::from(["old"; 30]);
            for count in [1, 2, 12, 13, 100, 3] {
                source.send_multipart(vec!["frame"; count]).unwrap();
                sink.recv_multipart_into(&mut message).unwrap();
                assert_eq!(*message, *vec!["frame"; count]);
            }
        }
    });
}

#[test]
fn recv_multipart_into_that_fails_leaves_it_empty() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, _source) = connected(&ctx, Pull, Push);
            let mut message = Multipart::from(["old", "frames"]);
            let nothing = sink.try_recv_multipart_into(&mut message).unwrap_err();
            assert_eq!((nothing.kind(), message.len()), (ErrorKind::WouldBlock, 0));

            let mut message = Multipart::from(["old", "frames"]);
            ctx.shutdown().unwrap();
            let over = sink.recv_multipart_into(&mut message).unwrap_err();
            assert_eq!((over.kind(), message.len()), (ErrorKind::Terminated, 0));
        }
    });
}

#[test]
fn a_timeout_ends_neither_before_its_time_nor_long_after() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, _source) = connected(&ctx, Pull, Push);
            for micros in [0, 1, 300, 1500, 50_000, 200_000] {
                let timeout = Duration::from_micros(micros);
                let begin = Instant::now();
                let end = sink.recv_timeout(timeout).unwrap_err();
                assert_eq!(end.kind(), ErrorKind::WouldBlock);
                let end = sink.recv_multipart_timeout(timeout).unwrap_err();
                assert_eq!(end.kind(), ErrorKind::WouldBlock);
                let took = begin.elapsed();
                assert!(took >= 2 * timeout, "{took:?} for twice {timeout:?}");
                assert!(took < 2 * timeout + Duration::from_secs(5), "{took:?} for {timeout:?}");
            }
        }
    });
}

#[test]
fn a_timeout_gives_what_comes_before_it_ends() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
            let thread = thread::spawn(move || {
                for number in 0..1000 {
                    source.send_multipart([number.to_string(), "end".into()]).unwrap();
                }
                source
            });
            for number in 0..1000 {
                let message = sink.recv_multipart_timeout(SOON).unwrap();
                assert_eq!(message, [number.to_string(), "end".into()]);
            }
            let source = thread.join().unwrap();
            // Longer than any clock reaches is for ever, and not an error.
            source.send("last").unwrap();
            assert_eq!(sink.recv_timeout(Duration::MAX).unwrap(), "last");
        }
    });
}

#[test]
fn rcvtimeo_and_sndtimeo_bound_a_call() {
    within(SOON, || {
        for ctx in both_sorts() {
            let socket = ctx.socket(Dealer).unwrap();
            for millis in [0, 1, 50] {
                let timeout = Duration::from_millis(millis);
                socket.set_rcvtimeo(Some(timeout)).unwrap();
                socket.set_sndtimeo(Some(timeout)).unwrap();
                let begin = Instant::now();
                assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
                assert_eq!(socket.recv_multipart().unwrap_err().kind(), ErrorKind::WouldBlock);
                let unsent = socket.send("Hello").unwrap_err();
                assert_eq!(
                    (unsent.kind(), unsent.message),
                    (ErrorKind::WouldBlock, "Hello".into())
                );
                let unsent = socket.send_multipart(["a", "b"]).unwrap_err();
                assert_eq!((unsent.kind(), unsent.message.len()), (ErrorKind::WouldBlock, 2));
                let took = begin.elapsed();
                assert!(took >= 4 * timeout, "{took:?} for four times {timeout:?}");
                assert!(took < 4 * timeout + Duration::from_secs(5));
            }
        }
    });
}

#[test]
fn a_mandatory_router_gives_back_what_goes_to_nobody() {
    within(SOON, || {
        for ctx in both_sorts() {
            let router = ctx.socket(Router).unwrap();
            router.bind(TCP).unwrap();
            // By default it is dropped.
            router.send_multipart(["nobody", "Hello"]).unwrap();
            router.set_router_mandatory(true).unwrap();
            let unsent = router.send_multipart(["nobody", "", "Hello"]).unwrap_err();
            assert_eq!(unsent.kind(), ErrorKind::HostUnreachable);
            assert_eq!(unsent.message, ["nobody", "", "Hello"]);
            let unsent = router.send_more("nobody").unwrap_err();
            assert_eq!(
                (unsent.kind(), unsent.message),
                (ErrorKind::HostUnreachable, "nobody".into())
            );

            // And it is none the worse for it.
            let dealer = ctx.socket(Dealer).unwrap();
            dealer.set_routing_id("somebody").unwrap();
            dealer.connect(router.last_endpoint().unwrap()).unwrap();
            dealer.send("Hello").unwrap();
            assert_eq!(router.recv_multipart().unwrap(), ["somebody", "Hello"]);
            router.send_multipart(["somebody", "World"]).unwrap();
            assert_eq!(dealer.recv_multipart().unwrap(), ["World"]);
        }
    });
}

#[test]
fn req_and_rep_keep_their_turns() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (server, client) = connected(&ctx, Rep, Req);
            assert_eq!(client.recv().unwrap_err().kind(), ErrorKind::BadState);
            assert_eq!(client.try_recv_multipart().unwrap_err().kind(), ErrorKind::BadState);
            let early = server.send("early").unwrap_err();
            assert_eq!((early.kind(), early.message), (ErrorKind::BadState, "early".into()));

            client.send_multipart(["Hello", "there"]).unwrap();
            let twice = client.send_multipart(["again", "!"]).unwrap_err();
            assert_eq!((twice.kind(), twice.message), (ErrorKind::BadState, ["again", "!"].into()));
            assert_eq!(server.recv_multipart().unwrap(), ["Hello", "there"]);
            assert_eq!(server.recv().unwrap_err().kind(), ErrorKind::BadState);
            server.send("World").unwrap();
            assert_eq!(client.recv().unwrap(), "World");
        }
    });
}

#[test]
fn inproc_pub_fanout_no_aliasing() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let publisher = ctx.socket(Pub).unwrap();
        let endpoint = publisher.bind(inproc()).unwrap();
        let subscribers: Vec<_> = (0..3)
            .map(|_| {
                let subscriber = ctx.socket(Sub).unwrap();
                subscriber.subscribe("").unwrap();
                subscriber.connect(&endpoint).unwrap();
                subscriber
            })
            .collect();
        publisher.send(vec![7; 1000]).unwrap();
        let mut received: Vec<_> =
            subscribers.iter().map(|subscriber| subscriber.recv().unwrap()).collect();
        // libzmq gives each the same buffer: so a message has no `&mut [u8]`, which the type says, and what
        // is made from one to be written to is a copy.
        assert_eq!(received[0].as_ptr(), received[1].as_ptr());
        let mut mine = received[0].to_vec();
        mine[0] = 99;
        let copy = received[0].clone();
        assert_ne!(copy.as_ptr(), received[0].as_ptr());
        received[0] = mine.into();
        assert_eq!(received[1..], [[7; 1000], [7; 1000]]);
        assert_eq!(copy, [7; 1000]);
    });
}

#[test]
fn recv_blocked_does_not_block_other_sockets() {
    within(SOON, || {
        for ctx in both_sorts() {
            let blocked = ctx.socket(Pull).unwrap();
            let waker = ctx.socket(Push).unwrap();
            waker.connect(blocked.bind(inproc()).unwrap()).unwrap();
            let thread = thread::spawn(move || blocked.recv().unwrap());
            let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
            for number in 0..1000 {
                source.send(number.to_string()).unwrap();
                assert_eq!(sink.recv().unwrap(), number.to_string());
                let new = ctx.socket(Pair).unwrap();
                new.bind(inproc()).unwrap();
            }
            assert!(!thread.is_finished());
            waker.send("wake up").unwrap();
            assert_eq!(thread.join().unwrap(), "wake up");
        }
    });
}

#[test]
fn hwm_full_then_drained_wakes_sender() {
    within(SOON, || {
        for ctx in both_sorts() {
            let sink = ctx.socket(Pull).unwrap();
            sink.set_rcvhwm(5).unwrap();
            let source = ctx.socket(Push).unwrap();
            source.set_sndhwm(5).unwrap();
            source.connect(sink.bind(inproc()).unwrap()).unwrap();
            let queued = fill(&source);
            let sender = thread::spawn(move || {
                for number in 0..10_000 {
                    source.send(number.to_string()).unwrap();
                }
            });
            for _ in 0..queued {
                assert_eq!(sink.recv().unwrap(), "filler");
            }
            for number in 0..10_000 {
                assert_eq!(sink.recv().unwrap(), number.to_string());
            }
            sender.join().unwrap();
        }
    });
}

#[test]
fn xsub_subscribes_by_method_as_sub_does() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (publisher, subscriber) = connected(&ctx, XPub, XSub);
            subscriber.subscribe("news").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\x01news");
            publisher.send("weather").unwrap();
            publisher.send("news today").unwrap();
            assert_eq!(subscriber.recv().unwrap(), "news today");
            subscriber.unsubscribe(b"news").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\0news");
            publisher.send("news again").unwrap();
            subscriber.subscribe("").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\x01");
            publisher.send("anything").unwrap();
            assert_eq!(subscriber.recv().unwrap(), "anything");
        }
    });
}

#[test]
fn what_a_kind_cannot_do_is_an_error_of_socket_any() {
    within(SOON, || {
        for ctx in both_sorts() {
            let publisher = ctx.socket(SocketKind::Pub).unwrap();
            assert_eq!(publisher.recv().unwrap_err().kind(), ErrorKind::Unsupported);
            assert_eq!(publisher.subscribe("").unwrap_err().kind(), ErrorKind::InvalidInput);
            let subscriber = ctx.socket(SocketKind::Sub).unwrap();
            let unsent = subscriber.send("no").unwrap_err();
            assert_eq!((unsent.kind(), unsent.message), (ErrorKind::Unsupported, "no".into()));
        }
    });
}

#[test]
fn socket_kinds_name_what_can_be_opened() {
    let ctx = Context::new().unwrap();
    let mut is_draft = false;
    for &kind in SocketKind::ALL {
        assert_eq!(kind.socket_kind(), kind);
        let socket = ctx.socket(kind);
        let is_there = if is_draft {
            zmqx::has(zmqx::Capability::Draft)
        } else {
            kind != SocketKind::Stream || common::runs_with(4, 0, 0)
        };
        // It is the last of the stable ones.
        is_draft |= kind == SocketKind::Stream;
        if !is_there {
            assert_eq!(socket.unwrap_err().kind(), ErrorKind::Unsupported);
            continue;
        }
        assert_eq!(socket.unwrap().kind(), kind);
    }
}
