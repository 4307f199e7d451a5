//! How fast a program's time goes, beside the Guide's: heartbeats, timeouts and back-off all at once.

use std::time::Duration;

/// The option of every program that has such times: how many times as fast as in the Guide.
pub const OPTION: (&str, &str) = ("--speed", "1");

/// How many times as fast as in the Guide time goes.
///
/// ```
/// use std::time::Duration;
///
/// use guide::speed::{self, Speed};
///
/// assert_eq!(Speed::default().of(Duration::from_secs(1)), Duration::from_secs(1));
/// assert_eq!(speed::parse("20")?.of(Duration::from_secs(1)), Duration::from_millis(50));
/// assert!(speed::parse("0").is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed(f64);

impl Speed {
    /// The fastest. A millisecond of the Guide's is a microsecond then, and libzmq counts in milliseconds.
    const FASTEST: f64 = 1000.0;

    /// Returns how long it takes at this speed what takes `time` in the Guide.
    pub fn of(self, time: Duration) -> Duration {
        Duration::try_from_secs_f64(time.as_secs_f64() / self.0).unwrap_or(Duration::MAX)
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self(1.0)
    }
}

/// Reads a speed: a number from 0.001 to 1000.
///
/// # Errors
///
/// - A sentence that says what a speed looks like.
pub fn parse(text: &str) -> Result<Speed, String> {
    let speed = text.parse().ok();
    let speed = speed.filter(|speed| (Speed::FASTEST.recip()..=Speed::FASTEST).contains(speed));
    speed.map(Speed).ok_or_else(|| "not a number from 0.001 to 1000".to_owned())
}
