//! `BStar`, the Binary Star reactor: a pair of servers, of which one is active, and the other takes over when it dies.
//!
//! The primary and the backup tell each other their state, once a heartbeat. Clients know both, and turn to the other
//! one when theirs does not answer: a client's request is the vote by which a passive server becomes active, and only
//! when it has not heard its peer for two heartbeats. So a server that merely loses sight of its peer takes over
//! nothing. Two that are active although they hear each other end, both of them, which is what
//! [`LoopEnd::Ended`] of [`BStar::start`] says; a person then starts them anew.
//!
//! Where it differs from the Guide's C:
//!
//! - What the peer has said counts before what a client asks, where both are there. Otherwise a passive server that was
//!   stopped for a while would take over from a peer whose messages it has just not read yet.
//! - A state that is not exactly one digit from 1 to 4 is no sign of life and no event; in C, "5" is a client's vote.
//! - What the voter's handler gives counts: an error or a `Break` ends the reactor. In C it is lost.

mod machine;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use czmq_like::prelude::*;
use zmqx::{Error, Open, Result};

pub use machine::{Event, Exception, State};

/// How often a server tells its peer its state. A peer that is silent for two heartbeats is dead.
pub const HEARTBEAT: Duration = Duration::from_millis(1000);

/// What is called when the server becomes active, or passive.
type Handler<'a, S> = Box<dyn FnMut(&mut ZLoop<'a, S>, &mut S) -> Result<ControlFlow<()>> + 'a>;

/// A Binary Star server: a reactor with the pair's state machine in it, beside whatever else is registered there.
///
/// `S` is the program's own state, which all handlers get as `&mut S`; they are those of a [`ZLoop`].
///
/// ```
/// use czmq_like::prelude::*;
/// use guide::bstar::{BStar, State};
///
/// struct Server {
///     is_active: bool,
/// }
///
/// let mut bstar = BStar::new(State::Primary, "tcp://127.0.0.1:*", "tcp://127.0.0.1:5004")?;
/// bstar.voter("tcp://127.0.0.1:*", Router, |_, socket, _: &mut Server| {
///     ZMsg::recv(socket)?.send(socket).map_err(zmqx::Error::from) // echoes the request
/// })?;
/// bstar.new_active(|_, server: &mut Server| server.is_active = true)?;
/// bstar.new_passive(|_, server| server.is_active = false)?;
/// bstar.zloop().timer(Duration::from_millis(1), 1, |_, _, _| Break(()))?;
///
/// assert_eq!(bstar.start(&mut Server { is_active: false })?, LoopEnd::Ended);
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct BStar<'a, S> {
    // Before the context, which ends the sockets that are open.
    reactor: ZLoop<'a, S>,
    /// Tells the peer our state.
    sender: TimerId,
    statepub: Rc<Socket<Pub>>,
    statesub: Rc<Socket<Sub>>,
    own: Rc<RefCell<Own<'a, S>>>,
    has_voter: bool,
    ctx: ZCtx,
}

/// What the handlers share. None calls another while it has this borrowed, as `start` in a handler fails.
struct Own<'a, S> {
    state: State,
    heartbeat: Duration,
    /// When the peer is considered 'dead'.
    peer_expiry: Duration,
    active: Option<Handler<'a, S>>,
    passive: Option<Handler<'a, S>>,
}

