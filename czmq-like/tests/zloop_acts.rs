//! What handlers of `ZLoop` do to it, and to themselves: a reader, a descriptor, a timer and a ticket, each to each.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Duration;

use czmq_like::prelude::*;

use common::{pair, within};

const MS: Duration = Duration::from_millis(1);

/// What has handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Reader,
    Descriptor,
    Timer,
    Ticket,
}

const SORTS: [Sort; 4] = [Sort::Reader, Sort::Descriptor, Sort::Timer, Sort::Ticket];

#[derive(Debug, Clone, Copy)]
enum Name {
    Reader(ReaderId),
    Timer(TimerId),
    Ticket(TicketId),
}

/// The state of each loop here.
#[derive(Default)]
struct Notes {
    /// The one that is to be ended.
    victim: Option<Name>,
    has_ended: bool,
    calls: usize,
}

type Loop<'a> = ZLoop<'a, Notes>;

/// Registers one that is called again and again, for nobody takes what is there; or, if it is a ticket, once.
fn add<'a>(
    reactor: &mut Loop<'a>,
    sort: Sort,
    mut handler: impl FnMut(&mut Loop<'a>, &mut Notes) -> ControlFlow<()> + 'a,
) -> Name {
    match sort {
        Sort::Reader => {
            let (output, input) = pair();
            zstr::send(&output, "x").unwrap();
            let call = move |reactor: &mut Loop<'a>, _: &Socket<Pair>, notes: &mut Notes| {
                let _there_is_a_peer = &output;
                handler(reactor, notes)
            };
            Name::Reader(reactor.reader(input, call).unwrap())
        }
        Sort::Descriptor => {
            let (mut output, input) = UnixStream::pair().unwrap();
            output.write_all(b"x").unwrap();
            let call = move |reactor: &mut Loop<'a>, _: &UnixStream, notes: &mut Notes| {
                let _there_is_a_peer = &output;
                handler(reactor, notes)
            };
            Name::Reader(reactor.fd_reader(input, call).unwrap())
        }
        Sort::Timer => {
            let call = move |reactor: &mut Loop<'a>, _, notes: &mut Notes| handler(reactor, notes);
            Name::Timer(reactor.timer(Duration::ZERO, 0, call).unwrap())
        }
        Sort::Ticket => {
            reactor.set_ticket_delay(MS);
            let call = move |reactor: &mut Loop<'a>, _, notes: &mut Notes| handler(reactor, notes);
            Name::Ticket(reactor.ticket(call).unwrap())
        }
    }
}

fn end(reactor: &mut Loop<'_>, name: Name) {
    match name {
        Name::Reader(id) => reactor.reader_end(id),
        Name::Timer(id) => reactor.timer_end(id),
        Name::Ticket(id) => reactor.ticket_delete(id),
    }
}

/// Ends the loop when whatever is ready or due has had its turn, many times.
fn end_soon(reactor: &mut Loop<'_>) {
    reactor.timer(MS * 5, 1, |_, _, _| Break(())).unwrap();
}

#[test]
fn a_handler_of_each_sort_adds_one_of_each_sort() {
    within(|| {
        for (sort, other) in SORTS.iter().flat_map(|sort| SORTS.map(|other| (*sort, other))) {
            let mut reactor = ZLoop::new().unwrap();
            add(&mut reactor, sort, move |reactor, notes| {
                notes.calls += 1;
                if notes.calls == 1 {
                    add(reactor, other, |_, notes| {
                        notes.has_ended = true;
                        Break(())
                    });
                }
                Continue(())
            });
            let mut notes = Notes::default();
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert!(notes.has_ended, "a {other:?} that a {sort:?} added");
        }
    });
}

#[test]
fn a_handler_of_each_sort_ends_one_of_each_sort() {
    within(|| {
        for (sort, other) in SORTS.iter().flat_map(|sort| SORTS.map(|other| (*sort, other))) {
            let mut reactor = ZLoop::new().unwrap();
            add(&mut reactor, sort, |reactor, notes| {
                if let Some(victim) = notes.victim.take() {
                    end(reactor, victim);
                    end(reactor, victim);
                    notes.has_ended = true;
                    end_soon(reactor);
                }
                Continue(())
            });
            let held = Rc::new(());
            let holds = Rc::clone(&held);
            let victim = add(&mut reactor, other, move |_, notes| {
                let _held = &holds;
                assert!(!notes.has_ended, "a {other:?} was called that a {sort:?} had ended");
                Continue(())
            });
            let mut notes = Notes { victim: Some(victim), ..Notes::default() };
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert!(notes.has_ended);
            assert_eq!(Rc::strong_count(&held), 1, "what a {other:?} had is dropped");
        }
    });
}

#[test]
fn a_handler_of_each_sort_ends_itself_and_lives_until_it_returns() {
    within(|| {
        for sort in SORTS {
            let mut reactor = ZLoop::new().unwrap();
            let held = Rc::new(());
            let holds = Rc::clone(&held);
            let own = add(&mut reactor, sort, move |reactor, notes| {
                notes.calls += 1;
                end(reactor, notes.victim.unwrap());
                end(reactor, notes.victim.unwrap());
                end_soon(reactor);
                assert_eq!(Rc::strong_count(&holds), 2);
                Continue(())
            });
            let mut notes = Notes { victim: Some(own), ..Notes::default() };
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert_eq!((notes.calls, Rc::strong_count(&held)), (1, 1), "{sort:?}");
        }
    });
}

#[test]
fn what_takes_the_place_of_one_that_ended_itself_is_another() {
    within(|| {
        for (sort, other) in SORTS.iter().flat_map(|sort| SORTS.map(|other| (*sort, other))) {
            let mut reactor = ZLoop::new().unwrap();
            let own = add(&mut reactor, sort, move |reactor, notes| {
                assert!(!notes.has_ended, "a {sort:?} was called that has ended");
                let own = notes.victim.unwrap();
                end(reactor, own);
                // It gets the slot that has just become free, where it is of the same sort.
                add(reactor, other, |_, notes| {
                    notes.calls += 1;
                    if notes.calls == 1 && notes.has_ended { Break(()) } else { Continue(()) }
                });
                // The former name is not the new one's.
                end(reactor, own);
                notes.has_ended = true;
                Continue(())
            });
            let mut notes = Notes { victim: Some(own), ..Notes::default() };
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert_eq!(notes.calls, 1, "a {other:?} in the place of a {sort:?}");
        }
    });
}

#[test]
fn a_handler_of_each_sort_may_panic_and_ends_the_loop_afterwards() {
    within(|| {
        for sort in SORTS {
            let mut reactor = ZLoop::new().unwrap();
            add(&mut reactor, sort, |_, notes| {
                notes.calls += 1;
                assert!(notes.calls > 1, "the first call panics");
                Break(())
            });
            let mut notes = Notes::default();
            catch_unwind(AssertUnwindSafe(|| reactor.start(&mut notes))).unwrap_err();
            assert_eq!(notes.calls, 1);
            // A ticket is called once, and that was it.
            let is_over = sort == Sort::Ticket;
            if is_over {
                end_soon(&mut reactor);
            }
            assert_eq!(reactor.start(&mut notes).unwrap(), LoopEnd::Ended);
            assert_eq!(notes.calls, if is_over { 1 } else { 2 }, "{sort:?}");
        }
    });
}
