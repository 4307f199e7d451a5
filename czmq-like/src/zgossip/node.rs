//! The thread of a `ZGossip`: its tuples, and those that have connected to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow::{self, Break, Continue};
use std::rc::Rc;
use std::time::Duration;

use zmqx::{ErrorKind, Pair, Result, Router, Socket};

use super::command::Command;
use super::msg::ZGossipMsg;
use super::remote::Remote;
use super::tuple::Tuple;
use crate::zactor::{Call, Desk};
use crate::{TicketId, TimerId, ZCtx, ZFrame, ZLoop, ZMsg, ZSocket, zsys};

/// For how long a client may be silent: CZMQ's default for `server/timeout`.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How often servers are pinged, so that none with this timeout misses it.
const PING: Duration = Duration::from_millis(250);

pub(super) type Reactor = ZLoop<'static, Node>;

/// What the thread has.
pub(super) struct Node {
    pub(super) ctx: ZCtx,
    name: String,
    pub(super) is_verbose: bool,
    desk: Desk<Command, usize>,
    pub(super) pipe: Rc<Socket<Pair>>,
    pub(super) router: Rc<Socket<Router>>,
    /// The last one that it was bound to.
    pub(super) port: u16,
    /// Whether there is a timeout for clients.
    pub(super) expires: bool,
    pub(super) ping: Duration,
    pub(super) ping_timer: Option<TimerId>,
    /// By their routing ids.
    clients: HashMap<Vec<u8>, Client>,
    /// By their endpoints.
    pub(super) remotes: BTreeMap<String, Remote>,
    pub(super) tuples: BTreeMap<String, Tuple>,
    /// The keys of those tuples for which values wait. Where there are any, a timer is set.
    pub(super) unsettled: BTreeSet<String>,
}

/// Who has said hello.
struct Client {
    /// Its expiry, where there is one.
    ticket: Option<TicketId>,
    has_pinged: bool,
}

/// Where a tuple comes from, and need not go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Own,
    Client(Vec<u8>),
    Remote(String),
}

/// Runs until "$TERM", an interrupt, or the end of the context.
pub(super) fn run(
    ctx: ZCtx,
    pipe: Socket<Pair>,
    desk: Desk<Command, usize>,
    name: String,
) -> Result<()> {
    let router = ctx.socket(Router)?;
    // Nothing is lost, and nothing waits, for those that are slow; those that are gone are told of.
    router.set_sndhwm(0)?;
    router.set_router_mandatory(true)?;
    let (pipe, router) = (Rc::new(pipe), Rc::new(router));
    let mut reactor = ZLoop::new()?;
    reactor.set_ticket_delay(TIMEOUT);
    reactor.reader(Rc::clone(&pipe), |reactor, pipe, node: &mut Node| node.told(reactor, pipe))?;
    reactor.reader(Rc::clone(&router), |reactor, router, node: &mut Node| {
        let msg = ZMsg::recv(router)?;
        node.handle_client(reactor, msg)
    })?;
    let mut node = Node {
        ctx,
        name,
        is_verbose: false,
        desk,
        pipe,
        router,
        port: 0,
        expires: true,
        ping: PING,
        ping_timer: None,
        clients: HashMap::new(),
        remotes: BTreeMap::new(),
        tuples: BTreeMap::new(),
        unsettled: BTreeSet::new(),
    };
    node.set_ping(&mut reactor, PING)?;
    ZSocket::signal(&node.pipe, 0)?;
    reactor.start(&mut node).map(drop)
}

impl Node {
    /// Takes what the program says.
    fn told(&mut self, reactor: &mut Reactor, pipe: &Socket<Pair>) -> Result<ControlFlow<()>> {
        match self.desk.receive(pipe)? {
            Some(Call::Term) => return Ok(Break(())),
            Some(Call::Command(command)) => {
                let answer = self.obey(reactor, command);
                self.desk.answer(answer);
            }
            None => {}
        }
        Ok(Continue(()))
    }

