//! Where a pair of servers and its clients meet, and the arguments that say so.

use std::time::Duration;

use guide::bstar::HEARTBEAT;
use tempfile::TempDir;

use crate::common::folder;

/// The Guide's two servers: its own machine, and the reactor.
pub(crate) const PROGRAMS: [&str; 2] = ["bstarsrv", "bstarsrv2"];

/// The primary and the backup of a pair, as indices.
pub(crate) const PRIMARY: usize = 0;
pub(crate) const BACKUP: usize = 1;

/// A folder of Unix domain sockets for one pair, and how fast it lives.
pub(crate) struct Place {
    folder: TempDir,
    speed: u32,
}

impl Place {
    pub(crate) fn new(speed: u32) -> Self {
        Self { folder: folder(), speed }
    }

    fn endpoint(&self, name: &str, server: usize) -> String {
        format!("ipc://{}/{name}-{server}", self.folder.path().display())
    }

    /// Where a server has its clients.
    pub(crate) fn frontend(&self, server: usize) -> String {
        self.endpoint("frontend", server)
    }

    /// Where a server publishes its state.
    pub(crate) fn state(&self, server: usize) -> String {
        self.endpoint("state", server)
    }

    pub(crate) fn heartbeat(&self) -> Duration {
        HEARTBEAT / self.speed
    }

    /// A server's arguments.
    pub(crate) fn server(&self, server: usize) -> Vec<String> {
        let flag = if server == PRIMARY { "--primary" } else { "--backup" };
        let options = [
            ("--frontend", self.frontend(server)),
            ("--statepub", self.state(server)),
            ("--statesub", self.state(1 - server)),
            ("--speed", self.speed.to_string()),
        ];
        let options = options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]);
        [flag.to_owned()].into_iter().chain(options).collect()
    }

    /// The client's arguments.
    pub(crate) fn client(&self) -> Vec<String> {
        let (primary, backup) = (self.frontend(PRIMARY), self.frontend(BACKUP));
        let args = ["--primary", &primary, "--backup", &backup, "--speed", &self.speed.to_string()];
        args.map(str::to_owned).into()
    }
}

/// Borrows arguments.
pub(crate) fn texts(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}
