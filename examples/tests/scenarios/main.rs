//! Runs the scenarios, and checks the lines that they show.
//!
//! That everything is there which `src/scenarios/` expects, the runner itself says by its exit status.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]

#[path = "../common/mod.rs"]
mod common;

mod chapter1;
mod chapter2;
mod chapter3;
mod chapter3_asyncsrv;
mod chapter3_lbbroker;
mod chapter3_peering;
mod chapter3_peering3;
mod chapter4_binary_star;
mod chapter4_freelance;
mod chapter4_majordomo;
mod chapter4_pirates;
mod chapter4_titanic;
