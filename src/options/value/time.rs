//! Times, each in the unit that its option has.

use std::time::Duration;

use super::{Decode, Encode, Encoded, Reader, Reason, unknown};
use crate::error::Result;

const MILLISECOND: Duration = Duration::from_millis(1);

/// The time in units, rounded up.
fn to_units(value: Duration, unit: Duration) -> Result<i32, Reason> {
    let units = value.as_nanos().div_ceil(unit.as_nanos());
    i32::try_from(units).map_err(|_| format!("{value:?} is longer than libzmq can wait").into())
}

fn from_units(number: i32, unit: Duration) -> Option<Duration> {
    u32::try_from(number).ok().map(|units| unit * units)
}

/// What `None` is the only way to say.
fn not_zero(value: Duration) -> Result<Duration, Reason> {
    if value.is_zero() { Err("0 is out of range; None switches it off".into()) } else { Ok(value) }
}

/// Milliseconds, or -1 for a time without end.
pub(in super::super) struct Forever;

impl Encode<Option<Duration>> for Forever {
    fn encode(value: &Option<Duration>) -> Result<Encoded<'_>, Reason> {
        value.map_or(Ok(-1), |value| to_units(value, MILLISECOND)).map(Encoded::Int)
    }
}

impl Decode<Option<Duration>> for Forever {
    fn decode(reader: &Reader<'_>) -> Result<Option<Duration>> {
        reader.int().map(|number| from_units(number, MILLISECOND))
    }
}

/// Milliseconds, 0 among them; where one was never set, it may be read as -1.
pub(in super::super) struct Millis;

impl Encode<Duration> for Millis {
    fn encode(value: &Duration) -> Result<Encoded<'_>, Reason> {
        to_units(*value, MILLISECOND).map(Encoded::Int)
    }
}

impl Decode<Duration> for Millis {
    fn decode(reader: &Reader<'_>) -> Result<Duration> {
        let number = reader.int()?;
        from_units(number, MILLISECOND).ok_or_else(|| unknown(number))
    }
}

impl Decode<Option<Duration>> for Millis {
    fn decode(reader: &Reader<'_>) -> Result<Option<Duration>> {
        Forever::decode(reader)
    }
}

/// Milliseconds, or 0 for none.
pub(in super::super) struct ZeroIsNone;

impl Encode<Option<Duration>> for ZeroIsNone {
    fn encode(value: &Option<Duration>) -> Result<Encoded<'_>, Reason> {
        let Some(value) = *value else { return Ok(Encoded::Int(0)) };
        to_units(not_zero(value)?, MILLISECOND).map(Encoded::Int)
    }
}

impl Decode<Option<Duration>> for ZeroIsNone {
    fn decode(reader: &Reader<'_>) -> Result<Option<Duration>> {
        let number = reader.int()?;
        Ok(from_units(number, MILLISECOND).filter(|value| !value.is_zero()))
    }
}

/// Milliseconds of which libzmq keeps the tenths of a second, in 16 bits, or 0 for none.
pub(in super::super) struct Deciseconds;

impl Encode<Option<Duration>> for Deciseconds {
    fn encode(value: &Option<Duration>) -> Result<Encoded<'_>, Reason> {
        let Some(value) = *value else { return Ok(Encoded::Int(0)) };
        let tenths = to_units(not_zero(value)?, 100 * MILLISECOND)?;
        if tenths > u16::MAX.into() {
            return Err(format!("{value:?} is longer than 6553.5s").into());
        }
        Ok(Encoded::Int(tenths * 100))
    }
}

impl Decode<Option<Duration>> for Deciseconds {
    fn decode(reader: &Reader<'_>) -> Result<Option<Duration>> {
        ZeroIsNone::decode(reader)
    }
}

/// Seconds, or -1 for what the system has.
pub(in super::super) struct Seconds;

impl Encode<Option<Duration>> for Seconds {
    fn encode(value: &Option<Duration>) -> Result<Encoded<'_>, Reason> {
        let Some(value) = *value else { return Ok(Encoded::Int(-1)) };
        if value.is_zero() {
            return Err("0 is out of range; None is the system's own".into());
        }
        to_units(value, Duration::from_secs(1)).map(Encoded::Int)
    }
}

impl Decode<Option<Duration>> for Seconds {
    fn decode(reader: &Reader<'_>) -> Result<Option<Duration>> {
        reader.int().map(|number| from_units(number, Duration::from_secs(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_unit_counts_as_a_whole_one() {
        assert_eq!(to_units(Duration::from_nanos(1), MILLISECOND), Ok(1));
        assert_eq!(to_units(Duration::from_micros(1_001), MILLISECOND), Ok(2));
        assert_eq!(to_units(Duration::from_millis(1_001), Duration::from_secs(1)), Ok(2));
        assert_eq!(to_units(Duration::ZERO, MILLISECOND), Ok(0));
    }

    #[test]
    fn the_longest_time_is_a_c_int() {
        let longest = Duration::from_millis(i32::MAX as u64);
        assert_eq!(to_units(longest, MILLISECOND), Ok(i32::MAX));
        assert!(to_units(longest + Duration::from_nanos(1), MILLISECOND).is_err());
        assert!(to_units(Duration::MAX, MILLISECOND).is_err());
    }
}
