//! `Poller`: every socket that is ready is told of, whatever else is done with it, and each in its turn.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use zmqx::{
    Context, Dealer, ErrorKind, Interrupt, PollEvents, Poller, Pull, Push, Router, Sub, XPub, proxy,
};

use common::poller::{expect, expect_none};
use common::{
    SOON, both_sorts, connected, connected_pair, connected_tcp_pair, interruptible, within,
};

const ZERO: Option<Duration> = Some(Duration::ZERO);
const IN: PollEvents = PollEvents::IN;

#[test]
fn a_socket_is_told_of_as_long_as_something_can_be_received() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (a, b) = connected_pair(&ctx);
            let mut poller = Poller::new().unwrap();
            poller.add(&a, 7, IN).unwrap();
            expect_none(&mut poller);
            b.send("one").unwrap();
            b.send("two").unwrap();
            expect(&mut poller, 7);
            expect(&mut poller, 7);
            assert_eq!(a.recv().unwrap(), "one");
            expect(&mut poller, 7);
            assert_eq!(a.recv().unwrap(), "two");
            expect_none(&mut poller);
            b.send("three").unwrap();
            expect(&mut poller, 7);
        }
    });
}

#[test]
fn events_are_those_that_were_asked_for() {
    within(SOON, || {
        let (a, b) = connected_pair(&Context::new().unwrap());
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, PollEvents::OUT).unwrap();
        b.send("x").unwrap();
        let ready = poller.wait(None).unwrap().unwrap();
        assert_eq!(ready.revents(), PollEvents::OUT);
        assert!(ready.is_writable() && !ready.is_readable() && !ready.is_error());
        poller.modify(1, IN | PollEvents::OUT).unwrap();
        assert_eq!(poller.wait(None).unwrap().unwrap().revents(), IN | PollEvents::OUT);
        poller.modify(1, PollEvents::empty()).unwrap();
        expect_none(&mut poller);
        poller.modify(1, IN).unwrap();
        assert_eq!(poller.wait(None).unwrap().unwrap().revents(), IN);
    });
}

/// Each socket has a file descriptor, of which many shells allow 1,024 at first.
#[cfg(unix)]
fn allow_descriptors() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit(2) only writes to `limit`.
    assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) }, 0);
    limit.rlim_cur = limit.rlim_max.min(8192).max(limit.rlim_cur);
    // SAFETY: setrlimit(2) only reads `limit`.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
}

#[test]
fn of_a_thousand_sockets_the_one_that_is_ready_is_told_of() {
    #[cfg(unix)]
    allow_descriptors();
    within(SOON * 2, || {
        let ctx = Context::builder().max_sockets(4096).build().unwrap();
        let idle: Vec<_> = (0..1000).map(|_| ctx.socket(Pull).unwrap()).collect();
        let (active, source) = connected(&ctx, Pull, Push);
        let mut poller = Poller::new().unwrap();
        for (key, socket) in idle.iter().enumerate() {
            poller.add(socket, key, IN).unwrap();
        }
        poller.add(&active, 1000, IN).unwrap();
        for _ in 0..100 {
            expect_none(&mut poller);
            source.send("x").unwrap();
            expect(&mut poller, 1000);
            active.recv().unwrap();
        }
        // All at once, which is more than the kernel tells in one go.
        for (key, socket) in idle.iter().enumerate() {
            socket.bind(format!("inproc://poller-{key}")).unwrap();
        }
        expect_none(&mut poller);
        let sources: Vec<_> = (0..1000)
            .map(|key| {
                let source = ctx.socket(Push).unwrap();
                source.connect(format!("inproc://poller-{key}")).unwrap();
                source.send("x").unwrap();
                source
            })
            .collect();
        let mut told = vec![false; 1000];
        for _ in 0..1000 {
            let key = poller.wait(Some(SOON)).unwrap().unwrap().key();
            idle[key].recv().unwrap();
            assert!(!std::mem::replace(&mut told[key], true));
        }
        expect_none(&mut poller);
        drop(sources);
    });
}

