//! Runs `guide` and the programs as processes, each under a watchdog, at endpoints of their own.
#![allow(dead_code, reason = "each test file uses some of it")]

#[cfg(unix)]
pub(crate) mod faults;
#[cfg(unix)]
pub(crate) mod hostile;
pub(crate) mod lazy;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a scenario may take: quick ones take seconds, on a busy machine more.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

/// Where a scenario meets: a fresh folder of Unix domain sockets.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// A loopback address that no other test uses: 127.x.y.z, from this process's number and a count.
pub(crate) fn host() -> String {
    static COUNT: AtomicU16 = AtomicU16::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) % 250 + 1;
    let process = std::process::id();
    format!("127.{}.{}.{count}", (process >> 8) % 250 + 1, process % 250 + 1)
}

/// Whether the long versions of the tests are asked for.
pub(crate) fn is_long() -> bool {
    std::env::var_os("ZMQX_LONG").is_some_and(|value| value == "1")
}

/// What a process printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) elapsed: Duration,
}

impl Ended {
    /// The lines of a program that the runner showed, in their order.
    pub(crate) fn lines(&self, label: &str) -> Vec<&str> {
        let lines = self.stdout.lines().filter_map(|line| line.split_once(" | "));
        lines.filter(|(name, _)| name.trim_end() == label).map(|(_, line)| line).collect()
    }

    /// The number between the two texts, in the only line of the program that has both.
    pub(crate) fn number(&self, label: &str, before: &str, after: &str) -> i64 {
        let number = self.lines(label).into_iter().find_map(|line| {
            let (_, rest) = line.split_once(before)?;
            rest.split_once(after)?.0.parse().ok()
        });
        number.unwrap_or_else(|| panic!("no number between {before:?} and {after:?}: {self:#?}"))
    }
}

/// Waits for a process's end, and panics with what it printed where it takes too long.
pub(crate) fn ended(mut child: Child, limit: Duration) -> Ended {
    let start = Instant::now();
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let mut is_late = false;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if start.elapsed() > limit && !is_late {
            is_late = true;
            child.kill().expect("a child that runs can be killed");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let elapsed = start.elapsed();
    let (stdout, stderr) = (stdout.recv().unwrap_or_default(), stderr.recv().unwrap_or_default());
    let ended = Ended { status, stdout, stderr, elapsed };
    assert!(!is_late, "not at its end after {limit:?}: {ended:#?}");
    ended
}

fn drain(output: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(mut output) = output {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before an error is shown too.
            let _ = output.read_to_end(&mut bytes);
            let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
        });
    }
    receiver
}

/// The command `guide`, with its outputs piped.
pub(crate) fn guide() -> Command {
    program(env!("CARGO_BIN_EXE_guide"))
}

/// A program's command, with its outputs piped.
pub(crate) fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a scenario as the tests want it: quick, and at Unix domain sockets of its own.
pub(crate) fn scenario(name: &str) -> Ended {
    scenario_with(name, &[])
}

/// Does as [`scenario`], with more arguments.
pub(crate) fn scenario_with(name: &str, args: &[&str]) -> Ended {
    let folder = folder();
    let mut command = guide();
    command.args([name, "--quick", "--ipc"]).arg(folder.path()).args(args);
    let ended = ended(command.spawn().expect("guide starts"), WATCHDOG);
    assert!(ended.status.success(), "{name} did not do what it should: {ended:#?}");
    ended
}

/// A program that runs beside the test, and is killed at its end.
pub(crate) struct Running {
    child: Option<Child>,
    lines: Receiver<String>,
}

impl Running {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("a program starts");
        let (sender, lines) = channel();
        let output = child.stdout.take().expect("its output is piped");
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child: Some(child), lines }
    }

    /// Its process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// The next line that it prints.
    pub(crate) fn line(&self) -> String {
        let line = self.lines.recv_timeout(WATCHDOG);
        line.unwrap_or_else(|error| panic!("no line of the program: {error}"))
    }

    /// The next line that it prints, if it comes within this time.
    pub(crate) fn line_within(&self, limit: Duration) -> Option<String> {
        self.lines.recv_timeout(limit).ok()
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        let child = self.child.as_mut().expect("it runs");
        child.try_wait().expect("a child can be waited for").is_none()
    }

    /// Waits for its end; of its output there is what was not asked for by `line`.
    pub(crate) fn ended(mut self) -> Ended {
        let mut ended = ended(self.child.take().expect("it runs"), WATCHDOG);
        ended.stdout = self.lines.iter().map(|line| line + "\n").collect();
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The processes, by number, whose command line has `text` in it; a path of the test's own tells them apart.
#[cfg(target_os = "linux")]
pub(crate) fn processes(text: &str) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").expect("Linux has /proc").flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has_text = |number: &u32| {
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(text)
    };
    numbers.filter(has_text).collect()
}

/// Waits until the process catches SIGINT and SIGTERM, and not a moment longer.
#[cfg(target_os = "linux")]
pub(crate) fn wait_until_caught(process: u32) {
    use rustix::process::Signal;

    let both = 1_u64 << (Signal::INT.as_raw() - 1) | 1 << (Signal::TERM.as_raw() - 1);
    let caught = || {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    };
    while caught().expect("it runs") & both != both {
        std::hint::spin_loop();
    }
}

/// Sends a process a signal.
#[cfg(unix)]
pub(crate) fn send_signal(process: u32, signal: rustix::process::Signal) {
    let process = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(process.expect("a process's number"), signal)
        .expect("a process that was not waited for can be sent a signal");
}
