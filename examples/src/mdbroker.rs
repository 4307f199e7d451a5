//! Majordomo broker: hands the requests of clients to workers, by the name of their service.
//!
//! It implements [7/MDP](https://rfc.zeromq.org/spec/7/) and [8/MMI](https://rfc.zeromq.org/spec/8/).
//!
//! ```
//! use std::thread;
//!
//! use czmq_like::ZMsg;
//! use guide::mdbroker::Broker;
//! use guide::mdcliapi::MdCli;
//!
//! let mut broker = Broker::new(false)?;
//! let endpoint = broker.bind("tcp://127.0.0.1:*")?;
//! thread::spawn(move || broker.run());
//!
//! let mut session = MdCli::new(endpoint.as_str(), false)?;
//! assert_eq!(session.send("mmi.service", ZMsg::from(["echo"]))?, ["404"]);
//! # Ok::<(), czmq_like::Error>(())
//! ```

mod dispatch;
#[cfg(fuzzing)]
mod fuzzing;
mod workers;

use czmq_like::Result;
use czmq_like::prelude::*;
use zmqx::{Endpoint, Multipart};

use crate::mdp::{HEARTBEAT_LIVENESS, MDPC_CLIENT, MDPW_HEARTBEAT, MDPW_WORKER, MMI, service_name};

use dispatch::Service;
use workers::Worker;

// We'd normally pull these from config data

/// How often the broker sends each worker a heartbeat, unless another time is set.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(2500);

/// How long requests wait for a worker to register, unless another time is set.
pub const REQUEST_EXPIRY: Duration = Duration::from_secs(60);

/// A broker, with its clients and workers on one socket.
///
/// - A worker counts as gone when nothing was heard of it for three heartbeats, also while it works. One whose connection is
///   gone is not given a request.
/// - Requests to a service without workers wait, until they expire.
/// - What is no message of MDP/0.1 is dropped. A worker that sends it, or a command out of turn, is told DISCONNECT; it
///   may register again, as workers do. Of what it does not know, the broker keeps nothing.
/// - It does not wait for anyone who does not read: what finds no room in a peer's queue is dropped.
#[derive(Debug)]
pub struct Broker {
    socket: Socket<Router>, // Socket for clients & workers
    // Dropped after `socket`, which it would end.
    _ctx: ZCtx,
    verbose: bool,                      // Print activity to stdout
    services: HashMap<String, Service>, // Hash of known services
    workers: HashMap<String, Worker>,   // Hash of known workers
    heartbeat: Duration,                // Heartbeat delay
    heartbeat_at: Duration,             // When to send HEARTBEAT
    request_expiry: Duration,           // How long requests wait for a first worker
}

impl Broker {
    /// Creates a broker that is bound nowhere yet.
    ///
    /// # Errors
    ///
    /// As [`ZCtx::new`] and [`ZCtx::socket`].
    pub fn new(verbose: bool) -> Result<Self> {
        let ctx = ZCtx::new()?;
        let socket = ctx.socket(Router)?;
        // Requests are not thrown after workers whose connections are gone
        socket.set_router_mandatory(true)?;
        Ok(Self {
            socket,
            _ctx: ctx,
            verbose,
            services: HashMap::new(),
            workers: HashMap::new(),
            heartbeat: HEARTBEAT_INTERVAL,
            heartbeat_at: zclock::mono() + HEARTBEAT_INTERVAL,
            request_expiry: REQUEST_EXPIRY,
        })
    }

    /// Binds the broker to an endpoint, and returns the address that it has there. It may be bound to several.
    ///
    /// MDP needs but one socket for both clients and workers.
    ///
    /// # Errors
    ///
    /// As [`Socket::bind`].
    pub fn bind(&self, endpoint: &str) -> Result<Endpoint> {
        let bound = self.socket.bind(endpoint)?;
        zclock::log(format!("I: MDP broker/0.2.0 is active at {endpoint}"));
        Ok(bound)
    }

    /// Sets how often to send heartbeats: [`HEARTBEAT_INTERVAL`] unless set. The workers' must be about the same.
    pub fn set_heartbeat(&mut self, heartbeat: Duration) {
        self.heartbeat = heartbeat;
        self.heartbeat_at = zclock::mono() + heartbeat;
    }

    /// Sets how long requests wait for a first worker of their service: [`REQUEST_EXPIRY`] unless set.
    pub fn set_request_expiry(&mut self, expiry: Duration) {
        self.request_expiry = expiry;
    }

