//! Monitors: each event, by what brings it about; and that a monitor is never in its socket's way.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

#[path = "../common/mod.rs"]
mod common;

mod events;
mod life;
mod waiting;

use std::time::{Duration, Instant};

use common::{SOON, has_monitors, runs_with};
use zmqx::{Context, ErrorKind, Event, EventKind, Monitor, MonitorEvents, Rep};

/// Runs what is true of monitors, where there are any.
fn within<T: Send + 'static>(limit: Duration, body: impl FnOnce() -> T + Send + 'static) {
    if has_monitors() {
        common::within(limit, body);
    }
}

#[test]
fn libzmq_before_4_1_6_has_no_monitor_that_is_safe() {
    let socket = Context::new().unwrap().socket(Rep).unwrap();
    let monitor = socket.monitor(MonitorEvents::all());
    if has_monitors() {
        monitor.unwrap();
    } else {
        assert_eq!(monitor.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

/// Whether the libzmq that runs has the events of version `major.minor`.
fn has_events_of(major: i32, minor: i32) -> bool {
    runs_with(major, minor, 0)
}

/// The next event of this kind; others that come before it are passed over.
fn next(monitor: &Monitor, kind: EventKind) -> Event {
    let deadline = Instant::now() + SOON;
    let mut passed = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match monitor.recv_timeout(left) {
            Ok(event) if event.kind() == kind => return event,
            Ok(event) => passed.push(event),
            Err(error) => panic!("no {kind}: {error}; there were {passed:#?}"),
        }
    }
}
