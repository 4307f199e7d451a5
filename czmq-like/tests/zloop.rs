//! `ZLoop`: what CZMQ's own test of zloop checks, and what its manual and ours say of readers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use czmq_like::Result;
use czmq_like::prelude::*;
use zmqx::{Context, Poller};

use common::{connected_in, pair, within};

const MS: Duration = Duration::from_millis(1);

#[test]
fn czmqs_own_test_passes() {
    within(|| {
        let (output, input) = pair();
        let mut reactor = ZLoop::new().unwrap();
        reactor.set_verbose(false);
        // Timers 1 and 2: the second cancels the first before that is due.
        let was_called = Rc::new(Cell::new(false));
        let called = Rc::clone(&was_called);
        let first = reactor.timer(MS * 1000, 1, move |_, _, _: &mut ()| called.set(true)).unwrap();
        reactor.timer(MS * 5, 1, move |reactor, _, _| reactor.timer_end(first)).unwrap();
        // Tickets: one that is deleted, one that is put off, one that is called.
        reactor.set_ticket_delay(MS * 20);
        let calls = Rc::new(Cell::new(0));
        let count = || {
            let calls = Rc::clone(&calls);
            move |_: &mut ZLoop<'_, ()>, _: TicketId, _: &mut ()| calls.set(calls.get() + 1)
        };
        reactor.ticket(count()).unwrap();
        let put_off = reactor.ticket(count()).unwrap();
        let deleted = reactor.ticket(count()).unwrap();
        reactor.ticket_delete(deleted);
        reactor.ticket_reset(put_off);
        // After some milliseconds a ping ends it.
        reactor.timer(MS * 50, 1, move |_, _, _| zstr::send(&output, "PING")).unwrap();
        reactor
            .reader(input, |_, input, _| {
                assert_eq!(zstr::recv(input)?, "PING");
                Ok(Break(()))
            })
            .unwrap();
        assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Ended);
        assert!(!was_called.get());
        assert_eq!(calls.get(), 2);
    });
}

#[test]
fn handlers_give_what_they_like() {
    within(|| {
        let mut reactor: ZLoop<'_, Vec<&str>> = ZLoop::new().unwrap();
        reactor.timer(Duration::ZERO, 1, |_, _, log| log.push("nothing")).unwrap();
        reactor
            .timer(Duration::ZERO, 1, |_, _, log| {
                log.push("a flow");
                Continue(())
            })
            .unwrap();
        reactor
            .timer(Duration::ZERO, 1, |_, _, log| {
                log.push("a result");
                Ok(())
            })
            .unwrap();
        fn last(
            _: &mut ZLoop<'_, Vec<&str>>,
            _: TimerId,
            log: &mut Vec<&str>,
        ) -> Result<ControlFlow<()>> {
            log.push("a result of a flow");
            Ok(Break(()))
        }
        reactor.timer(Duration::ZERO, 1, last).unwrap();
        let mut log = Vec::new();
        assert_eq!(reactor.start(&mut log).unwrap(), LoopEnd::Ended);
        assert_eq!(log, ["nothing", "a flow", "a result", "a result of a flow"]);
    });
}

#[test]
fn readers_end_by_name_or_by_socket() {
    within(|| {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..3).map(|_| connected_in(&ctx, Pair, Pair)).collect();
        let [(a, to_a), (b, to_b), (c, to_c)] = &pairs[..] else { panic!("three pairs") };
        let shared = Rc::new(Cell::new(0));
        let mut reactor = ZLoop::new().unwrap();
        let calls = || {
            let calls = Rc::clone(&shared);
            move |_: &mut ZLoop<'_, ()>, socket: &Socket<Pair>, _: &mut ()| {
                calls.set(calls.get() + 1);
                zstr::recv(socket).map(drop)
            }
        };
        let id = reactor.reader(a, calls()).unwrap();
        reactor.reader(b, calls()).unwrap();
        reactor.reader(c, calls()).unwrap();
        assert_eq!(reactor.reader(c, calls()).unwrap_err().kind(), ErrorKind::InvalidInput);
        reactor.reader_end(id);
        reactor.reader_end(id);
        reactor.reader_end(b);
        for output in [to_a, to_b, to_c] {
            zstr::send(output, "x").unwrap();
        }
        reactor.timer(MS * 20, 1, |_, _, _| Break(())).unwrap();
        reactor.start(&mut ()).unwrap();
        assert_eq!(shared.get(), 1);
        // They are free for others.
        Poller::new().unwrap().add(a, 1, PollEvents::IN).unwrap();
        reactor.reader(a, calls()).unwrap();
        reactor.reader(b, calls()).unwrap();
        reactor.timer(MS * 20, 1, |_, _, _| Break(())).unwrap();
        reactor.start(&mut ()).unwrap();
        assert_eq!(shared.get(), 3);
    });
}

