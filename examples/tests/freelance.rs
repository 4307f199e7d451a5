//! What the freelance models promise, seen by servers and clients that are the test's own.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::thread;
use std::time::{Duration, Instant};

use common::faults::Process;
use common::folder;
use czmq_like::ZMsg;
use guide::flcliapi::FlCliApi;
use guide::speed::{self, Speed};
use zmqx::{Context, Kind, Multipart, Result, Router, Socket};

const LIMIT: Duration = Duration::from_secs(60);
/// What comes at all comes within this time, also on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

fn context() -> Result<Context> {
    Context::builder().linger(Some(Duration::ZERO)).build()
}

fn speed(speed: &str) -> Speed {
    speed::parse(speed).expect("a speed")
}

/// A server of the test's own, as model 3 has it: its identity is its endpoint.
struct Server {
    socket: Socket<Router>,
    endpoint: String,
}

impl Server {
    fn bind(context: &Context, folder: &tempfile::TempDir, name: &str) -> Result<Self> {
        let endpoint = format!("ipc://{}/{name}", folder.path().display());
        let socket = context.socket(Router)?;
        socket.set_identity(&endpoint)?;
        socket.bind(&endpoint)?;
        Ok(Self { socket, endpoint })
    }

    /// Waits for the first ping: what is sent before the connection is up is lost.
    fn meet(&self) -> Result<()> {
        let ping = self.socket.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(ping[1..], ["PING"]);
        Ok(self.socket.send_multipart([&ping[0][..], b"PONG"])?)
    }

    /// The next request, as identity, number and body; pings are answered before.
    fn request(&self) -> Result<Multipart> {
        loop {
            let message = self.socket.recv_multipart_timeout(TIMEOUT)?;
            match &message[..] {
                [client, ping] if ping == "PING" => {
                    self.socket.send_multipart([&client[..], b"PONG"])?;
                }
                [_, _, ..] => return Ok(message),
                _ => panic!("neither ping nor request: {message:?}"),
            }
        }
    }

    /// Answers the request of this number, of the same client.
    fn reply(&self, request: &Multipart, number: &str, body: &str) -> Result<()> {
        Ok(self.socket.send_multipart([&request[0][..], number.as_bytes(), body.as_bytes()])?)
    }
}

fn message(body: &str) -> ZMsg {
    ZMsg::from([body])
}

/// Asks on a thread of its own, and gives the client back with the reply.
fn ask(
    mut client: FlCliApi,
    body: &'static str,
) -> thread::JoinHandle<Result<(FlCliApi, Option<ZMsg>)>> {
    thread::spawn(move || {
        let reply = client.request(message(body))?;
        Ok((client, reply))
    })
}

fn answered(
    asked: thread::JoinHandle<Result<(FlCliApi, Option<ZMsg>)>>,
) -> Result<(FlCliApi, Option<ZMsg>)> {
    asked.join().expect("a client does not panic")
}

#[test]
fn flcliapi_numbers_its_requests_and_takes_one_answer_to_each() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let server = Server::bind(&context, &folder, "server")?;
        let mut client = FlCliApi::with_speed(speed("2"))?;
        client.connect(&server.endpoint)?;
        server.meet()?;
        for number in ["1", "2", "3"] {
            let asked = ask(client, "body");
            let request = server.request()?;
            assert_eq!(request[1..], [number, "body"]);
            // Answers to none of its requests, or to an earlier one, are nobody's; so is a second answer
            for (number, body) in [("0", "no"), ("x", ""), (number, "yes"), (number, "again")] {
                server.reply(&request, number, body)?;
            }
            let reply;
            (client, reply) = answered(asked)?;
            assert_eq!(reply.expect("a reply"), ["yes"]);
        }
        Ok(())
    })
}