#[test]
fn one_that_comes_beside_a_flooded_socket_and_goes_is_told_of() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (flooded, flood) = connected(&ctx, Pull, Push);
        let (quiet, source) = connected(&ctx, Pull, Push);
        let mut poller = Poller::new().unwrap();
        poller.add(&flooded, 0, IN).unwrap();
        flood.send("x").unwrap();
        for _ in 0..5 {
            // Nobody takes what is there. Alone, and beside one that is waited for by its descriptor.
            (0..50).for_each(|_| expect(&mut poller, 0));
            poller.add(&quiet, 1, IN).unwrap();
            (0..50).for_each(|_| expect(&mut poller, 0));
            source.send("x").unwrap();
            let mut told = (0..40).map(|_| poller.wait(Some(SOON)).unwrap().unwrap().key());
            assert!(told.any(|key| key == 1));
            quiet.recv().unwrap();
            (0..50).for_each(|_| expect(&mut poller, 0));
            poller.remove(1).unwrap();
        }
    });
}

#[test]
fn a_flooded_socket_starves_no_other() {
    within(SOON * 2, || {
        let ctx = Context::new().unwrap();
        let (flooded, flood) = connected(&ctx, Pull, Push);
        let pairs: Vec<_> = (0..99).map(|_| connected_pair(&ctx)).collect();
        let mut poller = Poller::new().unwrap();
        poller.add(&flooded, 99, IN).unwrap();
        for (key, (socket, _)) in pairs.iter().enumerate() {
            poller.add(socket, key, IN).unwrap();
        }
        expect_none(&mut poller);
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let flooder = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                let _ = flood.try_send("more");
            }
        });
        for round in 0..500 {
            let (socket, peer) = &pairs[round % 99];
            peer.send("x").unwrap();
            let mut others = 0;
            loop {
                let key = poller.wait(Some(SOON)).unwrap().unwrap().key();
                if key == round % 99 {
                    break;
                }
                others += 1;
                assert!(others <= 24, "a socket that is ready has waited for {others} others");
                flooded.recv().unwrap();
            }
            socket.recv().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        flooder.join().unwrap();
    });
}

#[test]
fn the_end_of_a_pipe_is_told_of() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (ours, theirs) = ctx.pipe().unwrap();
            let mut poller = Poller::new().unwrap();
            poller.add(&ours, 1, IN).unwrap();
            expect_none(&mut poller);
            theirs.send("last words").unwrap();
            drop(theirs);
            expect(&mut poller, 1);
            assert_eq!(ours.recv().unwrap(), "last words");
            for _ in 0..3 {
                expect(&mut poller, 1);
                assert_eq!(ours.try_recv().unwrap_err().kind(), ErrorKind::Disconnected);
            }
            poller.modify(1, PollEvents::OUT).unwrap();
            expect(&mut poller, 1);
        }
    });
}

#[test]
fn what_a_proxy_gave_back_is_told_of() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (frontend, source) = connected(&ctx, Pull, Push);
        let backend = ctx.socket(Push).unwrap();
        let mut poller = Poller::new().unwrap();
        poller.add(&frontend, 1, IN).unwrap();
        expect_none(&mut poller);
        source.send("in hand").unwrap();
        let end = interrupt.clone();
        let trigger = thread::spawn(move || {
            // So that the wait has begun; it is to end so in any case.
            thread::sleep(Duration::from_millis(50));
            end.trigger();
        });
        assert_eq!(proxy(&frontend, &backend).unwrap_err().kind(), ErrorKind::Interrupted);
        trigger.join().unwrap();
        interrupt.clear();
        expect(&mut poller, 1);
        assert_eq!(frontend.recv().unwrap(), "in hand");
        expect_none(&mut poller);
    });
}

