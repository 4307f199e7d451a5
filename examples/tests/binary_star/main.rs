//! Binary Star: its machine as a function, two machines in a model of time, and servers that are really killed, stopped,
//! cut off, and sent what no peer and no client sends.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

#[path = "../../chapter4/bstarsrv.rs"]
#[allow(dead_code, reason = "its machine is what is tested, and it runs as a process of its own")]
mod bstarsrv;
#[path = "../common/mod.rs"]
mod common;

mod faults;
mod hostile;
#[cfg(target_os = "linux")]
mod link;
mod machine;
mod model;
mod pair;
mod reactor;
