//! The worker API, against a broker that does what the test does.

use std::thread;
use std::time::{Duration, Instant};

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdwrkapi::MdWrk;
use zmqx::{Multipart, Router, Socket};

use crate::peers::{DISCONNECT, HEARTBEAT, Place, READY, REPLY, REQUEST, TIMEOUT, behind};

const INTERVAL: Duration = Duration::from_millis(100);
const RECONNECT: Duration = Duration::from_millis(50);

/// Starts a worker that echoes for as long as the test's process runs.
fn start(place: &Place, service: &'static str) {
    let endpoint = place.endpoint();
    thread::spawn(move || -> Result<()> {
        let mut worker = worker(&endpoint, service)?;
        let mut reply = None;
        loop {
            reply = Some(worker.recv(reply)?);
        }
    });
}

fn worker(endpoint: &str, service: &str) -> Result<MdWrk> {
    let mut worker = MdWrk::new(endpoint, service, false)?;
    worker.set_heartbeat(INTERVAL);
    worker.set_reconnect(RECONNECT);
    Ok(worker)
}

/// Receives the next message that is no heartbeat.
fn next(router: &Socket<Router>) -> Result<Multipart> {
    loop {
        let msg = router.recv_multipart_timeout(TIMEOUT)?;
        if msg[1..] != behind(&[], &[b"", b"MDPW01", HEARTBEAT])[..] {
            return Ok(msg);
        }
    }
}

/// Receives READY; gives the worker's address.
fn ready(router: &Socket<Router>, service: &str) -> Result<Vec<u8>> {
    let msg = next(router)?;
    assert_eq!(msg, behind(&[&msg[0]], &[b"", b"MDPW01", READY, service.as_bytes()]));
    Ok(msg[0].to_vec())
}

fn command(router: &Socket<Router>, worker: &[u8], rest: &[&[u8]]) -> Result<()> {
    router.send_multipart(behind(&[worker, b"", b"MDPW01"], rest))?;
    Ok(())
}

#[test]
fn a_worker_registers_beats_and_replies_in_the_rfcs_frames() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    start(&place, "coffee");
    let worker = ready(&router, "coffee")?;
    let start = Instant::now();
    for _ in 0..2 {
        let beat = router.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(beat, behind(&[&worker], &[b"", b"MDPW01", HEARTBEAT]));
    }
    // The first interval has begun with READY, which came a little earlier than this clock's start.
    assert!(start.elapsed() >= INTERVAL, "{:?}", start.elapsed());
    command(&router, &worker, &[REQUEST, b"an address", b"", b"black", b"", b"\xFF"])?;
    let reply = next(&router)?;
    let expected: &[&[u8]] = &[b"", b"MDPW01", REPLY, b"an address", b"", b"black", b"", b"\xFF"];
    assert_eq!(reply, behind(&[&worker], expected));
    Ok(())
}

#[test]
fn a_worker_that_hears_nothing_for_three_heartbeats_connects_again() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    start(&place, "coffee");
    let first = ready(&router, "coffee")?;
    command(&router, &first, &[HEARTBEAT])?;
    let start = Instant::now();
    let second = ready(&router, "coffee")?;
    assert_ne!(first, second, "on another socket");
    let least = 3 * INTERVAL + RECONNECT - INTERVAL / 2;
    assert!(start.elapsed() >= least, "{:?}", start.elapsed());
    Ok(())
}

#[test]
fn a_worker_that_hears_the_broker_stays() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    start(&place, "coffee");
    let worker = ready(&router, "coffee")?;
    // Its own heartbeats mark the time.
    for _ in 0..10 {
        command(&router, &worker, &[HEARTBEAT])?;
        let beat = router.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(beat, behind(&[&worker], &[b"", b"MDPW01", HEARTBEAT]));
    }
    Ok(())
}

#[test]
fn a_disconnect_is_answered_on_another_socket() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    start(&place, "coffee");
    let first = ready(&router, "coffee")?;
    command(&router, &first, &[HEARTBEAT])?;
    command(&router, &first, &[DISCONNECT])?;
    let second = ready(&router, "coffee")?;
    assert_ne!(first, second);
    command(&router, &second, &[REQUEST, b"an address", b"", b"black"])?;
    assert_eq!(next(&router)?[0], second[..]);
    Ok(())
}

#[test]
fn a_worker_that_is_not_wanted_asks_at_the_reconnect_interval() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    start(&place, "coffee");
    let start = Instant::now();
    for _ in 0..5 {
        let worker = ready(&router, "coffee")?;
        command(&router, &worker, &[DISCONNECT])?;
    }
    assert!(start.elapsed() >= 4 * RECONNECT, "{:?}", start.elapsed());
    Ok(())
}

#[test]
fn a_worker_that_was_busy_for_long_has_not_lost_its_broker() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let mut worker = worker(&place.endpoint(), "coffee")?;
    let address = ready(&router, "coffee")?;
    command(&router, &address, &[REQUEST, b"an address", b"", b"black"])?;
    let request = worker.recv(None)?;
    // Work for longer than three heartbeats takes, with a heartbeat when one is due.
    let start = Instant::now();
    while start.elapsed() < 4 * INTERVAL {
        worker.heartbeat()?;
        // This is the work.
        thread::sleep(Duration::from_millis(5));
    }
    let broker = thread::spawn(move || -> Result<()> {
        let mut beats = 0;
        loop {
            let msg = router.recv_multipart_timeout(TIMEOUT)?;
            assert_eq!(msg[0], address[..]);
            if msg[3] == *REPLY {
                break;
            }
            assert_eq!(msg[3], *HEARTBEAT);
            beats += 1;
        }
        assert!(beats >= 2, "{beats}");
        command(&router, &address, &[REQUEST, b"an address", b"", b"white"])
    });
    assert_eq!(worker.recv(Some(request))?, ["white"]);
    broker.join().unwrap()
}

#[test]
fn each_request_has_one_reply() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let mut worker = worker(&place.endpoint(), "coffee")?;
    let error = worker.recv(Some(ZMsg::from(["unasked"]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadState);
    let address = ready(&router, "coffee")?;
    command(&router, &address, &[REQUEST, b"an address", b"", b"black"])?;
    worker.recv(None)?;
    assert_eq!(worker.recv(None).unwrap_err().kind(), ErrorKind::BadState);
    command(&router, &address, &[REQUEST, b"an address", b"", b"white"])?;
    assert_eq!(worker.recv(Some(ZMsg::new()))?, ["white"]);
    let reply = next(&router)?;
    assert_eq!(reply[3..], behind(&[], &[REPLY, b"an address", b"", b""])[..], "a body, if empty");
    Ok(())
}

#[test]
fn names_that_no_service_may_have_are_refused() {
    for name in ["", "mmi.", "mmi.service", "a\nb", "\u{7F}"] {
        let error = MdWrk::new("inproc://nowhere", name, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name:?}");
    }
}
