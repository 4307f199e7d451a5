//! The workers, and what they say.

use czmq_like::Result;
use czmq_like::prelude::*;

use crate::mdp::{
    MDPW_DISCONNECT, MDPW_HEARTBEAT, MDPW_READY, MDPW_REPLY, MDPW_WORKER, MMI, mdps_command,
    service_name,
};

use super::{Broker, route};

/// A worker, idle or at work.
#[derive(Debug)]
pub(super) struct Worker {
    identity: ZFrame,                  // Identity frame for routing
    pub(super) service: String,        // Owning service
    pub(super) expiry: Duration,       // Expires at unless heartbeat
    pub(super) client: Option<ZFrame>, // Whose request it works on
}

impl Worker {
    /// Returns its identity as text, by which it is known.
    pub(super) fn id_string(&self) -> String {
        self.identity.strhex()
    }

    /// Formats and sends a command. Where the worker is not there, gives the message back as it was.
    pub(super) fn send(
        &self,
        socket: &Socket<Router>,
        verbose: bool,
        command: &str,
        msg: ZMsg,
    ) -> Result<Option<ZMsg>> {
        send(socket, verbose, &self.identity, command, msg)
    }
}

/// Does as [`Worker::send`], for whoever has that identity.
fn send(
    socket: &Socket<Router>,
    verbose: bool,
    identity: &ZFrame,
    command: &str,
    mut msg: ZMsg,
) -> Result<Option<ZMsg>> {
    // Stack protocol envelope to start of message
    msg.pushstr(command);
    msg.pushstr(MDPW_WORKER);
    // Stack routing envelope to start of message
    msg.wrap(identity.dup());
    if verbose {
        zclock::log(format!("I: sending {} to worker", mdps_command(command)));
        msg.dump();
    }
    Ok(route(socket, msg)?.map(|mut msg| {
        // [identity][empty][header][command]
        (0..4).for_each(|_| drop(msg.pop()));
        msg
    }))
}

impl Broker {
    /// Processes a message sent to us by a worker; gives false where it is none.
    ///
    /// What is right and comes out of turn is answered by DISCONNECT.
    pub(super) fn worker_msg(&mut self, sender: &ZFrame, msg: &mut ZMsg) -> Result<bool> {
        let Some(command) = msg.pop() else { return Ok(false) };
        let id_string = sender.strhex();
        let expiry = self.expiry();
        let worker = self.workers.get_mut(&id_string);
        let is_expected = if command == MDPW_READY {
            let Some(service_frame) = msg.pop() else { return Ok(false) };
            let Some(name) = service_name(&service_frame).filter(|_| msg.size() == 0) else {
                return Ok(false);
            };
            // Not first command in session, or reserved service name
            let is_expected = worker.is_none() && !name.starts_with(MMI);
            if is_expected {
                self.worker_ready(sender, name, id_string)?;
            }
            is_expected
        } else if command == MDPW_REPLY {
            // One address, an empty frame, and the body
            if msg.size() < 3 || !msg[1].is_empty() {
                return Ok(false);
            }
            // Of a worker that we know, for the client whose request it was given
            match worker.filter(|worker| worker.client.as_ref() == msg.first()) {
                Some(worker) => {
                    worker.expiry = expiry;
                    worker.client = None;
                    let service = worker.service.clone();
                    self.worker_reply(&service, msg)?;
                    self.worker_waiting(&service, id_string)?;
                    true
                }
                None => false,
            }
        } else if command == MDPW_HEARTBEAT {
            worker.map(|worker| worker.expiry = expiry).is_some()
        } else if command == MDPW_DISCONNECT {
            self.worker_delete(&id_string);
            true
        } else {
            return Ok(false);
        };
        if !is_expected {
            self.disconnect(sender)?;
        }
        Ok(true)
    }

    /// Attaches worker to service and marks it as idle.
    fn worker_ready(&mut self, sender: &ZFrame, service: &str, id_string: String) -> Result<()> {
        if self.verbose {
            zclock::log(format!("I: registering new worker: {id_string}"));
        }
        self.service_require(service).workers += 1;
        let (expiry, client) = (self.expiry(), None);
        let worker = Worker { identity: sender.dup(), service: service.to_owned(), expiry, client };
        self.workers.insert(id_string.clone(), worker);
        self.worker_waiting(service, id_string)
    }

    /// Removes the client return envelope, and hands the reply to that client.
    fn worker_reply(&self, service: &str, msg: &mut ZMsg) -> Result<()> {
        let mut reply = std::mem::take(msg);
        match reply.unwrap() {
            Some(client) => self.reply(client, service, reply),
            None => Ok(()),
        }
    }

    /// This worker is now waiting for work.
    fn worker_waiting(&mut self, service: &str, id_string: String) -> Result<()> {
        self.service_require(service).wait(id_string);
        self.service_dispatch(service)
    }

    /// Deletes a worker, where it is known, as it is gone.
    pub(super) fn worker_delete(&mut self, id_string: &str) {
        let Some(worker) = self.workers.remove(id_string) else { return };
        if let Some(service) = self.services.get_mut(&worker.service) {
            service.leave(id_string);
        }
    }

    /// Deletes a worker that was not heard of in time, or cannot be reached.
    pub(super) fn worker_expire(&mut self, id_string: &str) {
        if self.verbose {
            zclock::log(format!("I: deleting expired worker: {id_string}"));
        }
        self.worker_delete(id_string);
    }

    /// Deletes a worker that has sent what is no message of the protocol.
    pub(super) fn delete_invalid(&mut self, sender: &ZFrame) -> Result<()> {
        if self.workers.contains_key(&sender.strhex()) { self.disconnect(sender) } else { Ok(()) }
    }

    /// Tells a worker that it is not, or no longer, registered, and deletes it.
    fn disconnect(&mut self, sender: &ZFrame) -> Result<()> {
        send(&self.socket, self.verbose, sender, MDPW_DISCONNECT, ZMsg::new())?;
        self.worker_delete(&sender.strhex());
        Ok(())
    }
}
