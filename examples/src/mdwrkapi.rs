//! Majordomo worker API: a service's requests one at a time, each with its reply.
//!
//! It implements MDP/Worker of [7/MDP](https://rfc.zeromq.org/spec/7/).

use czmq_like::prelude::*;
use czmq_like::{Error, Result};

use crate::mdp::{
    HEARTBEAT_LIVENESS, MDPW_DISCONNECT, MDPW_HEARTBEAT, MDPW_READY, MDPW_REPLY, MDPW_REQUEST,
    MDPW_WORKER, MMI, mdps_command, service_name,
};

const HEARTBEAT: Duration = Duration::from_millis(2500);
const RECONNECT: Duration = Duration::from_millis(2500);

/// A worker of a service: the Guide's class `mdwrk`.
///
/// It has no thread of its own: heartbeats go out while [`recv`](Self::recv) waits. Who works on a request for longer than
/// a heartbeat or two calls [`heartbeat`](Self::heartbeat) in between.
///
/// ```no_run
/// use guide::mdwrkapi::MdWrk;
///
/// let mut session = MdWrk::new("tcp://localhost:5555", "echo", false)?;
/// let mut reply = None;
/// loop {
///     let request = session.recv(reply)?;
///     reply = Some(request); // Echo is complex... :-)
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug)]
pub struct MdWrk {
    worker: Socket<Dealer>, // Socket to broker
    // Dropped after `worker`, which it would end.
    ctx: ZCtx,
    broker: String,
    service: String,
    verbose: bool, // Print activity to stdout

    // Heartbeat management
    heartbeat_at: Duration, // When to send HEARTBEAT
    expiry: Duration,       // When the broker counts as gone, unless it is heard of
    heartbeat: Duration,    // Heartbeat delay
    reconnect: Duration,    // Reconnect delay

    // Whether the broker has said anything on this socket but DISCONNECT
    is_known: bool,
    // Return address, where a reply is expected
    reply_to: Option<ZFrame>,
}

impl MdWrk {
    /// Creates a worker of that service, and registers it with the broker at that endpoint, which need not be there yet.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](ErrorKind::InvalidInput): no printable name, or one of the broker's own services, `mmi.*`.
    /// - As [`ZCtx::new`], [`ZCtx::socket`] and [`Socket::connect`].
    pub fn new(broker: &str, service: &str, verbose: bool) -> Result<Self> {
        if service_name(&ZFrame::new(service)).is_none() || service.starts_with(MMI) {
            return Err(Error::invalid("register worker", "not a name for a service"));
        }
        let ctx = ZCtx::new()?;
        let worker = ctx.socket(Dealer)?;
        let mut this = Self {
            worker,
            ctx,
            broker: broker.to_owned(),
            service: service.to_owned(),
            verbose,
            heartbeat_at: Duration::ZERO,
            expiry: Duration::ZERO,
            heartbeat: HEARTBEAT,
            reconnect: RECONNECT,
            is_known: false,
            reply_to: None,
        };
        this.connect_to_broker()?;
        Ok(this)
    }

    /// Sets how often to send a heartbeat: each 2.5 seconds unless set. The broker's must be about the same.
    pub fn set_heartbeat(&mut self, heartbeat: Duration) {
        self.heartbeat = heartbeat;
        self.heartbeat_at = zclock::mono() + heartbeat;
        self.renew();
    }

    /// Sets how long to wait before connecting again to a broker that is gone: 2.5 seconds unless set.
    pub fn set_reconnect(&mut self, reconnect: Duration) {
        self.reconnect = reconnect;
    }

    /// Sends the reply to the last request, where there was one, and waits for the next.
    ///
    /// A reply of no frames is sent as one that is empty, since the protocol wants a body.
    ///
    /// # Errors
    ///
    /// - [`BadState`](ErrorKind::BadState): no reply to a request, or a reply to none.
    /// - [`Interrupted`](ErrorKind::Interrupted): a signal.
    pub fn recv(&mut self, reply: Option<ZMsg>) -> Result<ZMsg> {
        let request = self.reply(reply).and_then(|()| self.request());
        if request.as_ref().is_err_and(|error| error.kind() == ErrorKind::Interrupted) {
            println!("W: interrupt received, killing worker...");
        }
        request
    }

    /// Sends a heartbeat, where one is due: for who works on a request for long.
    ///
    /// # Errors
    ///
    /// - [`Terminated`](ErrorKind::Terminated): the context has ended.
    pub fn heartbeat(&mut self) -> Result<()> {
        if zclock::mono() >= self.heartbeat_at {
            self.send_to_broker(MDPW_HEARTBEAT, None, ZMsg::new())?;
        }
        Ok(())
    }