impl<'a, S: 'a> BStar<'a, S> {
    /// Creates a server that starts as [`State::Primary`] or [`State::Backup`], binds `local` for its own state, and
    /// connects to `remote` for its peer's.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](ErrorKind::InvalidInput): `role` is neither, or an endpoint is none.
    /// - Those of a bind.
    pub fn new(role: State, local: impl AsRef<str>, remote: impl AsRef<str>) -> Result<Self> {
        if !matches!(role, State::Primary | State::Backup) {
            return Err(Error::invalid("create BStar", "a server starts as primary or backup"));
        }
        // Initialize the Binary Star
        let ctx = ZCtx::new()?;
        let mut reactor = ZLoop::new()?;
        let own = Own {
            state: role,
            heartbeat: HEARTBEAT,
            peer_expiry: Duration::ZERO,
            active: None,
            passive: None,
        };
        let own = Rc::new(RefCell::new(own));

        // Create publisher for state going to peer
        let statepub = Rc::new(ctx.socket(Pub)?);
        statepub.bind(local)?;

        // Create subscriber for state coming from peer
        let statesub = Rc::new(ctx.socket(Sub)?);
        statesub.subscribe("")?;
        statesub.connect(remote)?;

        // Set-up basic reactor events
        let sender = send_state(&mut reactor, &own, &statepub)?;
        let receiver = Rc::clone(&own);
        reactor.reader(Rc::clone(&statesub), move |reactor, statesub, state| {
            recv_state(&receiver, reactor, statesub, state)
        })?;
        Ok(Self { reactor, sender, statepub, statesub, own, has_voter: false, ctx })
    }

    /// Returns the underlying reactor, to register and end readers and timers.
    pub fn zloop(&mut self) -> &mut ZLoop<'a, S> {
        &mut self.reactor
    }

    /// Opens and binds the clients' socket. Its messages are the clients' requests: each is a vote, and `handler` is
    /// called to receive it, or else it is dropped. There is exactly one voter.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): there is a voter.
    /// - [`InvalidInput`](ErrorKind::InvalidInput): a REP, which must answer what it drops; or no endpoint.
    /// - Those of a bind.
    pub fn voter<O: Open<Kind: Receives>, R: Reaction>(
        &mut self,
        endpoint: impl AsRef<str>,
        kind: O,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &Socket<O::Kind>, &mut S) -> R + 'a,
    ) -> Result<()> {
        if self.has_voter {
            return Err(Error::bad_state("register voter", "there is one"));
        }
        let socket = self.ctx.socket(kind)?;
        if socket.kind() == SocketKind::Rep {
            return Err(Error::invalid("register voter", "REP must answer what is rejected"));
        }
        socket.bind(endpoint)?;
        let (own, statesub) = (Rc::clone(&self.own), Rc::clone(&self.statesub));
        self.reactor.reader(socket, move |reactor, socket, state| {
            // What the peer has said comes first
            if recv_state(&own, reactor, &statesub, state)?.is_break() {
                return Ok(Break(()));
            }
            let Ok(change) = own.borrow_mut().execute(Event::ClientRequest) else {
                // Destroy waiting message, no-one to read it
                return ZMsg::recv_nowait(socket).map(|_| Continue(())).or_else(is_nothing);
            };
            // If server can accept input now, call application handler
            match announce(&own, change, reactor, state)? {
                Continue(()) => handler(reactor, socket, state).reaction(),
                Break(()) => Ok(Break(())),
            }
        })?;
        self.has_voter = true;
        Ok(())
    }

    /// Calls `handler` when the server has become active.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): there is such a handler.
    pub fn new_active<R: Reaction>(
        &mut self,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &mut S) -> R + 'a,
    ) -> Result<()> {
        let handler =
            Box::new(move |reactor: &mut _, state: &mut _| handler(reactor, state).reaction());
        register(&mut self.own.borrow_mut().active, handler)
    }

    /// Calls `handler` when the server has become passive.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): there is such a handler.
    pub fn new_passive<R: Reaction>(
        &mut self,
        mut handler: impl FnMut(&mut ZLoop<'a, S>, &mut S) -> R + 'a,
    ) -> Result<()> {
        let handler =
            Box::new(move |reactor: &mut _, state: &mut _| handler(reactor, state).reaction());
        register(&mut self.own.borrow_mut().passive, handler)
    }

    /// Sets the heartbeat, which is [`HEARTBEAT`] unless set. It must be the same at the peer.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): the reactor has as many timers as it may have.
    pub fn set_heartbeat(&mut self, heartbeat: Duration) -> Result<()> {
        self.own.borrow_mut().heartbeat = heartbeat;
        self.reactor.timer_end(self.sender);
        self.sender = send_state(&mut self.reactor, &self.own, &self.statepub)?;
        Ok(())
    }

    /// Sets whether the reactor says on stderr what it does.
    pub fn set_verbose(&mut self, is_verbose: bool) {
        self.reactor.set_verbose(is_verbose);
    }

    /// Returns which state it is in.
    pub fn state(&self) -> State {
        self.own.borrow().state
    }

    /// Runs until a handler ends it, or SIGINT or SIGTERM, or both servers are active, or both passive.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): there is no voter.
    /// - As [`ZLoop::start`].
    pub fn start(&mut self, state: &mut S) -> Result<LoopEnd> {
        if !self.has_voter {
            return Err(Error::bad_state("start BStar", "there is no voter"));
        }
        self.own.borrow_mut().update_peer_expiry();
        self.reactor.start(state)
    }
}

