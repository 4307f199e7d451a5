//! What allocates nothing: messages that come and go, once that has begun, and the errors that happen all the time.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::time::Duration;

use testing::{Measuring, allocations};
use zmqx::{
    Context, Dealer, Error, ErrorKind, Interrupt, Message, Multipart, Pair, PollEvents, Pull, Push,
    Socket, poll,
};

use common::{SOON, both_sorts, connected, within};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

fn each_pair(test: impl Fn(&Socket<Pull>, &Socket<Push>) + Send + 'static) {
    within(SOON, move || {
        for ctx in both_sorts() {
            let (sink, source) = connected(&ctx, Pull, Push);
            test(&sink, &source);
        }
    });
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0; 10]))), 100);
}

#[test]
fn frames_that_are_sent_and_received() {
    each_pair(|sink, source| {
        for len in [0, 16, 1024, 100_000] {
            let bytes = vec![7; len];
            let mut message = Message::new();
            let reused = allocations(|| {
                source.send(&bytes).unwrap();
                sink.recv_into(&mut message).unwrap();
            });
            let fresh = allocations(|| {
                source.send(&bytes).unwrap();
                assert_eq!(sink.recv().unwrap().len(), len);
            });
            let tried = allocations(|| {
                source.try_send(&bytes).unwrap();
                assert_eq!(sink.try_recv().unwrap().len(), len);
                source.send(&bytes).unwrap();
                assert_eq!(sink.recv_timeout(SOON).unwrap().len(), len);
            });
            assert_eq!((reused, fresh, tried), (0, 0, 0), "{len} bytes");
        }
    });
}

#[test]
fn multiparts_that_are_received_wrapped_unwrapped_and_sent_on() {
    each_pair(|sink, source| {
        let mut message = Multipart::new();
        let reused = allocations(|| {
            source.send_multipart(["client", "", "Hello"]).unwrap();
            sink.recv_multipart_into(&mut message).unwrap();
        });
        let fresh = allocations(|| {
            source.send_multipart(["client", "", "Hello"]).unwrap();
            let mut message = sink.recv_multipart().unwrap();
            message.push_front("");
            message.push_front("worker");
            source.send_multipart(message).unwrap();
            let mut message = sink.recv_multipart().unwrap();
            assert_eq!(message.pop_front().unwrap(), "worker");
            assert_eq!(message.len(), 4);
        });
        let taken = allocations(|| {
            source.send_multipart(["client", "", "Hello"]).unwrap();
            sink.recv_multipart_into(&mut message).unwrap();
            source.send_multipart(std::mem::take(&mut message)).unwrap();
            assert_eq!(sink.recv_multipart().unwrap().len(), 3);
        });
        let many = allocations(|| {
            source.send_multipart([""; 16]).unwrap();
            assert_eq!(sink.recv_multipart().unwrap().len(), 16);
        });
        assert_eq!((reused, fresh, taken, many), (0, 0, 0, 0));
    });
}

#[test]
fn would_block_terminated_and_interrupted() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (sink, source) = (ctx.socket(Dealer).unwrap(), ctx.socket(Push).unwrap());
            let mut kept = [const { None::<Error> }; 4];
            let would_block = allocations(|| {
                kept[0] = sink.try_recv().err();
                kept[1] = sink.try_recv_multipart().err();
                kept[2] = source.try_send("Hello").map_err(Error::from).err();
                kept[3] = sink.recv_timeout(Duration::from_micros(1)).err();
                assert!(kept.iter().flatten().all(|error| error.kind() == ErrorKind::WouldBlock));
            });
            ctx.shutdown().unwrap();
            let terminated = allocations(|| {
                kept[0] = sink.recv().err();
                kept[1] = source.send("Hello").map_err(Error::from).err();
                assert_eq!(kept[1].as_ref().unwrap().kind(), ErrorKind::Terminated);
            });
            assert_eq!((would_block, terminated), (0, 0));
        }
        let interrupt = Interrupt::new().unwrap();
        let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
        let sink = ctx.socket(Pull).unwrap();
        interrupt.trigger();
        let interrupted = allocations(|| {
            assert_eq!(sink.recv().unwrap_err().kind(), ErrorKind::Interrupted);
            let mut items = [sink.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, None).unwrap_err().kind(), ErrorKind::Interrupted);
        });
        assert_eq!(interrupted, 0);
    });
}

#[test]
fn a_poll_of_a_few_items() {
    within(SOON, || {
        for ctx in both_sorts() {
            // And the context's interrupt, where it has one.
            let sockets: Vec<Socket<Pair>> = (0..15).map(|_| ctx.socket(Pair).unwrap()).collect();
            let polled = allocations(|| {
                let mut items: [_; 15] =
                    std::array::from_fn(|which| sockets[which].poll_item(PollEvents::IN));
                assert_eq!(poll(&mut items, Some(Duration::ZERO)).unwrap(), 0);
            });
            assert_eq!(polled, 0);
        }
    });
}
