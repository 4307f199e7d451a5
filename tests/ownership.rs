//! Who keeps whom: contexts, sockets and owners of messages, dropped in any order, anywhere.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use common::{
    SOON, TCP, connected, connected_over, connected_pair, connected_tcp_pair, deaf, inproc, within,
};
use zmqx::{Context, ErrorKind, Message, Pair, Pub, Pull, Push, Sub};

#[test]
fn dropping_the_context_first_still_closes_the_socket() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Pair).unwrap();
        drop(ctx);
        drop(socket);
    });
}

#[test]
fn dropping_the_sockets_first_is_as_good() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let sockets = (ctx.socket(Pair).unwrap(), ctx.socket(Pub).unwrap());
        drop(sockets);
        drop(ctx);
    });
}

#[test]
fn a_socket_keeps_its_context_alive() {
    within(SOON, || {
        let (a, b) = connected_pair(&Context::new().unwrap());
        a.send("still here").unwrap();
        assert_eq!(b.recv().unwrap(), "still here");
        let c = a.context().socket(Pair).unwrap();
        drop((a, b));
        c.bind(inproc()).unwrap();
    });
}

#[test]
fn contexts_and_sockets_go_in_every_order() {
    // Each of the 24 orders of two handles and two sockets.
    fn orders(left: &[usize], order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        if left.is_empty() {
            visit(order);
        }
        for (index, next) in left.iter().enumerate() {
            let mut rest = left.to_vec();
            rest.remove(index);
            order.push(*next);
            orders(&rest, order, visit);
            order.pop();
        }
    }
    within(SOON, || {
        orders(&[0, 1, 2, 3], &mut Vec::new(), &mut |order| {
            let ctx = Context::new().unwrap();
            let (a, b) = connected_tcp_pair(&ctx);
            a.send("x").unwrap();
            assert_eq!(b.recv().unwrap(), "x");
            let mut things: Vec<Option<Box<dyn Send>>> = vec![
                Some(Box::new(ctx.clone())),
                Some(Box::new(ctx)),
                Some(Box::new(a)),
                Some(Box::new(b)),
            ];
            for index in order {
                drop(things[*index].take());
            }
        });
    });
}

#[test]
fn things_are_dropped_on_other_threads() {
    within(SOON, || {
        for _ in 0..common::rounds(50) {
            let ctx = Context::new().unwrap();
            let (a, b) = connected_pair(&ctx);
            let threads = [
                thread::spawn(move || drop(a)),
                thread::spawn(move || drop(ctx)),
                thread::spawn(move || drop(b)),
            ];
            for thread in threads {
                thread.join().unwrap();
            }
        }
    });
}

#[test]
fn things_are_dropped_while_unwinding() {
    within(SOON, || {
        let unwound = catch_unwind(|| {
            let ctx = Context::new().unwrap();
            let (a, b) = connected_pair(&ctx);
            let pipe = ctx.pipe().unwrap();
            a.send("unread").unwrap();
            let _kept = (a, b, ctx, pipe, Message::from("a message"));
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert!(unwound.is_err());
    });
}

#[test]
fn drop_with_unsent_is_bounded() {
    within(SOON, || {
        let linger = Duration::from_millis(200);
        let ctx = Context::builder().linger(Some(linger)).build().unwrap();
        let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
        assert_eq!(source.linger().unwrap(), Some(linger));
        drop(sink);
        while source.try_send("nobody reads this").is_ok() {}
        let begun = Instant::now();
        drop(source);
        drop(ctx);
        assert!(begun.elapsed() < SOON / 2);
    });
}

#[test]
fn dropping_a_context_waits_for_what_is_unsent() {
    within(SOON, || {
        let linger = Duration::from_millis(300);
        let ctx = Context::builder().linger(Some(linger)).build().unwrap();
        let (_listener, endpoint) = deaf();
        let source = ctx.socket(Push).unwrap();
        source.connect(endpoint).unwrap();
        source.send("unsent").unwrap();
        let begun = Instant::now();
        drop(source);
        drop(ctx);
        let waited = begun.elapsed();
        assert!(waited >= linger - Duration::from_millis(20), "{waited:?}");
    });
}

#[test]
fn what_was_sent_arrives_though_its_sender_is_gone() {
    within(SOON, || {
        let there = Context::new().unwrap();
        let sink = there.socket(Pull).unwrap();
        let endpoint = sink.bind(TCP).unwrap();
        {
            let source = Context::new().unwrap().socket(Push).unwrap();
            source.connect(endpoint).unwrap();
            for number in 0_u32..1000 {
                source.send(number.to_le_bytes()).unwrap();
            }
        }
        for number in 0_u32..1000 {
            assert_eq!(sink.recv().unwrap(), number.to_le_bytes());
        }
    });
}

#[test]
fn linger_is_30_seconds_unless_set() {
    let linger = |ctx: Context| ctx.socket(Push).unwrap().linger().unwrap();
    assert_eq!(linger(Context::new().unwrap()), Some(Duration::from_secs(30)));
    assert_eq!(linger(Context::builder().linger(None).build().unwrap()), None);
    let zero = Some(Duration::ZERO);
    assert_eq!(linger(Context::builder().linger(zero).build().unwrap()), zero);
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Push).unwrap();
    socket.set_linger(zero).unwrap();
    assert_eq!(socket.linger().unwrap(), zero);
    for end in <[_; 2]>::from(ctx.pipe().unwrap()) {
        assert_eq!(end.linger().unwrap(), Some(Duration::from_secs(30)));
    }
}

#[test]
fn a_linger_that_libzmq_cannot_hold_is_refused() {
    let error = Context::builder().linger(Some(Duration::MAX)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("linger"), "{error}");
}

#[test]
fn a_socket_moves_between_threads() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (mut a, b) = connected_pair(&ctx);
        for number in 0_u8..100 {
            a = thread::spawn(move || {
                a.send([number]).unwrap();
                a
            })
            .join()
            .unwrap();
            assert_eq!(b.recv().unwrap(), [number]);
        }
    });
}

