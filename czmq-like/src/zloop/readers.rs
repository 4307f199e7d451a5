//! Readers and pollers: sockets and file descriptors, and what is called when they are ready.

use std::cell::RefCell;
use std::marker::PhantomData;
#[cfg(unix)]
use std::os::fd::AsFd;
use std::ptr;
use std::rc::Rc;

use zmqx::{AsSocket, PollEvents, Ready, Result, Socket};

use super::call::{End, ReaderHandler, settle};
use super::{Reaction, ZLoop};

/// A socket or file descriptor that is registered. What it is, is in the handler, and in the poller.
pub(super) struct Reader<'a, S> {
    number: u64,
    /// Of the socket.
    address: Option<usize>,
    is_tolerant: bool,
    /// The last event was an error.
    is_in_error: bool,
    /// Shared with the loop while it runs, so that it may end its reader.
    handler: Rc<RefCell<ReaderHandler<'a, S>>>,
}

/// Names a reader of a [`ZLoop`]. No two have the same name, also when one has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReaderId {
    slot: usize,
    number: u64,
}

/// What tells which reader is meant: its [`ReaderId`], or its socket.
#[derive(Debug, Clone, Copy)]
pub struct ReaderKey<'s> {
    key: Key,
    socket: PhantomData<&'s ()>,
}

#[derive(Debug, Clone, Copy)]
enum Key {
    Id(ReaderId),
    Address(usize),
}

impl From<ReaderId> for ReaderKey<'_> {
    fn from(id: ReaderId) -> Self {
        Self { key: Key::Id(id), socket: PhantomData }
    }
}

impl<'s, B: AsSocket> From<&'s B> for ReaderKey<'s> {
    fn from(socket: &'s B) -> Self {
        Self { key: Key::Address(address(socket)), socket: PhantomData }
    }
}

/// Which socket it is: a socket that is registered stays where it is.
pub(crate) fn address(socket: &impl AsSocket) -> usize {
    ptr::from_ref(socket.as_socket()).addr()
}