    /// Takes what a client says.
    fn handle_client(&mut self, reactor: &mut Reactor, mut msg: ZMsg) -> Result<()> {
        let Some(id) = msg.pop().map(|id| id.data().to_vec()) else { return Ok(()) };
        let said = msg.pop().filter(|_| msg.size() == 0);
        let said = said.and_then(|frame| ZGossipMsg::decode(&frame).ok());
        self.log(|| {
            let command = said.as_ref().map_or("no message", ZGossipMsg::command);
            format!("{command} of client {id:02X?}")
        });
        if let Some(ticket) = self.clients.get(&id).and_then(|client| client.ticket) {
            reactor.ticket_reset(ticket);
        }
        match (said, self.clients.get_mut(&id)) {
            (Some(ZGossipMsg::Hello), None) => self.welcome(reactor, id),
            (Some(msg @ ZGossipMsg::Publish { .. }), Some(_)) => {
                self.accept(reactor, msg, Origin::Client(id))
            }
            (Some(ZGossipMsg::Ping), Some(client)) => {
                client.has_pinged = true;
                let pong = frame_of(&ZGossipMsg::Pong)?;
                self.tell(&id, pong).map(drop)
            }
            // In CZMQ a PING before HELLO gets PONG, and one who was forgotten never knows.
            _ => {
                self.forget(reactor, &id);
                let invalid = frame_of(&ZGossipMsg::Invalid)?;
                self.tell(&id, invalid).map(drop)
            }
        }
    }

    /// Has a new client, and tells it all.
    fn welcome(&mut self, reactor: &mut Reactor, id: Vec<u8>) -> Result<()> {
        for tuple in self.tuples.values() {
            if !self.tell(&id, tuple.frame().dup())? {
                return Ok(());
            }
        }
        let ticket = if self.expires {
            let own_id = id.clone();
            Some(
                reactor
                    .ticket(move |reactor, ticket, node| node.expire(reactor, ticket, &own_id))?,
            )
        } else {
            None
        };
        self.clients.insert(id, Client { ticket, has_pinged: false });
        Ok(())
    }

    /// A client was silent for too long.
    fn expire(&mut self, reactor: &mut Reactor, ticket: TicketId, id: &[u8]) -> Result<()> {
        let Some(client) = self.clients.get(id) else { return Ok(()) };
        // One that does not ping may be well; clients make nothing of a PONG.
        if !client.has_pinged && self.tell(id, frame_of(&ZGossipMsg::Pong)?)? {
            reactor.ticket_reset(ticket);
            return Ok(());
        }
        self.log(|| format!("client {id:02X?} has expired"));
        self.forget(reactor, id);
        Ok(())
    }

    pub(super) fn forget(&mut self, reactor: &mut Reactor, id: &[u8]) {
        if let Some(ticket) = self.clients.remove(id).and_then(|client| client.ticket) {
            reactor.ticket_delete(ticket);
        }
    }

    /// Sends to a client, and tells whether it is there.
    pub(super) fn tell(&self, id: &[u8], frame: ZFrame) -> Result<bool> {
        let mut msg = ZMsg::new();
        msg.addmem(id);
        msg.add(frame);
        match self.router.try_send_multipart(msg) {
            Ok(()) => Ok(true),
            Err(refused) => match refused.error.kind() {
                ErrorKind::HostUnreachable | ErrorKind::WouldBlock => Ok(false),
                _ => Err(refused.error),
            },
        }
    }

    /// Sends to all clients but the origin, and forgets those that are gone.
    pub(super) fn tell_clients(
        &mut self,
        reactor: &mut Reactor,
        frame: &ZFrame,
        origin: &Origin,
    ) -> Result<()> {
        let mut gone = Vec::new();
        for id in self.clients.keys() {
            let is_origin = matches!(origin, Origin::Client(client) if client == id);
            if !is_origin && !self.tell(id, frame.dup())? {
                gone.push(id.clone());
            }
        }
        for id in gone {
            self.forget(reactor, &id);
        }
        Ok(())
    }

    pub(super) fn log(&self, text: impl FnOnce() -> String) {
        if self.is_verbose {
            zsys::debug(format!("{}: {}", self.name, text()));
        }
    }
}

pub(super) fn frame_of(msg: &ZGossipMsg) -> Result<ZFrame> {
    msg.encode().map(ZFrame::new)
}
