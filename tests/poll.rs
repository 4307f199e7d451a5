//! `poll`: sockets and file descriptors, what they are ready for, and for how long it waits.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use zmqx::{
    Context, Dealer, ErrorKind, Interrupt, PollEvents, PollItem, Pub, Pull, Push, Router, Socket,
    poll,
};

use common::{
    SOON, TCP, both_sorts, connected, connected_over, connected_pair, inproc, wait_until, within,
};

const ZERO: Option<Duration> = Some(Duration::ZERO);

#[test]
fn it_tells_which_sockets_are_readable() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (first, to_first) = connected(&ctx, Pull, Push);
            let (second, to_second) = connected_over(&ctx, TCP, Pull, Push);
            let mut items = [first.poll_item(PollEvents::IN), second.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
            assert!(!items[0].is_readable() && !items[1].is_readable());

            to_second.send("Hello").unwrap();
            assert_eq!(poll(&mut items, Some(SOON)).unwrap(), 1);
            assert!(!items[0].is_readable() && items[1].is_readable());
            assert_eq!(items[1].revents(), PollEvents::IN);

            // Level-triggered: it is so until it is received.
            to_first.send("Hello").unwrap();
            assert_eq!(poll(&mut items, None).unwrap(), 2);
            second.recv().unwrap();
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(items[0].is_readable() && !items[1].is_readable());
        }
    });
}

#[test]
fn it_wakes_when_a_message_comes() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            let thread = thread::spawn(move || {
                for number in 0..1000 {
                    source.send(number.to_string()).unwrap();
                }
            });
            for number in 0..1000 {
                let mut items = [sink.poll_item(PollEvents::IN)];
                assert_eq!(poll(&mut items, None).unwrap(), 1);
                assert_eq!(sink.try_recv().unwrap(), number.to_string());
            }
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_readable_socket_has_a_whole_message() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            source.send_more("first").unwrap();
            let mut items = [sink.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, Some(Duration::from_millis(20))).unwrap(), 0);
            source.send("second").unwrap();
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert_eq!(sink.try_recv_multipart().unwrap(), ["first", "second"]);
        }
    });
}

#[test]
fn a_socket_is_writable_until_its_high_water_mark() {
    within(SOON, || {
        for ctx in both_sorts() {
            let alone = ctx.socket(Push).unwrap();
            let mut items = [alone.poll_item(PollEvents::OUT)];
            assert_eq!(poll(&mut items, ZERO).unwrap(), 0);

            let sink = ctx.socket(Pull).unwrap();
            sink.set_rcvhwm(1).unwrap();
            let source = ctx.socket(Push).unwrap();
            source.set_sndhwm(1).unwrap();
            source.connect(sink.bind(inproc()).unwrap()).unwrap();
            let mut items = [source.poll_item(PollEvents::IN | PollEvents::OUT)];
            let mut sent = 0;
            while poll(&mut items, ZERO).unwrap() == 1 {
                assert!(items[0].is_writable() && !items[0].is_readable());
                source.try_send("filler").unwrap();
                sent += 1;
            }
            assert!(sent > 0 && !items[0].is_writable());
            assert_eq!(source.try_send("one more").unwrap_err().kind(), ErrorKind::WouldBlock);
            for _ in 0..sent {
                sink.recv().unwrap();
            }
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(items[0].is_writable());
        }
    });
}

#[test]
fn it_ends_neither_before_its_time_nor_long_after() {
    within(SOON, || {
        for ctx in both_sorts() {
            let socket = ctx.socket(Pull).unwrap();
            // A part of a millisecond, libzmq's unit, is rounded up: it must not spin.
            for micros in [0, 1, 100, 999, 1001, 50_000] {
                let timeout = Duration::from_micros(micros);
                let mut items = [socket.poll_item(PollEvents::IN)];
                let begin = Instant::now();
                assert_eq!(poll(&mut items, Some(timeout)).unwrap(), 0);
                let took = begin.elapsed();
                assert!(took >= timeout, "{took:?} for {timeout:?}");
                assert!(took < timeout + Duration::from_secs(5), "{took:?} for {timeout:?}");
            }
        }
    });
}

#[test]
fn a_timeout_longer_than_any_clock_is_for_ever() {
    within(SOON, || {
        for ctx in both_sorts() {
            for timeout in
                [Duration::MAX, Duration::from_millis(u64::MAX), Duration::from_secs(1 << 32)]
            {
                let (sink, source) = connected(&ctx, Pull, Push);
                source.send("Hello").unwrap();
                let mut items = [sink.poll_item(PollEvents::IN)];
                assert_eq!(poll(&mut items, Some(timeout)).unwrap(), 1);
            }
        }
    });
}

#[test]
fn with_no_items_it_waits_for_its_time() {
    within(SOON, || {
        for millis in [0, 1, 30] {
            let timeout = Duration::from_millis(millis);
            let begin = Instant::now();
            assert_eq!(poll(&mut [], Some(timeout)).unwrap(), 0);
            assert!(begin.elapsed() >= timeout);
        }
    });
}

