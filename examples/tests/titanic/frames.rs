//! Random and mutated frames for seconds, for a minute where `ZMQX_LONG=1`, thrown at Titanic: it goes on, and then does a
//! normal request.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use zmqx::{Context, Message, Multipart, Router};

use crate::common::hostile::{mangle, with_frames};
use crate::site::{Site, TIMEOUT};

const SERVICES: [&str; 3] = ["titanic.request", "titanic.reply", "titanic.close"];

#[test]
fn titanic_outlives_any_requests() {
    with_frames(|random, span| {
        let site = Site::new();
        let (_broker, mut titanic, _worker) = (site.broker(), site.titanic(), site.worker());
        let mut client = site.client()?;
        let uuid = client.leave(b"before");
        let right: &[&[&[u8]]] = &[&[b"prey", b"body"], &[&uuid], &[b"mmi.service", b"prey"]];
        let start = Instant::now();
        while start.elapsed() < span {
            let mut request = mangle(random, right);
            // What it is to survive are requests to others: this one is not to be closed.
            for frame in &mut request {
                if frame.eq_ignore_ascii_case(&uuid) {
                    frame.clear();
                }
            }
            let request: Vec<&[u8]> = request.iter().map(|frame| &frame[..]).collect();
            // On a busy machine a worker may take longer than its heartbeats allow: then there is no answer.
            let answer = client.try_call(SERVICES[random.below(3)], &request);
            let Some((status, _)) = answer else { continue };
            assert!(["200", "300", "400"].contains(&status.as_str()), "{status}");
        }
        assert!(titanic.is_running());
        assert_eq!(client.fetch(&uuid), [b"before"]);
        let after = client.leave(b"after");
        assert_eq!(client.fetch(&after), [b"after"]);
        titanic.end();
        Ok(())
    });
}

#[test]
fn titanic_outlives_any_broker() {
    with_frames(|random, span| {
        let site = Site::new();
        let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
        let router = context.socket(Router)?;
        router.bind(site.endpoint())?;
        let mut titanic = site.titanic();
        let right: &[&[&[u8]]] = &[
            &[b"", b"MDPW01", b"\x02", b"address", b"", b"prey", b"body"],
            &[b"", b"MDPW01", b"\x02", b"address", b"", b"0123456789ABCDEF0123456789ABCDEF"],
            &[b"", b"MDPW01", b"\x04"],
            &[b"", b"MDPW01", b"\x05"],
            &[b"", b"MDPC01", b"mmi.service", b"200"],
            &[b"", b"MDPC01", b"mmi.service", b"404"],
            &[b"", b"MDPC01", b"prey", b"body"],
        ];
        // Which of its workers is where; what else comes is its own requests.
        let mut workers: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
        let mut known: Vec<Vec<u8>> = Vec::new();
        let start = Instant::now();
        while start.elapsed() < span {
            while let Ok(msg) = router.recv_multipart_timeout(Duration::from_millis(1)) {
                if msg.len() == 5 && msg[3] == b"\x01"[..] {
                    workers.insert(msg[4].to_vec(), msg[0].to_vec());
                }
                known.retain(|address| *address != msg[0]);
                known.push(msg[0].to_vec());
            }
            // The latest are those that are there.
            let latest = known.len().saturating_sub(5);
            known.drain(..latest);
            for _ in 0..10 {
                let Some(address) = known.get(random.below(5)) else { continue };
                let frames = mangle(random, right).into_iter().map(Message::from);
                let msg: Multipart = [Message::from(address)].into_iter().chain(frames).collect();
                // One that takes no more is at work, or gone.
                let _ = router.try_send_multipart(msg);
            }
        }
        assert!(titanic.is_running());

        // A broker that does what it should: a request is accepted, whichever socket the worker is on by now.
        let deadline = Instant::now() + TIMEOUT;
        loop {
            assert!(Instant::now() < deadline, "no reply");
            if let Some(address) = workers.get(&b"titanic.request"[..]) {
                let request: [&[u8]; 8] =
                    [address, b"", b"MDPW01", b"\x02", b"last", b"", b"echo", b"Hello"];
                router.send_multipart(request.map(Message::from))?;
            }
            let Ok(msg) = router.recv_multipart_timeout(Duration::from_millis(20)) else {
                continue;
            };
            if msg.len() == 5 && msg[3] == b"\x01"[..] {
                workers.insert(msg[4].to_vec(), msg[0].to_vec());
            }
            if msg.len() == 8 && msg[3] == b"\x03"[..] && msg[4] == "last" {
                assert_eq!((&msg[6], msg[7].len()), (&Message::from("200"), 32));
                break;
            }
        }
        titanic.end();
        Ok(())
    });
}
