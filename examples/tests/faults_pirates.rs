//! Kills and stops the pirates' programs under load: every request that is answered has the right answer.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::time::Duration;

use common::faults::{Fleet, Load, Random, with_seeds};
use common::lazy::Lazy;
use common::{folder, is_long};

/// A heartbeat is 20 ms at this speed, and a worker that hears nothing is back after 640 ms at most.
const SPEED: &str = "50";
const TIMEOUT: Duration = Duration::from_millis(500);

/// How long all of a test may take.
fn limit() -> Duration {
    Duration::from_secs(if is_long() { 3000 } else { 120 })
}

#[test]
fn paranoid_pirates_answer_rightly_whoever_dies() {
    testing::within(limit(), || with_seeds(paranoid_pirates));
}

fn paranoid_pirates(random: &mut Random) {
    let folder = folder();
    let endpoint = |name: &str| format!("ipc://{}/{name}", folder.path().display());
    let (clients, workers) = (endpoint("clients"), endpoint("workers"));
    let mut fleet = Fleet::default();
    fleet.spawn("ppqueue", &["--frontend", &clients, "--backend", &workers, "--speed", SPEED]);
    for _ in 0..4 {
        fleet.spawn("ppworker", &["--connect", &workers, "--speed", SPEED]);
    }

    let asked = clients.clone();
    let load = Load::start(4, move |client| {
        let mut lazy = Lazy::connect(&asked, TIMEOUT).expect("a client connects");
        move |request| lazy.echoes(&format!("{client}: {request}"), 3)
    });
    let pause = Duration::from_millis(10)..Duration::from_millis(200);
    fleet.trouble(random, Duration::from_secs(4), &pause);
    let counts = load.end();
    assert!(counts.answered > 0, "no request came through: {counts:?}");

    // With all in health again, a request is answered; the workers have crashed as they do, and are started again
    let mut lazy = Lazy::connect(&clients, TIMEOUT).expect("a client connects");
    while !lazy.echoes("still there?", 1) {
        fleet.heal();
    }
    fleet.end();
}
