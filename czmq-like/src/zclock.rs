//! The time of day, a clock that is never set, and sleep: the class `zclock`.
//!
//! What C counts in milliseconds is a [`Duration`] throughout, instants too, so that C's arithmetic goes over as it is.
//!
//! ```
//! use czmq_like::prelude::*;
//!
//! const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(5);
//!
//! let heartbeat_at = zclock::mono() + HEARTBEAT_INTERVAL;
//! while zclock::mono() < heartbeat_at {
//!     zclock::sleep(heartbeat_at.saturating_sub(zclock::mono()));
//! }
//! zclock::log("I: time for a heartbeat"); // 26-11-21 09:30:00 I: time for a heartbeat
//! ```

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use zmqx::poll;

use crate::interrupts;

/// Returns the time of day, as what has passed since 1970.
///
/// It jumps when somebody sets the clock: to measure, or for a deadline, [`mono`] is right.
#[doc(alias = "zclock_time")]
pub fn time() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Returns the time of a clock that nobody sets.
///
/// Where it begins means nothing, but is so long ago that any interval can be subtracted.
#[doc(alias("zclock_mono", "zclock_usecs"))]
pub fn mono() -> Duration {
    static START: OnceLock<(Instant, Duration)> = OnceLock::new();
    let (start, before) = START.get_or_init(|| (Instant::now(), time()));
    *before + start.elapsed()
}

/// Sleeps, until the time is up or the program is [interrupted](crate::zsys::interrupted).
///
/// Other signals do not cut it short. Once the program is interrupted, it returns at once.
#[doc(alias = "zclock_sleep")]
pub fn sleep(duration: Duration) {
    let begun = Instant::now();
    let Ok(interrupt) = interrupts::shared() else {
        // Not even the descriptors for it are free.
        return thread::sleep(duration);
    };
    while !interrupt.is_triggered() {
        let left = duration.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return;
        }
        // It fails by a signal alone, and what is left is looked at again.
        let _ = poll(&mut [interrupts::item(interrupt)], Some(left));
    }
}

/// Writes a line to stdout, with the local date and time before it.
#[doc(alias = "zclock_log")]
pub fn log(text: impl Display) {
    // As in C, whether anybody reads it is not this program's trouble.
    let _ = writeln!(io::stdout(), "{} {text}", timestr());
}

/// Returns the local date and time, as "26-11-21 09:30:00".
#[doc(alias = "zclock_timestr")]
pub fn timestr() -> String {
    jiff::Zoned::now().strftime("%y-%m-%d %H:%M:%S").to_string()
}
