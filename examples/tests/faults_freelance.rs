//! Kills and stops the freelance servers under load: every request that is answered has the right answer.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::ops::Range;
use std::time::{Duration, Instant};

use common::faults::{Fleet, Load, Process, Random, with_seeds};
use common::lazy::Lazy;
use common::{WATCHDOG, folder, is_long};
use czmq_like::ZMsg;
use guide::flcliapi::FlCliApi;
use guide::speed;

const TROUBLE: Duration = Duration::from_secs(4);
/// A server that is back is found by its clients within a tenth of a second, or a little more.
const PAUSE: Range<Duration> = Duration::from_millis(150)..Duration::from_millis(400);

/// How long all of a test may take.
fn limit() -> Duration {
    Duration::from_secs(if is_long() { 3000 } else { 120 })
}

/// Three servers, of which one is always in health.
struct Servers {
    fleet: Fleet,
    endpoints: Vec<String>,
    /// Keeps the endpoints' folder.
    _folder: tempfile::TempDir,
}

fn servers(program: &str) -> Servers {
    let folder = folder();
    let mut fleet = Fleet { spared: 1, ..Fleet::default() };
    let mut endpoints = Vec::new();
    for name in ["first", "second", "third"] {
        let endpoint = format!("ipc://{}/{name}", folder.path().display());
        if program == "flserver3" {
            fleet.spawn(program, &["--bind", &endpoint, "--identity", &endpoint]);
        } else {
            fleet.spawn(program, &[&endpoint]);
        }
        endpoints.push(endpoint);
    }
    Servers { fleet, endpoints, _folder: folder }
}

#[test]
fn freelancers_of_model_1_answer_rightly_whoever_dies() {
    testing::within(limit(), || with_seeds(model_1));
}

fn model_1(random: &mut Random) {
    let mut servers = servers("flserver1");
    let connect = |endpoint: &String| {
        Lazy::connect(endpoint, Duration::from_millis(200)).expect("a client connects")
    };
    let endpoints = servers.endpoints.clone();
    let load = Load::start(4, move |client| {
        let mut lazy: Vec<_> = endpoints.iter().map(connect).collect();
        move |number| {
            let request = format!("{client}: {number}");
            lazy.iter_mut().any(|server| server.echoes(&request, 1))
        }
    });
    servers.fleet.trouble(random, TROUBLE, &PAUSE);
    let counts = load.end();
    assert!(counts.answered > 0, "{counts:?}");
    for endpoint in &servers.endpoints {
        assert!(connect(endpoint).echoes("back?", 20), "{endpoint}");
    }
    servers.fleet.end();
}

#[test]
fn flclient2_abandons_nothing_while_a_server_lives() {
    testing::within(limit(), || with_seeds(model_2));
}

fn model_2(random: &mut Random) {
    let mut servers = servers("flserver2");
    let endpoints = servers.endpoints.clone();
    let load = Load::start(2, move |_| {
        let endpoints = endpoints.clone();
        move |_| {
            // Fewer than the high-water mark: a server that is down has all of them to come
            let mut args: Vec<_> = endpoints.iter().map(String::as_str).collect();
            args.extend(["--requests", "200"]);
            let lines = Process::spawn("flclient2", &args).ended();
            matches!(&lines[..], [line] if line.starts_with("Average round trip cost: "))
        }
    });
    servers.fleet.trouble(random, TROUBLE, &PAUSE);
    let counts = load.end();
    assert!(counts.answered > 0, "{counts:?}");
    assert_eq!(counts.abandoned, 0, "one server was there all the time");
    servers.fleet.end();
}

#[test]
fn freelancers_of_model_3_answer_rightly_whoever_dies() {
    testing::within(limit(), || with_seeds(model_3));
}

fn model_3(random: &mut Random) {
    let mut servers = servers("flserver3");
    let endpoints = servers.endpoints.clone();
    let connect = move || {
        let speed = speed::parse("5").expect("a speed");
        let mut client = FlCliApi::with_speed(speed).expect("a client is made");
        for endpoint in &endpoints {
            client.connect(endpoint).expect("these are endpoints");
        }
        client
    };
    let clients = connect.clone();
    let load = Load::start(4, move |_| {
        let mut client = clients();
        move |number| asks(&mut client, number)
    });
    servers.fleet.trouble(random, TROUBLE, &PAUSE);
    let counts = load.end();
    assert!(counts.answered > 0, "{counts:?}");
    // With all in health again, and known to be, no request is abandoned
    let mut client = connect();
    let start = Instant::now();
    while !asks(&mut client, 0) {
        assert!(start.elapsed() < WATCHDOG, "no answer");
    }
    assert!((1..=100).all(|number| asks(&mut client, number)));
    servers.fleet.end();
}

/// Whether a server of model 3 answers.
fn asks(client: &mut FlCliApi, number: usize) -> bool {
    let request = ZMsg::from(["random name".to_owned(), number.to_string()]);
    let reply = client.request(request).expect("its agent runs");
    if let Some(reply) = &reply {
        assert_eq!(*reply, ["OK"]);
    }
    reply.is_some()
}
