//! The module `zclock`: what CZMQ's own test of zclock checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::{Instant, SystemTime};

use czmq_like::prelude::*;

use common::within;

#[test]
fn a_sleep_takes_its_time() {
    within(|| {
        for millis in [0, 1, 10, 100] {
            let (time, begun) = (zclock::mono(), Instant::now());
            zclock::sleep(Duration::from_millis(millis));
            assert!(begun.elapsed() >= Duration::from_millis(millis));
            assert!(zclock::mono() - time >= Duration::from_millis(millis));
            assert!(begun.elapsed() < Duration::from_secs(10));
        }
        zclock::sleep(Duration::from_micros(1));
    });
}

#[test]
fn time_is_that_of_day() {
    let before = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let time = zclock::time();
    assert!(before <= time && time <= SystemTime::UNIX_EPOCH.elapsed().unwrap());
}

#[test]
fn mono_goes_on_and_can_be_reckoned_with_as_in_c() {
    let mut last = zclock::mono();
    for _ in 0..10_000 {
        let now = zclock::mono();
        assert!(now >= last);
        last = now;
    }
    // What C's `zclock_mono () - 3600000` is, is no overflow.
    assert!(zclock::mono() - Duration::from_secs(3600 * 24 * 365) > Duration::ZERO);
    let heartbeat_at = zclock::mono() + Duration::from_secs(1);
    assert!(heartbeat_at.saturating_sub(zclock::mono()) <= Duration::from_secs(1));
}

#[test]
fn a_log_line_begins_with_date_and_time() {
    let text = zclock::timestr();
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { '9' } else { byte.into() });
    assert_eq!(shape.collect::<String>(), "99-99-99 99:99:99");
    zclock::log(format_args!("{} and {}", 1, 2));
}

#[cfg(target_os = "linux")]
mod alone {
    use super::*;
    use common::process::{Process, child_of, in_child};

    #[test]
    fn log_writes_c_s_line_to_stdout_in_local_time() {
        const TEST: &str = "alone::log_writes_c_s_line_to_stdout_in_local_time";
        if child_of(TEST).is_some() {
            zclock::log("Hello, local time");
            return;
        }
        let before = zclock::timestr();
        let mut process = Process::start(TEST, "");
        let line = process.wait_for("Hello, local time");
        assert!(process.end(common::SOON).success());
        // The harness has begun the line.
        let found = &line[line.len() - "99-99-99 99:99:99 Hello, local time".len()..];
        let after = zclock::timestr();
        assert!(before.as_str() <= &found[..17] && &found[..17] <= after.as_str(), "{line}");
    }

    #[test]
    fn an_interrupt_ends_a_sleep() {
        in_child("alone::an_interrupt_ends_a_sleep", || {
            within(|| {
                let sleeper = thread::spawn(|| zclock::sleep(Duration::MAX));
                let other = thread::spawn(|| {
                    // With a context as well as without.
                    let _ctx = ZCtx::new().unwrap();
                    zclock::sleep(Duration::from_secs(3600));
                });
                // So that both sleep; one that does not yet is to end as well.
                thread::sleep(Duration::from_millis(50));
                zsys::set_interrupted(true);
                sleeper.join().unwrap();
                other.join().unwrap();
                // One that begins after it as well.
                zclock::sleep(Duration::from_secs(3600));
                zsys::set_interrupted(false);
                let begun = Instant::now();
                zclock::sleep(Duration::from_millis(20));
                assert!(begun.elapsed() >= Duration::from_millis(20));
            });
        });
    }
}
