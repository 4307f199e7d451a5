//! How a `ZLoop` comes to its end: by handlers, errors, panics, interrupts, and the ends of contexts and pipes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use czmq_like::prelude::*;
use zmqx::{Context, Interrupt};

use common::{connected_in, pair, within};

const MS: Duration = Duration::from_millis(1);

#[test]
fn an_error_of_a_handler_is_starts() {
    within(|| {
        let (_output, input) = pair();
        let mut reactor = ZLoop::new().unwrap();
        let fails = |reactor: &mut ZLoop<'_, ()>, kind: fn() -> zmqx::Error| {
            reactor.timer(Duration::ZERO, 1, move |_, _, _| Err::<(), _>(kind())).unwrap();
            reactor.start(&mut ())
        };
        let interrupted = || std::io::Error::from(std::io::ErrorKind::Interrupted).into();
        assert_eq!(fails(&mut reactor, interrupted).unwrap(), LoopEnd::Interrupted);
        let invalid = || zmqx::Error::invalid("test", "it is one");
        assert_eq!(fails(&mut reactor, invalid).unwrap_err().kind(), ErrorKind::InvalidInput);
        reactor.timer(Duration::ZERO, 1, |_, _, _| zstr::recv_nowait(&input).map(drop)).unwrap();
        assert_eq!(reactor.start(&mut ()).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_panic_unwinds_out_of_start_and_the_loop_goes_on_after() {
    within(|| {
        let (output, input) = pair();
        let mut reactor = ZLoop::new().unwrap();
        let mut first = true;
        reactor
            .reader(&input, move |_, input, received: &mut Vec<String>| {
                received.push(zstr::recv(input)?);
                assert!(!std::mem::take(&mut first), "the first one panics");
                Ok(Break(()))
            })
            .unwrap();
        reactor.timer(MS, 1, |_, _, _| panic!("and so does the timer")).unwrap();
        zstr::send(&output, "one").unwrap();
        let mut received = Vec::new();
        for _ in 0..2 {
            catch_unwind(AssertUnwindSafe(|| reactor.start(&mut received))).unwrap_err();
        }
        zstr::send(&output, "two").unwrap();
        assert_eq!(reactor.start(&mut received).unwrap(), LoopEnd::Ended);
        assert_eq!(received, ["one", "two"]);
    });
}

#[test]
fn a_handler_cannot_start_the_loop_it_runs_in() {
    within(|| {
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .timer(Duration::ZERO, 1, |reactor, _, state: &mut ()| {
                assert_eq!(reactor.start(state).unwrap_err().kind(), ErrorKind::BadState);
                // Another one it can.
                let mut inner = ZLoop::new()?;
                inner.timer(Duration::ZERO, 1, |_, _, _| Break(()))?;
                assert_eq!(inner.start(&mut ())?, LoopEnd::Ended);
                Ok(Break(()))
            })
            .unwrap();
        assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Ended);
    });
}

#[test]
fn the_interrupt_ends_a_loop_idle_busy_or_empty() {
    within(|| {
        for sort in ["idle", "busy", "empty"] {
            let interrupt = Interrupt::new().unwrap();
            let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
            let (output, input) = connected_in(&ctx, Pair, Pair);
            let mut reactor = ZLoop::new().unwrap();
            match sort {
                "idle" => drop(reactor.reader(&input, |_, _, _| ()).unwrap()),
                "busy" => {
                    zstr::send(&output, "x").unwrap();
                    reactor.reader(&input, |_, _, _| ()).unwrap();
                    reactor.timer(Duration::ZERO, 0, |_, _, _| ()).unwrap();
                }
                _ => reactor.set_interrupt(Some(&interrupt)).unwrap(),
            }
            let trigger = thread::spawn(move || {
                // So that the loop runs; it is to end so in any case.
                thread::sleep(MS * 20);
                interrupt.trigger();
            });
            assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Interrupted, "{sort}");
            trigger.join().unwrap();
            assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Interrupted, "{sort}");
        }
    });
}

#[test]
fn a_context_that_ends_ends_the_loop() {
    within(|| {
        let ctx = Context::new().unwrap();
        let (_output, input) = connected_in(&ctx, Pair, Pair);
        let mut reactor = ZLoop::new().unwrap();
        reactor.reader(&input, |_, _, _: &mut ()| ()).unwrap();
        let end = thread::spawn(move || {
            // So that the loop runs; it is to end so in any case.
            thread::sleep(MS * 20);
            ctx.shutdown().unwrap();
        });
        assert_eq!(reactor.start(&mut ()).unwrap_err().kind(), ErrorKind::Terminated);
        end.join().unwrap();
    });
}

#[test]
fn the_end_of_a_pipe_is_an_event() {
    within(|| {
        let (ours, theirs) = Context::new().unwrap().pipe().unwrap();
        let mut reactor = ZLoop::new().unwrap();
        reactor.reader(&ours, |_, pipe, _: &mut ()| zstr::recv(pipe).map(drop)).unwrap();
        let child = thread::spawn(move || drop(theirs));
        assert_eq!(reactor.start(&mut ()).unwrap_err().kind(), ErrorKind::Disconnected);
        child.join().unwrap();
    });
}
