//! What the pirates promise, seen by peers that are the test's own: order, expiry, heartbeats and back-off.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::time::{Duration, Instant};

use common::faults::Process;
use common::folder;
use common::lazy::Lazy;
use zmqx::{
    Context, Dealer, ErrorKind, Kind, Multipart, Receives, Req, Result, Router, Sends, Socket,
};

const LIMIT: Duration = Duration::from_secs(60);
/// What comes at all comes within this time, also on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);
const READY: &str = "\x01";
const HEARTBEAT: &str = "\x02";
const OFFLINE: &str = "E: server seems to be offline, abandoning";

/// Where programs and tests meet.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(folder())
    }

    fn endpoint(&self, name: &str) -> String {
        format!("ipc://{}/{name}", self.0.path().display())
    }

    fn queue(&self, name: &str, speed: &str) -> Process {
        let (clients, workers) = (self.endpoint("clients"), self.endpoint("workers"));
        let args = ["--frontend", &clients, "--backend", &workers, "--speed", speed];
        Process::spawn(name, &args)
    }

    fn worker(&self, name: &str, speed: &str) -> Process {
        Process::spawn(name, &["--connect", &self.endpoint("workers"), "--speed", speed])
    }
}

fn context() -> Result<Context> {
    Context::builder().linger(Some(Duration::ZERO)).build()
}

fn connected<K: Kind>(context: &Context, kind: K, endpoint: &str) -> Result<Socket<K>> {
    let socket = context.socket(kind)?;
    socket.connect(endpoint)?;
    Ok(socket)
}

/// The next request, behind heartbeats.
fn request<K: Receives>(worker: &Socket<K>) -> Result<Multipart> {
    loop {
        let message = worker.recv_multipart_timeout(TIMEOUT)?;
        if message.len() > 1 {
            return Ok(message);
        }
        assert_eq!(message[0], HEARTBEAT);
    }
}

/// Three workers have a request each, and answer in an order of the test's: in that order they get the next three.
fn gives_to_the_least_recently_used<K: Sends + Receives>(
    queue: &str,
    kind: impl Fn(&Context, &str) -> Result<Socket<K>>,
) -> Result<()> {
    let place = Place::new();
    // So slow that neither a heartbeat nor an expiry comes in between.
    let _queue = place.queue(queue, "0.05");
    let context = context()?;
    let client = connected(&context, Dealer, &place.endpoint("clients"))?;
    let mut workers = Vec::new();
    for _ in 0..3 {
        let worker = kind(&context, &place.endpoint("workers"))?;
        worker.send(READY)?;
        client.send_multipart(["", "first"])?;
        workers.push(worker);
    }
    let mut held: Vec<_> = workers.iter().map(request).collect::<Result<_>>()?;
    for order in [[0, 1, 2], [2, 0, 1], [1, 0, 2], [2, 1, 0]] {
        for worker in order {
            workers[worker].send_multipart(std::mem::take(&mut held[worker]))?;
            // The queue has this worker at its end before the client has the reply
            client.recv_multipart_timeout(TIMEOUT)?;
        }
        for worker in order {
            client.send_multipart(["".to_owned(), format!("for worker {worker}")])?;
        }
        for (worker, socket) in workers.iter().enumerate() {
            held[worker] = request(socket)?;
            assert_eq!(held[worker][2], *format!("for worker {worker}"), "{order:?}");
        }
    }
    Ok(())
}

#[test]
fn spqueue_gives_each_request_to_the_least_recently_used_worker() -> Result<()> {
    testing::within(LIMIT, || {
        gives_to_the_least_recently_used("spqueue", |context, at| connected(context, Req, at))
    })
}

#[test]
fn ppqueue_gives_each_request_to_the_least_recently_used_worker() -> Result<()> {
    testing::within(LIMIT, || {
        gives_to_the_least_recently_used("ppqueue", |context, at| connected(context, Dealer, at))
    })
}

