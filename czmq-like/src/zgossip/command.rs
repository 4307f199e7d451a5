//! What a `ZGossip` is told, and how its node does it.

use std::time::Duration;

use zmqx::Result;

use super::msg::ZGossipMsg;
use super::node::{Node, Origin, Reactor};
use crate::ZSocket;

/// What a `ZGossip` is told.
#[derive(Debug)]
pub(super) enum Command {
    Bind(String),
    Port,
    Connect(String),
    /// Of a PUBLISH.
    Publish(ZGossipMsg),
    Status,
    Timeout(Option<Duration>),
    Ping(Duration),
    Verbose(bool),
}

impl Node {
    /// Does what it is told, and gives the number that is asked for, else 0.
    pub(super) fn obey(&mut self, reactor: &mut Reactor, command: Command) -> Result<usize> {
        self.log(|| format!("API command={command:?}"));
        match command {
            Command::Bind(endpoint) => {
                self.port = ZSocket::bind(&self.router, endpoint)?;
                return Ok(self.port.into());
            }
            Command::Port => return Ok(self.port.into()),
            Command::Connect(endpoint) => self.connect(reactor, endpoint)?,
            Command::Publish(msg) => self.accept(reactor, msg, Origin::Own)?,
            Command::Status => return Ok(self.tuples.len()),
            Command::Timeout(timeout) => {
                self.expires = timeout.is_some();
                reactor.set_ticket_delay(timeout.unwrap_or_default());
            }
            Command::Ping(interval) => self.set_ping(reactor, interval)?,
            Command::Verbose(is_verbose) => self.is_verbose = is_verbose,
        }
        Ok(0)
    }
}