impl<S> Own<'_, S> {
    fn update_peer_expiry(&mut self) {
        self.peer_expiry = zclock::mono() + 2 * self.heartbeat;
    }

    /// Executes the state machine, says what is new, and gives the state that it has changed to, if it has.
    fn execute(&mut self, event: Event) -> Result<Option<State>, Exception> {
        let peer_is_dead = zclock::mono() >= self.peer_expiry;
        let next =
            self.state.execute(event, peer_is_dead).inspect_err(|exception| match exception {
                Exception::DualActives => zclock::log("E: fatal error - dual actives, aborting"),
                Exception::DualPassives => zclock::log("E: fatal error - dual passives, aborting"),
                Exception::Rejected => {}
            })?;
        if next == self.state {
            return Ok(None);
        }
        zclock::log(self.state.news(event));
        self.state = next;
        Ok(Some(next))
    }
}

impl<S> fmt::Debug for BStar<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BStar").field("has_voter", &self.has_voter).finish_non_exhaustive()
    }
}

fn register<'a, S>(place: &mut Option<Handler<'a, S>>, handler: Handler<'a, S>) -> Result<()> {
    if place.is_some() {
        return Err(Error::bad_state("register handler", "there is one"));
    }
    *place = Some(handler);
    Ok(())
}

/// Has our state published to the peer at every heartbeat.
fn send_state<'a, S: 'a>(
    reactor: &mut ZLoop<'a, S>,
    own: &Rc<RefCell<Own<'a, S>>>,
    statepub: &Rc<Socket<Pub>>,
) -> Result<TimerId> {
    let (sender, statepub) = (Rc::clone(own), Rc::clone(statepub));
    let heartbeat = own.borrow().heartbeat;
    reactor
        .timer(heartbeat, 0, move |_, _, _| zstr::send(&statepub, sender.borrow().state.message()))
}

/// Receives a state from the peer, if one is there, and executes the state machine.
fn recv_state<'a, S>(
    own: &RefCell<Own<'a, S>>,
    reactor: &mut ZLoop<'a, S>,
    statesub: &Socket<Sub>,
    state: &mut S,
) -> Result<ControlFlow<()>> {
    let msg = match ZMsg::recv_nowait(statesub) {
        Ok(msg) => msg,
        Err(error) => return is_nothing(error),
    };
    let event = msg.first().and_then(|frame| Event::from_message(frame.data()));
    let Some(event) = event.filter(|_| msg.size() == 1) else { return Ok(Continue(())) };
    own.borrow_mut().update_peer_expiry();
    let change = own.borrow_mut().execute(event);
    match change {
        Ok(change) => announce(own, change, reactor, state),
        Err(_) => Ok(Break(())),
    }
}

/// That nothing is there, which another handler has read, is no error.
fn is_nothing(error: Error) -> Result<ControlFlow<()>> {
    if error.kind() == ErrorKind::WouldBlock { Ok(Continue(())) } else { Err(error) }
}

/// Calls the handler for the state that the server has changed to, if it has.
fn announce<'a, S>(
    own: &RefCell<Own<'a, S>>,
    change: Option<State>,
    reactor: &mut ZLoop<'a, S>,
    state: &mut S,
) -> Result<ControlFlow<()>> {
    let own = &mut *own.borrow_mut();
    let handler = match change {
        Some(State::Active) => own.active.as_mut(),
        Some(State::Passive) => own.passive.as_mut(),
        _ => None,
    };
    handler.map_or(Ok(Continue(())), |handler| handler(reactor, state))
}
