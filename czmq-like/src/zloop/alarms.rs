//! Timers, and tickets, which are timers of one delay that are put off again and again.

use std::time::{Duration, Instant};

use zmqx::{Error, Result};

use super::call::{AlarmHandler, Call, End, settle};
use super::schedule::AlarmId;
use super::{Reaction, ZLoop};

/// Names a timer of a [`ZLoop`]. No two have the same name, also when one has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimerId(AlarmId);

/// Names a ticket of a [`ZLoop`]. No two have the same name, also when one has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TicketId(AlarmId);

impl<'a, S> ZLoop<'a, S> {
    /// Calls `handler` after `delay`, and again after each further one, `times` times; 0 times is for ever.
    ///
    /// The delay begins now, whether the loop is running or not, on a monotonic clock. A call that is late, as another
    /// handler took its time, puts off none of those that follow: they come when they are due, and at once where that
    /// is past. Those that are due at the same moment are called in the order of their registration.
    ///
    /// It stands for `zloop_timer`.
    ///
    /// # Errors
    ///
    /// - [`BadState`](zmqx::ErrorKind::BadState): as many are registered as [may be](Self::set_max_timers).
    pub fn timer<R: Reaction>(
        &mut self,
        delay: Duration,
        times: usize,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, TimerId, &mut S) -> R + 'a,
    ) -> Result<TimerId> {
        self.log(|| format!("register timer, {} msec, {times} times", delay.as_millis()));
        let id = self.alarm(
            delay,
            times,
            Box::new(move |reactor, id, state| settle(handler(reactor, TimerId(id), state))),
        )?;
        Ok(TimerId(id))
    }

    /// Sets how many timers and tickets may be registered at a time; 0 is any number.
    ///
    /// It stands for `zloop_set_max_timers`.
    pub fn set_max_timers(&mut self, max_timers: usize) {
        self.max_timers = max_timers;
    }

    /// Ends a timer. One that has ended already may be ended again.
    ///
    /// A timer that ends itself is dropped when its handler returns.
    ///
    /// It stands for `zloop_timer_end`.
    pub fn timer_end(&mut self, timer: TimerId) {
        self.end_alarm(timer.0);
    }

    /// Sets the delay of the tickets that are registered from now on.
    ///
    /// It stands for `zloop_set_ticket_delay`.
    pub fn set_ticket_delay(&mut self, delay: Duration) {
        self.ticket_delay = Some(delay);
    }

    /// Calls `handler` once, after the delay for tickets, unless it is [reset](Self::ticket_reset) before.
    ///
    /// It stands for `zloop_ticket`.
    ///
    /// # Errors
    ///
    /// - [`BadState`](zmqx::ErrorKind::BadState): the [delay](Self::set_ticket_delay) was not set, or as many are
    ///   registered as [may be](Self::set_max_timers).
    pub fn ticket<R: Reaction>(
        &mut self,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, TicketId, &mut S) -> R + 'a,
    ) -> Result<TicketId> {
        let Some(delay) = self.ticket_delay else {
            return Err(Error::bad_state("register ticket", "the delay was not set"));
        };
        self.log(|| format!("register ticket, {} msec", delay.as_millis()));
        let id = self.alarm(
            delay,
            1,
            Box::new(move |reactor, id, state| settle(handler(reactor, TicketId(id), state))),
        )?;
        Ok(TicketId(id))
    }

    /// Has a ticket's delay begin again, also from inside its own handler, which is then called once more.
    ///
    /// It stands for `zloop_ticket_reset`.
    pub fn ticket_reset(&mut self, ticket: TicketId) {
        self.alarms.reset(ticket.0, Instant::now());
    }

    /// Ends a ticket. One that was called, or has ended, may be ended again.
    ///
    /// It stands for `zloop_ticket_delete`.
    pub fn ticket_delete(&mut self, ticket: TicketId) {
        self.end_alarm(ticket.0);
    }

    fn alarm(
        &mut self,
        delay: Duration,
        times: usize,
        handler: AlarmHandler<'a, S>,
    ) -> Result<AlarmId> {
        if self.max_timers > 0 && self.alarms.len() >= self.max_timers {
            let reason = format!("the limit of {} is reached", self.max_timers);
            return Err(Error::bad_state("register timer", reason));
        }
        let number = self.number();
        Ok(self.alarms.add(Instant::now(), number, delay, times, handler))
    }

    fn end_alarm(&mut self, id: AlarmId) {
        self.log(|| format!("cancel {id:?}"));
        // What is dropped with it finds the loop in order.
        drop(self.alarms.end(id));
    }

    /// Calls those that are due, each once, and says how long it is until the next.
    pub(super) fn run_due(&mut self, state: &mut S) -> Result<Option<Duration>, End> {
        let mut now = Instant::now();
        if self.alarms.collect(now) {
            while let Some((id, handler)) = self.alarms.next() {
                self.log(|| format!("call {id:?}"));
                let call = Call { reactor: self, id, handler: Some(handler) };
                if let Some(end) = call.run(state) {
                    return Err(end);
                }
            }
            now = Instant::now();
        }
        let due = self.alarms.first_due();
        Ok(due.map(|due| due.saturating_duration_since(now)))
    }
}
