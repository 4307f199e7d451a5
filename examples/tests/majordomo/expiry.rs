//! When the broker takes somebody, or something, for gone.

use std::time::{Duration, Instant};

use zmqx::{ErrorKind, Result};

use crate::peers::{HEARTBEAT, Place, READY, frames};

/// A heartbeat is 100 ms at this speed.
const SPEED: &str = "25";
const INTERVAL: Duration = Duration::from_millis(100);

/// For who has to be heard of in time, also on a busy machine: a heartbeat is 500 ms.
const SLOW_SPEED: &str = "5";
const SLOW_INTERVAL: Duration = Duration::from_millis(500);

#[test]
fn a_worker_counts_as_gone_after_three_silent_heartbeats() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&["--speed", SPEED]);
    let (client, idle) = (place.peer()?, place.peer()?);
    let start = Instant::now();
    idle.command(READY, &[b"coffee"])?;
    client.wait_for("coffee", "200")?;
    client.wait_for("coffee", "404")?;
    assert!(start.elapsed() >= 3 * INTERVAL, "{:?}", start.elapsed());
    Ok(())
}

#[test]
fn one_that_dies_at_work_counts_as_gone_too() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&["--speed", SPEED]);
    let (client, busy) = (place.peer()?, place.peer()?);
    busy.command(READY, &[b"coffee"])?;
    client.ask("coffee", &[b"black"])?;
    busy.next()?;
    client.wait_for("coffee", "404")
}

#[test]
fn heartbeats_keep_a_worker_however_long_it_works() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&["--speed", SLOW_SPEED]);
    let (client, worker) = (place.peer()?, place.peer()?);
    worker.command(READY, &[b"coffee"])?;
    client.ask("coffee", &[b"black"])?;
    let address = worker.next()?[3].to_vec();
    // The broker's heartbeats come at work too, and mark the time: each is answered.
    let start = Instant::now();
    for _ in 0..5 {
        assert_eq!(worker.recv()?, frames(&[b"", b"MDPW01", HEARTBEAT]));
        worker.command(HEARTBEAT, &[])?;
    }
    assert!(start.elapsed() >= 3 * SLOW_INTERVAL, "{:?}", start.elapsed());
    worker.command(crate::peers::REPLY, &[&address, b"", b"hot"])?;
    assert_eq!(client.recv()?, frames(&[b"", b"MDPC01", b"coffee", b"hot"]));
    Ok(())
}

#[test]
fn workers_that_were_heard_of_outlive_a_stop_of_the_broker() -> Result<()> {
    let place = Place::new();
    let mut broker = place.broker(&["--speed", SLOW_SPEED]);
    let workers = [place.peer()?, place.peer()?, place.peer()?, place.peer()?];
    for worker in &workers {
        worker.command(READY, &[b"coffee"])?;
        assert_eq!(worker.lookup("coffee")?, "200");
    }
    broker.stop();
    for _ in 0..5 {
        // The heartbeats are a time apart: that is what the broker goes by.
        std::thread::sleep(SLOW_INTERVAL);
        workers.iter().try_for_each(|worker| worker.command(HEARTBEAT, &[]))?;
    }
    broker.cont();
    // Whose heartbeats it reads first, or whether it looks at the time before: no DISCONNECT comes to any.
    for worker in &workers {
        assert_eq!(worker.lookup("coffee")?, "200");
    }
    Ok(())
}

#[test]
fn requests_for_which_no_worker_comes_expire() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(&["--speed", SPEED, "--expiry", "10s"]);
    let client = place.peer()?;
    client.ask("coffee", &[b"early"])?;
    let start = Instant::now();
    // 10 s at this speed, and as many heartbeats as it may take the broker to look.
    while start.elapsed() < Duration::from_millis(400) + 5 * INTERVAL {
        assert_eq!(client.lookup("coffee")?, "404");
        // Time has to pass; there is nothing else to wait on.
        std::thread::sleep(Duration::from_millis(5));
    }
    let worker = place.peer()?;
    worker.command(READY, &[b"coffee"])?;
    client.wait_for("coffee", "200")?;
    assert_eq!(worker.next_now()?, None);
    client.ask("coffee", &[b"late"])?;
    assert_eq!(worker.next()?[5], "late");
    Ok(())
}

#[test]
fn a_worker_whose_connection_is_gone_is_given_no_request() -> Result<()> {
    // No heartbeat within this test: only the connection tells.
    let place = Place::new();
    let _broker = place.broker(&["--speed", "0.01"]);
    let client = place.peer()?;
    for attempt in 0..100_u8 {
        let gone = place.peer()?;
        gone.command(READY, &[b"coffee"])?;
        client.wait_for("coffee", "200")?;
        drop(gone);
        client.ask("coffee", &[&[attempt]])?;
        let worker = place.peer()?;
        worker.command(READY, &[b"coffee"])?;
        // The broker may be told of it too late; then the request is lost, as by any death at work.
        match worker.socket.recv_multipart_timeout(Duration::from_millis(500)) {
            Ok(request) => {
                assert_eq!(request[5][..], [attempt]);
                return Ok(());
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        worker.command(crate::peers::DISCONNECT, &[])?;
    }
    panic!("each was given a request");
}
