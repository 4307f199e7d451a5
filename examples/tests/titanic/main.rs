//! Titanic: its services, its files after a crash at any byte, and that nothing accepted is ever lost.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

mod crash;
mod faults;
mod frames;
mod order;
mod parts;
mod services;
mod site;
mod storage;
