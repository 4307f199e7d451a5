//! Waiting: which of the hot ones is ready, and news from the kernel.

use std::time::{Duration, Instant};

use super::{INTERRUPT, LOOK_EVERY, POLL, Poller, Ready, Turn};
use crate::error::{Error, Result};
use crate::poll::PollEvents;
use crate::raw::{errno, fork};

impl Poller<'_> {
    /// Waits until something is ready, and tells what; `None` when the time is up. Without a timeout it waits for ever.
    ///
    /// It tells of one at a time, which is then really ready: whatever was done since the last time has been minded.
    /// Those that are ready take turns.
    ///
    /// # Errors
    ///
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by the [`Interrupt`](crate::Interrupt) of a socket's context, or the
    ///   one that was [set](Self::set_interrupt), even where something is ready; where there is none, on Linux by any
    ///   signal.
    /// - [`Terminated`](crate::ErrorKind::Terminated): a socket's context was shut down.
    /// - [`Forked`](crate::ErrorKind::Forked): it was made before this process was forked off.
    pub fn wait(&mut self, timeout: Option<Duration>) -> Result<Option<Ready>> {
        if self.epoch != fork::epoch() {
            self.mind_epoch()?;
        }
        if !self.unseen.is_empty() {
            self.hot.extend(self.unseen.drain(..));
        }
        let mut deadline = None;
        let mut is_over = false;
        loop {
            if self.is_interrupted() {
                return Err(Error::new(errno::EINTR, POLL));
            }
            if self.touched.is_any() {
                self.warm_touched();
            }
            if self.events_since_look >= LOOK_EVERY {
                self.look(Some(Duration::ZERO))?;
            }
            if let Some(ready) = self.next_ready()? {
                self.events_since_look += 1;
                return Ok(Some(ready));
            }
            if is_over {
                return Ok(None);
            }
            let left = match (timeout, deadline) {
                (None, _) => None,
                (Some(timeout), None) => {
                    deadline = Some(Instant::now().checked_add(timeout));
                    Some(timeout)
                }
                (Some(timeout), Some(deadline)) => Some(deadline.map_or(timeout, |deadline| {
                    deadline.saturating_duration_since(Instant::now())
                })),
            };
            is_over = left == Some(Duration::ZERO);
            self.look(left)?;
        }
    }

    /// A context was shut down, or this is a child after fork: whether that concerns a socket, only each of them knows.
    #[cold]
    fn mind_epoch(&mut self) -> Result<()> {
        self.check_owner(POLL)?;
        self.epoch = fork::epoch();
        let slots: Vec<usize> = self.entries.iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            self.warm(slot);
        }
        Ok(())
    }

    #[inline]
    fn is_interrupted(&self) -> bool {
        self.interrupts.iter().any(|minded| minded.interrupt.is_triggered())
    }

    /// Puts it into the queue, where it is not there already.
    pub(super) fn warm(&mut self, slot: usize) {
        if let Some(entry) = self.entries.get_mut(slot) {
            if !entry.is_hot {
                entry.is_hot = true;
                self.hot.push_back(Turn { slot, number: entry.number });
            }
        }
    }

    #[cold]
    fn warm_touched(&mut self) {
        let mut slots = std::mem::take(&mut self.slots);
        self.touched.take(&mut slots);
        for slot in slots.drain(..) {
            self.warm(slot);
        }
        self.slots = slots;
    }

    /// Asks the kernel for news.
    fn look(&mut self, timeout: Option<Duration>) -> Result<()> {
        self.events_since_look = 0;
        let mut slots = std::mem::take(&mut self.slots);
        let waited = self.kernel.wait(timeout, |key| slots.push(key));
        let mut again = Ok(());
        for slot in slots.drain(..) {
            if slot == INTERRUPT {
                again = again.and_then(|()| self.mind_again());
            } else {
                self.warm(slot);
            }
        }
        self.slots = slots;
        match waited {
            Err(error) if error.errno() == errno::EINTR && !self.interrupts.is_empty() => again,
            other => other.and(again),
        }
    }

    fn mind_again(&self) -> Result<()> {
        self.interrupts.iter().try_for_each(|minded| {
            self.kernel.again_fd(minded.interrupt.raw_fd(), INTERRUPT, PollEvents::IN)
        })
    }

    /// The first in the queue that is ready. Those that are not leave it.
    #[inline]
    fn next_ready(&mut self) -> Result<Option<Ready>> {
        while let Some(&turn) = self.hot.front() {
            let entry = self.entries.get_mut(turn.slot);
            let Some(entry) = entry.filter(|entry| entry.number == turn.number) else {
                self.hot.pop_front();
                continue;
            };
            match entry.check() {
                Ok(revents) if revents.is_empty() => self.cool(turn)?,
                Ok(revents) => {
                    let ready = Ready { key: entry.key, revents };
                    if self.hot.len() > 1 {
                        self.hot.rotate_left(1);
                    }
                    return Ok(Some(ready));
                }
                Err(code) => return Err(Error::new(code, POLL)),
            }
        }
        Ok(None)
    }

    /// Lets the first, which is not ready, out of the queue.
    #[cold]
    fn cool(&mut self, turn: Turn) -> Result<()> {
        self.hot.pop_front();
        let entry = &mut self.entries[turn.slot];
        if !entry.is_seen() {
            self.unseen.push(turn);
            return Ok(());
        }
        entry.is_hot = false;
        entry.cool(&self.kernel, turn.slot)
    }
}
