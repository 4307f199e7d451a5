//! What the tests share: a watchdog, fresh names, and sockets that are connected already.
#![allow(dead_code, unused_imports, reason = "each test crate uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

pub(crate) mod poller;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

pub(crate) use testing::{SOON, rounds, wait_until, within};
use zmqx::{Context, Endpoint, Interrupt, Kind, Open, Pair, Socket, Version, version};

/// Whether sockets have monitors: the first libzmq that tells of a socket under a lock is 4.1.6.
pub(crate) fn has_monitors() -> bool {
    runs_with(4, 1, 6)
}

fn fresh() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// An inproc endpoint that no other test has.
pub(crate) fn inproc() -> String {
    format!("inproc://test-{}", fresh())
}

/// The wildcard tcp endpoint of this machine; `bind` says which port it got.
pub(crate) const TCP: &str = "tcp://127.0.0.1:*";

/// A tcp endpoint that takes connections as long as the listener is there, and never says a word: what is sent to it
/// stays unsent.
pub(crate) fn deaf() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    (listener, endpoint)
}

/// An ipc endpoint that no other test has. Its file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct IpcName {
    endpoint: String,
    directory: tempfile::TempDir,
}

impl AsRef<str> for IpcName {
    fn as_ref(&self) -> &str {
        &self.endpoint
    }
}

pub(crate) fn ipc() -> IpcName {
    let directory = tempfile::tempdir().unwrap();
    let endpoint = format!("ipc://{}", directory.path().join("socket").display());
    IpcName { endpoint, directory }
}

/// Two sockets, the first bound to `endpoint` and the second connected to it.
pub(crate) fn connected_over<A: Open, B: Open>(
    ctx: &Context,
    endpoint: &str,
    bound: A,
    connected: B,
) -> (Socket<A::Kind>, Socket<B::Kind>) {
    let bound = ctx.socket(bound).unwrap();
    let endpoint: Endpoint = bound.bind(endpoint).unwrap();
    let connected = ctx.socket(connected).unwrap();
    connected.connect(endpoint).unwrap();
    (bound, connected)
}

/// Two sockets, the first bound over inproc and the second connected to it.
pub(crate) fn connected<A: Open, B: Open>(
    ctx: &Context,
    bound: A,
    connected: B,
) -> (Socket<A::Kind>, Socket<B::Kind>) {
    connected_over(ctx, &inproc(), bound, connected)
}

/// Runs a pattern over each transport.
pub(crate) fn over_each(pattern: impl Fn(&Context, &str) + Send + 'static) {
    within(SOON, move || {
        let ctx = Context::new().unwrap();
        let name = ipc();
        for endpoint in [&inproc()[..], name.as_ref(), TCP] {
            pattern(&ctx, endpoint);
        }
    });
}

/// Opens a socket that is connected to the endpoint.
pub(crate) fn connect<K: Kind>(ctx: &Context, kind: K, endpoint: &Endpoint) -> Socket<K> {
    let socket = ctx.socket(kind).unwrap();
    socket.connect(endpoint).unwrap();
    socket
}

/// A context, and the `Interrupt` that it has.
pub(crate) fn interruptible() -> (Interrupt, Context) {
    let interrupt = Interrupt::new().unwrap();
    let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
    (interrupt, ctx)
}

/// A context without, and one with an `Interrupt`: their calls block in different ways.
pub(crate) fn both_sorts() -> [Context; 2] {
    [Context::new().unwrap(), interruptible().1]
}

/// Runs `call` on a thread, which says on `ready` that it is about to block.
pub(crate) fn blocked<T: Send + 'static>(
    ready: &Sender<()>,
    call: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let ready = ready.clone();
    thread::spawn(move || {
        ready.send(()).unwrap();
        call()
    })
}

/// Two PAIRs over inproc.
pub(crate) fn connected_pair(ctx: &Context) -> (Socket<Pair>, Socket<Pair>) {
    connected(ctx, Pair, Pair)
}

/// Two PAIRs over tcp.
pub(crate) fn connected_tcp_pair(ctx: &Context) -> (Socket<Pair>, Socket<Pair>) {
    connected_over(ctx, TCP, Pair, Pair)
}

/// Whether the libzmq that runs is of this level, or newer.
pub(crate) fn runs_with(major: i32, minor: i32, patch: i32) -> bool {
    version() >= Version { major, minor, patch }
}

/// Runs `body` in a process of its own, which is this test again, and tells how that ended; nothing in that process.
fn output_of_child(
    test: &str,
    prepare: impl FnOnce(&Path, &[&str]) -> Command,
    body: impl FnOnce(),
) -> Option<Output> {
    const CHILD: &str = "ZMQX_CHILD";
    if std::env::var_os(CHILD).is_some_and(|child| child == test) {
        body();
        return None;
    }
    let program = std::env::current_exe().unwrap();
    let mut command = prepare(&program, &[test, "--exact", "--nocapture"]);
    command.env(CHILD, test);
    Some(within(SOON * 4, move || command.output().unwrap()))
}

/// Runs `body` in a process of its own, which is this test again, and fails where that does. `prepare` has a last word
/// on how the process is started, given the program and its arguments.
pub(crate) fn in_child_by(
    test: &str,
    prepare: impl FnOnce(&Path, &[&str]) -> Command,
    body: impl FnOnce(),
) {
    let Some(output) = output_of_child(test, prepare, body) else { return };
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{test} in a process of its own: {}\n{text}", output.status);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("1 passed"), "{test} did not run:\n{text}");
}

fn plain(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Runs `body` in a process of its own, which is this test again, and fails where that does.
pub(crate) fn in_child(test: &str, body: impl FnOnce()) {
    in_child_by(test, plain, body);
}

/// Runs `body` in a process of its own, which may end well, or by the assertion `words` of libzmq's, and not otherwise.
#[cfg(unix)]
pub(crate) fn in_child_that_may_abort(test: &str, words: &str, body: impl FnOnce()) {
    use std::os::unix::process::ExitStatusExt as _;
    let Some(output) = output_of_child(test, plain, body) else { return };
    let text = String::from_utf8_lossy(&output.stderr);
    let has_aborted = output.status.signal() == Some(libc::SIGABRT) && text.contains(words);
    assert!(output.status.success() || has_aborted, "{test}: {}\n{text}", output.status);
}
