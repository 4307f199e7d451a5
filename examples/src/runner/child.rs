//! One program that runs: this program itself, started again under another name.

use std::io::{Read, Write};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;

use guide::scenario::Role;

use super::{Event, RUN_PROGRAM};

/// What became of a program's prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// It is still to come.
    Awaited,
    /// It was shown, and the program waits for Enter.
    Shown,
    /// There is none, or Enter was pressed.
    Gone,
}

/// A program that was started.
pub(crate) struct Child {
    /// Its name, with a number where there are several.
    pub(crate) label: String,
    /// What the scenario calls it.
    pub(crate) role: &'static str,
    /// What it printed, in its earlier lives too.
    pub(crate) lines: Vec<String>,
    /// How it ended, if it has.
    pub(crate) status: Option<ExitStatus>,
    /// What became of its prompt.
    pub(crate) prompt: Prompt,
    /// Whether a scenario's act has ended it, however that shows in its status.
    pub(crate) is_struck: bool,
    process: std::process::Child,
    /// Kept open as long as it may run: it ends when this is closed, even by the runner's sudden death.
    stdin: Option<ChildStdin>,
    /// Its outputs that are open.
    open: usize,
}

impl Child {
    /// Starts a program. What it prints goes to `events`, with its `index`.
    pub(crate) fn start(
        index: usize,
        label: String,
        role: &Role,
        args: &[String],
        events: &Sender<Event>,
    ) -> std::io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(RUN_PROGRAM).arg(role.program).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: a terminal's Ctrl-C goes to the runner, which ends them all.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn()?;
        let stdin = process.stdin.take();
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            process.stdout.take().map(|output| Box::new(output) as _),
            process.stderr.take().map(|output| Box::new(output) as _),
        ];
        let open = outputs.len();
        for output in outputs {
            let (events, prompt) = (events.clone(), role.prompt);
            std::thread::spawn(move || {
                if let Some(output) = output {
                    read(output, index, prompt, &events);
                }
                // Nobody to tell is the end of the runner.
                let _ = events.send(Event::Closed(index));
            });
        }
        let prompt = if role.prompt.is_some() { Prompt::Awaited } else { Prompt::Gone };
        let (role, lines, status, is_struck) = (role.name, Vec::new(), None, false);
        Ok(Self { label, role, lines, status, prompt, is_struck, process, stdin, open })
    }

    /// Takes note that one of its outputs was closed; with the last one, it has ended.
    pub(crate) fn close(&mut self) {
        self.open -= 1;
        if self.open == 0 {
            self.stdin = None;
            // `wait` fails only for one that was waited for before.
            self.status = self.process.wait().ok();
        }
    }

    /// Presses Enter, if it waits for that.
    pub(crate) fn press_enter(&mut self) {
        if self.prompt != Prompt::Shown {
            return;
        }
        self.prompt = Prompt::Gone;
        if let Some(stdin) = &mut self.stdin {
            // One that has ended in the meantime is seen to have ended.
            let _ = stdin.write_all(b"\n");
        }
    }

    /// Ends it in this way, on purpose: however that shows in its status, it is no failure.
    pub(crate) fn strike(&mut self, end: impl FnOnce(&mut Self)) {
        self.is_struck = true;
        end(self);
    }

    /// Sends it SIGINT.
    pub(crate) fn interrupt(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::INT);
        #[cfg(not(unix))]
        self.kill();
    }

    /// Asks it to end.
    pub(crate) fn terminate(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        self.kill();
    }

    /// Ends it.
    pub(crate) fn kill(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        if self.status.is_none() {
            // Not waited for yet, so the number is still its own. It may have ended.
            let _ = rustix::process::kill_process(
                rustix::process::Pid::from_child(&self.process),
                signal,
            );
        }
    }
}

/// Whatever happens to the runner, what it started ends.
impl Drop for Child {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.kill();
            let _ = self.process.wait();
        }
    }
}

/// Cuts what is read into lines. A prompt, behind which no line ends, is one too.
fn read(mut output: impl Read, index: usize, prompt: Option<&str>, events: &Sender<Event>) {
    let mut buffer = [0; 8192];
    let mut line = Vec::new();
    let send = |line: &mut Vec<u8>| {
        let text = String::from_utf8_lossy(line).trim_end_matches('\r').to_owned();
        line.clear();
        events.send(Event::Line(index, text)).is_ok()
    };
    loop {
        let len = match output.read(&mut buffer) {
            Ok(0) => break,
            Ok(len) => len,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        for byte in &buffer[..len] {
            if *byte == b'\n' {
                if !send(&mut line) {
                    return;
                }
            } else {
                line.push(*byte);
            }
        }
        if prompt.is_some_and(|prompt| line == prompt.as_bytes()) {
            // As on a terminal, where Enter ends the prompt's line too.
            if !send(&mut line) || events.send(Event::Prompt(index)).is_err() {
                return;
            }
        }
    }
    if !line.is_empty() {
        send(&mut line);
    }
}
