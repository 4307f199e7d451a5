//! `proxy_steerable`: each command, on each kind of control socket, and what it keeps while it is steered.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

#[path = "../common/mod.rs"]
mod common;

mod commands;
mod promises;
mod streamer;
