//! Where broker, titanic and workers are, and a client of theirs.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdcliapi::MdCli;
use tempfile::TempDir;

use crate::common::faults::Process;
use crate::common::folder;

/// How long what must come may take on a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// A heartbeat is 50 ms at this speed, and Titanic tries each request at least every 20 ms.
pub(crate) const SPEED: &[&str] = &["--speed", "50"];

/// A folder for the endpoint and the files.
pub(crate) struct Site {
    folder: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self { folder: folder() }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("ipc://{}/broker", self.folder.path().display())
    }

    /// Where Titanic's files are.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn broker(&self) -> Process {
        Process::spawn("mdbroker", &[&["--bind", &self.endpoint()], SPEED].concat())
    }

    pub(crate) fn titanic(&self) -> Process {
        let store = self.store().display().to_string();
        let args = ["--broker", &self.endpoint(), "--folder", &store];
        Process::spawn("titanic", &[&args, SPEED].concat())
    }

    pub(crate) fn worker(&self) -> Process {
        Process::spawn("mdworker", &[&["--broker", &self.endpoint()], SPEED].concat())
    }

    pub(crate) fn client(&self) -> Result<Client> {
        Client::connect(&self.endpoint())
    }
}

/// A client of Titanic's.
pub(crate) struct Client {
    session: MdCli,
}

/// A status, and what follows it.
pub(crate) type Answer = (String, Vec<Vec<u8>>);

impl Client {
    pub(crate) fn connect(endpoint: &str) -> Result<Self> {
        let mut session = MdCli::new(endpoint, false)?;
        session.set_timeout(Duration::from_millis(500));
        Ok(Self { session })
    }

    /// Calls a service once, as a client does that asks again: `None` where there is no answer.
    pub(crate) fn try_call(&mut self, service: &str, request: &[&[u8]]) -> Option<Answer> {
        let request = request.iter().map(|frame| frame.to_vec()).collect::<ZMsg>();
        match self.session.send(service, request) {
            Ok(mut reply) => {
                let status = reply.popstr().expect("a status");
                Some((status, reply.iter().map(|frame| frame.to_vec()).collect()))
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}");
                None
            }
        }
    }

    /// Calls a service until it answers.
    pub(crate) fn call(&mut self, service: &str, request: &[&[u8]]) -> Answer {
        let start = Instant::now();
        loop {
            if let Some(answer) = self.try_call(service, request) {
                return answer;
            }
            assert!(start.elapsed() < TIMEOUT, "{service} does not answer");
        }
    }

    /// Leaves an echo request; gives its UUID.
    pub(crate) fn leave(&mut self, body: &[u8]) -> Vec<u8> {
        let (status, mut rest) = self.call("titanic.request", &[b"echo", body]);
        assert_eq!((status.as_str(), rest.len()), ("200", 1));
        rest.remove(0)
    }

    /// Asks for a reply until it is there.
    pub(crate) fn fetch(&mut self, uuid: &[u8]) -> Vec<Vec<u8>> {
        let start = Instant::now();
        loop {
            let (status, rest) = self.call("titanic.reply", &[uuid]);
            match status.as_str() {
                "200" => return rest,
                "300" => assert!(start.elapsed() < TIMEOUT, "no reply to {}", text(uuid)),
                _ => panic!("{status} for {}", text(uuid)),
            }
            // Titanic tries from time to time; there is nothing to wait on.
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
