//! libzmq's draft API: its kinds of sockets, groups and routing ids; and that where it is not, this is said.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

#[path = "../common/mod.rs"]
mod common;

mod absent;
#[cfg(feature = "draft")]
mod datagrams;
#[cfg(feature = "draft")]
mod kinds;
#[cfg(feature = "draft")]
mod messages;
#[cfg(feature = "draft")]
mod monitors;
#[cfg(feature = "draft")]
mod notices;
#[cfg(feature = "draft")]
mod polling;
#[cfg(feature = "draft")]
mod threads;

/// Whether there is a draft API to test.
fn is_there() -> bool {
    let is_there = cfg!(feature = "draft") && zmqx::has(zmqx::Capability::Draft);
    if !is_there {
        println!("skipped: no draft API");
    }
    is_there
}