/// The owner of a message, which says when it goes, and then runs something.
struct Owner<F: FnOnce() + Send + 'static> {
    bytes: Vec<u8>,
    last_act: Option<F>,
    gone: Sender<()>,
}

fn owned<F: FnOnce() + Send + 'static>(last_act: F) -> (Message, Receiver<()>) {
    let (gone, is_gone) = channel();
    let owner = Owner { bytes: vec![7; 4096], last_act: Some(last_act), gone };
    (Message::from_owner(owner), is_gone)
}

impl<F: FnOnce() + Send + 'static> AsRef<[u8]> for Owner<F> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<F: FnOnce() + Send + 'static> Drop for Owner<F> {
    fn drop(&mut self) {
        // The test may have its answer already.
        let gone = self.gone.clone();
        if let Some(last_act) = self.last_act.take() {
            last_act();
        }
        let _ = gone.send(());
    }
}

#[test]
fn an_owner_is_dropped_exactly_once() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::new().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let (message, is_gone) = owned(|| {});
            source.send(message).unwrap();
            drop(sink.recv().unwrap());
            is_gone.recv().unwrap();
            drop((sink, source, ctx));
            // The sender went with the owner: there was but one.
            assert!(is_gone.recv().is_err());
        }
    });
}

#[test]
fn an_owner_that_panics_is_contained() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::new().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let (message, is_gone) = owned(|| std::panic::resume_unwind(Box::new("on purpose")));
            source.send(message).unwrap();
            assert_eq!(sink.recv().unwrap().len(), 4096);
            // The owner's fields go while it unwinds.
            assert!(is_gone.recv().is_err());
            source.send("next").unwrap();
            assert_eq!(sink.recv().unwrap(), "next");
        }
    });
}

#[test]
fn the_last_handle_may_go_in_an_owners_drop() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::new().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let last = Context::new().unwrap();
            last.socket(Pair).unwrap();
            let (message, is_gone) = owned(move || drop(last));
            source.send(message).unwrap();
            drop(sink.recv().unwrap());
            is_gone.recv().unwrap();
        }
    });
}

#[test]
fn the_last_socket_may_go_in_an_owners_drop() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::new().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let last = Context::new().unwrap().socket(Pair).unwrap();
            let (message, is_gone) = owned(move || drop(last));
            source.send(message).unwrap();
            drop(sink.recv().unwrap());
            is_gone.recv().unwrap();
        }
    });
}

#[test]
fn the_handle_of_the_messages_own_context_may_go_in_its_owners_drop() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let extra = ctx.socket(Pub).unwrap();
            let (message, is_gone) = owned(move || drop((ctx, extra)));
            source.send(message).unwrap();
            // Unread: one of libzmq's threads, or this one, drops it with the sockets.
            drop((source, sink));
            is_gone.recv().unwrap();
        }
    });
}

#[test]
fn an_unsent_message_may_own_the_last_handle_of_its_context() {
    within(SOON, || {
        let ctx = Context::builder().linger(Some(Duration::from_millis(50))).build().unwrap();
        let (_listener, endpoint) = deaf();
        let source = ctx.socket(Push).unwrap();
        source.connect(endpoint).unwrap();
        let (message, is_gone) = owned(move || drop(ctx));
        source.send(message).unwrap();
        drop(source);
        is_gone.recv().unwrap();
    });
}

#[test]
fn to_terminate_in_an_owners_drop_is_an_error() {
    within(SOON, || {
        for endpoint in [inproc().as_str(), TCP] {
            let ctx = Context::new().unwrap();
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let (tell, told) = channel();
            let own = ctx.clone();
            let (message, is_gone) = owned(move || {
                let error = own.clone().term().unwrap_err();
                let again = own.term_timeout(SOON * 2).unwrap_err();
                tell.send((error.kind(), error.to_string(), again.open_sockets)).unwrap();
            });
            source.send(message).unwrap();
            drop(sink.recv().unwrap());
            is_gone.recv().unwrap();
            let (kind, text, open) = told.recv().unwrap();
            assert_eq!(kind, ErrorKind::BadState);
            assert!(text.starts_with("terminate context: "), "{text}");
            assert_eq!(open, 2);
            // It is as it was.
            source.send("next").unwrap();
            assert_eq!(sink.recv().unwrap(), "next");
            drop((sink, source));
            ctx.term().unwrap();
        }
    });
}

#[test]
fn an_owner_that_nobody_wants_is_dropped_by_the_sender() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let publisher = ctx.socket(Pub).unwrap();
        let last = Context::new().unwrap().socket(Sub).unwrap();
        let (message, is_gone) = owned(move || drop(last));
        publisher.send(message).unwrap();
        is_gone.recv().unwrap();
    });
}

#[test]
fn an_unwinding_receiver_leaves_the_sender_whole() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        source.send("x").unwrap();
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            let message = sink.recv().unwrap();
            std::panic::resume_unwind(Box::new(message.len()));
        }));
        assert!(unwound.is_err());
        source.send("y").unwrap();
        assert_eq!(sink.recv().unwrap(), "y");
    });
}
