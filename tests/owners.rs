//! The owners of zero-copy messages: each is dropped exactly once, wherever its message ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, ThreadId};

use zmqx::{Context, Dealer, ErrorKind, Message, Multipart, Pair, Pub, Pull, Push, Router};

use common::{SOON, TCP, connected, connected_over, wait_until, within};

/// Counts how often it is dropped, and says on which thread.
struct Owner {
    bytes: Vec<u8>,
    drops: Arc<AtomicUsize>,
    dropped: Sender<ThreadId>,
}

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::SeqCst);
        let _ = self.dropped.send(thread::current().id());
    }
}

/// What a test sees of its owners.
struct Watch {
    drops: Arc<AtomicUsize>,
    dropped: Sender<ThreadId>,
    threads: Receiver<ThreadId>,
}

impl Watch {
    fn new() -> Self {
        let (dropped, threads) = channel();
        Self { drops: Arc::default(), dropped, threads }
    }

    fn message(&self, len: usize) -> Message {
        let (drops, dropped) = (Arc::clone(&self.drops), self.dropped.clone());
        Message::from_owner(Owner { bytes: vec![7; len], drops, dropped })
    }

    fn drops(&self) -> usize {
        self.drops.load(Ordering::SeqCst)
    }

    /// Waits for `count` drops, and sees that there are no more once everything else is gone.
    fn expect(self, count: usize) -> Vec<ThreadId> {
        let threads: Vec<_> =
            (0..count).map(|_| self.threads.recv_timeout(SOON).unwrap()).collect();
        drop(self.dropped);
        // Owners that were never dropped would keep the channel open.
        assert!(self.threads.recv_timeout(SOON).is_err());
        assert_eq!(self.drops.load(Ordering::SeqCst), count);
        threads
    }
}

#[test]
fn of_a_message_that_is_just_dropped() {
    let watch = Watch::new();
    for len in [0, 1, 33, 34, 100_000] {
        drop(watch.message(len));
    }
    assert_eq!(watch.drops(), 5);
    assert_eq!(watch.expect(5), [thread::current().id(); 5]);
}

#[test]
fn of_shared_handles_with_the_last_of_them() {
    let watch = Watch::new();
    let mut first = watch.message(100);
    let mut second = first.share();
    let third = second.share();
    drop(second);
    drop(first);
    assert_eq!(watch.drops(), 0);
    drop(third);
    assert_eq!(watch.drops(), 1);
    watch.expect(1);
}

#[test]
fn over_inproc_with_the_receivers_message() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        source.send(watch.message(100)).unwrap();
        let receiver = thread::spawn(move || {
            let message = sink.recv().unwrap();
            assert_eq!(message, [7; 100]);
            (thread::current().id(), message)
        });
        let (_, message) = receiver.join().unwrap();
        assert_eq!(watch.drops(), 0);
        drop(message);
        watch.expect(1);
    });
}

#[test]
fn over_tcp_at_every_size() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
        for len in [0, 1, 33, 34, 8191, 8192, 1 << 20] {
            source.send(watch.message(len)).unwrap();
            assert_eq!(sink.recv().unwrap(), vec![7; len]);
        }
        watch.expect(7);
    });
}

/// The free function runs on libzmq's I/O thread when the bytes have gone out over tcp.
#[test]
fn free_callback_runs_once_on_other_thread() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
        source.send(watch.message(1 << 20)).unwrap();
        assert_eq!(sink.recv().unwrap().len(), 1 << 20);
        let threads = watch.expect(1);
        assert_ne!(threads, [thread::current().id()]);
    });
}

#[test]
fn of_a_pub_without_subscribers_on_the_senders_thread() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let publisher = ctx.socket(Pub).unwrap();
        publisher.bind(TCP).unwrap();
        publisher.send(watch.message(100)).unwrap();
        assert_eq!(watch.expect(1), [thread::current().id()]);
    });
}

#[test]
fn of_a_send_that_fails_with_the_message_that_comes_back() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Dealer).unwrap();
        let refused = socket.try_send(watch.message(100)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::WouldBlock);
        assert_eq!(refused.message, [7; 100]);
        assert_eq!(watch.drops(), 0);
        drop(refused);
        assert_eq!(watch.drops(), 1);
        let refused = socket
            .try_send_multipart([watch.message(100), watch.message(200), watch.message(300)])
            .unwrap_err();
        assert_eq!(refused.message.len(), 3);
        assert_eq!(watch.drops(), 1);
        drop(refused);
        watch.expect(4);
    });
}

#[test]
fn of_messages_that_a_closed_socket_never_delivered() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pair, Pair);
        for len in [10, 100, 1000] {
            source.send(watch.message(len)).unwrap();
        }
        drop((source, sink));
        watch.expect(3);
    });
}