impl<'a, S> ZLoop<'a, S> {
    /// Calls `handler` whenever something can be received on the socket.
    ///
    /// The socket is a reference, or is handed over, by itself, in a `Box` or in an `Rc`: then it is dropped, or let go
    /// of, when the reader ends, or when its handler returns where that ended it.
    ///
    /// It stands for `zloop_reader`, and for `zloop_poller` with ZMQ_POLLIN.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](zmqx::ErrorKind::InvalidInput): the socket is in a `ZLoop` or `Poller` already.
    /// - [`Terminated`](zmqx::ErrorKind::Terminated): its context was shut down.
    pub fn reader<B: AsSocket + 'a, R: Reaction>(
        &mut self,
        socket: B,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &Socket<B::Kind>, &mut S) -> R + 'a,
    ) -> Result<ReaderId> {
        self.poller(socket, PollEvents::IN, move |reactor, socket, _events, state| {
            handler(reactor, socket, state)
        })
    }

    /// Calls `handler` whenever one of these events has come to the socket, with those that have.
    ///
    /// It stands for `zloop_poller`. A socket that can be sent to is ready all the time: end such a poller when there
    /// is nothing to be sent.
    ///
    /// # Errors
    ///
    /// As [`reader`](Self::reader).
    pub fn poller<B: AsSocket + 'a, R: Reaction>(
        &mut self,
        socket: B,
        events: PollEvents,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &Socket<B::Kind>, PollEvents, &mut S) -> R + 'a,
    ) -> Result<ReaderId> {
        // The poller has one, and the handler the other, which lives until that returns.
        let socket = Rc::new(socket);
        let address = address(&*socket);
        let slot = self.readers.vacant_key();
        self.poller.add(Rc::clone(&socket), slot, events)?;
        self.log(|| format!("register {} poller", socket.as_socket().kind()));
        self.by_address.insert(address, slot);
        Ok(self.insert(
            Some(address),
            Box::new(move |reactor, events, state| {
                settle(handler(reactor, (*socket).as_socket(), events, state))
            }),
        ))
    }

    /// Calls `handler` whenever something can be read from the file descriptor, which is anything that has one.
    ///
    /// It is also called when the descriptor is in error or hung up, and nothing is there to be read. When that is so
    /// twice in a row, the reader is ended, as it would do nothing else any more, unless it is
    /// [tolerant](Self::set_tolerant).
    ///
    /// It stands for `zloop_poller` with an item of a file descriptor.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](zmqx::ErrorKind::InvalidInput): the descriptor is registered already.
    #[cfg(unix)]
    pub fn fd_reader<F: AsFd + 'a, R: Reaction>(
        &mut self,
        fd: F,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &F, &mut S) -> R + 'a,
    ) -> Result<ReaderId> {
        self.fd_poller(fd, PollEvents::IN, move |reactor, fd, _events, state| {
            handler(reactor, fd, state)
        })
    }

    /// Calls `handler` whenever one of these events has come to the file descriptor, with those that have.
    ///
    /// It stands for `zloop_poller` with an item of a file descriptor.
    ///
    /// # Errors
    ///
    /// As [`fd_reader`](Self::fd_reader).
    #[cfg(unix)]
    pub fn fd_poller<F: AsFd + 'a, R: Reaction>(
        &mut self,
        fd: F,
        events: PollEvents,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &F, PollEvents, &mut S) -> R + 'a,
    ) -> Result<ReaderId> {
        let fd = Rc::new(fd);
        let slot = self.readers.vacant_key();
        self.poller.add_fd(Rc::clone(&fd), slot, events)?;
        self.log(|| format!("register poller of {:?}", fd.as_fd()));
        Ok(self.insert(
            None,
            Box::new(move |reactor, events, state| settle(handler(reactor, &*fd, events, state))),
        ))
    }

    fn insert(&mut self, address: Option<usize>, handler: ReaderHandler<'a, S>) -> ReaderId {
        let number = self.number();
        let (is_tolerant, is_in_error) = (false, false);
        let handler = Rc::new(RefCell::new(handler));
        let slot =
            self.readers.insert(Reader { number, address, is_tolerant, is_in_error, handler });
        ReaderId { slot, number }
    }

    fn slot(&self, key: Key) -> Option<usize> {
        match key {
            Key::Id(id) => {
                let reader = self.readers.get(id.slot)?;
                (reader.number == id.number).then_some(id.slot)
            }
            Key::Address(address) => self.by_address.get(&address).copied(),
        }
    }

    /// Ends a reader or poller, of a socket or a file descriptor. One that has ended already may be ended again.
    ///
    /// The socket stays open, unless it was handed over.
    ///
    /// It stands for `zloop_reader_end` and `zloop_poller_end`.
    pub fn reader_end<'s>(&mut self, reader: impl Into<ReaderKey<'s>>) {
        let Some(slot) = self.slot(reader.into().key) else { return };
        self.log(|| format!("cancel poller {slot}"));
        let reader = self.readers.remove(slot);
        if let Some(address) = reader.address {
            self.by_address.remove(&address);
        }
        // It has the key.
        let _ = self.poller.remove(slot);
        // What is dropped with it finds the loop in order.
        drop(reader);
    }

    /// Has a reader go on that is in error time and again.
    ///
    /// It stands for `zloop_reader_set_tolerant` and `zloop_poller_set_tolerant`.
    pub fn set_tolerant<'s>(&mut self, reader: impl Into<ReaderKey<'s>>) {
        if let Some(slot) = self.slot(reader.into().key) {
            self.readers[slot].is_tolerant = true;
        }
    }

    /// Calls the handler of what is ready.
    #[inline]
    pub(super) fn run_reader(&mut self, ready: Ready, state: &mut S) -> Option<End> {
        let slot = ready.key();
        let reader = self.readers.get_mut(slot)?;
        let was_in_error = reader.is_in_error;
        // With something else, as what the other side has sent before it hung up, there is something to do yet.
        reader.is_in_error = ready.revents() == PollEvents::ERR && !reader.is_tolerant;
        if reader.is_in_error && was_in_error {
            let id = ReaderId { slot, number: reader.number };
            self.give_up(id);
            return None;
        }
        let handler = Rc::clone(&reader.handler);
        self.log(move || format!("call handler of poller {slot}"));
        // It is not running already: no handler starts the loop again.
        let mut handler = handler.borrow_mut();
        handler(self, ready.revents(), state)
    }

    /// Ends a reader that is in error time and again.
    #[cold]
    fn give_up(&mut self, id: ReaderId) {
        self.log(|| format!("poller {} is in error", id.slot));
        self.reader_end(id);
    }
}
