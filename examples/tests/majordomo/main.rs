//! Majordomo: broker, worker and client, each against peers that are written from the RFC, frame by frame, and all of
//! them together under faults.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

mod broker;
mod client;
mod expiry;
mod faults;
mod frames;
mod peers;
mod restart;
mod worker;