#[test]
fn of_messages_that_linger_gave_up() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::builder().linger(Some(std::time::Duration::ZERO)).build().unwrap();
        let source = ctx.socket(Push).unwrap();
        // Nobody is there: it waits in the connection's pipe.
        let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        source.connect(format!("tcp://{unused}")).unwrap();
        source.send(watch.message(1000)).unwrap();
        drop(source);
        drop(ctx);
        watch.expect(1);
    });
}

#[test]
fn of_half_a_multipart_whose_socket_was_dropped() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        source.send_more(watch.message(100)).unwrap();
        drop(source);
        drop(sink);
        watch.expect(1);
    });
}

#[test]
fn of_a_router_that_knows_no_such_peer() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let router = ctx.socket(Router).unwrap();
        router.bind(TCP).unwrap();
        let mut message = Multipart::from(["nobody"]);
        message.push_back(watch.message(100));
        router.send_multipart(message).unwrap();
        watch.expect(1);
    });
}

#[test]
fn of_a_message_that_is_received_over() {
    within(SOON, || {
        let watch = Watch::new();
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        let mut message = watch.message(100);
        source.send("next").unwrap();
        sink.recv_into(&mut message).unwrap();
        assert_eq!(message, "next");
        watch.expect(1);
    });
}

#[cfg(feature = "bytes")]
#[test]
fn of_a_message_that_became_bytes_with_the_last_of_them() {
    let watch = Watch::new();
    let bytes = bytes::Bytes::from(watch.message(5000));
    let slice = bytes.slice(100..200);
    drop(bytes);
    assert_eq!(watch.drops(), 0);
    let message = Message::from(slice.clone());
    drop(slice);
    assert_eq!(message, [7; 100]);
    drop(message);
    watch.expect(1);
}

struct Bomb(Arc<AtomicUsize>);

impl AsRef<[u8]> for Bomb {
    fn as_ref(&self) -> &[u8] {
        &[7; 1000]
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        // A panic but for the hook's words, which would stand in the log of all tests where nothing has failed.
        std::panic::resume_unwind(Box::new("boom"));
    }
}

/// What a panic carries may panic in its turn when it is dropped.
struct Chain;

impl AsRef<[u8]> for Chain {
    fn as_ref(&self) -> &[u8] {
        b"chain"
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        std::panic::panic_any(Bomb(Arc::default()));
    }
}

#[test]
fn panic_in_owner_drop_is_contained() {
    within(SOON, || {
        let drops = Arc::new(AtomicUsize::new(0));
        // On this thread.
        drop(Message::from_owner(Bomb(Arc::clone(&drops))));
        assert_eq!(drops.load(Ordering::SeqCst), 1);
        drop(Message::from_owner(Chain));
        // On libzmq's I/O thread, which goes on working.
        let ctx = Context::new().unwrap();
        let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
        source.send(Message::from_owner(Bomb(Arc::clone(&drops)))).unwrap();
        assert_eq!(sink.recv().unwrap(), [7; 1000]);
        wait_until("the owner is dropped", || drops.load(Ordering::SeqCst) == 2);
        source.send("Hello").unwrap();
        assert_eq!(sink.recv().unwrap(), "Hello");
        // In a receive that overwrites it, and while a multipart is cleared.
        let mut message = Message::from_owner(Bomb(Arc::clone(&drops)));
        source.send("again").unwrap();
        sink.recv_into(&mut message).unwrap();
        assert_eq!(message, "again");
        let mut multipart: Multipart =
            (0..3).map(|_| Message::from_owner(Bomb(Arc::clone(&drops)))).collect();
        multipart.clear();
        assert_eq!(drops.load(Ordering::SeqCst), 6);
    });
}

/// An owner may use what this crate keeps for its thread, while a message of the same thread is being dropped.
#[test]
fn an_owners_drop_may_use_messages_itself() {
    struct Nested(Option<Box<Nested>>, Arc<AtomicUsize>);
    impl AsRef<[u8]> for Nested {
        fn as_ref(&self) -> &[u8] {
            b"nested"
        }
    }
    impl Drop for Nested {
        fn drop(&mut self) {
            let mut message = Multipart::from(["a", "b"]);
            if let Some(inner) = self.0.take() {
                message.push_front(Message::from_owner(*inner));
            }
            self.1.fetch_add(message.len(), Ordering::SeqCst);
        }
    }
    let frames = Arc::new(AtomicUsize::new(0));
    let mut nested = Nested(None, Arc::clone(&frames));
    for _ in 0..20 {
        nested = Nested(Some(Box::new(nested)), Arc::clone(&frames));
    }
    drop(Multipart::from([Message::from_owner(nested)]));
    assert_eq!(frames.load(Ordering::SeqCst), 20 * 3 + 2);
}
