//! `poll` and `Poller` over sockets that threads share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use zmqx::{
    Client, ErrorKind, Gather, PollEvents, PollItem, Poller, Pull, Push, Scatter, Server, poll,
};

use crate::common::{SOON, TCP, both_sorts, connected, connected_over, interruptible, within};
use crate::is_there;

#[test]
fn poll_takes_them_beside_others() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (server, client) = connected(&ctx, Server, Client);
            let (pull, push) = connected(&ctx, Pull, Push);
            let (read, write) = std::io::pipe().unwrap();
            let fd = std::os::fd::AsFd::as_fd(&read);
            let ready = |timeout| {
                let mut items = [
                    server.poll_item(PollEvents::IN),
                    pull.poll_item(PollEvents::IN),
                    PollItem::from_fd(fd, PollEvents::IN),
                ];
                poll(&mut items, timeout).unwrap();
                items.each_ref().map(PollItem::is_readable)
            };
            assert_eq!(ready(Some(Duration::ZERO)), [false; 3]);
            client.send("request").unwrap();
            assert_eq!(ready(None), [true, false, false]);
            push.send("task").unwrap();
            assert_eq!(pull.recv().unwrap(), "task");
            assert_eq!(server.recv().unwrap(), "request");
            push.send("task").unwrap();
            assert_eq!(ready(None), [false, true, false]);
            pull.recv().unwrap();
            std::io::Write::write_all(&mut &write, b"!").unwrap();
            assert_eq!(ready(None), [false, false, true]);
            assert_eq!(poll(&mut [client.poll_item(PollEvents::OUT)], None).unwrap(), 1);
        }
    });
}

#[test]
fn a_poller_takes_them_beside_others() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (gather, scatter) = connected_over(&ctx, TCP, Gather, Scatter);
            let (pull, push) = connected(&ctx, Pull, Push);
            let mut poller = Poller::new().unwrap();
            poller.add(&gather, 1, PollEvents::IN).unwrap();
            poller.add(&pull, 2, PollEvents::IN).unwrap();
            assert_eq!(
                poller.add(&gather, 3, PollEvents::IN).unwrap_err().kind(),
                ErrorKind::InvalidInput
            );
            assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
            let sending = thread::spawn(move || {
                for _ in 0..500 {
                    scatter.send("task").unwrap();
                    push.send("task").unwrap();
                    thread::yield_now();
                }
                (scatter, push)
            });
            let mut counts = [0; 2];
            while counts != [500; 2] {
                let ready = poller.wait(None).unwrap().unwrap();
                let message = if ready.key() == 1 { gather.try_recv() } else { pull.try_recv() };
                assert_eq!(message.unwrap(), "task");
                counts[ready.key() - 1] += 1;
            }
            assert_eq!(poller.wait(Some(Duration::from_millis(5))).unwrap(), None);
            let (scatter, _push) = sending.join().unwrap();
            poller.remove(1).unwrap();
            scatter.send("unseen").unwrap();
            assert_eq!(poller.wait(Some(Duration::from_millis(5))).unwrap(), None);
            poller.add(&gather, 1, PollEvents::IN).unwrap();
            assert_eq!(poller.wait(None).unwrap().unwrap().key(), 1);
            drop(poller);
            assert_eq!(gather.recv().unwrap(), "unseen");
        }
    });
}

/// One thread has it in a `Poller`, another receives by itself, and a third polls.
#[test]
fn threads_share_a_socket_that_is_polled() {
    const ALL: usize = 3000;
    if !is_there() {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let (gather, scatter) = connected_over(&ctx, TCP, Gather, Scatter);
            let (gather, taken) = (Arc::new(gather), AtomicUsize::new(0));
            let take = || {
                if gather.try_recv().is_ok() {
                    taken.fetch_add(1, Ordering::Relaxed);
                }
            };
            let is_over = || taken.load(Ordering::Relaxed) == ALL;
            let patience = Some(Duration::from_millis(20));
            thread::scope(|scope| {
                scope.spawn(|| {
                    let mut poller = Poller::new().unwrap();
                    poller.add(&*gather, 1, PollEvents::IN).unwrap();
                    while !is_over() {
                        if poller.wait(patience).unwrap().is_some() {
                            take();
                        }
                    }
                });
                scope.spawn(|| {
                    while !is_over() {
                        if gather.recv_timeout(Duration::from_millis(20)).is_ok() {
                            taken.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
                scope.spawn(|| {
                    while !is_over() {
                        if poll(&mut [gather.poll_item(PollEvents::IN)], patience).unwrap() == 1 {
                            take();
                        }
                    }
                });
                (0..ALL).for_each(|_| scatter.send("task").unwrap());
            });
            assert_eq!(gather.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        }
    });
}

#[test]
fn an_interrupt_and_a_shutdown_end_both() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let gather = ctx.socket(Gather).unwrap();
        let mut poller = Poller::new().unwrap();
        poller.add(&gather, 1, PollEvents::IN).unwrap();
        let trigger = {
            let interrupt = interrupt.clone();
            thread::spawn(move || interrupt.trigger())
        };
        assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
        let polled = poll(&mut [gather.poll_item(PollEvents::IN)], None);
        assert_eq!(polled.unwrap_err().kind(), ErrorKind::Interrupted);
        trigger.join().unwrap();
        interrupt.clear();
        let ending = {
            let ctx = ctx.clone();
            thread::spawn(move || ctx.shutdown().unwrap())
        };
        assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Terminated);
        ending.join().unwrap();
        let polled = poll(&mut [gather.poll_item(PollEvents::IN)], None);
        assert_eq!(polled.unwrap_err().kind(), ErrorKind::Terminated);
    });
}
