//! The task of a monitor: it takes commands, and passes events on.

use std::ops::ControlFlow::{self, Break, Continue};

use zmqx::{ErrorKind, Event, EventKind, Monitor, Pair, PollEvents, Result, Socket, poll};

use crate::{ZMsg, ZSocket, zsys};

/// CZMQ's names of the events.
const NAMES: &[(&str, EventKind)] = &[
    ("CONNECTED", EventKind::Connected),
    ("CONNECT_DELAYED", EventKind::ConnectDelayed),
    ("CONNECT_RETRIED", EventKind::ConnectRetried),
    ("LISTENING", EventKind::Listening),
    ("BIND_FAILED", EventKind::BindFailed),
    ("ACCEPTED", EventKind::Accepted),
    ("ACCEPT_FAILED", EventKind::AcceptFailed),
    ("CLOSED", EventKind::Closed),
    ("CLOSE_FAILED", EventKind::CloseFailed),
    ("DISCONNECTED", EventKind::Disconnected),
    ("MONITOR_STOPPED", EventKind::MonitorStopped),
    ("HANDSHAKE_FAILED_NO_DETAIL", EventKind::HandshakeFailedNoDetail),
    ("HANDSHAKE_SUCCEEDED", EventKind::HandshakeSucceeded),
    ("HANDSHAKE_FAILED_PROTOCOL", EventKind::HandshakeFailedProtocol),
    ("HANDSHAKE_FAILED_AUTH", EventKind::HandshakeFailedAuth),
];

/// Takes commands, and passes events on, until a command is $TERM.
pub(super) fn run(pipe: &Socket<Pair>, monitor: &Monitor) -> Result<()> {
    let mut agent = Agent::default();
    ZSocket::signal(pipe, 0)?;
    loop {
        let mut items = vec![pipe.poll_item(PollEvents::IN)];
        // A monitor that has ended would be readable for ever.
        if !agent.is_over {
            items.push(monitor.poll_item(PollEvents::IN));
        }
        poll(&mut items, None)?;
        if agent.obey(pipe, monitor)?.is_break() || agent.pass_on(pipe, monitor)?.is_break() {
            return Ok(());
        }
    }
}

#[derive(Default)]
struct Agent {
    listened: Vec<EventKind>,
    is_to_all: bool,
    is_started: bool,
    is_verbose: bool,
    /// The socket is closed, and no event can come any more.
    is_over: bool,
}

impl Agent {
    /// Does what it is told.
    fn obey(&mut self, pipe: &Socket<Pair>, monitor: &Monitor) -> Result<ControlFlow<()>> {
        loop {
            let msg = match ZMsg::recv_nowait(pipe) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Continue(())),
                msg => msg?,
            };
            let words: Vec<String> = msg.into_iter().map(|word| word.strdup()).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            // No other word of what was perhaps meant for another actor, and may have a secret.
            let name = words.first().copied().unwrap_or_default().escape_debug();
            if self.is_verbose {
                zsys::info(format!("zmonitor: API command={name}"));
            }
            match words[..] {
                ["LISTEN", ref events @ ..] => events.iter().for_each(|event| self.listen(event)),
                ["START"] => {
                    // What happened before is not told, as in C nobody would know of it.
                    while !self.is_started && self.next(monitor)?.is_some() {}
                    self.is_started = true;
                    ZSocket::signal(pipe, 0)?;
                }
                ["VERBOSE"] => self.is_verbose = true,
                ["$TERM"] => return Ok(Break(())),
                _ => zsys::error(format!("zmonitor: invalid command: {name}")),
            }
        }
    }

    fn listen(&mut self, name: &str) {
        if self.is_verbose {
            zsys::info(format!("zmonitor: - listening to event={name}"));
        }
        if name == "ALL" {
            self.is_to_all = true;
        } else if let Some((_, kind)) = NAMES.iter().find(|(known, _)| *known == name) {
            self.listened.push(*kind);
        } else {
            zsys::warning(format!("zmonitor: - invalid listen event={name}"));
        }
    }

    /// Passes on what is there of what is wanted.
    fn pass_on(&mut self, pipe: &Socket<Pair>, monitor: &Monitor) -> Result<ControlFlow<()>> {
        while let Some(event) = self.next(monitor)? {
            let was_started = self.is_started;
            // What was told before it happened counts for it.
            if self.obey(pipe, monitor)?.is_break() {
                return Ok(Break(()));
            }
            if was_started && (self.is_to_all || self.listened.contains(&event.kind())) {
                self.tell(pipe, &event)?;
            }
        }
        Ok(Continue(()))
    }

    /// The next event that is there.
    fn next(&mut self, monitor: &Monitor) -> Result<Option<Event>> {
        match monitor.try_recv() {
            Ok(event) => Ok(Some(event)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) if error.kind() == ErrorKind::Disconnected => {
                self.is_over = true;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn tell(&self, pipe: &Socket<Pair>, event: &Event) -> Result<()> {
        let known = NAMES.iter().find(|(_, kind)| *kind == event.kind());
        let name = known.map_or("UNKNOWN", |(name, _)| *name);
        if self.is_verbose {
            zsys::info(format!("zmonitor: {name} - {}", event.endpoint()));
        }
        let value = event.value().to_string();
        Ok(ZMsg::from([name, value.as_str(), event.endpoint()]).send(pipe)?)
    }
}
