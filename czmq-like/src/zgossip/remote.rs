//! Those that a node has connected to, and whether they are there.

use std::rc::Rc;
use std::time::{Duration, Instant};

use zmqx::{Dealer, ErrorKind, EventKind, Monitor, MonitorEvents, Result, Socket};

use super::msg::ZGossipMsg;
use super::node::{Node, Origin, Reactor, frame_of};
use crate::{ReaderId, ZCtx, ZFrame, ZMsg};

/// After how many pings without an answer the connection is made anew.
const PATIENCE: u32 = 10;

/// A server.
pub(super) struct Remote {
    /// None where it could not be opened again.
    link: Option<Link>,
    /// When something was heard last, or the connection was begun.
    heard: Instant,
    /// It does not know this node any more.
    is_lost: bool,
}

/// A connection to it.
struct Link {
    reader: ReaderId,
    socket: Rc<Socket<Dealer>>,
    /// Tells when the connection goes. None where libzmq has none; then silence tells.
    monitor: Option<Monitor>,
}

impl Remote {
    /// Sends, where there is a connection. Another one begins with all tuples.
    pub(super) fn tell(&mut self, frame: ZFrame) -> Result<()> {
        let Some(link) = &self.link else { return Ok(()) };
        match frame.try_send(&link.socket) {
            Ok(()) => Ok(()),
            // A DEALER without any peer: one over inproc has gone.
            Err(refused) if refused.error.kind() == ErrorKind::WouldBlock => {
                self.is_lost = true;
                Ok(())
            }
            Err(refused) => Err(refused.error),
        }
    }

    /// Whether a new connection is due.
    fn is_over(&self, patience: Duration) -> bool {
        let Some(link) = &self.link else { return true };
        let has_gone = || {
            let Some(monitor) = &link.monitor else { return false };
            std::iter::from_fn(|| monitor.try_recv().ok())
                .any(|event| event.kind() == EventKind::Disconnected)
        };
        self.is_lost || self.heard.elapsed() >= patience || has_gone()
    }
}

impl Node {
    pub(super) fn connect(&mut self, reactor: &mut Reactor, endpoint: String) -> Result<()> {
        if !self.remotes.contains_key(&endpoint) {
            let link = self.open(reactor, &endpoint)?;
            let remote = Remote { link: Some(link), heard: Instant::now(), is_lost: false };
            self.remotes.insert(endpoint, remote);
        }
        Ok(())
    }

    /// Connects, and says hello.
    fn open(&self, reactor: &mut Reactor, endpoint: &str) -> Result<Link> {
        let socket = connected(&self.ctx, endpoint)?;
        let monitor = match socket.monitor(MonitorEvents::DISCONNECTED) {
            Ok(monitor) => Some(monitor),
            Err(error) if error.kind() == ErrorKind::Unsupported => None,
            Err(error) => return Err(error),
        };
        for frame in self.greeting()? {
            frame.try_send(&socket)?;
        }
        let (socket, own_endpoint) = (Rc::new(socket), endpoint.to_owned());
        let reader =
            reactor.reader(Rc::clone(&socket), move |reactor, socket, node: &mut Node| {
                let msg = ZMsg::recv(socket)?;
                node.handle_remote(reactor, &own_endpoint, msg)
            })?;
        Ok(Link { reader, socket, monitor })
    }

    /// Takes what a server says.
    fn handle_remote(
        &mut self,
        reactor: &mut Reactor,
        endpoint: &str,
        mut msg: ZMsg,
    ) -> Result<()> {
        let said = msg.pop().filter(|_| msg.size() == 0);
        let said = said.and_then(|frame| ZGossipMsg::decode(&frame).ok());
        self.log(|| {
            let command = said.as_ref().map_or("no message", ZGossipMsg::command);
            format!("{command} of {endpoint}")
        });
        let Some((said, remote)) = said.zip(self.remotes.get_mut(endpoint)) else { return Ok(()) };
        remote.heard = Instant::now();
        match said {
            ZGossipMsg::Publish { .. } => {
                self.accept(reactor, said, Origin::Remote(endpoint.to_owned()))
            }
            ZGossipMsg::Invalid => {
                remote.is_lost = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Sets how often it looks after its connections.
    pub(super) fn set_ping(&mut self, reactor: &mut Reactor, interval: Duration) -> Result<()> {
        if let Some(timer) = self.ping_timer {
            reactor.timer_end(timer);
        }
        let timer = reactor.timer(interval, 0, |reactor, _, node: &mut Node| node.tick(reactor))?;
        (self.ping, self.ping_timer) = (interval, Some(timer));
        Ok(())
    }

    /// Pings those that are there, and connects anew to the others.
    ///
    /// Not before the next tick, so that one who answers each hello with INVALID gets no more than one a tick. On a
    /// socket of its own, so that what was meant for the connection before does not come first.
    fn tick(&mut self, reactor: &mut Reactor) -> Result<()> {
        let patience = self.ping * PATIENCE;
        let endpoints: Vec<_> = self.remotes.keys().cloned().collect();
        for endpoint in endpoints {
            let Some(remote) = self.remotes.get_mut(&endpoint) else { continue };
            if !remote.is_over(patience) {
                remote.tell(frame_of(&ZGossipMsg::Ping)?)?;
                continue;
            }
            if let Some(link) = remote.link.take() {
                reactor.reader_end(link.reader);
            }
            (remote.heard, remote.is_lost) = (Instant::now(), false);
            self.log(|| format!("connect anew to {endpoint}"));
            let link = match self.open(reactor, &endpoint) {
                Ok(link) => Some(link),
                Err(error) if is_end(error.kind()) => return Err(error),
                Err(error) => {
                    self.log(|| format!("no connection to {endpoint}: {error}"));
                    None
                }
            };
            if let Some(remote) = self.remotes.get_mut(&endpoint) {
                remote.link = link;
            }
        }
        Ok(())
    }
}

/// Whether it ends the node as well.
fn is_end(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Interrupted | ErrorKind::Terminated)
}

fn connected(ctx: &ZCtx, endpoint: &str) -> Result<Socket<Dealer>> {
    let socket = ctx.socket(Dealer)?;
    // It never waits to send. What there is to send is the tuples, about.
    socket.set_sndhwm(0)?;
    socket.connect(endpoint)?;
    Ok(socket)
}
