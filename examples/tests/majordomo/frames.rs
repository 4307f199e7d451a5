//! Random and mutated frames for seconds, for a minute where `ZMQX_LONG=1`, thrown at the broker, the worker API and the
//! client APIs: each goes on, and then does a normal request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdcliapi::MdCli;
use guide::mdcliapi2::MdCli2;
use guide::mdwrkapi::MdWrk;
use zmqx::{Message, Multipart};

use crate::common::faults::Random;
use crate::common::hostile::{mangle, with_frames};
use crate::peers::{DISCONNECT, HEARTBEAT, Place, READY, REPLY, REQUEST, TIMEOUT, behind, frames};

/// What a client or a worker may say to a broker.
const TO_BROKER: &[&[&[u8]]] = &[
    &[b"", b"MDPC01", b"prey", b"body"],
    &[b"", b"MDPC01", b"mmi.service", b"prey"],
    &[b"", b"MDPC01", b"mmi.other", b"prey"],
    &[b"", b"MDPW01", READY, b"prey"],
    &[b"", b"MDPW01", READY, b"mmi.service"],
    &[b"", b"MDPW01", REPLY, b"\0abcd", b"", b"body"],
    &[b"", b"MDPW01", HEARTBEAT],
    &[b"", b"MDPW01", DISCONNECT],
];

/// What a broker may say to a worker.
const TO_WORKER: &[&[&[u8]]] = &[
    &[b"", b"MDPW01", REQUEST, b"\0abcd", b"", b"body", b"of two frames"],
    &[b"", b"MDPW01", HEARTBEAT],
    &[b"", b"MDPW01", DISCONNECT],
];

/// What a broker may say to a client.
const TO_CLIENT: &[&[&[u8]]] =
    &[&[b"", b"MDPC01", b"coffee", b"hot"], &[b"", b"MDPC01", b"tea", b"green"]];

fn mangled(random: &mut Random, right: &[&[&[u8]]]) -> Multipart {
    mangle(random, right).into_iter().map(Message::from).collect()
}

#[test]
fn the_broker_outlives_any_frames() {
    with_frames(|random, span| {
        let place = Place::new();
        let mut broker = place.broker(&["--speed", "50"]);
        let worker = place.worker(&["--speed", "50"]);
        let mut session = MdCli::new(&place.endpoint(), false)?;
        session.set_timeout(TIMEOUT);
        session.send("echo", ZMsg::from(["before"]))?;
        let start = Instant::now();
        let mut hostile: Vec<_> = (0..8).map(|_| place.peer()).collect::<Result<_>>()?;
        while start.elapsed() < span {
            let at = random.below(hostile.len());
            match random.below(100) {
                0 => hostile[at] = place.peer()?,
                // Some never read: the broker does not wait for them.
                1..10 if at > 3 => while hostile[at].socket.try_recv().is_ok() {},
                _ => {
                    let sent = hostile[at].socket.try_send_multipart(mangled(random, TO_BROKER));
                    // The broker is behind: a normal request comes to its turn all the same.
                    if sent.is_err() {
                        assert_eq!(session.send("echo", ZMsg::from(["between"]))?, ["between"]);
                    }
                }
            }
        }
        assert_eq!(session.send("echo", ZMsg::from(["after"]))?, ["after"]);
        assert!(broker.is_running());
        worker.end();
        Ok(())
    });
}

#[test]
fn a_worker_outlives_any_frames() {
    with_frames(|random, span| {
        let place = Place::new();
        let router = place.router()?;
        let endpoint = place.endpoint();
        let worker = thread::spawn(move || -> Result<()> {
            let mut worker = MdWrk::new(&endpoint, "coffee", false)?;
            worker.set_heartbeat(Duration::from_millis(100));
            worker.set_reconnect(Duration::from_millis(1));
            let mut reply = None;
            loop {
                let request = worker.recv(reply)?;
                if request == ["enough"] {
                    return Ok(());
                }
                reply = Some(request);
            }
        });
        let start = Instant::now();
        let mut address = router.recv_multipart_timeout(TIMEOUT)?[0].to_vec();
        while start.elapsed() < span {
            let msg = mangled(random, TO_WORKER);
            let msg: Multipart = [Message::from(&address)].into_iter().chain(msg).collect();
            // Where it takes no more, it has what to do, or is on another socket.
            if router.try_send_multipart(msg).is_err() {
                thread::yield_now();
            }
            while let Ok(msg) = router.try_recv_multipart() {
                assert_eq!(msg[1..3], frames(&[b"", b"MDPW01"])[..]);
                address = msg[0].to_vec();
            }
        }
        // Wherever it is by now, it gets to work.
        while !worker.is_finished() {
            let request: &[&[u8]] = &[b"", b"MDPW01", REQUEST, b"an address", b"", b"enough"];
            router.send_multipart(behind(&[&address], request))?;
            if let Ok(msg) = router.recv_multipart_timeout(Duration::from_millis(10)) {
                address = msg[0].to_vec();
            }
        }
        worker.join().unwrap()
    });
}

#[test]
fn the_clients_outlive_any_frames() {
    with_frames(|random, span| {
        let place = Place::new();
        let router = place.router()?;
        let (endpoint, is_over) = (place.endpoint(), Arc::new(AtomicBool::new(false)));
        let ending = is_over.clone();
        let client = thread::spawn(move || -> Result<()> {
            let mut client = MdCli::new(&endpoint, false)?;
            let mut client2 = MdCli2::new(&endpoint, false)?;
            client.set_timeout(Duration::from_millis(20));
            client2.set_timeout(Duration::from_millis(20))?;
            while !ending.load(Ordering::Relaxed) {
                match client.send("coffee", ZMsg::from(["black"])) {
                    Ok(reply) => assert!(reply.size() > 0),
                    Err(error) => {
                        let kinds = [ErrorKind::WouldBlock, ErrorKind::InvalidInput];
                        assert!(kinds.contains(&error.kind()), "{error}");
                    }
                }
                client2.send("coffee", ZMsg::from(["black"]))?;
                while client2.recv().is_ok() {}
            }
            client.set_timeout(TIMEOUT);
            assert_eq!(client.send("coffee", ZMsg::from(["enough"]))?, ["enough"]);
            client2.set_timeout(TIMEOUT)?;
            client2.send("coffee", ZMsg::from(["enough"]))?;
            while client2.recv()? != ["enough"] {}
            Ok(())
        });
        let start = Instant::now();
        while !client.is_finished() {
            let is_enough = start.elapsed() > span;
            is_over.store(is_enough, Ordering::Relaxed);
            let Ok(request) = router.recv_multipart_timeout(Duration::from_millis(10)) else {
                continue;
            };
            assert_eq!(request[1..4], frames(&[b"", b"MDPC01", b"coffee"])[..]);
            let replies = if is_enough && request[4] == "enough" { 0 } else { 1 + random.below(3) };
            for _ in 0..replies {
                let mangled = mangled(random, TO_CLIENT);
                // One that has asked again has gone.
                router.send_multipart(
                    [request[0].clone()].into_iter().chain(mangled).collect::<Multipart>(),
                )?;
            }
            if replies == 0 {
                router.send_multipart(request)?;
            }
        }
        client.join().unwrap()
    });
}
