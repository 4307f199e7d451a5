//! What the benchmarks share: the same workloads, over zmqx and over libzmq as C calls it, side by side in one run.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a benchmark that cannot go on ends"
)]

pub mod library;
pub mod raw;
pub mod reactor;
pub mod threads;
pub mod workload;

pub use library::{Library, Zmqx};
pub use raw::Raw;
