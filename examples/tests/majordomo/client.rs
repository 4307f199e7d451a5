//! The client APIs, against a broker that does what the test does.

use std::thread;
use std::time::{Duration, Instant};

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdcliapi::MdCli;
use guide::mdcliapi2::MdCli2;

use crate::peers::{Place, TIMEOUT, behind, frames};

const SHORT: Duration = Duration::from_millis(100);

#[test]
fn a_request_is_sent_three_times_before_it_is_an_error() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let mut client = MdCli::new(&place.endpoint(), false)?;
    client.set_timeout(SHORT);
    let start = Instant::now();
    let error = client.send("coffee", ZMsg::from(["black"])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert!(start.elapsed() >= 3 * SHORT);
    let mut senders = Vec::new();
    for _ in 0..3 {
        let request = router.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(request, behind(&[&request[0]], &[b"", b"MDPC01", b"coffee", b"black"]));
        assert!(!senders.contains(&request[0].to_vec()), "each on a socket of its own");
        senders.push(request[0].to_vec());
    }
    assert_eq!(router.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    Ok(())
}

#[test]
fn a_late_reply_is_not_taken_for_another_requests() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let endpoint = place.endpoint();
    let client = thread::spawn(move || -> Result<_> {
        let mut client = MdCli::new(&endpoint, false)?;
        client.set_timeout(TIMEOUT);
        client.set_retries(1);
        // The first is given up, after the session is as new.
        client.set_timeout(SHORT);
        let first = client.send("coffee", ZMsg::from(["1"]));
        client.set_timeout(TIMEOUT);
        let second = client.send("coffee", ZMsg::from(["2"]));
        Ok((first, second))
    });
    let first = router.recv_multipart_timeout(TIMEOUT)?;
    let second = router.recv_multipart_timeout(TIMEOUT)?;
    for (request, reply) in [(&first, b"for 1"), (&second, b"for 2")] {
        let reply = behind(&[&request[0]], &[b"", b"MDPC01", b"coffee", reply]);
        router.send_multipart(reply)?;
    }
    let (first, second) = client.join().unwrap()?;
    assert_eq!(first.unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(second?, ["for 2"]);
    Ok(())
}

#[test]
fn what_is_no_reply_of_the_service_counts_as_none() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let endpoint = place.endpoint();
    let client = thread::spawn(move || -> Result<_> {
        let mut client = MdCli::new(&endpoint, false)?;
        client.set_timeout(TIMEOUT);
        let failed = client.send("coffee", ZMsg::new());
        Ok((failed, client.send("coffee", ZMsg::from(["black"]))))
    });
    for reply in [
        &[&b"MDPC01"[..], b"tea", b"green"][..],
        &[b"MDPC02", b"coffee", b"hot"],
        &[b"MDPC01", b"coffee"],
        &[b"MDPC01"],
        &[b"MDPC01", b"coffee", b"hot", b"", b"sweet"],
    ] {
        let request = router.recv_multipart_timeout(TIMEOUT)?;
        router.send_multipart(behind(&[&request[0], b""], reply))?;
    }
    let (failed, reply) = client.join().unwrap()?;
    assert_eq!(failed.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(reply?, ["hot", "", "sweet"]);
    Ok(())
}

#[test]
fn a_request_without_a_body_gets_one() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let mut client = MdCli2::new(&place.endpoint(), false)?;
    client.send("coffee", ZMsg::new())?;
    let request = router.recv_multipart_timeout(TIMEOUT)?;
    assert_eq!(request, behind(&[&request[0]], &[b"", b"MDPC01", b"coffee", b""]));
    Ok(())
}

#[test]
fn asynchronous_requests_are_answered_in_any_order() -> Result<()> {
    let place = Place::new();
    let router = place.router()?;
    let mut client = MdCli2::new(&place.endpoint(), false)?;
    client.set_timeout(TIMEOUT)?;
    for body in ["1", "2", "3"] {
        client.send("coffee", ZMsg::from([body]))?;
    }
    let mut requests = Vec::new();
    for body in [b"1", b"2", b"3"] {
        let request = router.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(request, behind(&[&request[0]], &[b"", b"MDPC01", b"coffee", body]));
        requests.push(request);
    }
    for request in requests.into_iter().rev() {
        router.send_multipart(frames(&[&request[0], b"no reply"]))?;
        router.send_multipart(request)?;
    }
    for body in ["3", "2", "1"] {
        assert_eq!(client.recv()?, [body]);
    }
    client.set_timeout(SHORT)?;
    assert_eq!(client.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    Ok(())
}

#[test]
fn asynchronous_requests_to_nobody_end_in_an_error() -> Result<()> {
    let place = Place::new();
    let mut client = MdCli2::new(&place.endpoint(), false)?;
    client.set_timeout(SHORT)?;
    let error = (0..10_000).find_map(|_| client.send("coffee", ZMsg::from(["black"])).err());
    assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
    Ok(())
}