#[test]
fn flcliapi_asks_the_next_server_when_one_is_silent() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let first = Server::bind(&context, &folder, "first")?;
        let second = Server::bind(&context, &folder, "second")?;
        // So slow that no server expires, and that half of a request's time is a second and a half
        let mut client = FlCliApi::new()?;
        client.connect(&first.endpoint)?;
        client.connect(&second.endpoint)?;
        first.meet()?;
        second.meet()?;

        let asked = ask(client, "who is there?");
        let silent = first.request()?;
        let start = Instant::now();
        let request = second.request()?;
        assert!(start.elapsed() > Duration::from_millis(500), "{:?}", start.elapsed());
        assert_eq!(request[1..], silent[1..], "the same request");
        second.reply(&request, "1", "second")?;
        let (client, reply) = answered(asked)?;
        assert_eq!(reply.expect("a reply"), ["second"]);

        // The silent one is behind the other now
        let asked = ask(client, "who is next?");
        let request = second.request()?;
        second.reply(&request, "2", "second again")?;
        let (_client, reply) = answered(asked)?;
        assert_eq!(reply.expect("a reply"), ["second again"]);
        let later = first.socket.try_recv_multipart();
        assert!(later.is_err() || later.is_ok_and(|message| message[1] == "PING"));
        Ok(())
    })
}

#[test]
fn flcliapi_gives_none_in_time_and_then_asks_on() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let server = Server::bind(&context, &folder, "server")?;
        let mut client = FlCliApi::with_speed(speed("10"))?;
        client.connect(&server.endpoint)?;
        server.meet()?;
        let start = Instant::now();
        assert!(client.request(message("nobody answers"))?.is_none());
        assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());

        // The late answer to that is not one to the next request
        let asked = ask(client, "somebody does");
        let late = server.request()?;
        assert_eq!(late[1..], ["1", "nobody answers"]);
        server.reply(&late, "1", "late")?;
        let request = server.request()?;
        assert_eq!(request[1..], ["2", "somebody does"]);
        server.reply(&request, "2", "in time")?;
        let (_client, reply) = answered(asked)?;
        assert!(reply.is_none_or(|reply| reply == ["in time"]));
        Ok(())
    })
}

#[test]
fn flcliapi_gives_up_a_silent_server_and_takes_it_back_at_its_pong() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let server = Server::bind(&context, &folder, "server")?;
        // A ping each 200 ms; a server expires after 600
        let mut client = FlCliApi::with_speed(speed("10"))?;
        client.connect(&server.endpoint)?;
        let start = Instant::now();
        let mut pings = 0;
        while start.elapsed() < Duration::from_secs(1) {
            if let Ok(ping) = server.socket.recv_multipart_timeout(Duration::from_millis(100)) {
                assert_eq!(ping[1..], ["PING"]);
                pings += 1;
            }
        }
        assert!((1..=5).contains(&pings), "{pings} in a second");

        // By now it has expired: a request is not for it, but the pings go on
        assert!(client.request(message("anybody?"))?.is_none());
        let ping = server.socket.recv_multipart_timeout(TIMEOUT)?;
        assert_eq!(ping[1..], ["PING"]);
        server.socket.send_multipart([&ping[0][..], b"PONG"])?;
        // Which it may not have read yet, but does in time
        loop {
            let asked = ask(client, "back?");
            let request = loop {
                match server.socket.recv_multipart_timeout(Duration::from_millis(500)) {
                    Ok(message) if message[1] == "PING" => {
                        server.socket.send_multipart([&message[0][..], b"PONG"])?;
                    }
                    Ok(message) => break Some(message),
                    Err(_) => break None,
                }
            };
            if let Some(request) = &request {
                server.reply(request, &request[1].to_string_lossy(), "back")?;
            }
            let reply;
            (client, reply) = answered(asked)?;
            if let Some(reply) = reply {
                assert_eq!(reply, ["back"]);
                return Ok(());
            }
        }
    })
}

#[test]
fn flcliapi_says_which_endpoint_is_none() -> Result<()> {
    testing::within(LIMIT, || {
        let mut client = FlCliApi::new()?;
        let error = client.connect("tcp://nowhere").expect_err("there is no port");
        assert!(error.to_string().contains("tcp://nowhere"), "{error}");
        assert!(client.request(message("hello?")).is_err());
        Ok(())
    })
}

fn connected<K: Kind>(context: &Context, kind: K, endpoint: &str) -> Result<Socket<K>> {
    let socket = context.socket(kind)?;
    socket.connect(endpoint)?;
    Ok(socket)
}

