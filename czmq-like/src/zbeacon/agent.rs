//! The thread of a `ZBeacon`: it waits for commands, for datagrams, and for when its beacon is due.

use std::time::{Duration, Instant};

use zmqx::{Error, ErrorKind, Pair, PollEvents, PollItem, Result, Socket, poll};

use super::LONGEST;
use super::udp::Udp;
use crate::zactor::{Call, Desk};
use crate::{ZMsg, ZSocket, zsys};

/// The interval where it is zero: CZMQ's `INTERVAL_DFLT`.
const INTERVAL: Duration = Duration::from_secs(1);

/// How many datagrams are read before commands and the beacon that is due have their turn.
const TURN: usize = 64;

/// What a `ZBeacon` is told.
#[derive(Debug)]
pub(super) enum Command {
    Interface(String),
    Configure(u16),
    Publish(Vec<u8>, Duration),
    Silence,
    Subscribe(Vec<u8>),
    Unsubscribe,
    Verbose(bool),
}

/// The beacon that is broadcast.
struct Transmit {
    beacon: Vec<u8>,
    interval: Duration,
    due: Instant,
}

struct Agent<'a> {
    /// What `set_interface` was told; `None` is what zsys says.
    interface: Option<String>,
    /// None before it is configured.
    port: Option<u16>,
    /// None also while the network is not there.
    udp: Option<Udp>,
    transmit: Option<Transmit>,
    filter: Option<Vec<u8>>,
    beacons: &'a Socket<Pair>,
    is_verbose: bool,
}

/// Serves commands until one of them, an interrupt, or the end of the context ends it.
pub(super) fn run(
    pipe: &Socket<Pair>,
    beacons: &Socket<Pair>,
    desk: &Desk<Command, String>,
) -> Result<()> {
    let mut agent = Agent {
        interface: None,
        port: None,
        udp: None,
        transmit: None,
        filter: None,
        beacons,
        is_verbose: false,
    };
    ZSocket::signal(pipe, 0)?;
    loop {
        if agent.wait(pipe)? {
            match desk.receive(pipe)? {
                Some(Call::Term) => return Ok(()),
                Some(Call::Command(command)) => desk.answer(agent.obey(command)),
                None => {}
            }
        }
        agent.receive()?;
        agent.broadcast();
    }
}

impl Agent<'_> {
    /// Waits until there is something to do, and tells whether it is on the pipe.
    fn wait(&self, pipe: &Socket<Pair>) -> Result<bool> {
        let transmit = self.transmit.as_ref();
        let patience =
            transmit.map(|transmit| transmit.due.saturating_duration_since(Instant::now()));
        let pipe = pipe.poll_item(PollEvents::IN);
        Ok(match &self.udp {
            Some(udp) => {
                let mut items = [pipe, PollItem::from_fd(udp.borrowed(), PollEvents::IN)];
                poll(&mut items, patience)?;
                items[0].is_readable()
            }
            None => {
                let mut items = [pipe];
                poll(&mut items, patience)?;
                items[0].is_readable()
            }
        })
    }

    fn obey(&mut self, command: Command) -> Result<String> {
        self.log(|| format!("API command={command:?}"));
        match command {
            Command::Interface(interface) => self.interface = Some(interface),
            Command::Configure(port) => {
                self.port = Some(port);
                return self.prepare();
            }
            Command::Publish(beacon, interval) => {
                let interval = if interval.is_zero() { INTERVAL } else { interval };
                self.transmit = Some(Transmit { beacon, interval, due: Instant::now() });
            }
            Command::Silence => self.transmit = None,
            Command::Subscribe(filter) => self.filter = Some(filter),
            Command::Unsubscribe => self.filter = None,
            Command::Verbose(is_verbose) => self.is_verbose = is_verbose,
        }
        Ok(String::new())
    }

    /// Opens the port, where there was one before too, and returns the name of this host.
    fn prepare(&mut self) -> Result<String> {
        self.udp = None;
        let Some(port) = self.port else {
            return Err(Error::bad_state("prepare beacon", "it is not configured"));
        };
        let interface = self.interface.clone().unwrap_or_else(zsys::interface);
        let udp = Udp::open(&interface, port)?;
        let hostname = udp.hostname();
        self.log(|| format!("configured, hostname={hostname}"));
        self.udp = Some(udp);
        Ok(hostname)
    }

    /// Takes some of the datagrams that are there, and passes on what is for the program.
    fn receive(&self) -> Result<()> {
        let Some(udp) = &self.udp else { return Ok(()) };
        // One more than there may be, to tell those that are longer.
        let mut buffer = [0; LONGEST + 1];
        for _ in 0..TURN {
            let (len, address) = match udp.recv(&mut buffer) {
                Ok(Some(received)) => received,
                // Windows reports a datagram that is too long.
                Ok(None) => continue,
                // There is none, or the network has gone, which the next broadcast tells.
                Err(_) => break,
            };
            let beacon = &buffer[..len];
            if !self.is_wanted(beacon) {
                continue;
            }
            let mut msg = ZMsg::new();
            msg.addstr(address.to_string());
            msg.addmem(beacon);
            match self.beacons.try_send_multipart(msg) {
                Ok(()) => {}
                Err(refused) if refused.error.kind() == ErrorKind::WouldBlock => {
                    self.log(|| "a beacon is dropped: too many are not received".to_owned());
                }
                Err(refused) => return Err(refused.error),
            }
        }
        Ok(())
    }

    fn is_wanted(&self, beacon: &[u8]) -> bool {
        let is_own = || self.transmit.as_ref().is_some_and(|own| own.beacon == beacon);
        let has_prefix = |filter: &Vec<u8>| beacon.starts_with(filter);
        beacon.len() <= LONGEST && self.filter.as_ref().is_some_and(has_prefix) && !is_own()
    }

    /// Sends the beacon where it is due.
    fn broadcast(&mut self) {
        let now = Instant::now();
        let Some(transmit) = self.transmit.as_mut().filter(|transmit| transmit.due <= now) else {
            return;
        };
        transmit.due = now + transmit.interval;
        let sent = self.udp.as_ref().map(|udp| udp.send(&transmit.beacon));
        if matches!(sent, Some(Ok(()))) || self.port.is_none() {
            return;
        }
        // The network may have come back, perhaps with another address.
        self.log(|| format!("failed to transmit, attempting reconnection: {sent:?}"));
        if let Err(error) = self.prepare() {
            self.log(|| format!("no reconnection: {error}"));
        }
    }

    fn log(&self, text: impl FnOnce() -> String) {
        if self.is_verbose {
            zsys::info(format!("zbeacon: {}", text()));
        }
    }
}