#[test]
fn many_items_are_polled_at_once() {
    within(SOON, || {
        for ctx in both_sorts() {
            let pairs: Vec<_> = (0..100).map(|_| connected_pair(&ctx)).collect();
            for which in [0, 7, 8, 9, 63, 64, 99] {
                pairs[which].0.send("Hello").unwrap();
                let mut items: Vec<_> =
                    pairs.iter().map(|(_, end)| end.poll_item(PollEvents::IN)).collect();
                assert_eq!(poll(&mut items, None).unwrap(), 1);
                assert_eq!(items.iter().position(PollItem::is_readable), Some(which));
                drop(items);
                pairs[which].1.recv().unwrap();
            }
        }
    });
}

#[test]
fn the_same_socket_may_be_there_twice() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (one, other) = connected_pair(&ctx);
            other.send("Hello").unwrap();
            let mut items = [one.poll_item(PollEvents::IN), one.poll_item(PollEvents::OUT)];
            wait_until("both are ready", || poll(&mut items, None).unwrap() == 2);
            assert_eq!(items[0].revents(), PollEvents::IN);
            assert_eq!(items[1].revents(), PollEvents::OUT);
        }
    });
}

#[test]
fn an_item_that_wants_nothing_is_ready_for_nothing() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (one, other) = connected_pair(&ctx);
            other.send("Hello").unwrap();
            let mut items = [one.poll_item(PollEvents::empty()), one.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert_eq!(items[0].revents(), PollEvents::empty());
        }
    });
}

#[test]
fn an_error_of_poll_leaves_nothing_ready() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (one, other) = connected_pair(&ctx);
            other.send("Hello").unwrap();
            let mut items = [one.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            ctx.shutdown().unwrap();
            assert_eq!(poll(&mut items, None).unwrap_err().kind(), ErrorKind::Terminated);
            assert!(!items[0].is_readable());
        }
    });
}

#[test]
fn a_socket_may_be_replaced_after_the_last_look_at_its_item() {
    struct Broker {
        worker: Socket<Dealer>,
        seen: usize,
    }
    impl Broker {
        fn handle(&mut self, ctx: &Context) {
            self.seen += 1;
            self.worker = ctx.socket(Dealer).unwrap();
        }
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let mut broker = Broker { worker: ctx.socket(Dealer).unwrap(), seen: 0 };
        let mut socket = ctx.socket(Pull).unwrap();
        for _ in 0..3 {
            let mut items =
                [broker.worker.poll_item(PollEvents::IN), socket.poll_item(PollEvents::IN)];
            poll(&mut items, ZERO).unwrap();
            if !items[0].is_readable() {
                broker.handle(&ctx);
                socket = ctx.socket(Pull).unwrap();
            }
        }
        assert_eq!(broker.seen, 3);
        drop(socket);
    });
}

#[test]
fn sockets_of_two_contexts_may_be_polled_together() {
    within(SOON, || {
        let [plain, watched] = both_sorts();
        let [_, other] = both_sorts();
        let pairs = [connected_pair(&plain), connected_pair(&watched), connected_pair(&other)];
        for which in 0..3 {
            pairs[which].0.send("Hello").unwrap();
            let mut items = [0, 1, 2].map(|which| pairs[which].1.poll_item(PollEvents::IN));
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(items[which].is_readable());
            pairs[which].1.recv().unwrap();
        }
    });
}

#[test]
fn the_interrupt_of_any_items_context_ends_it() {
    within(SOON, || {
        let interrupts = [Interrupt::new().unwrap(), Interrupt::new().unwrap()];
        let contexts = interrupts
            .each_ref()
            .map(|interrupt| Context::builder().interrupt(interrupt.clone()).build().unwrap());
        let sockets = contexts.each_ref().map(|ctx| ctx.socket(Pull).unwrap());
        for interrupt in interrupts {
            let mut items = sockets.each_ref().map(|socket| socket.poll_item(PollEvents::IN));
            let handle = interrupt.clone();
            let thread = thread::spawn(move || handle.trigger());
            let end = poll(&mut items, None).unwrap_err();
            assert_eq!(end.kind(), ErrorKind::Interrupted);
            thread.join().unwrap();
            interrupt.clear();
            assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
        }
    });
}

#[test]
fn an_interrupt_that_is_triggered_ends_it_though_a_message_is_there() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        source.send("Hello").unwrap();
        interrupt.trigger();
        let mut items = [sink.poll_item(PollEvents::IN)];
        assert_eq!(poll(&mut items, None).unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(poll(&mut items, ZERO).unwrap_err().kind(), ErrorKind::Interrupted);
        assert!(!items[0].is_readable());
        assert_eq!(sink.try_recv().unwrap(), "Hello");
        interrupt.clear();
        assert_eq!(poll(&mut items, ZERO).unwrap(), 0);
    });
}

#[test]
fn a_kind_that_cannot_send_is_never_writable() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, _source) = connected(&ctx, Pull, Push);
            let publisher = ctx.socket(Pub).unwrap();
            let router = ctx.socket(Router).unwrap();
            let mut items = [
                sink.poll_item(PollEvents::OUT),
                publisher.poll_item(PollEvents::IN | PollEvents::OUT),
                router.poll_item(PollEvents::OUT),
            ];
            assert_eq!(poll(&mut items, ZERO).unwrap(), 2);
            let ready = items.each_ref().map(PollItem::is_writable);
            assert_eq!(ready, [false, true, true]);
        }
    });
}

#[test]
fn items_can_be_printed() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Pull).unwrap();
    let item = socket.poll_item(PollEvents::IN);
    let debug = format!("{item:?}");
    assert!(debug.contains("Pull") && debug.contains("IN"), "{debug}");
}
