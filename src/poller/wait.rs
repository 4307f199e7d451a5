//! Waiting: which of the hot ones is ready, and news from the kernel.

use std::time::{Duration, Instant};

use super::entry::{self, Source};
use super::interrupts::INTERRUPT;
use super::{LOOK_EVERY, POLL, Place, Poller, Ready};
use crate::error::{Error, Result};
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
    #[inline]
    pub fn wait(&mut self, timeout: Option<Duration>) -> Result<Option<Ready>> {
        match self.first_if_ready() {
            Some(ready) => Ok(Some(ready)),
            None => self.wait_for_news(timeout),
        }
    }

    /// The first in the queue, if it is a socket, and ready, and there is no news: nothing was triggered, shut down or
    /// used, and the kernel's turn has not come.
    #[inline]
    fn first_if_ready(&mut self) -> Option<Ready> {
        // One by one: the compiler would work all of them out together.
        if self.quiet_in != fork::quiet_epoch() {
            return None;
        }
        if self.before_look == 0 {
            return None;
        }
        if self.touched.is_any() {
            return None;
        }
        if !self.unseen.is_empty() {
            return None;
        }
        let entry = self.entries.get(self.hot.first())?;
        let Source::Socket(socket) = &entry.source else { return None };
        let revents = entry::ask_socket(socket.core(), entry.events).ok()?;
        if revents.is_empty() {
            self.found_cold = true;
            return None;
        }
        self.before_look -= 1;
        self.hot.rotate(entry.links);
        Some(Ready { key: entry.key, revents })
    }

    /// Waits with an eye on everything.
    #[inline(never)]
    fn wait_for_news(&mut self, timeout: Option<Duration>) -> Result<Option<Ready>> {
        if std::mem::take(&mut self.found_cold) {
            self.cool_first()?;
        }
        while !self.unseen.is_empty() {
            let slot = self.unseen.first();
            self.unseen.remove(&mut self.entries, slot);
            self.enqueue(slot);
        }
        let mut deadline = None;
        let mut is_over = false;
        loop {
            self.mind_epochs()?;
            if self.touched.is_any() {
                self.warm_touched();
            }
            if self.before_look == 0 {
                if self.cold == 0 {
                    // There is none that the kernel could tell of.
                    self.before_look = u32::MAX;
                } else {
                    self.look(Some(Duration::ZERO))?;
                }
            }
            if let Some(ready) = self.next_ready()? {
                self.before_look -= 1;
                return Ok(Some(ready));
            }
            if is_over {
                return Ok(None);
            }
            let left = match (timeout, deadline) {
                (None, _) => None,
                // Whoever does not wait needs no clock.
                (Some(Duration::ZERO), _) => timeout,
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

    /// Looks what was shut down or triggered, where anything was.
    fn mind_epochs(&mut self) -> Result<()> {
        // Before all else: what happens while this looks has the next wait look again.
        let quiet_epoch = fork::quiet_epoch();
        if self.quiet_in == quiet_epoch {
            return Ok(());
        }
        let epoch = fork::epoch();
        if self.epoch != epoch {
            self.mind_shutdown(epoch)?;
        }
        if self.is_interrupted() {
            return Err(Error::new(errno::EINTR, POLL));
        }
        if !self.has_ended {
            self.quiet_in = quiet_epoch;
        }
        Ok(())
    }

    /// A context was shut down, or this is a child after fork: whether that concerns a socket, only each of them knows.
    /// Where it does, each wait asks that: between the two steps of a shutdown libzmq does not know of it yet.
    #[cold]
    fn mind_shutdown(&mut self, epoch: usize) -> Result<()> {
        self.check_owner(POLL)?;
        self.epoch = epoch;
        self.has_ended = false;
        let slots: Vec<usize> = self.entries.iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            let core = self.entries[slot].source.core();
            self.has_ended |= core.is_some_and(|core| core.raw.usable().is_err());
            self.warm(slot);
        }
        Ok(())
    }

    /// Puts it into the queue, where it is not there already.
    pub(super) fn warm(&mut self, slot: usize) {
        let Some(entry) = self.entries.get(slot) else { return };
        if entry.place == Place::Cold {
            entry.warm();
            self.cold -= 1;
            self.enqueue(slot);
        }
    }

    /// Puts what is in no queue into that of the hot ones.
    fn enqueue(&mut self, slot: usize) {
        self.entries[slot].place = Place::Hot;
        self.hot.push(&mut self.entries, slot);
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
        self.before_look = LOOK_EVERY;
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
            Err(error)
                if error.errno() == errno::EINTR
                    && !(self.interrupts.is_empty() && self.is_interruptible) =>
            {
                again
            }
            other => other.and(again),
        }
    }

    /// The first in the queue that is ready. Those that are not leave it.
    fn next_ready(&mut self) -> Result<Option<Ready>> {
        while let Some(entry) = self.entries.get(self.hot.first()) {
            match entry.check() {
                Ok(revents) if revents.is_empty() => self.cool_first()?,
                Ok(revents) => {
                    self.hot.rotate(entry.links);
                    return Ok(Some(Ready { key: entry.key, revents }));
                }
                Err(code) => return Err(Error::new(code, POLL)),
            }
        }
        Ok(None)
    }

    /// Lets the first, which is not ready, out of the queue.
    #[cold]
    fn cool_first(&mut self) -> Result<()> {
        let slot = self.hot.first();
        self.hot.remove(&mut self.entries, slot);
        let entry = &mut self.entries[slot];
        if !entry.is_seen() {
            entry.place = Place::Unseen;
            self.unseen.push(&mut self.entries, slot);
            return Ok(());
        }
        entry.place = Place::Cold;
        self.cold += 1;
        self.before_look = self.before_look.min(LOOK_EVERY);
        entry.cool(&self.kernel, slot)
    }
}