#[test]
fn ppqueue_forgets_a_worker_after_three_silent_heartbeats() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let _queue = place.queue("ppqueue", "10");
        let context = context()?;
        let silent = connected(&context, Dealer, &place.endpoint("workers"))?;
        silent.send(READY)?;
        let mut heartbeats = 0;
        // Twenty heartbeats' time without one
        while let Ok(message) = silent.recv_multipart_timeout(Duration::from_secs(2)) {
            assert_eq!(message, [HEARTBEAT]);
            heartbeats += 1;
        }
        assert!((1..=4).contains(&heartbeats), "{heartbeats} in three intervals");

        // Another one gets the request, though that one was there first
        let client = connected(&context, Req, &place.endpoint("clients"))?;
        client.send("request")?;
        let lively = connected(&context, Dealer, &place.endpoint("workers"))?;
        lively.send(READY)?;
        let message = request(&lively)?;
        lively.send_multipart(message)?;
        assert_eq!(client.recv_timeout(TIMEOUT)?, "request");
        let silence = silent.try_recv_multipart().expect_err("it is forgotten");
        assert_eq!(silence.kind(), ErrorKind::WouldBlock);
        Ok(())
    })
}

#[test]
fn ppqueue_keeps_a_worker_whose_heartbeats_come() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let _queue = place.queue("ppqueue", "10");
        let context = context()?;
        let worker = connected(&context, Dealer, &place.endpoint("workers"))?;
        worker.send(READY)?;
        // Six times as long as a silent one is kept; each heartbeat is answered by one of its own at the next
        for _ in 0..18 {
            assert_eq!(worker.recv_multipart_timeout(TIMEOUT)?, [HEARTBEAT]);
            worker.send(HEARTBEAT)?;
        }
        let client = connected(&context, Req, &place.endpoint("clients"))?;
        client.send("request")?;
        assert_eq!(request(&worker)?[2], "request");
        Ok(())
    })
}

/// libzmq gives the clients of each life of a queue the same identities, one after the other.
#[test]
fn ppqueue_gives_nobody_an_answer_from_its_life_before() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let mut queue = place.queue("ppqueue", "1");
        let context = context()?;
        let worker = connected(&context, Dealer, &place.endpoint("workers"))?;
        worker.send(READY)?;
        let before = connected(&context, Req, &place.endpoint("clients"))?;
        before.send("before")?;
        let stale = request(&worker)?;
        drop(before);
        queue.restart();

        let after = connected(&context, Req, &place.endpoint("clients"))?;
        after.send("after")?;
        worker.send_multipart(stale)?;
        let fresh = request(&worker)?;
        assert_eq!(fresh[2], "after");
        worker.send_multipart(fresh)?;
        assert_eq!(after.recv_timeout(TIMEOUT)?, "after");
        Ok(())
    })
}

#[test]
fn ppworker_outlives_its_queue() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let mut queue = place.queue("ppqueue", "20");
        let worker = place.worker("ppworker", "20");
        // What goes to a socket that the worker is about to leave is lost: hence the lazy client's tries
        let mut client = Lazy::connect(&place.endpoint("clients"), Duration::from_secs(1))?;
        assert!(client.echoes("before", 20));
        queue.kill();
        // Two tries in vain, each after three silent heartbeats
        worker.wait_for(|line| line == "W: reconnecting in 1000 msec...");
        worker.wait_for(|line| line == "W: reconnecting in 2000 msec...");
        queue.start();
        assert!(client.echoes("after", 20));
        worker.end();
        queue.end();
        Ok(())
    })
}

#[test]
fn ppworker_reconnects_after_pauses_that_double_up_to_32_seconds() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let start = Instant::now();
        // Its first reconnects take 1 + 2 + 4 + 8 + 16 + 32 + 32 seconds, and each follows upon three silent ones
        let worker = place.worker("ppworker", "100");
        let pauses = || -> Vec<u64> {
            let lines = worker.lines();
            let pauses = lines.iter().filter_map(|line| {
                line.strip_prefix("W: reconnecting in ")?.strip_suffix(" msec...")?.parse().ok()
            });
            pauses.collect()
        };
        while pauses().len() < 8 {
            // Lines come from a thread of their own; there is nothing to wait on.
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(start.elapsed() >= Duration::from_millis(950 + 8 * 30), "{:?}", start.elapsed());
        assert_eq!(pauses()[..8], [1000, 2000, 4000, 8000, 16000, 32000, 32000, 32000]);

        // A sign of life of the queue's, and the pauses begin anew when it is silent again
        let queue = context()?.socket(Router)?;
        queue.bind(place.endpoint("workers"))?;
        while !pauses()[8..].contains(&1000) {
            // What comes during a pause is from the socket that goes after it
            if let Ok(message) = queue.recv_multipart_timeout(Duration::from_millis(100)) {
                queue.send_multipart([&message[0][..], HEARTBEAT.as_bytes()])?;
            }
            if worker.lines().last().is_some_and(|line| line == "I: worker heartbeat") {
                // It lives on: the silence begins
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Ok(())
    })
}

