//! What ends a wait: the interrupts that a `Poller` minds, those of its sockets' contexts and its own.

use super::{Poller, UNKNOWN};
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::poll::PollEvents;
use crate::raw::errno;

/// The kernel's key of every interrupt. Slots never get there.
pub(super) const INTERRUPT: usize = usize::MAX - 1;

/// An interrupt, and how many count on its being minded.
pub(super) struct Minded {
    interrupt: Interrupt,
    uses: usize,
}

impl Poller<'_> {
    /// Waits on this interrupt too, beside those of the sockets' contexts, or no longer on the one that was set.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    /// - [`Forked`](crate::ErrorKind::Forked): it was made before this process was forked off.
    pub fn set_interrupt(&mut self, interrupt: Option<&Interrupt>) -> Result<()> {
        const SET: &str = "set interrupt";
        self.check_owner(SET)?;
        if interrupt.is_some_and(Interrupt::is_inherited) {
            return Err(Error::new(errno::FORKED, SET));
        }
        self.mind(interrupt)?;
        let former = std::mem::replace(&mut self.own_interrupt, interrupt.cloned());
        self.unmind(former.as_ref());
        Ok(())
    }

    /// Has waits go on whatever interrupt is triggered, and whatever signal comes, or ends them by these as ever.
    ///
    /// It is for whoever serves others until they have ended. A blocking receive on a socket is still interrupted;
    /// [`Socket::try_recv`](crate::Socket::try_recv) is not.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    /// - [`Forked`](crate::ErrorKind::Forked): it was made before this process was forked off.
    pub fn set_interruptible(&mut self, is_interruptible: bool) -> Result<()> {
        self.check_owner("set interruptible")?;
        if is_interruptible == self.is_interruptible {
            return Ok(());
        }
        // The kernel would tell of one that is triggered all the time.
        let fds = self.interrupts.iter().map(|minded| minded.interrupt.raw_fd());
        for (done, fd) in fds.clone().enumerate() {
            if !is_interruptible {
                self.kernel.remove(fd);
            } else if let Err(error) = self.kernel.add_fd(fd, INTERRUPT, PollEvents::IN) {
                fds.take(done).for_each(|fd| self.kernel.remove(fd));
                return Err(error);
            }
        }
        self.is_interruptible = is_interruptible;
        // One may have been triggered meanwhile.
        self.quiet_in = UNKNOWN;
        Ok(())
    }

    /// Waits on it too, until it is unminded as often.
    pub(super) fn mind(&mut self, interrupt: Option<&Interrupt>) -> Result<()> {
        let Some(interrupt) = interrupt else { return Ok(()) };
        if let Some(minded) = self.interrupts.iter_mut().find(|one| one.interrupt.is(interrupt)) {
            minded.uses += 1;
            return Ok(());
        }
        if self.is_interruptible {
            self.kernel.add_fd(interrupt.raw_fd(), INTERRUPT, PollEvents::IN)?;
        }
        // It may be triggered already.
        self.quiet_in = UNKNOWN;
        self.interrupts.push(Minded { interrupt: interrupt.clone(), uses: 1 });
        Ok(())
    }

    /// Waits on it no longer, where nothing else counts on that.
    pub(super) fn unmind(&mut self, interrupt: Option<&Interrupt>) {
        let Some(interrupt) = interrupt else { return };
        let at = self.interrupts.iter().position(|one| one.interrupt.is(interrupt));
        let Some(at) = at else { return };
        self.interrupts[at].uses -= 1;
        if self.interrupts[at].uses == 0 {
            let minded = self.interrupts.swap_remove(at);
            if self.is_interruptible && !self.is_inherited() {
                self.kernel.remove(minded.interrupt.raw_fd());
            }
        }
    }

    /// Whether a wait is to end by one.
    pub(super) fn is_interrupted(&self) -> bool {
        let is_triggered = |minded: &Minded| minded.interrupt.is_triggered();
        self.is_interruptible && self.interrupts.iter().any(is_triggered)
    }

    /// Has the kernel tell again of those that are triggered, of which it has told.
    pub(super) fn mind_again(&self) -> Result<()> {
        self.interrupts.iter().try_for_each(|minded| {
            self.kernel.again_fd(minded.interrupt.raw_fd(), INTERRUPT, PollEvents::IN)
        })
    }
}