#[test]
fn what_was_handed_over_lives_until_its_handler_returns() {
    within(|| {
        let (output, input) = pair();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .reader(input, |reactor, input, _: &mut ()| {
                reactor.reader_end(input);
                // Still open.
                assert_eq!(zstr::recv(input)?, "x");
                zstr::send(input, "y")
            })
            .unwrap();
        reactor.timer(MS * 10, 1, |_, _, _| Break(())).unwrap();
        zstr::send(&output, "x").unwrap();
        reactor.start(&mut ()).unwrap();
        assert_eq!(zstr::recv(&output).unwrap(), "y");
        // And closed now.
        output.set_sndtimeo(Some(Duration::ZERO)).unwrap();
        assert_eq!(zstr::send(&output, "z").unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn handlers_register_and_end_each_other() {
    within(|| {
        struct Broker<'a> {
            frontend: &'a Socket<Pair>,
            backend: &'a Socket<Pair>,
            log: Vec<String>,
        }
        fn handle_frontend<'a>(
            reactor: &mut ZLoop<'a, Broker<'a>>,
            frontend: &Socket<Pair>,
            broker: &mut Broker<'a>,
        ) -> Result<()> {
            broker.log.push(zstr::recv(frontend)?);
            // No worker is left: stop reading, as lbbroker3 does.
            reactor.reader_end(broker.frontend);
            zstr::send(frontend, "more")
        }
        fn handle_backend<'a>(
            reactor: &mut ZLoop<'a, Broker<'a>>,
            backend: &Socket<Pair>,
            broker: &mut Broker<'a>,
        ) -> Result<ControlFlow<()>> {
            broker.log.push(zstr::recv(backend)?);
            let (frontend, backend) = (broker.frontend, broker.backend);
            reactor.reader_end(backend);
            reactor.reader(frontend, handle_frontend)?;
            reactor.reader(backend, handle_backend)?;
            Ok(if broker.log.len() == 6 { Break(()) } else { Continue(()) })
        }
        let ((frontend, client), (backend, worker)) = (pair(), pair());
        let mut broker = Broker { frontend: &frontend, backend: &backend, log: Vec::new() };
        let mut reactor = ZLoop::new().unwrap();
        reactor.reader(&backend, handle_backend).unwrap();
        for number in 0..3 {
            zstr::send(&client, format!("request {number}")).unwrap();
        }
        reactor.timer(MS, 3, |_, _, _| zstr::send(&worker, "ready")).unwrap();
        reactor.timer(MS * 10, 1, |_, _, _| zstr::send(&worker, "last")).unwrap();
        reactor.timer(MS * 20, 1, |_, _, _| Break(())).unwrap();
        reactor.start(&mut broker).unwrap();
        let requests = broker.log.iter().filter(|line| line.starts_with("request"));
        assert_eq!(requests.count(), 3);
    });
}

#[test]
fn a_poller_waits_for_its_events() {
    within(|| {
        let (output, input) = pair();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .poller(&output, PollEvents::OUT, |reactor, output, events, sent: &mut usize| {
                assert_eq!(events, PollEvents::OUT);
                *sent += 1;
                if *sent == 3 {
                    reactor.reader_end(output);
                }
                zstr::send(output, "x")
            })
            .unwrap();
        let mut received = 0;
        reactor
            .poller(&input, PollEvents::IN, move |_, input, _, _| {
                received += 1;
                zstr::recv(input)?;
                Ok(if received == 3 { Break(()) } else { Continue(()) })
            })
            .unwrap();
        let mut sent = 0;
        assert_eq!(reactor.start(&mut sent).unwrap(), LoopEnd::Ended);
        assert_eq!(sent, 3);
    });
}

#[test]
fn what_another_handler_has_received_calls_nobody() {
    within(|| {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..2).map(|_| connected_in(&ctx, Pair, Pair)).collect();
        let mut reactor = ZLoop::new().unwrap();
        for (socket, peer) in &pairs {
            zstr::send(peer, "x").unwrap();
            reactor
                .reader(socket, |_, _, calls: &mut usize| {
                    *calls += 1;
                    // Both are ready; a blocking receive by the second would hang.
                    pairs.iter().try_for_each(|(socket, _)| zstr::recv(socket).map(drop))
                })
                .unwrap();
        }
        reactor.timer(MS * 10, 1, |_, _, _| Break(())).unwrap();
        let mut calls = 0;
        reactor.start(&mut calls).unwrap();
        assert_eq!(calls, 1);
    });
}