#[test]
fn ppworker_says_ready_and_beats_and_answers_as_the_protocol_has_it() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let queue = context()?.socket(Router)?;
        queue.bind(place.endpoint("workers"))?;
        let _worker = place.worker("ppworker", "5");
        let ready = queue.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(ready[1..], [READY]);
        let identity = &ready[0][..];

        // A request of any number of frames comes back whole; the first three are answered without fail
        for body in [&["body"][..], &["", ""], &["one", "two", "three"]] {
            let mut request = Multipart::from([identity, b"client", b""]);
            body.iter().for_each(|frame| request.push_back(*frame));
            let expected = request.iter().map(|frame| frame.to_vec()).collect::<Vec<_>>();
            queue.send_multipart(request)?;
            let reply = loop {
                let message = queue.recv_multipart_timeout(TIMEOUT)?;
                if message.len() > 2 {
                    break message;
                }
                assert_eq!(message[1..], [HEARTBEAT]);
                // The queue beats too, or the worker would go
                queue.send_multipart([identity, HEARTBEAT.as_bytes()])?;
            };
            assert_eq!(reply.iter().map(|frame| frame.to_vec()).collect::<Vec<_>>(), expected);
        }

        // It comes back under another identity when the queue is silent
        loop {
            let message = queue.recv_multipart_timeout(TIMEOUT)?;
            if message[1] == READY {
                assert_ne!(message[0], *identity);
                return Ok(());
            }
            assert_eq!(message[1..], [HEARTBEAT]);
        }
    })
}

#[test]
fn lpclient_asks_three_times_over_new_sockets_and_abandons() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let server = context()?.socket(Router)?;
        server.bind(place.endpoint("server"))?;
        let start = Instant::now();
        let client =
            Process::spawn("lpclient", &["--connect", &place.endpoint("server"), "--speed", "10"]);
        let mut identities = Vec::new();
        for _ in 0..3 {
            let request = server.recv_multipart_timeout(TIMEOUT)?;
            assert_eq!(request[1..], ["", "1"]);
            assert!(!identities.contains(&request[0].to_vec()), "a socket is used twice");
            identities.push(request[0].to_vec());
        }
        client.wait_for(|line| line == OFFLINE);
        assert!(start.elapsed() >= Duration::from_millis(750), "three times 2.5 s by ten");
        assert_eq!(client.lines().len(), 6, "{:#?}", client.lines());
        Ok(())
    })
}

/// A server that answers late, so that a reply comes for a socket that is gone, and each reply twice.
#[test]
fn lpclient_takes_each_reply_once_and_in_order() -> Result<()> {
    testing::within(LIMIT, || {
        let place = Place::new();
        let server = context()?.socket(Router)?;
        server.bind(place.endpoint("server"))?;
        let client =
            Process::spawn("lpclient", &["--connect", &place.endpoint("server"), "--speed", "20"]);
        let mut late: Option<Multipart> = None;
        for _ in 0..40 {
            let request = server.recv_multipart_timeout(TIMEOUT)?;
            match late.take() {
                // The first time it is asked it waits until it is asked again
                None => late = Some(request),
                Some(earlier) => {
                    let earlier: Vec<_> = earlier.iter().map(|frame| frame.to_vec()).collect();
                    let request: Vec<_> = request.iter().map(|frame| frame.to_vec()).collect();
                    for reply in [&earlier, &request, &request] {
                        server.send_multipart(reply.clone())?;
                    }
                }
            }
            let lines = client.lines();
            let replies =
                lines.iter().filter_map(|line| line.strip_prefix("I: server replied OK ("));
            let replies =
                replies.map(|number| number.trim_end_matches(')').parse::<usize>().unwrap());
            let replies: Vec<_> = replies.collect();
            assert_eq!(replies, (1..=replies.len()).collect::<Vec<_>>(), "{lines:#?}");
            if replies.len() == 5 {
                return Ok(());
            }
        }
        panic!("not five replies to 40 requests: {:#?}", client.lines());
    })
}
