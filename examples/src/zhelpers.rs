//! What the Guide's zhelpers.h has and zmqx has not: dumps, printable identities, random numbers, the clock.
//!
//! `s_send`, `s_sendmore` and `s_recv` are the methods `send`, `send_more` and `recv` of a socket.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use zmqx::interrupt::SignalGuard;
use zmqx::{ErrorKind, Interrupt, Kind, Message, Receives, Result, Socket};

pub use crate::stdin::getchar;
pub use czmq_like::randof;

/// Receives a message, and prints all its frames, as text or in hexadecimal.
///
/// # Errors
///
/// - Those of a receive.
pub fn s_dump<K: Receives>(socket: &Socket<K>) -> Result<()> {
    println!("----------------------------------------");
    for frame in &socket.recv_multipart()? {
        print!("[{:03}] ", frame.len());
        if frame.iter().all(|byte| (32..127).contains(byte)) {
            println!("{}", frame.to_string_lossy());
        } else {
            println!("{}", frame.iter().map(|byte| format!("{byte:02X}")).collect::<String>());
        }
    }
    Ok(())
}

/// Sets an identity that can be printed, and that no other socket of this process has.
///
/// # Errors
///
/// - Those of setting an option.
pub fn s_set_id<K: Kind>(socket: &Socket<K>) -> Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) & 0xFFFF;
    socket.set_identity(format!("{:04X}-{count:04X}", randof(0x10000)))
}

/// Receives a frame, without waiting; `None` where there is none.
///
/// # Errors
///
/// - Those of a receive, but for [`WouldBlock`](ErrorKind::WouldBlock): in C every error looks like "none".
pub fn s_recv_nowait<K: Receives>(socket: &Socket<K>) -> Result<Option<Message>> {
    match socket.try_recv() {
        Ok(message) => Ok(Some(message)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

/// Catches SIGINT and SIGTERM, until the guard goes: they trigger the `Interrupt`.
///
/// A context that is built with it gives [`Interrupted`](ErrorKind::Interrupted) from calls that block, whether the
/// signal comes while they do or before.
///
/// # Errors
///
/// - Those of [`Interrupt::on_signals`]; on Windows, always.
pub fn s_catch_signals() -> Result<(Interrupt, SignalGuard)> {
    #[cfg(unix)]
    const SIGNALS: &[i32] = &[zmqx::interrupt::SIGINT, zmqx::interrupt::SIGTERM];
    #[cfg(not(unix))]
    const SIGNALS: &[i32] = &[];
    let interrupt = Interrupt::new()?;
    let guard = interrupt.on_signals(SIGNALS)?;
    Ok((interrupt, guard))
}

/// Returns the time since its first call, in whole milliseconds.
pub fn s_clock() -> u128 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_millis()
}

/// Sleeps for some milliseconds.
pub fn s_sleep(msecs: u64) {
    std::thread::sleep(Duration::from_millis(msecs));
}

/// Reads the number that a message begins with; 0 where it does not, as C's function does.
pub fn atoi(message: &[u8]) -> u64 {
    let digits = message.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: u64, byte| {
        number.saturating_mul(10).saturating_add(u64::from(byte - b'0'))
    })
}

/// Waits for a thread's end, and gives what it gives; its panic goes on in the caller.
///
/// # Errors
///
/// - Those of the thread.
pub fn join(thread: JoinHandle<Result<()>>) -> Result<()> {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Shows what was printed, before the line is complete: `fflush (stdout)`.
pub fn flush() {
    // Where nobody reads what is printed, the next print says so.
    let _ = std::io::stdout().flush();
}