    /// Gets and processes messages, until it is interrupted.
    ///
    /// # Errors
    ///
    /// - [`Terminated`](ErrorKind::Terminated): the context has ended.
    pub fn run(&mut self) -> Result<()> {
        match self.run_forever() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                println!("W: interrupt received, shutting down...");
                Ok(())
            }
            result => result,
        }
    }

    fn run_forever(&mut self) -> Result<()> {
        loop {
            let until = self.heartbeat_at.saturating_sub(zclock::mono());
            // Process next input message, if any
            if ZSocket::poll(&self.socket, Some(until))? {
                let msg = ZMsg::recv(&self.socket)?;
                if self.verbose {
                    zclock::log("I: received message:");
                    msg.dump();
                }
                self.process(msg)?;
            }
            let now = zclock::mono();
            if now >= self.heartbeat_at {
                // Disconnect and delete any expired workers; not if it was the broker that did nothing for so long: what
                // they have sent meanwhile is still to be read
                if now < self.heartbeat_at + self.heartbeat {
                    self.purge();
                }
                // Send heartbeats to workers, idle and busy, as they expect them at all times
                self.send_heartbeats()?;
                self.heartbeat_at = zclock::mono() + self.heartbeat;
            }
        }
    }

    /// Processes a message: [sender][empty][header] and the rest.
    fn process(&mut self, mut msg: ZMsg) -> Result<()> {
        let Some(sender) = msg.pop() else { return Ok(()) };
        let (empty, header) = (msg.pop(), msg.pop());
        let is_processed = match header {
            _ if empty.is_none_or(|empty| !empty.is_empty()) => false,
            Some(header) if header == MDPC_CLIENT => self.client_msg(&sender, &mut msg)?,
            Some(header) if header == MDPW_WORKER => self.worker_msg(&sender, &mut msg)?,
            _ => false,
        };
        if !is_processed {
            zclock::log("E: invalid message:");
            msg.dump();
            self.delete_invalid(&sender)?;
        }
        Ok(())
    }

    /// Processes a request coming from a client; gives false where it is none.
    ///
    /// MMI requests are implemented directly here: for the present only mmi.service.
    fn client_msg(&mut self, sender: &ZFrame, msg: &mut ZMsg) -> Result<bool> {
        // Service name and body
        let Some(service_frame) = msg.pop() else { return Ok(false) };
        let Some(name) = service_name(&service_frame).filter(|_| msg.size() > 0) else {
            return Ok(false);
        };
        // If we got a MMI service request, process that internally
        if name.starts_with(MMI) {
            let return_code = if name == "mmi.service" {
                let service = msg.last().and_then(|frame| self.services.get(service_name(frame)?));
                if service.is_some_and(|service| service.workers > 0) { "200" } else { "404" }
            } else {
                "501"
            };
            self.reply(sender.dup(), name, ZMsg::from([return_code]))?;
        } else {
            // Set reply return identity to client sender
            let mut request = std::mem::take(msg);
            request.wrap(sender.dup());
            // Else dispatch the message to the requested service
            self.service_require(name).push(request);
            self.service_dispatch(name)?;
        }
        Ok(true)
    }

    /// Sends a client its reply, behind the protocol header and the service name.
    fn reply(&self, client: ZFrame, service: &str, mut msg: ZMsg) -> Result<()> {
        msg.pushstr(service);
        msg.pushstr(MDPC_CLIENT);
        msg.wrap(client);
        // A client that is gone has asked again, on another socket
        route(&self.socket, msg).map(drop)
    }

    /// Deletes any workers that haven't pinged us in a while, and what waits in vain.
    ///
    /// The Guide's looks at idle ones alone: one that dies at work would be there for ever.
    fn purge(&mut self) {
        let now = zclock::mono();
        let expired = self.workers.values().filter(|worker| now >= worker.expiry);
        for id_string in expired.map(Worker::id_string).collect::<Vec<_>>() {
            self.worker_expire(&id_string);
        }
        let limit = self.request_expiry;
        self.services.retain(|_, service| service.expire(now, limit));
    }

    /// Sends all workers a heartbeat. Those whose connections are gone are deleted.
    fn send_heartbeats(&mut self) -> Result<()> {
        let mut gone = Vec::new();
        for (id_string, worker) in &self.workers {
            if worker.send(&self.socket, self.verbose, MDPW_HEARTBEAT, ZMsg::new())?.is_some() {
                gone.push(id_string.clone());
            }
        }
        gone.iter().for_each(|id_string| self.worker_expire(id_string));
        Ok(())
    }

    /// Returns when a worker that is heard of now counts as gone.
    fn expiry(&self) -> Duration {
        zclock::mono() + self.heartbeat * HEARTBEAT_LIVENESS
    }
}

/// Sends a message to the peer that its first frame names. Where that is not there, or takes no more, gives it back.
fn route(socket: &Socket<Router>, msg: ZMsg) -> Result<Option<ZMsg>> {
    match socket.try_send_multipart(Multipart::from(msg)) {
        Ok(()) => Ok(None),
        Err(error)
            if matches!(error.kind(), ErrorKind::HostUnreachable | ErrorKind::WouldBlock) =>
        {
            Ok(Some(error.into_message().into()))
        }
        Err(error) => Err(error.into()),
    }
}
