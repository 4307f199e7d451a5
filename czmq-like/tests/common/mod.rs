//! What the tests share: a watchdog, and sockets that are connected already.
#![allow(dead_code, unused_imports, reason = "each test crate uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

pub(crate) mod gossip;
pub(crate) mod log;
#[cfg(unix)]
pub(crate) mod peer;
#[cfg(target_os = "linux")]
pub(crate) mod process;

use std::io::{self, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use testing::{SOON, rounds, wait_until};
use zmqx::{Context, Open, Pair, Socket, Version, version};

/// Runs `body` on a thread of its own, and fails the test by name where it takes longer than `SOON`.
pub(crate) fn within<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    testing::within(SOON, body)
}

/// Two sockets of a context, the first bound over inproc and the second connected to it.
pub(crate) fn connected_in<A: Open, B: Open>(
    ctx: &Context,
    bound: A,
    connected: B,
) -> (Socket<A::Kind>, Socket<B::Kind>) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let endpoint = format!("inproc://test-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let bound = ctx.socket(bound).unwrap();
    bound.bind(&endpoint).unwrap();
    let connected = ctx.socket(connected).unwrap();
    connected.connect(&endpoint).unwrap();
    (bound, connected)
}

/// Two sockets, the first bound over inproc and the second connected to it.
pub(crate) fn connected<A: Open, B: Open>(
    bound: A,
    connected: B,
) -> (Socket<A::Kind>, Socket<B::Kind>) {
    connected_in(&Context::new().unwrap(), bound, connected)
}

/// Two PAIRs over inproc.
pub(crate) fn pair() -> (Socket<Pair>, Socket<Pair>) {
    connected(Pair, Pair)
}

/// Whether the libzmq that runs is of this level, or newer.
pub(crate) fn runs_with(major: i32, minor: i32, patch: i32) -> bool {
    version() >= Version { major, minor, patch }
}

/// Whether sockets have monitors: the first libzmq that tells of a socket under a lock is 4.1.6.
pub(crate) fn has_monitors() -> bool {
    runs_with(4, 1, 6)
}

/// Gives `is_there`, and where it is not, says that the libzmq that runs has no such thing: past the test harness, which
/// shows nothing of a test that succeeds.
pub(crate) fn or_skip(is_there: bool, what: &str) -> bool {
    if !is_there {
        let message = format!("\nskipped: libzmq {} has no {what}\n", version());
        // In one piece, among those of other tests.
        let _ = io::stderr().write_all(message.as_bytes());
    }
    is_there
}

/// Whether the libzmq that runs has CURVE; where it has not, says so.
pub(crate) fn curve_or_skip() -> bool {
    or_skip(zmqx::has(zmqx::Capability::Curve), "CURVE")
}

/// A port that nobody has, of UDP and of TCP, and that nobody is given who asks the system, or CZMQ, for any.
pub(crate) fn free_port() -> u16 {
    const PORTS: usize = 20_000;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    // Far from those of another test process.
    let begin = std::process::id().wrapping_mul(97) as usize;
    loop {
        let offset = (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS;
        let port = 10_000 + u16::try_from(offset).unwrap();
        if UdpSocket::bind(("0.0.0.0", port)).is_ok()
            && TcpListener::bind(("0.0.0.0", port)).is_ok()
        {
            return port;
        }
    }
}
