//! What the peers that are written in Rust share: their command line, and two threads that start together.
//!
//! A peer is called as `PEER WORKLOAD TRANSPORT SIZE COUNT`, and prints the nanoseconds that all COUNT took. It answers
//! what its library cannot do by `unsupported` and exit code 3. `PEER version` prints the version of the libzmq that runs.

use std::error::Error;
use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// One workload, of a size, so many times.
#[derive(Debug)]
pub struct Task {
    /// `send`, `single`, `latency`, `multipart`, `broker`, `broker-multipart`, `readers`, `timers` or `owned`.
    pub workload: String,
    /// `inproc`, `ipc` or `tcp`.
    pub transport: String,
    /// Bytes of a message, frames of a multipart message, readers or timers.
    pub size: usize,
    /// How often.
    pub count: usize,
    /// Where to bind. What was really bound is where to connect.
    pub endpoint: String,
}

/// How long it took; `None` where the library has no such thing.
pub type Outcome = Result<Option<Duration>, Box<dyn Error>>;

/// Reads the command line, runs the workload and says how long it took.
pub fn run(libzmq: impl FnOnce() -> String, workload: impl FnOnce(&Task) -> Outcome) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let task = match &args[..] {
        [version] if version == "version" => {
            println!("{}", libzmq());
            return ExitCode::SUCCESS;
        }
        [workload, transport, size, count] => task(workload, transport, size, count),
        _ => None,
    };
    let Some(task) = task else {
        eprintln!("usage: PEER version | PEER WORKLOAD inproc|ipc|tcp SIZE COUNT");
        return ExitCode::from(2);
    };
    match workload(&task) {
        Ok(Some(elapsed)) => println!("{}", elapsed.as_nanos()),
        Ok(None) => {
            println!("unsupported");
            return ExitCode::from(3);
        }
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn task(workload: &str, transport: &str, size: &str, count: &str) -> Option<Task> {
    let endpoint = match transport {
        "inproc" => "inproc://peer".to_owned(),
        "ipc" => format!("ipc://{}/peer-{}", std::env::temp_dir().display(), std::process::id()),
        "tcp" => "tcp://127.0.0.1:0".to_owned(),
        _ => return None,
    };
    Some(Task {
        workload: workload.to_owned(),
        transport: transport.to_owned(),
        size: size.parse().ok()?,
        count: count.parse().ok()?,
        endpoint,
    })
}

/// Sends and receives on two threads, one before the clock starts, and says how long it took from the first that is sent
/// to the last that is received.
///
/// Both are called twice, with how many messages are to pass: one, so that they are connected, and then those that count.
pub fn two_threads<E: Debug + Send>(
    count: usize,
    mut send: impl FnMut(usize) -> Result<(), E> + Send,
    mut receive: impl FnMut(usize) -> Result<(), E>,
) -> Result<Duration, E> {
    let start = &Barrier::new(2);
    thread::scope(|scope| {
        // With what it owns on its own stack: it is not to share a cache line with what the receiver writes.
        let sender = scope.spawn(move || {
            send(1)?;
            start.wait();
            let began = Instant::now();
            send(count)?;
            // Its socket is closed when all has come.
            Ok((began, send))
        });
        receive(1)?;
        start.wait();
        receive(count)?;
        let ended = Instant::now();
        let (began, _send) = sender.join().expect("the sender does not panic")?;
        Ok(ended - began)
    })
}
