//! Kills and stops the broker and its workers at random under load: every request that is answered has the right answer.

use std::time::Duration;

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdcliapi::MdCli;

use crate::common::faults::{Fleet, Load, Random, with_seeds};
use crate::common::is_long;
use crate::peers::Place;

/// A heartbeat is 50 ms at this speed, and a worker that hears nothing is back after 200 ms.
const SPEED: &[&str] = &["--speed", "50"];
const TIMEOUT: Duration = Duration::from_millis(250);

/// How long all of it may take.
fn limit() -> Duration {
    Duration::from_secs(if is_long() { 3000 } else { 120 })
}

#[test]
fn majordomo_answers_rightly_whoever_dies() {
    testing::within(limit(), || with_seeds(|random| faults(random).unwrap()));
}

fn faults(random: &mut Random) -> Result<()> {
    let place = Place::new();
    let mut fleet = Fleet::default();
    fleet.processes.push(place.broker(SPEED));
    fleet.processes.extend((0..4).map(|_| place.worker(SPEED)));

    let endpoint = place.endpoint();
    let load = Load::start(4, move |client| {
        let mut session = session(&endpoint).expect("a client connects");
        move |request| echoes(&mut session, &format!("{client}: {request}"))
    });
    let pause = Duration::from_millis(10)..Duration::from_millis(200);
    fleet.trouble(random, Duration::from_secs(4), &pause);
    let counts = load.end();
    assert!(counts.answered > 0, "no request came through: {counts:?}");

    // With all in health again, a request is answered.
    let mut session = session(&place.endpoint())?;
    while !echoes(&mut session, "still there?") {}
    fleet.end();
    Ok(())
}

fn session(endpoint: &str) -> Result<MdCli> {
    let mut session = MdCli::new(endpoint, false)?;
    session.set_timeout(TIMEOUT);
    Ok(session)
}

/// Whether the echo service answers; an answer that is wrong, and any error but that of no answer, fails the test.
fn echoes(session: &mut MdCli, request: &str) -> bool {
    match session.send("echo", ZMsg::from(["to be echoed:", request])) {
        Ok(reply) => {
            assert_eq!(reply, ["to be echoed:", request]);
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WouldBlock, "{request}: {error}");
            false
        }
    }
}
