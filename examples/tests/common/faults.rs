//! Real faults: programs that are killed, stopped and started again at random, while requests go through them.
//!
//! A test is a body that [`with_seeds`] runs: for one seed, or for fifty in a row where `ZMQX_LONG=1`. Each seed is
//! printed, and `ZMQX_SEED=…` repeats it alone: the same faults to the same programs after the same pauses, though not
//! the same schedule of the operating system's. Inside, there is a [`Fleet`] of programs, a [`Load`] of clients, and
//! [`Fleet::trouble`], which strikes for a while and then heals. Or [`Process`] alone, for faults in an order of the
//! test's own.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{WATCHDOG, ended, guide, is_long, send_signal};

/// How many seeds a long run takes.
const LONG: usize = 50;

/// Random numbers from a seed, by SplitMix64.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Makes those of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, and without, `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("a usize has 64 bits at most");
        usize::try_from(self.bits() % limit).expect("it is below a usize")
    }

    /// A time in the range, to the microsecond.
    pub(crate) fn time(&mut self, range: &Range<Duration>) -> Duration {
        let micros = (range.end - range.start).as_micros();
        let micros = u64::try_from(micros).expect("a test's pauses are short").max(1);
        range.start + Duration::from_micros(self.bits() % micros)
    }
}

/// Runs a test's body for the seed in `ZMQX_SEED`, or else for fresh ones: fifty in a long run, otherwise one.
pub(crate) fn with_seeds(mut body: impl FnMut(&mut Random)) {
    let given = std::env::var("ZMQX_SEED").ok();
    let given = given.map(|seed| seed.parse().expect("ZMQX_SEED is a number"));
    let runs = if is_long() && given.is_none() { LONG } else { 1 };
    for run in 1..=runs {
        let seed = given.unwrap_or_else(fresh);
        println!("run {run} of {runs}: repeat it with ZMQX_SEED={seed}");
        body(&mut Random::new(seed));
    }
}

/// A seed of those that nobody chose.
fn fresh() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    // Half of the bits are enough, and shorter to type.
    RandomState::new().hash_one(0) >> 32
}

