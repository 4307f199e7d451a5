//! A pair whose servers are killed and stopped at random, while clients ask: no answer is ever a wrong one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use guide::bstar::State;
use zmqx::{Context, Dealer, ErrorKind, Req, Socket, Sub};

use crate::common::WATCHDOG;
use crate::common::faults::{Fleet, Load, Random, with_seeds};
use crate::pair::{BACKUP, PRIMARY, PROGRAMS, Place, texts};

/// How many requests a client of the second sort has on their way at once.
const WINDOW: usize = 16;

/// How long there is trouble.
const TROUBLE: Duration = Duration::from_secs(5);

fn context() -> Context {
    Context::builder().linger(Some(Duration::ZERO)).build().expect("a context can be made")
}

/// A client as bstarcli: it asks one thing at a time, and turns to the other server when this one is silent.
fn one_by_one(place: &Place, client: usize) -> impl FnMut(usize) -> bool + use<> {
    let servers = [PRIMARY, BACKUP].map(|server| place.frontend(server));
    let (timeout, settle) = (place.heartbeat(), place.heartbeat() * 2);
    let context = context();
    let connect = move |server: usize| {
        let socket: Socket<Req> = context.socket(Req).expect("a socket can be opened");
        socket.connect(&servers[server]).expect("it is an endpoint");
        socket
    };
    let mut server = PRIMARY;
    let mut socket = connect(server);
    move |number| {
        let request = format!("{client}: {number}");
        for _ in 0..4 {
            socket.send(&request[..]).expect("a new or answered REQ can send");
            match socket.recv_timeout(timeout) {
                Ok(reply) => {
                    assert_eq!(reply, *request, "a wrong answer");
                    assert!(!reply.has_more(), "an answer of more frames");
                    return true;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
            // As bstarcli does: so long it takes until a dead peer is believed dead.
            std::thread::sleep(settle);
            server = 1 - server;
            socket = connect(server);
        }
        false
    }
}

/// A client that has many requests on their way: each is answered at most once, by its own answer.
fn many_at_once(place: &Place, client: usize) -> impl FnMut(usize) -> bool + use<> {
    let servers = [PRIMARY, BACKUP].map(|server| place.frontend(server));
    let timeout = place.heartbeat();
    let context = context();
    let connect = move |server: usize| {
        let socket: Socket<Dealer> = context.socket(Dealer).expect("a socket can be opened");
        socket.connect(&servers[server]).expect("it is an endpoint");
        socket
    };
    let mut server = PRIMARY;
    let mut socket = connect(server);
    move |number| {
        let requests = (0..WINDOW).map(|part| format!("{client}: {number}.{part}"));
        let mut open: HashSet<String> = requests.collect();
        for request in &open {
            socket.send_multipart(["", &request[..]]).expect("its queue is long enough");
        }
        while !open.is_empty() {
            let Ok(reply) = socket.recv_timeout(timeout) else { break };
            assert!(reply.is_empty() && reply.has_more(), "no envelope: {reply:?}");
            let reply = socket.recv().expect("a multipart comes whole");
            let text = reply.to_string_lossy();
            assert!(open.remove(&*text), "a wrong answer, or one for the second time: {text}");
        }
        if open.is_empty() {
            return true;
        }
        server = 1 - server;
        socket = connect(server);
        false
    }
}

fn states(context: &Context, endpoint: &str) -> Socket<Sub> {
    let socket = context.socket(Sub).expect("a socket can be opened");
    socket.subscribe("").expect("all that is published");
    socket.connect(endpoint).expect("it is an endpoint");
    socket
}

/// Whether one publishes now that it is active, and the other that it is passive.
fn is_pair(states: &[Socket<Sub>; 2], heartbeat: Duration) -> bool {
    for socket in states {
        while socket.try_recv().is_ok() {}
    }
    let [one, other] = states.each_ref().map(|socket| socket.recv_timeout(heartbeat * 3).ok());
    let (active, passive) = (State::Active.message(), State::Passive.message());
    let (Some(one), Some(other)) = (one, other) else { return false };
    (one == active && other == passive) || (one == passive && other == active)
}

fn survives(program: &str, random: &mut Random) {
    let place = Place::new(10);
    let mut fleet = Fleet::default();
    for server in [PRIMARY, BACKUP] {
        fleet.spawn(program, &texts(&place.server(server)));
    }
    let place = Arc::new(place);
    let shared = place.clone();
    let load = Load::start(4, move |client| -> Box<dyn FnMut(usize) -> bool> {
        if client % 2 == 0 {
            Box::new(one_by_one(&shared, client))
        } else {
            Box::new(many_at_once(&shared, client))
        }
    });
    fleet.trouble(random, TROUBLE, &(Duration::from_millis(20)..Duration::from_millis(800)));
    let counts = load.end();
    assert!(counts.answered > 0, "nothing was answered: {counts:?}");

    // A pair that ended, as both were active, is started by its operator. Then it is one again, and clients are served.
    let context = context();
    let states = [PRIMARY, BACKUP].map(|server| states(&context, &place.state(server)));
    let (start, mut number, mut ask) = (Instant::now(), 0, one_by_one(&place, 4));
    loop {
        fleet.heal();
        number += 1;
        if ask(number) && is_pair(&states, place.heartbeat()) {
            break;
        }
        assert!(start.elapsed() < WATCHDOG, "no pair after the trouble");
    }
    fleet.end();
}

#[test]
fn bstarsrv_gives_no_wrong_answer_whatever_dies() {
    with_seeds(|random| survives(PROGRAMS[0], random));
}

#[test]
fn bstarsrv2_gives_no_wrong_answer_whatever_dies() {
    with_seeds(|random| survives(PROGRAMS[1], random));
}
