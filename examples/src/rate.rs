//! Rates, as the programs that measure print them.

use std::time::Duration;

use czmq_like::zclock;

/// Returns how many calls a second `calls` are that began at `start`, by [`zclock::mono`].
///
/// ```
/// use std::time::Duration;
///
/// use czmq_like::zclock;
/// use guide::rate::calls_per_second;
///
/// let rate = calls_per_second(1000, zclock::mono() - Duration::from_secs(2));
/// assert!((490..=500).contains(&rate));
/// ```
pub fn calls_per_second(calls: u64, start: Duration) -> u64 {
    // At least a microsecond, so that there is a rate
    let micros = zclock::mono().saturating_sub(start).as_micros().max(1);
    u64::try_from(u128::from(calls) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
