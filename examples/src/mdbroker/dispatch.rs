//! The services: their requests that wait, and their workers that do.

use czmq_like::Result;
use czmq_like::prelude::*;

use crate::mdp::MDPW_REQUEST;

use super::Broker;

/// A service: it is there as long as it has requests or workers.
#[derive(Debug, Default)]
pub(super) struct Service {
    requests: VecDeque<Request>,          // List of client requests
    pub(super) waiting: VecDeque<String>, // Waiting workers, by their ids, the least recently used first
    pub(super) workers: usize,            // How many workers we have
}

/// What a client asked, behind its address and an empty frame.
#[derive(Debug)]
struct Request {
    msg: ZMsg,
    since: Duration,
}

impl Service {
    /// Queues a request.
    pub(super) fn push(&mut self, msg: ZMsg) {
        self.requests.push_back(Request { msg, since: zclock::mono() });
    }

    /// Makes a worker available.
    pub(super) fn wait(&mut self, id_string: String) {
        self.waiting.push_back(id_string);
    }

    /// Forgets a worker.
    pub(super) fn leave(&mut self, id_string: &str) {
        self.waiting.retain(|waiting| waiting != id_string);
        self.workers = self.workers.saturating_sub(1);
    }

    /// Drops what has waited too long for a first worker; gives whether there is anything left.
    pub(super) fn expire(&mut self, now: Duration, limit: Duration) -> bool {
        if self.workers == 0 {
            self.requests.retain(|request| now.saturating_sub(request.since) < limit);
        }
        self.workers > 0 || !self.requests.is_empty()
    }
}

impl Broker {
    /// Locates a service by name, or creates it if there is none of that name.
    pub(super) fn service_require(&mut self, name: &str) -> &mut Service {
        if !self.services.contains_key(name) && self.verbose {
            zclock::log(format!("I: added service: {name}"));
        }
        self.services.entry(name.to_owned()).or_default()
    }

    /// Sends requests to waiting workers, as long as there are both.
    pub(super) fn service_dispatch(&mut self, name: &str) -> Result<()> {
        while let Some(service) = self.services.get_mut(name) {
            if service.requests.is_empty() {
                break;
            }
            let Some(id_string) = service.waiting.pop_front() else { break };
            let Some(worker) = self.workers.get_mut(&id_string) else { continue };
            let Some(request) = service.requests.pop_front() else { break };
            worker.client = request.msg.first().map(ZFrame::dup);
            let returned = worker.send(&self.socket, self.verbose, MDPW_REQUEST, request.msg)?;
            if let Some(msg) = returned {
                // It is for the next worker, and this one is gone
                service.requests.push_front(Request { msg, ..request });
                self.worker_expire(&id_string);
            }
        }
        Ok(())
    }
}
