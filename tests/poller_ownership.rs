//! What a `Poller` takes, and who else may have it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread;

use zmqx::{Context, ErrorKind, PollEvents, Poller};

use common::poller::{expect, expect_none};
use common::{SOON, connected_pair, within};

const IN: PollEvents = PollEvents::IN;

#[test]
fn sockets_come_as_references_by_value_boxed_and_counted() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let [(a, to_a), (b, to_b), (c, to_c), (d, to_d)] = [(); 4].map(|()| connected_pair(&ctx));
        let shared = Rc::new(d);
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 0, IN).unwrap();
        poller.add(b, 1, IN).unwrap();
        poller.add(Box::new(c), 2, IN).unwrap();
        poller.add(Rc::clone(&shared), 3, IN).unwrap();
        for (key, peer) in [&to_a, &to_b, &to_c, &to_d].into_iter().enumerate() {
            peer.send("x").unwrap();
            expect(&mut poller, key);
            match key {
                0 => drop(a.recv().unwrap()),
                3 => drop(shared.recv().unwrap()),
                _ => poller.remove(key).unwrap(),
            }
            expect_none(&mut poller);
        }
        // Taken out, the Rc is ours alone again.
        poller.remove(3).unwrap();
        assert!(Rc::into_inner(shared).is_some());
    });
}

#[test]
fn a_socket_is_in_one_poller_at_a_time_and_a_key_taken_once() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let ((a, _a), (b, to_b)) = (connected_pair(&ctx), connected_pair(&ctx));
        let kind = |result: zmqx::Result<()>| result.unwrap_err().kind();
        let mut poller = Poller::new().unwrap();
        let mut other = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        assert_eq!(kind(poller.add(&a, 2, IN)), ErrorKind::InvalidInput);
        assert_eq!(kind(other.add(&a, 1, IN)), ErrorKind::InvalidInput);
        assert_eq!(kind(poller.add(&b, 1, IN)), ErrorKind::InvalidInput);
        assert_eq!(kind(poller.remove(2)), ErrorKind::NotFound);
        assert_eq!(kind(poller.modify(2, IN)), ErrorKind::NotFound);
        poller.remove(1).unwrap();
        other.add(&a, 1, IN).unwrap();
        poller.add(&b, 1, IN).unwrap();
        drop(other);
        poller.add(&a, 2, IN).unwrap();
        to_b.send("x").unwrap();
        expect(&mut poller, 1);
    });
}

#[test]
fn a_poller_that_is_leaked_harms_no_socket() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..4).map(|_| connected_pair(&ctx)).collect();
        let mut poller = Poller::new().unwrap();
        for (key, (socket, _)) in pairs.iter().enumerate() {
            poller.add(socket, key, IN).unwrap();
        }
        expect_none(&mut poller);
        // Leaked, but so that valgrind still finds it.
        static LEAKED: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
        LEAKED.store(Box::into_raw(Box::new(poller)).cast(), Ordering::Relaxed);
        let threads = pairs.into_iter().map(|(socket, peer)| {
            thread::spawn(move || {
                peer.send("x").unwrap();
                assert_eq!(socket.recv().unwrap(), "x");
                let again = Poller::new().unwrap().add(&socket, 1, IN);
                assert_eq!(again.unwrap_err().kind(), ErrorKind::InvalidInput);
            })
        });
        threads.for_each(|thread| thread.join().unwrap());
    });
}
