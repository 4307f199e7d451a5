//! `Schedule`: what is to be called when. It has no clock of its own.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use slab::Slab;

/// Later than any program runs.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 100);

/// Handlers `H` and the moments at which each is due.
pub(super) struct Schedule<H> {
    alarms: Slab<Alarm<H>>,
    /// The slots of those that wait for their moment. Those of one moment are in the order of their registration.
    waiting: BTreeMap<(Instant, u64), usize>,
    /// Those whose moment has come, in the order in which they are to be called.
    due: VecDeque<AlarmId>,
}

struct Alarm<H> {
    number: u64,
    state: State,
    delay: Duration,
    /// How many calls are left; `None` is for ever.
    left: Option<usize>,
    /// None while it runs.
    handler: Option<H>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting(Instant),
    Due(Instant),
    /// It runs for the last time.
    Over,
}

/// Names a handler. No two ever have the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AlarmId {
    slot: usize,
    number: u64,
}

fn after(moment: Instant, delay: Duration) -> Instant {
    moment.checked_add(delay).unwrap_or_else(|| moment + FAR)
}

impl<H> Schedule<H> {
    pub(super) fn new() -> Self {
        Self { alarms: Slab::new(), waiting: BTreeMap::new(), due: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.alarms.len()
    }

    /// Registers a handler, to be called `times` times, or for ever where that is 0. `number` is more than those before.
    pub(super) fn add(
        &mut self,
        now: Instant,
        number: u64,
        delay: Duration,
        times: usize,
        handler: H,
    ) -> AlarmId {
        let due = after(now, delay);
        let left = (times > 0).then_some(times);
        let (state, handler) = (State::Waiting(due), Some(handler));
        let slot = self.alarms.insert(Alarm { number, state, delay, left, handler });
        self.waiting.insert((due, number), slot);
        AlarmId { slot, number }
    }

    fn get(&mut self, id: AlarmId) -> Option<&mut Alarm<H>> {
        self.alarms.get_mut(id.slot).filter(|alarm| alarm.number == id.number)
    }

    /// Ends it, and gives its handler, unless that is running.
    pub(super) fn end(&mut self, id: AlarmId) -> Option<H> {
        if let State::Waiting(due) = self.get(id)?.state {
            self.waiting.remove(&(due, id.number));
        }
        self.alarms.remove(id.slot).handler
    }

    /// Has it wait for its delay again.
    pub(super) fn reset(&mut self, id: AlarmId, now: Instant) {
        let Some(alarm) = self.get(id) else { return };
        let due = after(now, alarm.delay);
        if alarm.state == State::Over {
            alarm.left = Some(1);
        }
        let former = std::mem::replace(&mut alarm.state, State::Waiting(due));
        if let State::Waiting(former) = former {
            self.waiting.remove(&(former, id.number));
        }
        self.waiting.insert((due, id.number), id.slot);
    }

    /// The moment at which the next one is due.
    #[inline]
    pub(super) fn first_due(&self) -> Option<Instant> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Tells whether one is due by now, and has all of those called next.
    #[inline]
    pub(super) fn collect(&mut self, now: Instant) -> bool {
        if self.first_due().is_some_and(|due| due <= now) {
            self.collect_due(now);
        }
        !self.due.is_empty()
    }

    fn collect_due(&mut self, now: Instant) {
        while let Some(first) = self.waiting.first_entry() {
            let (due, number) = *first.key();
            if due > now {
                break;
            }
            let slot = first.remove();
            self.alarms[slot].state = State::Due(due);
            self.due.push_back(AlarmId { slot, number });
        }
    }

    /// The next that is to be called, with its handler, which is to be put back. Its own next moment is counted from the
    /// one that it was due at, so that a late call delays no other.
    pub(super) fn next(&mut self) -> Option<(AlarmId, H)> {
        while let Some(id) = self.due.pop_front() {
            // It may have been ended, or reset, by one that was due before it.
            let Some(alarm) = self.get(id) else { continue };
            let State::Due(due) = alarm.state else { continue };
            let next = after(due, alarm.delay);
            alarm.left = alarm.left.map(|left| left - 1);
            alarm.state = if alarm.left == Some(0) { State::Over } else { State::Waiting(next) };
            let (is_over, handler) = (alarm.left == Some(0), alarm.handler.take());
            if !is_over {
                self.waiting.insert((next, id.number), id.slot);
            }
            if let Some(handler) = handler {
                return Some((id, handler));
            }
        }
        None
    }

    /// Puts a handler back that has run; or gives it, where it is not to run again.
    pub(super) fn put_back(&mut self, id: AlarmId, handler: H) -> Option<H> {
        match self.get(id) {
            Some(alarm) if alarm.state == State::Over => {
                self.alarms.remove(id.slot);
                Some(handler)
            }
            Some(alarm) => {
                alarm.handler = Some(handler);
                None
            }
            None => Some(handler),
        }
    }
}

#[cfg(test)]
mod tests;