    /// Formats and sends the reply, if we were provided one.
    fn reply(&mut self, reply: Option<ZMsg>) -> Result<()> {
        match (reply, self.reply_to.take()) {
            (Some(mut reply), Some(reply_to)) => {
                if reply.size() == 0 {
                    reply.addstr("");
                }
                reply.wrap(reply_to);
                self.send_to_broker(MDPW_REPLY, None, reply)
            }
            (None, None) => Ok(()),
            (reply, reply_to) => {
                self.reply_to = reply_to;
                let reason = if reply.is_some() {
                    "there is no request"
                } else {
                    "the last one has no reply"
                };
                Err(Error::bad_state("receive request", reason))
            }
        }
    }

    /// Waits for a request, and keeps the conversation going meanwhile.
    fn request(&mut self) -> Result<ZMsg> {
        // While there was work to do, it was this end that did not listen
        self.renew();
        loop {
            let until = self.heartbeat_at.min(self.expiry);
            if ZSocket::poll(&self.worker, Some(until.saturating_sub(zclock::mono())))? {
                let mut msg = ZMsg::recv(&self.worker)?;
                if self.verbose {
                    zclock::log("I: received message from broker:");
                    msg.dump();
                }
                match command(&mut msg) {
                    Some(MDPW_REQUEST) => {
                        self.hear();
                        // Not a stack of addresses: the protocol has precisely one
                        self.reply_to = msg.pop();
                        msg.pop();
                        return Ok(msg); // We have a request to process
                    }
                    Some(MDPW_HEARTBEAT) => self.hear(),
                    Some(MDPW_DISCONNECT) => {
                        // From a broker that does not know us, at once; one that does not want us is not asked all the time
                        if !self.is_known {
                            zclock::sleep(self.reconnect);
                        }
                        self.connect_to_broker()?;
                    }
                    _ => {
                        zclock::log("E: invalid input message");
                        msg.dump();
                    }
                }
            } else if zclock::mono() >= self.expiry {
                if self.verbose {
                    zclock::log("W: disconnected from broker - retrying...");
                }
                zclock::sleep(self.reconnect);
                self.connect_to_broker()?;
            }
            // Send HEARTBEAT if it's time
            self.heartbeat()?;
        }
    }

    /// Takes note that the broker is alive.
    fn hear(&mut self) {
        self.is_known = true;
        self.renew();
    }

    fn renew(&mut self) {
        self.expiry = zclock::mono() + self.heartbeat * HEARTBEAT_LIVENESS;
    }

    /// Connects, or connects again, on a new socket, and registers the service.
    fn connect_to_broker(&mut self) -> Result<()> {
        self.worker = self.ctx.socket(Dealer)?;
        self.worker.connect(&self.broker)?;
        if self.verbose {
            zclock::log(format!("I: connecting to broker at {}...", self.broker));
        }
        // Register service with broker
        let service = self.service.clone();
        self.send_to_broker(MDPW_READY, Some(&service), ZMsg::new())?;
        self.is_known = false;
        self.renew();
        Ok(())
    }

    /// Sends a message to the broker. Any is as good as a heartbeat.
    fn send_to_broker(&mut self, command: &str, option: Option<&str>, mut msg: ZMsg) -> Result<()> {
        // Stack protocol envelope to start of message
        if let Some(option) = option {
            msg.pushstr(option);
        }
        msg.pushstr(command);
        msg.pushstr(MDPW_WORKER);
        msg.pushstr("");
        if self.verbose {
            zclock::log(format!("I: sending {} to broker", mdps_command(command)));
            msg.dump();
        }
        self.heartbeat_at = zclock::mono() + self.heartbeat;
        match self.worker.try_send_multipart(msg) {
            // A broker that has taken nothing since 1,000 messages gets a new READY when it has expired
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            result => Ok(result?),
        }
    }
}

/// Takes the protocol's frames off a message, and returns the command, where it is one of a broker's.
pub(crate) fn command(msg: &mut ZMsg) -> Option<&'static str> {
    let size = msg.size();
    if size < 3 || !msg[0].is_empty() || msg[1] != MDPW_WORKER {
        return None;
    }
    let command =
        [MDPW_REQUEST, MDPW_HEARTBEAT, MDPW_DISCONNECT].into_iter().find(|c| msg[2] == *c)?;
    // The address, an empty frame, and the body
    if command == MDPW_REQUEST && (size < 6 || !msg[4].is_empty()) {
        return None;
    }
    (0..3).for_each(|_| drop(msg.pop()));
    Some(command)
}
