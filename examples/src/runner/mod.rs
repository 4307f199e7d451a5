//! Runs a scenario: starts its programs, shows their output, and stops them all.

mod acts;
mod child;
mod output;
mod report;
mod signals;

use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use guide::scenario::{End, Role, Scenario, Setting};

use acts::Progress;
use child::{Child, Prompt};
use output::Output;

/// The word by which `guide` runs itself as one of the programs.
pub(crate) const RUN_PROGRAM: &str = "run-program";

/// How long a scenario without an end of its own runs.
const DEFAULT_LIMIT: Duration = Duration::from_secs(10);

/// How long after the prompt, or the last of them, Enter is pressed "when the workers are ready": the Guide leaves that
/// to its reader. Where it is too early, the first workers get more of the tasks, as in the Guide.
const READY: Duration = Duration::from_millis(300);

/// How long programs may take to end when asked to.
const GRACE: Duration = Duration::from_secs(2);

/// How a scenario is to be run.
pub(crate) struct Plan {
    pub(crate) setting: Setting,
    pub(crate) limit: Option<Duration>,
}

/// What comes to the runner.
pub(crate) enum Event {
    /// A child, by its index, printed a line.
    Line(usize, String),
    /// A child printed its prompt.
    Prompt(usize),
    /// A child closed one of its two outputs.
    Closed(usize),
    /// A signal asks the runner to end.
    Interrupted,
}

/// How a scenario ended.
enum Outcome {
    /// By itself, or because the time was up where it has no end.
    Done,
    /// The time was up.
    TimeUp(Duration),
    /// By a signal.
    Interrupted,
    /// Because of this.
    Failed(String),
}

/// A scenario that runs.
struct Run<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    /// The roles that are not started yet.
    waiting: Vec<&'a Role>,
    children: Vec<Child>,
    /// Handed to each child.
    sender: Sender<Event>,
    events: Receiver<Event>,
    output: Output,
    /// When to press Enter.
    press: Option<Instant>,
    signalled: bool,
    progress: Progress,
}

/// Runs the scenario to its end, and says whether it did what it should.
pub(crate) fn run(scenario: &Scenario, plan: &Plan) -> ExitCode {
    let (sender, events) = channel();
    if let Err(error) = signals::watch(sender.clone()) {
        eprintln!("guide: {error}");
    }
    let mut run = Run {
        scenario,
        plan,
        waiting: scenario.roles.iter().collect(),
        children: Vec::new(),
        sender,
        events,
        output: Output::new(),
        press: None,
        signalled: false,
        progress: Progress::default(),
    };
    let outcome = match run.start() {
        Ok(()) => run.watch(),
        Err(error) => Outcome::Failed(format!("cannot start {}: {error}", scenario.name())),
    };
    run.stop();
    run.conclude(&outcome)
}

