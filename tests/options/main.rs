//! The socket options: every one that `zmq.h` has, there and back, and what is wrong said.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod kinds;
mod round_trips;
mod table;
mod values;
mod wrong;

use std::time::Duration;

use zmqx::options::TABLE;
use zmqx::{Context, Open, Socket, has, version};

pub(crate) fn socket<T: Open>(kind: T) -> Socket<T::Kind> {
    Context::new().unwrap().socket(kind).unwrap()
}

/// Whether libzmq, as it runs and was built, has the option.
pub(crate) fn is_there(name: &str) -> bool {
    let option = TABLE.iter().find(|option| option.name == name).unwrap();
    option.since <= version() && option.needs.is_none_or(has)
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) const fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
