//! Peers that speak MDP/0.1 as the RFC has it, byte for byte, and nothing of ours.

use std::time::Duration;

use tempfile::TempDir;
use zmqx::{Context, Dealer, ErrorKind, Message, Multipart, Result, Router, Socket};

use crate::common::faults::Process;
use crate::common::folder;

/// How long what must come may take on a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) const READY: &[u8] = &[1];
pub(crate) const REQUEST: &[u8] = &[2];
pub(crate) const REPLY: &[u8] = &[3];
pub(crate) const HEARTBEAT: &[u8] = &[4];
pub(crate) const DISCONNECT: &[u8] = &[5];

/// A place to meet, of a test's own.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: folder() }
    }

    /// Where the broker is.
    pub(crate) fn endpoint(&self) -> String {
        format!("ipc://{}/broker", self.folder.path().display())
    }

    /// Starts the broker.
    pub(crate) fn broker(&self, args: &[&str]) -> Process {
        let endpoint = self.endpoint();
        let broker = Process::spawn("mdbroker", &[&["--bind", &endpoint], args].concat());
        broker.wait_for(|line| line.ends_with(&format!("is active at {endpoint}")));
        broker
    }

    /// Starts an echo worker.
    pub(crate) fn worker(&self, args: &[&str]) -> Process {
        Process::spawn("mdworker", &[&["--broker", &self.endpoint()], args].concat())
    }

    /// Connects a client or worker.
    pub(crate) fn peer(&self) -> Result<Peer> {
        let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
        let socket = context.socket(Dealer)?;
        socket.connect(self.endpoint())?;
        Ok(Peer { socket })
    }

    /// Binds a broker that does only what its test does.
    pub(crate) fn router(&self) -> Result<Socket<Router>> {
        let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
        let router = context.socket(Router)?;
        router.bind(self.endpoint())?;
        Ok(router)
    }
}

/// A client or a worker: the protocol has a DEALER for both.
pub(crate) struct Peer {
    pub(crate) socket: Socket<Dealer>,
}

impl Peer {
    /// Sends frames behind an empty one.
    pub(crate) fn send(&self, frames: &[&[u8]]) -> Result<()> {
        self.socket.send_multipart(behind(&[b""], frames))?;
        Ok(())
    }

    /// Sends a client's request.
    pub(crate) fn ask(&self, service: &str, body: &[&[u8]]) -> Result<()> {
        self.send(&[&[b"MDPC01", service.as_bytes()], body].concat())
    }

    /// Sends a worker's command.
    pub(crate) fn command(&self, command: &[u8], rest: &[&[u8]]) -> Result<()> {
        self.send(&[&[b"MDPW01", command], rest].concat())
    }

    /// Receives what comes next.
    pub(crate) fn recv(&self) -> Result<Multipart> {
        self.socket.recv_multipart_timeout(TIMEOUT)
    }

    /// Receives what comes next and is no heartbeat.
    pub(crate) fn next(&self) -> Result<Multipart> {
        loop {
            let msg = self.recv()?;
            if msg != frames(&[b"", b"MDPW01", HEARTBEAT]) {
                return Ok(msg);
            }
        }
    }

    /// What has come by now and is no heartbeat, if anything.
    pub(crate) fn next_now(&self) -> Result<Option<Multipart>> {
        loop {
            match self.socket.try_recv_multipart() {
                Ok(msg) if msg == frames(&[b"", b"MDPW01", HEARTBEAT]) => {}
                Ok(msg) => return Ok(Some(msg)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// Receives a request as a worker, and replies with its body in reverse.
    pub(crate) fn work(&self) -> Result<()> {
        let request = self.next()?;
        let mut body: Vec<&[u8]> = request[5..].iter().map(|frame| &frame[..]).collect();
        body.reverse();
        self.command(REPLY, &[&[&request[3][..], b""], &body[..]].concat())
    }

    /// Asks whether there is such a service; gives the code.
    pub(crate) fn lookup(&self, service: &str) -> Result<String> {
        self.ask("mmi.service", &[service.as_bytes()])?;
        let reply = self.next()?;
        assert_eq!(reply[..3], frames(&[b"", b"MDPC01", b"mmi.service"])[..]);
        assert_eq!(reply.len(), 4);
        Ok(reply[3].to_string_lossy().into_owned())
    }

    /// Asks until the code is that one.
    pub(crate) fn wait_for(&self, service: &str, code: &str) -> Result<()> {
        let start = std::time::Instant::now();
        while self.lookup(service)? != code {
            assert!(start.elapsed() < TIMEOUT, "{service} is not {code}");
            // The broker sees to its workers from time to time; there is nothing to wait on.
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// A message of these frames.
pub(crate) fn frames(frames: &[&[u8]]) -> Multipart {
    frames.iter().map(|frame| Message::from(*frame)).collect()
}

/// A message of these frames behind those.
pub(crate) fn behind(front: &[&[u8]], rest: &[&[u8]]) -> Multipart {
    frames(&[front, rest].concat())
}