impl Run<'_> {
    /// Starts those roles whose time has come.
    fn start(&mut self) -> std::io::Result<()> {
        let is_due = |role: &&Role| role.after.is_none_or(|other| self.has_ended(other));
        let (due, waiting): (Vec<_>, _) = self.waiting.iter().partition(|role| is_due(role));
        self.waiting = waiting;
        for role in due {
            let copies = role.copies(&self.plan.setting);
            for copy in 1..=copies {
                let args = self.scenario.args(role, copy, &self.plan.setting);
                let label = role.label(copy, &self.plan.setting);
                let index = self.children.len();
                self.children.push(Child::start(index, label, role, &args, &self.sender)?);
            }
        }
        let names = self.scenario.roles.iter().map(|role| role.name);
        self.output.widen(names.chain(self.children.iter().map(|child| child.label.as_str())));
        Ok(())
    }

    /// Whether all copies of a role were started, and have ended.
    fn has_ended(&self, role: &str) -> bool {
        let is_waiting = self.waiting.iter().any(|waiting| waiting.name == role);
        let mut copies = self.children.iter().filter(|child| child.role == role);
        !is_waiting && copies.all(|child| child.status.is_some())
    }

    /// Shows what comes, until the scenario is over.
    fn watch(&mut self) -> Outcome {
        let is_endless = matches!(self.scenario.end, End::Time);
        let limit = self.plan.limit.or(is_endless.then_some(DEFAULT_LIMIT));
        let start = Instant::now();
        loop {
            if let Some(failed) = self.failed() {
                return Outcome::Failed(failed);
            }
            match self.start().and_then(|()| self.is_over()) {
                Ok(true) => return Outcome::Done,
                Ok(false) => {}
                Err(error) => return Outcome::Failed(error.to_string()),
            }
            let left = limit.map(|limit| limit.saturating_sub(start.elapsed()));
            if let (Some(Duration::ZERO), Some(limit)) = (left, limit) {
                return if is_endless { Outcome::Done } else { Outcome::TimeUp(limit) };
            }
            let press = self.press.map(|at| at.saturating_duration_since(Instant::now()));
            if press == Some(Duration::ZERO) {
                self.press = None;
                self.children.iter_mut().for_each(Child::press_enter);
            }
            let timeout = [left, press].into_iter().flatten().min().unwrap_or(DEFAULT_LIMIT);
            match self.events.recv_timeout(timeout) {
                Ok(Event::Interrupted) => return Outcome::Interrupted,
                Ok(event) => self.handle(event),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            if self.output.is_closed() {
                return Outcome::Interrupted;
            }
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Line(child, line) => {
                self.output.line(child, &self.children[child].label, &line);
                self.children[child].lines.push(line);
            }
            Event::Prompt(child) => {
                self.children[child].prompt = Prompt::Shown;
                // Those that wait for each other go on together.
                if self.children.iter().all(|child| child.prompt != Prompt::Awaited) {
                    self.press = Some(Instant::now() + READY);
                }
            }
            Event::Closed(child) => self.children[child].close(),
            Event::Interrupted => {}
        }
    }

    /// Says which program ended in a way that it should not.
    fn failed(&self) -> Option<String> {
        let has_failed = |c: &&Child| !c.is_struck && c.status.is_some_and(|s| !s.success());
        let failed = self.children.iter().find(has_failed)?;
        let reason = failed.lines.iter().rev().find_map(|line| line.strip_prefix("Error: "));
        Some(match (reason, failed.status) {
            (Some(reason), _) => format!("{} failed: {reason}", failed.label),
            (None, Some(status)) => format!("{} ended: {status}", failed.label),
            (None, None) => return None,
        })
    }

    fn is_over(&mut self) -> std::io::Result<bool> {
        Ok(match self.scenario.end {
            End::Acts(acts) => return self.act(acts),
            End::Programs(programs) => programs.iter().all(|program| self.has_ended(program)),
            End::Time => self.plan.setting.quick && self.is_seen(),
            End::Signal { program, after } => {
                if !self.signalled && self.has_ended(after) {
                    self.signalled = true;
                    let own = self.children.iter_mut().filter(|child| child.role == program);
                    own.for_each(Child::interrupt);
                }
                self.has_ended(program)
            }
        })
    }

    /// Whether everything that is expected has been seen.
    fn is_seen(&self) -> bool {
        report::check(self.scenario, &self.plan.setting, &self.children).iter().all(|f| f.is_met)
    }

    /// Ends what still runs, and shows its last words.
    fn stop(&mut self) {
        self.children.iter_mut().for_each(Child::terminate);
        let deadline = Instant::now() + GRACE;
        let mut is_killed = false;
        while self.children.iter().any(|child| child.status.is_none()) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() && !is_killed {
                self.children.iter_mut().for_each(Child::kill);
                is_killed = true;
            }
            match self.events.recv_timeout(left.max(Duration::from_millis(10))) {
                Ok(event) => self.handle(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    /// Says whether the scenario did what it should.
    fn conclude(&mut self, outcome: &Outcome) -> ExitCode {
        let complaint = match outcome {
            Outcome::Done => None,
            Outcome::TimeUp(limit) => Some(format!("not at its end after {limit:?}")),
            Outcome::Interrupted => Some("interrupted".to_owned()),
            Outcome::Failed(reason) => Some(reason.clone()),
        };
        let findings = report::check(self.scenario, &self.plan.setting, &self.children);
        for finding in &findings {
            self.output.own(&finding.text);
        }
        let is_alive = findings.iter().all(|finding| finding.is_met);
        // Who interrupts what has shown everything is right to do so.
        let is_right = is_alive && matches!(outcome, Outcome::Done | Outcome::Interrupted);
        if let Some(complaint) = complaint {
            self.output.own(&format!("{}: {complaint}", self.scenario.name()));
        } else if !is_right {
            self.output.own(&format!("{}: not everything was seen", self.scenario.name()));
        }
        if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
