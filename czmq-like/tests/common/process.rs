//! Tests in processes of their own, and signals to them.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpid, kill_process};

use super::SOON;

const CHILD: &str = "CZMQ_LIKE_CHILD";

/// Whether this process is the one that was started for the test, and what it was started with.
pub(crate) fn child_of(test: &str) -> Option<String> {
    let value = std::env::var(CHILD).ok()?;
    let (child_of, role) = value.split_once('/')?;
    (child_of == test).then(|| role.to_owned())
}

/// A process that runs a test again.
pub(crate) struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    role: String,
}

impl Process {
    pub(crate) fn start(test: &str, role: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
        command.env(CHILD, format!("{test}/{role}")).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout, role: role.to_owned() }
    }

    /// Reads until it has written a line that ends so, and returns that.
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        let mut line = String::new();
        while self.stdout.read_line(&mut line).unwrap() > 0 {
            // The harness begins a line, and the test goes on in it.
            if line.trim_end().ends_with(wanted) {
                return line.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("{} ended without {wanted:?}: {:?}", self.role, self.child.wait());
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for its end, and fails where it takes too long.
    pub(crate) fn end(mut self, limit: Duration) -> std::process::ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            if begun.elapsed() > limit {
                let _ = self.child.kill();
                panic!("{} did not end within {limit:?}", self.role);
            }
            // A wait for a process's end knows no deadline.
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Runs `body` in a process of its own, and fails where that does. SIGINT and SIGTERM do there what they do by default,
/// whoever started the tests: `nohup` and a shell's `&` ignore SIGINT.
pub(crate) fn in_child(test: &str, body: impl FnOnce()) {
    if child_of(test).is_some() {
        testing::restore_defaults(&[Signal::INT, Signal::TERM].map(Signal::as_raw));
        return body();
    }
    let status = Process::start(test, "").end(SOON * 2);
    assert!(status.success(), "{test} in a process of its own: {status}");
}

/// Sends this process a signal.
pub(crate) fn raise(signal: Signal) {
    kill_process(getpid(), signal).unwrap();
}

/// What this process does on a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disposition {
    Default,
    Ignored,
    Caught,
}

pub(crate) fn disposition(signal: Signal) -> Disposition {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let is_in = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        u64::from_str_radix(line.trim(), 16).unwrap() >> (signal.as_raw() - 1) & 1 == 1
    };
    match (is_in("SigCgt:"), is_in("SigIgn:")) {
        (true, _) => Disposition::Caught,
        (_, true) => Disposition::Ignored,
        _ => Disposition::Default,
    }
}

/// Whether both of the signals that CZMQ handles are handled.
pub(crate) fn are_caught() -> bool {
    let both = [Signal::INT, Signal::TERM].map(disposition);
    assert_eq!(both[0], both[1]);
    both[0] == Disposition::Caught
}
