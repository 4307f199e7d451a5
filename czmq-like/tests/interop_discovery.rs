//! `ZBeacon` and `ZGossip` beside zbeacon and zgossip of the system's libczmq, in a C program that is compiled against it.
//! Without one the tests say that they skip; with `CI` set they fail.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;

use czmq_like::prelude::*;
use czmq_like::{ZGossipMsg, ZreBeacon};

use common::peer::{Running, compiled};
use common::{SOON, free_port, has_monitors, wait_until, within};

const MS: Duration = Duration::from_millis(1);

/// The C program, compiled; `None` where there is no libczmq.
fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAM.get_or_init(|| compiled("discovery")).as_deref()
}

/// An actor of libczmq's in a process of its own.
struct Czmq {
    input: ChildStdin,
    lines: Receiver<String>,
    _process: Running,
}

impl Czmq {
    fn new(program: &Path, actor: &str, interface: &str) -> Self {
        let mut command = Command::new(program);
        command.arg(actor).env("ZSYS_INTERFACE", interface);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The others are what libczmq logs.
                if let Some(message) = line.strip_prefix("> ").or(line.strip_prefix(">")) {
                    if send.send(message.to_owned()).is_err() {
                        return;
                    }
                }
            }
        });
        Self { input, lines, _process: Running(child) }
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// What its actor says next, which is to be soon.
    fn says(&self) -> String {
        self.lines.recv_timeout(SOON).unwrap()
    }

    fn says_nothing(&self, patience: Duration) {
        assert_eq!(self.lines.recv_timeout(patience), Err(RecvTimeoutError::Timeout));
    }
}

/// A zgossip that is bound, and its endpoint.
fn gossip_server(program: &Path) -> (Czmq, String) {
    let mut server = Czmq::new(program, "zgossip", "");
    server.tell("BIND tcp://127.0.0.1:*");
    server.tell("PORT");
    let port = server.says();
    let endpoint = format!("tcp://127.0.0.1:{}", port.strip_prefix("PORT ").unwrap());
    (server, endpoint)
}

fn delivered(node: &ZGossip) -> String {
    let (key, value) = node.recv_timeout(SOON).unwrap().unwrap();
    format!("DELIVER {key} {value}")
}

#[test]
fn a_beacon_is_heard_by_czmq() {
    let Some(program) = program() else { return };
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        // Any interface: with the loopback, libczmq has nothing to do.
        let mut listener = Czmq::new(program, "zbeacon", "*");
        listener.tell(&format!("CONFIGURE {port}"));
        assert_eq!(listener.says(), "*");
        listener.tell("SUBSCRIBE NODE");
        let (speaker, other) = (ZBeacon::new(&ctx).unwrap(), ZBeacon::new(&ctx).unwrap());
        for (beacon, text) in [(&other, "RANDOM"), (&speaker, "NODE/1")] {
            beacon.set_interface("127.0.0.1").unwrap();
            assert_eq!(beacon.configure(port).unwrap(), "127.0.0.1");
            beacon.publish(text, MS * 5).unwrap();
        }
        (0..10).for_each(|_| assert_eq!(listener.says(), "127.0.0.1 NODE/1"));
        speaker.silence().unwrap();
        while listener.lines.recv_timeout(MS * 200).is_ok() {}
    });
}

#[test]
fn beacons_go_both_ways_between_czmq_and_this_crate() {
    let Some(program) = program() else { return };
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let mut theirs = Czmq::new(program, "zbeacon", "");
        theirs.tell(&format!("CONFIGURE {port}"));
        let hostname = theirs.says();
        if hostname.is_empty() {
            assert!(std::env::var_os("CI").is_none(), "CI has no interface that broadcasts");
            // Past the test harness, which shows nothing of a test that succeeds.
            let _ = writeln!(
                std::io::stderr(),
                "interop of beacons skipped: libczmq finds no interface that broadcasts"
            );
            return;
        }
        let ours = ZBeacon::new(&ctx).unwrap();
        ours.set_interface("").unwrap();
        // Both choose the same.
        assert_eq!(ours.configure(port).unwrap(), hostname);
        ours.subscribe("NODE").unwrap();
        theirs.tell("SUBSCRIBE NODE");
        ours.publish("NODE/ours", MS * 20).unwrap();
        theirs.tell("PUBLISH NODE/theirs 20");
        for _ in 0..5 {
            let (address, beacon) = ours.recv_timeout(SOON).unwrap().unwrap();
            assert_eq!(
                (address.to_string(), beacon.strdup()),
                (hostname.clone(), "NODE/theirs".into())
            );
            assert_eq!(theirs.says(), format!("{hostname} NODE/ours"));
        }
        theirs.tell("SILENCE");
        while ours.recv_timeout(MS * 200).unwrap().is_some() {}
        // What is one of ZRE's for zyre.
        let beacon = ZreBeacon { uuid: *b"printable uuid!!", port: u16::from_be_bytes(*b"PP") };
        ours.publish(beacon.encode(), MS * 20).unwrap();
        theirs.tell("SUBSCRIBE ZRE");
        let expected = format!("{hostname} ZRE\u{1}printable uuid!!PP");
        wait_until("it is heard", || theirs.says() == expected);
    });
}