#[test]
fn flserver3_answers_as_the_protocol_has_it() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let endpoint = format!("ipc://{}/server", folder.path().display());
        let server = Process::spawn("flserver3", &["--bind", &endpoint, "--identity", &endpoint]);
        let client = connected(&context, Router, &endpoint)?;
        let exchange = |command: &[&[u8]]| -> Result<Vec<Vec<u8>>> {
            let frames = [endpoint.as_bytes()].into_iter().chain(command.iter().copied());
            client.send_multipart(frames.collect::<Vec<_>>())?;
            let reply = client.recv_multipart_timeout(Duration::from_millis(100))?;
            assert_eq!(reply[0], *endpoint);
            Ok(reply.iter().skip(1).map(|frame| frame.to_vec()).collect())
        };
        // A ROUTER drops what is for a peer that it does not know yet
        while exchange(&[b"PING"]).is_err() {}
        // One of those pings may have been answered late
        while client.recv_multipart_timeout(Duration::from_millis(500)).is_ok() {}
        assert_eq!(exchange(&[b"PING"])?, [b"PONG"]);
        assert_eq!(exchange(&[b"1", b"body"])?, [&b"1"[..], b"OK"]);
        assert_eq!(exchange(&[b"\0\xFF", b"a", b"body", b""])?, [&b"\0\xFF"[..], b"OK"]);
        // With a body it is a request, whose control frame is the client's own affair
        assert_eq!(exchange(&[b"PING", b"body"])?, [&b"PING"[..], b"OK"]);
        server.end();
        Ok(())
    })
}

#[test]
fn flclient1_tries_one_server_three_times_and_each_of_several_once() {
    testing::within(LIMIT, || {
        let folder = folder();
        let at = |name: &str| format!("ipc://{}/{name}", folder.path().display());
        let lines = |endpoints: &[&str]| {
            let mut args = endpoints.to_vec();
            args.extend(["--speed", "10"]);
            Process::spawn("flclient1", &args).ended()
        };
        let [one, two] = [at("one"), at("two")];
        let trying = |at: &str| format!("I: trying echo service at {at}...");
        let alone = format!("W: no response from {one}, retrying...");
        let first = [trying(&one), alone];
        assert_eq!(lines(&[&one]), [&first[..], &first, &first].concat());
        let silent = |at: &str| format!("W: no response from {at}");
        assert_eq!(lines(&[&one, &two]), [trying(&one), silent(&one), trying(&two), silent(&two)]);
    });
}

#[test]
fn flclient2_asks_all_servers_and_takes_one_answer_to_each_request() -> Result<()> {
    testing::within(LIMIT, || {
        let (folder, context) = (folder(), context()?);
        let names = ["first", "second", "third"];
        let servers: Vec<_> = names
            .iter()
            .map(|name| Server::bind(&context, &folder, name))
            .collect::<Result<_>>()?;
        let mut args: Vec<_> = servers.iter().map(|server| server.endpoint.as_str()).collect();
        args.extend(["--requests", "5"]);
        let client = Process::spawn("flclient2", &args);
        let mut earlier = "0".to_owned();
        for number in 1..=5 {
            let number = number.to_string();
            let requests: Vec<_> = servers
                .iter()
                .map(|server| server.socket.recv_multipart_timeout(TIMEOUT))
                .collect::<Result<_>>()?;
            for (server, request) in servers.iter().zip(&requests) {
                assert_eq!(request[1..], ["", &number, "random name"]);
                // What answers another request, or has another form, it drops
                let identity = &request[0][..];
                server.socket.send_multipart([identity, b"", earlier.as_bytes(), b"OK"])?;
                server.socket.send_multipart([identity, b"", number.as_bytes()])?;
                server.socket.send_multipart([identity, b"OK"])?;
            }
            // The second one is the first to answer
            let identity = &requests[1][0][..];
            servers[1].socket.send_multipart([identity, b"", number.as_bytes(), b"OK"])?;
            earlier = number;
        }
        client.wait_for(|line| line.starts_with("Average round trip cost: "));
        assert_eq!(client.lines().len(), 1, "{:#?}", client.lines());
        Ok(())
    })
}