/// A program of the Guide's that a test kills, stops, and starts again.
///
/// It ends with the test, however that ends, as it does with the runner: at the end of its standard input.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    args: Vec<String>,
    child: Option<Child>,
    is_stopped: bool,
    lines: Arc<Mutex<Vec<String>>>,
    errors: Arc<Mutex<String>>,
    /// What reads its two outputs, until they are closed.
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts a program by its name.
    pub(crate) fn spawn(name: &str, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        let mut process = Self {
            name: name.to_owned(),
            args,
            child: None,
            is_stopped: false,
            lines: Arc::default(),
            errors: Arc::default(),
            readers: Vec::new(),
        };
        process.start();
        process
    }

    /// Starts it again, where it does not run.
    pub(crate) fn start(&mut self) {
        if self.is_running() {
            return;
        }
        let mut command = guide();
        command.args(["run-program", &self.name]).args(&self.args).stdin(Stdio::piped());
        let mut child = command.spawn().expect("guide starts");
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (lines, errors) = (self.lines.clone(), self.errors.clone());
        self.readers.push(thread::spawn(move || {
            for line in BufReader::new(stdout.expect("it is piped")).lines().map_while(Result::ok) {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        }));
        self.readers.push(thread::spawn(move || {
            let mut text = String::new();
            // What was read before an error is there too.
            let _ = stderr.expect("it is piped").read_to_string(&mut text);
            errors.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
        }));
        self.child = Some(child);
        self.is_stopped = false;
    }

    /// Kills it (SIGKILL), and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("a child that was not waited for can be killed");
            child.wait().expect("a child can be waited for");
        }
        self.read();
        self.is_stopped = false;
    }

    /// Reads to their ends what one has printed that has ended.
    fn read(&mut self) {
        for reader in self.readers.drain(..) {
            reader.join().expect("a reader does not panic");
        }
        // That of a thread is not seen in the exit status.
        assert!(!self.errors().contains("panicked at"), "{}: {}", self.name, self.errors());
    }

    /// Kills it, and starts it again.
    pub(crate) fn restart(&mut self) {
        self.kill();
        self.start();
    }

    /// Stops it (SIGSTOP): its connections stay, and it does nothing.
    pub(crate) fn stop(&mut self) {
        self.signal(Signal::STOP);
        self.is_stopped = true;
    }

    /// Lets it go on after a stop (SIGCONT).
    pub(crate) fn cont(&mut self) {
        self.signal(Signal::CONT);
        self.is_stopped = false;
    }

    /// Sends it a signal, where it runs.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if let Some(child) = &self.child {
            send_signal(child.id(), signal);
        }
    }

    /// Whether it runs, and was not stopped.
    pub(crate) fn is_healthy(&mut self) -> bool {
        self.is_running() && !self.is_stopped
    }

    /// Whether its process is there, perhaps stopped.
    ///
    /// One that ended by itself must have done so in good order, as one does that simulates a crash.
    pub(crate) fn is_running(&mut self) -> bool {
        let Some(child) = &mut self.child else { return false };
        let Some(status) = child.try_wait().expect("a child can be waited for") else {
            return true;
        };
        self.child = None;
        self.read();
        assert!(status.success(), "{} ended: {status}\n{}", self.name, self.errors());
        false
    }

    /// The lines that it has printed so far, over all of its lives.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a line that it has printed is right.
    pub(crate) fn wait_for(&self, is_right: impl Fn(&str) -> bool) {
        let start = Instant::now();
        while !self.lines().iter().any(|line| is_right(line)) {
            assert!(start.elapsed() < WATCHDOG, "{}: only {:#?}", self.name, self.lines());
            // Lines come from a thread of their own; there is nothing to wait on.
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until it ends by itself, in good order, and gives the lines that it has printed.
    pub(crate) fn ended(mut self) -> Vec<String> {
        let start = Instant::now();
        while self.is_running() {
            assert!(start.elapsed() < WATCHDOG, "{}: only {:#?}", self.name, self.lines());
            // As above.
            thread::sleep(Duration::from_millis(5));
        }
        self.lines()
    }

    /// What it wrote to standard error in the lives that have ended.
    pub(crate) fn errors(&self) -> String {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks it to end (SIGTERM), as Ctrl-C does, and sees that it does so in good order.
    pub(crate) fn end(mut self) {
        self.cont();
        self.signal(Signal::TERM);
        if let Some(child) = self.child.take() {
            let ended = ended(child, WATCHDOG);
            self.read();
            assert!(ended.status.success(), "{}: {ended:#?}\n{}", self.name, self.errors());
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Programs that trouble comes to.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// The programs, in the order in which they were added.
    pub(crate) processes: Vec<Process>,
    /// How many are always left in health.
    pub(crate) spared: usize,
}

impl Fleet {
    /// Adds a program, and starts it.
    pub(crate) fn spawn(&mut self, name: &str, args: &[&str]) {
        self.processes.push(Process::spawn(name, args));
    }

    /// For a while, lets a fault come, or go, after each pause: a program is killed or stopped, or is started or goes on.
    /// Those that ended by themselves, in good order, are started again. At the end all are in health.
    pub(crate) fn trouble(&mut self, random: &mut Random, time: Duration, pause: &Range<Duration>) {
        let start = Instant::now();
        while start.elapsed() < time {
            thread::sleep(random.time(pause));
            let (chosen, is_kill) = (random.below(self.processes.len()), random.below(2) == 0);
            let healthy = self.processes.iter_mut().filter_map(|p| p.is_healthy().then_some(()));
            let healthy = healthy.count();
            let process = &mut self.processes[chosen];
            let what = if process.is_stopped {
                process.cont();
                "goes on"
            } else if !process.is_running() {
                process.start();
                "starts"
            } else if healthy <= self.spared {
                continue;
            } else if is_kill {
                process.kill();
                "is killed"
            } else {
                process.stop();
                "is stopped"
            };
            println!("{:?}: {} ({chosen}) {what}", start.elapsed(), process.name);
        }
        self.heal();
    }

    /// Starts those that do not run, and lets those go on that are stopped.
    pub(crate) fn heal(&mut self) {
        for process in &mut self.processes {
            if process.is_stopped {
                process.cont();
            }
            process.start();
        }
    }

    /// Ends them all, and sees that they do so in good order.
    pub(crate) fn end(self) {
        self.processes.into_iter().for_each(Process::end);
    }
}

/// What came of the requests of a [`Load`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// Those that were answered, rightly.
    pub(crate) answered: usize,
    /// Those that were given up.
    pub(crate) abandoned: usize,
}

/// Clients on threads of their own, which ask one request after the other.
#[derive(Debug)]
pub(crate) struct Load {
    is_over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Counts>>,
}

impl Load {
    /// Starts so many clients.
    ///
    /// `connect` makes a client of its number. That gets the number of each request, from 1, and tells whether it was
    /// answered; an answer that is wrong it shall panic at.
    pub(crate) fn start<C: FnMut(usize) -> bool>(
        clients: usize,
        connect: impl Fn(usize) -> C + Clone + Send + 'static,
    ) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let start = |client| {
            let (is_over, connect) = (is_over.clone(), connect.clone());
            thread::spawn(move || {
                let mut ask = connect(client);
                let mut counts = Counts::default();
                while !is_over.load(Ordering::Relaxed) {
                    if ask(counts.answered + counts.abandoned + 1) {
                        counts.answered += 1;
                    } else {
                        counts.abandoned += 1;
                    }
                }
                counts
            })
        };
        let clients = (0..clients).map(start).collect();
        Self { is_over, clients }
    }

    /// Ends it after the requests that are on their way. A wrong answer fails the test here.
    pub(crate) fn end(self) -> Counts {
        self.is_over.store(true, Ordering::Relaxed);
        let mut sum = Counts::default();
        for client in self.clients {
            let counts = client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            sum.answered += counts.answered;
            sum.abandoned += counts.abandoned;
        }
        println!("{sum:?}");
        sum
    }
}