#[test]
fn a_client_of_a_server_of_czmqs_has_its_tuples_and_stays() {
    let Some(program) = program() else { return };
    within(|| {
        let (mut server, endpoint) = gossip_server(program);
        server.tell("PUBLISH theirs-1 one");
        assert_eq!(server.says(), "DELIVER theirs-1 one");
        let ctx = ZCtx::new().unwrap();
        let client = ZGossip::new(&ctx, "client").unwrap();
        client.publish("ours-1", "two").unwrap();
        client.connect(&endpoint).unwrap();
        assert_eq!(server.says(), "DELIVER ours-1 two");
        assert_eq!(delivered(&client), "DELIVER ours-1 two");
        assert_eq!(delivered(&client), "DELIVER theirs-1 one");
        // Longer than its timeout for clients, in which pings keep this one.
        server.says_nothing(MS * 1500);
        server.tell("PUBLISH theirs-2 three");
        assert_eq!(delivered(&client), "DELIVER theirs-2 three");
        client.publish("ours-2", "v".repeat(900)).unwrap();
        assert_eq!(server.says(), "DELIVER theirs-2 three");
        assert_eq!(server.says(), format!("DELIVER ours-2 {}", "v".repeat(900)));
        server.tell("STATUS");
        assert_eq!(server.says(), "STATUS 4");
    });
}

#[test]
fn clients_of_czmqs_have_all_tuples_and_stay() {
    let Some(program) = program() else { return };
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ZGossip::new(&ctx, "server").unwrap();
        let port = server.bind("tcp://127.0.0.1:*").unwrap();
        server.publish("ours-1", "one").unwrap();
        let mut clients = [(); 2].map(|()| Czmq::new(program, "zgossip", ""));
        for (client, key) in clients.iter_mut().zip(["a", "b"]) {
            client.tell(&format!("PUBLISH {key} own"));
            assert_eq!(client.says(), format!("DELIVER {key} own"));
            client.tell(&format!("CONNECT tcp://127.0.0.1:{port}"));
        }
        let heard = |client: &Czmq| BTreeSet::from([client.says(), client.says()]);
        assert_eq!(
            heard(&clients[0]),
            ["DELIVER b own", "DELIVER ours-1 one"].map(String::from).into()
        );
        assert_eq!(
            heard(&clients[1]),
            ["DELIVER a own", "DELIVER ours-1 one"].map(String::from).into()
        );
        // They never ping, and hear what comes later all the same, as they do not of libczmq's server.
        clients[0].says_nothing(MS * 1500);
        server.publish("ours-2", "two").unwrap();
        clients.iter().for_each(|client| assert_eq!(client.says(), "DELIVER ours-2 two"));
        clients[0].tell("PUBLISH a-2 three");
        clients.iter().for_each(|client| assert_eq!(client.says(), "DELIVER a-2 three"));
        assert_eq!(server.status().unwrap(), 5);
    });
}

#[test]
fn a_server_of_czmqs_that_comes_back_has_the_tuples_again() {
    let Some(program) = program() else { return };
    within(|| {
        let endpoint = format!("tcp://127.0.0.1:{}", free_port());
        let bound = || {
            let mut server = Czmq::new(program, "zgossip", "");
            server.tell(&format!("BIND {endpoint}"));
            server
        };
        let server = bound();
        let ctx = ZCtx::new().unwrap();
        let client = ZGossip::new(&ctx, "client").unwrap();
        client.connect(&endpoint).unwrap();
        let ping = MS * 50;
        client.set_ping(ping).unwrap();
        client.publish("key", "value").unwrap();
        assert_eq!(server.says(), "DELIVER key value");
        drop(server);
        if !has_monitors() {
            // Nobody tells the client that the connection is lost, but ten pings without an answer do.
            thread::sleep(ping * 40);
        }
        let mut server = bound();
        assert_eq!(server.says(), "DELIVER key value");
        server.tell("PUBLISH other 1");
        assert_eq!(delivered(&client), "DELIVER key value");
        assert_eq!(delivered(&client), "DELIVER other 1");
    });
}

#[test]
fn frames_are_byte_for_byte_those_of_czmq() {
    let Some(program) = program() else { return };
    within(|| {
        let (mut server, endpoint) = gossip_server(program);
        let ctx = ZCtx::new().unwrap();
        let client = ctx.socket(Dealer).unwrap();
        client.connect(&endpoint).unwrap();
        let receives = |msg: &ZGossipMsg| assert_eq!(client.recv().unwrap(), msg.encode().unwrap());
        let long = "v".repeat(900);
        server.tell(&format!("PUBLISH key {long}"));
        server.says();
        client.send(ZGossipMsg::Hello.encode().unwrap()).unwrap();
        receives(&ZGossipMsg::publish("key", &long));
        client.send(ZGossipMsg::Ping.encode().unwrap()).unwrap();
        receives(&ZGossipMsg::Pong);
        client.send(ZGossipMsg::Hello.encode().unwrap()).unwrap();
        receives(&ZGossipMsg::Invalid);
    });
}
