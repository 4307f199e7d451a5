//! The timers and tickets of `ZLoop`, by the clock. That of its schedule is beside it, by a model clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use czmq_like::prelude::*;

use common::within;

const MS: Duration = Duration::from_millis(1);

/// A loop whose state notes what was called.
fn noting<'a>() -> ZLoop<'a, Vec<usize>> {
    ZLoop::new().unwrap()
}

/// A handler that notes `number`.
fn note(number: usize) -> impl FnMut(&mut ZLoop<'_, Vec<usize>>, TimerId, &mut Vec<usize>) {
    move |_, _, notes| notes.push(number)
}

#[test]
fn timers_due_together_are_called_in_the_order_of_their_registration() {
    within(|| {
        let mut reactor = noting();
        for number in 0..100 {
            reactor.timer(MS * 5, 2, note(number)).unwrap();
        }
        reactor.timer(MS * 10, 1, |_, _, _| Break(())).unwrap();
        // Late for all of them.
        thread::sleep(MS * 20);
        let mut notes = Vec::new();
        reactor.start(&mut notes).unwrap();
        reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
        reactor.start(&mut notes).unwrap();
        assert_eq!(notes, (0..100).chain(0..100).collect::<Vec<_>>());
    });
}

#[test]
fn timers_run_as_often_as_they_are_to() {
    within(|| {
        let mut reactor = noting();
        for times in 1..4 {
            reactor.timer(Duration::ZERO, times, note(times)).unwrap();
        }
        // For ever, until something ends it.
        let forever = reactor.timer(Duration::ZERO, 0, note(0)).unwrap();
        reactor
            .timer(Duration::ZERO, 0, move |reactor, own, notes| {
                if notes.iter().filter(|number| **number == 0).count() == 10 {
                    reactor.timer_end(forever);
                    reactor.timer_end(own);
                    reactor.timer_end(own);
                    reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
                }
            })
            .unwrap();
        let mut notes = Vec::new();
        reactor.start(&mut notes).unwrap();
        let count = |wanted| notes.iter().filter(|number| **number == wanted).count();
        assert_eq!([0, 1, 2, 3].map(count), [10, 1, 2, 3]);
    });
}

#[test]
fn a_timer_is_never_early_and_does_not_drift() {
    within(|| {
        let start = Instant::now();
        let mut reactor = ZLoop::new().unwrap();
        let mut calls = 0;
        reactor
            .timer(MS * 10, 0, move |_, _, _| {
                calls += 1;
                let due = start + MS * 10 * calls;
                assert!(Instant::now() >= due);
                // With drift it would be late by 6 ms more each time, and this never end. On a busy machine it may be
                // late now and then, and is in time again.
                if calls >= 20 && due.elapsed() < MS * 3 * calls {
                    return Break(());
                }
                // Late in each call, by less than the delay.
                thread::sleep(MS * 6);
                Continue(())
            })
            .unwrap();
        reactor.start(&mut ()).unwrap();
    });
}

#[test]
fn a_timer_that_another_ends_is_not_called_though_it_is_due() {
    within(|| {
        let mut reactor = noting();
        let first = reactor.timer(MS, 1, note(1)).unwrap();
        let third = Rc::new(Cell::new(None));
        let later = Rc::clone(&third);
        reactor
            .timer(MS, 1, move |reactor, _, _| {
                reactor.timer_end(first);
                reactor.timer_end(later.get().unwrap());
            })
            .unwrap();
        third.set(Some(reactor.timer(MS, 1, note(3)).unwrap()));
        reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
        // Until all are due.
        thread::sleep(MS * 3);
        let mut notes = Vec::new();
        reactor.start(&mut notes).unwrap();
        assert_eq!(notes, [1]);
    });
}

#[test]
fn a_loop_that_was_ended_goes_on_where_it_was() {
    within(|| {
        let mut reactor = noting();
        for number in 0..5 {
            reactor
                .timer(MS, 1, move |_, _, notes| {
                    notes.push(number);
                    Break(())
                })
                .unwrap();
        }
        // Until all are due.
        thread::sleep(MS * 2);
        let mut notes = Vec::new();
        for calls in 1..=5 {
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert_eq!(notes.len(), calls);
        }
        assert_eq!(notes, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn tickets_are_put_off() {
    within(|| {
        let mut reactor = noting();
        let none = reactor.ticket(|_, _, _| ());
        assert_eq!(none.unwrap_err().kind(), ErrorKind::BadState);
        reactor.set_ticket_delay(MS * 30);
        let put_off = reactor.ticket(|_, _, notes| notes.push(1)).unwrap();
        reactor.ticket(|_, _, notes| notes.push(2)).unwrap();
        reactor.timer(MS * 5, 10, move |reactor, _, _| reactor.ticket_reset(put_off)).unwrap();
        // One that puts itself off.
        let mut left = 2;
        reactor
            .ticket(move |reactor, own, notes| {
                notes.push(3);
                left -= 1;
                if left > 0 {
                    reactor.ticket_reset(own);
                }
            })
            .unwrap();
        reactor.timer(MS * 500, 1, |_, _, _| Break(())).unwrap();
        let mut notes = Vec::new();
        reactor.start(&mut notes).unwrap();
        reactor.ticket_delete(put_off);
        reactor.ticket_reset(put_off);
        // What has the same moment, 30 ms from the start, is in order; the others come later.
        assert_eq!(notes[..2], [2, 3]);
        notes.sort_unstable();
        assert_eq!(notes, [1, 2, 3, 3]);
    });
}

#[test]
fn a_hundred_thousand_timers_are_registered_and_ended_at_once() {
    within(|| {
        let mut reactor = noting();
        let ids: Vec<_> =
            (0..100_000).map(|n| reactor.timer(MS * 3_600_000, 0, note(n)).unwrap()).collect();
        reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
        reactor.start(&mut Vec::new()).unwrap();
        for id in ids {
            reactor.timer_end(id);
        }
        assert!(format!("{reactor:?}").contains("timers: 0"));
    });
}

#[test]
fn the_number_of_timers_can_be_limited() {
    within(|| {
        let mut reactor = noting();
        reactor.set_max_timers(2);
        let first = reactor.timer(MS, 1, note(1)).unwrap();
        reactor.timer(MS, 1, note(2)).unwrap();
        assert_eq!(reactor.timer(MS, 1, note(3)).unwrap_err().kind(), ErrorKind::BadState);
        reactor.timer_end(first);
        reactor.timer(MS, 1, note(4)).unwrap();
        reactor.set_max_timers(0);
        reactor.timer(MS, 1, |_, _, _| Break(())).unwrap();
        let mut notes = Vec::new();
        reactor.start(&mut notes).unwrap();
        assert_eq!(notes, [2, 4]);
    });
}