#[test]
fn an_interrupt_ends_the_wait_even_where_something_is_ready() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (a, b) = connected_pair(&ctx);
        let mut poller = Poller::new().unwrap();
        poller.add(&a, 1, IN).unwrap();
        for _ in 0..2 {
            let handle = interrupt.clone();
            let trigger = thread::spawn(move || {
                // So that the wait has begun; it is to end so in any case.
                thread::sleep(Duration::from_millis(20));
                handle.trigger();
            });
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            trigger.join().unwrap();
            b.send("x").unwrap();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            interrupt.clear();
            expect(&mut poller, 1);
            // One that is in full swing as well.
            interrupt.trigger();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            interrupt.clear();
            expect(&mut poller, 1);
            a.recv().unwrap();
            expect_none(&mut poller);
        }
        // It goes with the last socket that brought it.
        poller.remove(1).unwrap();
        interrupt.trigger();
        expect_none(&mut poller);
    });
}

#[test]
fn an_interrupt_can_be_set_where_nothing_is_registered() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        let mut poller = Poller::new().unwrap();
        poller.set_interrupt(Some(&interrupt)).unwrap();
        let handle = interrupt.clone();
        let trigger = thread::spawn(move || handle.trigger());
        assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
        trigger.join().unwrap();
        poller.set_interrupt(None).unwrap();
        expect_none(&mut poller);
    });
}

#[test]
fn a_context_that_ends_ends_the_wait() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (a, _b) = connected_tcp_pair(&ctx);
            let other = Context::new().unwrap();
            let idle = other.socket(Pull).unwrap();
            let mut poller = Poller::new().unwrap();
            poller.add(&a, 1, IN).unwrap();
            poller.add(&idle, 2, IN).unwrap();
            expect_none(&mut poller);
            let (handle, (ready, is_ready)) = (ctx.clone(), mpsc::channel());
            let end = thread::spawn(move || {
                is_ready.recv().unwrap();
                handle.shutdown().unwrap();
            });
            ready.send(()).unwrap();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Terminated);
            assert_eq!(poller.wait(ZERO).unwrap_err().kind(), ErrorKind::Terminated);
            end.join().unwrap();
            // The other context goes on.
            poller.remove(1).unwrap();
            expect_none(&mut poller);
            let fresh = ctx.socket(Pull);
            assert_eq!(fresh.unwrap_err().kind(), ErrorKind::Terminated);
            assert_eq!(poller.add(&a, 1, IN).unwrap_err().kind(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn a_timeout_is_kept() {
    within(SOON, || {
        let (a, _b) = connected_pair(&Context::new().unwrap());
        let mut poller = Poller::new().unwrap();
        for is_registered in [false, true] {
            if is_registered {
                poller.add(&a, 1, IN).unwrap();
            }
            for timeout in [Duration::from_millis(30), Duration::from_micros(1500)] {
                let start = Instant::now();
                assert_eq!(poller.wait(Some(timeout)).unwrap(), None);
                assert!(start.elapsed() >= timeout);
            }
        }
        assert!(poller.wait(Some(Duration::from_nanos(1))).unwrap().is_none());
    });
}

#[test]
fn subscriptions_and_routers_are_told_of() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (publisher, subscriber) = connected(&ctx, XPub, Sub);
        let (router, dealer) = connected(&ctx, Router, Dealer);
        let mut poller = Poller::new().unwrap();
        poller.add(&publisher, 1, IN).unwrap();
        poller.add(&subscriber, 2, IN).unwrap();
        poller.add(&router, 3, IN).unwrap();
        expect_none(&mut poller);
        subscriber.subscribe("news").unwrap();
        expect(&mut poller, 1);
        publisher.recv().unwrap();
        publisher.send("weather").unwrap();
        expect_none(&mut poller);
        publisher.send("news2").unwrap();
        expect(&mut poller, 2);
        subscriber.recv().unwrap();
        dealer.send_multipart(["", "request"]).unwrap();
        expect(&mut poller, 3);
        assert_eq!(router.recv_multipart().unwrap().len(), 3);
        expect_none(&mut poller);
    });
}