#[test]
fn no_use_by_others_loses_an_event() {
    within(|| {
        // What is sent to nobody is not waited for.
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let (a, to_a) = connected_in(&ctx, Dealer, Dealer);
        let (b, to_b) = connected_in(&ctx, Dealer, Dealer);
        // Each event uses the other socket in a way that takes note of its news, right after it got some.
        let uses: [fn(&Socket<Dealer>); 5] = [
            |socket| zstr::send(socket, "back").unwrap(),
            |socket| assert!(socket.events().is_ok()),
            |socket| assert!(socket.rcvhwm().is_ok()),
            |socket| socket.connect("tcp://127.0.0.1:1").unwrap(),
            |socket| assert_eq!(poll(&mut [socket.poll_item(PollEvents::IN)], None).unwrap(), 1),
        ];
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .reader(&a, |_, a, count: &mut usize| {
                zstr::recv(a)?;
                zstr::send(&to_b, "x")?;
                uses[*count % uses.len()](&b);
                Ok(())
            })
            .unwrap();
        reactor
            .reader(&b, |_, b, count: &mut usize| {
                zstr::recv(b)?;
                zstr::send(&to_a, "x")?;
                uses[*count % uses.len()](&a);
                *count += 1;
                Ok(if *count == 100 { Break(()) } else { Continue(()) })
            })
            .unwrap();
        zstr::send(&to_a, "x").unwrap();
        assert_eq!(reactor.start(&mut 0).unwrap(), LoopEnd::Ended);
    });
}

#[test]
fn no_use_outside_of_the_loop_loses_an_event() {
    within(|| {
        let (input, output) = pair();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .reader(&input, |_, input, received: &mut Vec<String>| {
                received.push(zstr::recv(input)?);
                Ok(Break(()))
            })
            .unwrap();
        let mut received = Vec::new();
        for round in 0..20 {
            // Once it is waited for by its descriptor, all of these take note of its news.
            reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
            reactor.start(&mut received).unwrap();
            zstr::send(&output, "one").unwrap();
            zstr::send(&output, "two").unwrap();
            match round % 4 {
                0 => assert_eq!(zstr::recv(&input).unwrap(), "one"),
                1 => assert!(ZSocket::poll(&input, None).unwrap()),
                2 => zstr::send(&input, "back").unwrap(),
                _ => {}
            }
            for _ in usize::from(round % 4 == 0)..2 {
                assert_eq!(reactor.start(&mut received).unwrap(), LoopEnd::Ended);
            }
            assert_eq!(received.pop().unwrap(), "two");
            assert_eq!(received.pop().is_some(), round % 4 != 0);
        }
    });
}

#[test]
fn a_flooded_reader_starves_no_other_and_no_timer() {
    within(|| {
        let ctx = Context::new().unwrap();
        let (flooded, flood) = connected_in(&ctx, Pair, Pair);
        let pairs: Vec<_> = (0..99).map(|_| connected_in(&ctx, Pair, Pair)).collect();
        let mut reactor = ZLoop::new().unwrap();
        // What is received comes back, so that it is always ready.
        zstr::send(&flood, "x").unwrap();
        #[derive(Default)]
        struct Counts {
            since: usize,
            worst: usize,
            rounds: usize,
            ticks: usize,
        }
        reactor
            .reader(&flooded, |_, flooded, counts: &mut Counts| {
                counts.since += 1;
                zstr::recv(flooded)?;
                zstr::send(&flood, "x")
            })
            .unwrap();
        for (number, (socket, _)) in pairs.iter().enumerate() {
            let next = &pairs[(number + 1) % pairs.len()].1;
            reactor
                .reader(socket, |_, socket, counts| {
                    counts.worst = counts.worst.max(counts.since);
                    (counts.since, counts.rounds) = (0, counts.rounds + 1);
                    zstr::recv(socket)?;
                    zstr::send(next, "x")?;
                    Ok(if counts.rounds > 2000 && counts.ticks > 3 {
                        Break(())
                    } else {
                        Continue(())
                    })
                })
                .unwrap();
        }
        reactor.timer(MS, 0, |_, _, counts| counts.ticks += 1).unwrap();
        zstr::send(&pairs[0].1, "x").unwrap();
        let mut counts = Counts::default();
        let start = Instant::now();
        reactor.start(&mut counts).unwrap();
        assert!(counts.worst <= 24, "one waited for {} others", counts.worst);
        assert!(counts.ticks as u128 <= start.elapsed().as_millis() + 1);
    });
}
