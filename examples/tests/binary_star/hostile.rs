//! What no peer, client or server sends: each program goes on, and then does a normal request.

use std::time::{Duration, Instant};

use guide::bstar::State;
use zmqx::{
    Context, Dealer, ErrorKind, Message, Multipart, Req, Result, Router, Socket, Sub, XPub,
};

use crate::common::faults::{Process, Random, with_seeds};
use crate::common::{WATCHDOG, ended, guide};
use crate::pair::{BACKUP, PRIMARY, PROGRAMS, Place, texts};

const TIMEOUT: Duration = Duration::from_secs(20);

/// How long each is bombarded: for a minute by the fifty seeds of a long run.
const BOMBARDMENT: Duration = Duration::from_millis(1200);

/// Frames at random: noise, what the protocol has, cut, lengthened, and in twos.
fn frames(random: &mut Random) -> Vec<Vec<u8>> {
    const KNOWN: [&[u8]; 10] =
        [b"", b"0", b"1", b"2", b"3", b"4", b"5", b"-3", b"\0\0\0\0\x01", b"READY"];
    let count = 1 + random.below(5);
    let frame = |random: &mut Random| {
        let mut frame = KNOWN[random.below(KNOWN.len())].to_vec();
        match random.below(5) {
            0 => {}
            1 => frame.truncate(random.below(frame.len() + 1)),
            2 => frame.push(u8::try_from(random.below(256)).unwrap()),
            3 => {
                let longest = if random.below(20) == 0 { 100_000 } else { 40 };
                let len = random.below(longest);
                frame = (0..len).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
            }
            _ => frame = frame.repeat(2),
        }
        frame
    };
    (0..count).map(|_| frame(random)).collect()
}

/// Sends what can be sent at once; what would block is left.
fn throw(socket: &Socket<Dealer>, frames: Vec<Vec<u8>>) {
    match socket.try_send_multipart(frames.into_iter().collect::<Multipart>()) {
        Ok(()) => {}
        Err(error) => assert_eq!(error.error.kind(), ErrorKind::WouldBlock),
    }
}

/// A normal request, asked anew over another socket as long as there is no answer.
fn ask(context: &Context, endpoint: &str) -> Result<()> {
    let start = Instant::now();
    loop {
        let client = context.socket(Req)?;
        client.set_linger(Some(Duration::ZERO))?;
        client.connect(endpoint)?;
        client.send("Hello")?;
        match client.recv_timeout(Duration::from_millis(200)) {
            Ok(reply) => {
                assert_eq!(reply, "Hello");
                return Ok(());
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        assert!(start.elapsed() < TIMEOUT, "no reply to a normal request");
    }
}

/// Waits until the server publishes that state.
fn wait_for(states: &Socket<Sub>, state: State) -> Result<()> {
    let start = Instant::now();
    while states.recv_timeout(TIMEOUT)? != state.message() {
        assert!(start.elapsed() < TIMEOUT, "never {state:?}");
    }
    Ok(())
}

#[test]
fn a_server_takes_nothing_for_a_state_that_is_none() {
    with_seeds(|random| {
        for program in PROGRAMS {
            lies_of_a_peer(program, random).unwrap();
        }
    });
}

/// The test is the primary, and lies.
fn lies_of_a_peer(program: &str, random: &mut Random) -> Result<()> {
    let place = Place::new(10);
    let context = Context::new()?;
    let peer = context.socket(XPub)?;
    peer.bind(place.state(PRIMARY))?;
    let mut server = Process::spawn(program, &texts(&place.server(BACKUP)));
    peer.recv_timeout(TIMEOUT)?; // its subscription
    let states = context.socket(Sub)?;
    states.subscribe("")?;
    states.connect(place.state(BACKUP))?;

    let mut bombard = |time: Duration, expected: State| -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < time {
            let frames = frames(random);
            if matches!(&frames[..], [only] if matches!(&only[..], [b'1'..=b'4'])) {
                continue; // that would be a state
            }
            peer.send_multipart(frames.into_iter().collect::<Multipart>())?;
            if let Ok(state) = states.try_recv() {
                assert_eq!(state, expected.message(), "{program}");
            }
        }
        Ok(())
    };
    bombard(BOMBARDMENT, State::Backup)?;
    assert!(server.is_running());
    // A request that is "5" in C's counting moves it no more than a client's does.
    wait_for(&states, State::Backup)?;

    peer.send(State::Active.message())?;
    wait_for(&states, State::Passive)?;
    // No sign of life comes among the noise, so that a client's vote counts in the end.
    bombard(place.heartbeat() * 3, State::Passive)?;
    ask(&context, &place.frontend(BACKUP))?;
    wait_for(&states, State::Active)?;
    server.end();
    Ok(())
}

#[test]
fn a_server_outlives_whatever_clients_send() {
    with_seeds(|random| {
        for program in PROGRAMS {
            noise_of_clients(program, random).unwrap();
        }
    });
}

fn noise_of_clients(program: &str, random: &mut Random) -> Result<()> {
    // The noise has votes for the backup in it: on a busy machine a pair that lives faster may miss a heartbeat, and
    // be right to end.
    let place = Place::new(1);
    let mut servers =
        [PRIMARY, BACKUP].map(|server| Process::spawn(program, &texts(&place.server(server))));
    let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
    ask(&context, &place.frontend(PRIMARY))?;
    // The backup rejects them, and has to go on as well.
    let clients = [PRIMARY, BACKUP].map(|server| -> Result<_> {
        let client = context.socket(Dealer)?;
        client.connect(place.frontend(server))?;
        Ok(client)
    });
    let [primary, backup] = clients;
    let (primary, backup) = (primary?, backup?);
    let (start, mut echoes) = (Instant::now(), 0);
    while start.elapsed() < BOMBARDMENT || echoes == 0 {
        throw(&primary, frames(random));
        throw(&backup, frames(random));
        echoes += usize::from(primary.try_recv_multipart().is_ok());
        assert!(start.elapsed() < BOMBARDMENT + TIMEOUT, "{program} echoes nothing");
    }
    drop((primary, backup));
    ask(&context, &place.frontend(PRIMARY))?;
    assert!(servers.iter_mut().all(Process::is_running));
    servers.into_iter().for_each(Process::end);
    Ok(())
}

#[test]
fn a_client_outlives_whatever_servers_reply() {
    with_seeds(|random| lies_of_servers(random).unwrap());
}

/// The number of the reply that the client says it had.
fn replied(line: &str) -> Option<usize> {
    line.strip_prefix("I: server replied OK (")?.strip_suffix(')')?.parse().ok()
}

/// A reply that is most likely wrong.
fn lie(random: &mut Random, body: &[u8], asked: usize) -> Vec<Vec<u8>> {
    let mut reply = Vec::new();
    if random.below(2) == 0 {
        reply.push(Vec::new());
    }
    match random.below(4) {
        // Behind four bytes, which might be a number of the request's, it gets past libzmq's first look at it
        3 => return vec![vec![0; 4], Vec::new(), body.to_vec()],
        // The right answer, with frames behind it
        0 => reply.push(body.to_vec()),
        // That of another request
        1 => reply.push((asked + 1).to_string().into_bytes()),
        _ => {}
    }
    reply.extend(frames(random));
    reply
}

/// The test is both servers.
fn lies_of_servers(random: &mut Random) -> Result<()> {
    let place = Place::new(100);
    let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
    let servers = [context.socket(Router)?, context.socket(Router)?];
    servers[PRIMARY].bind(place.frontend(PRIMARY))?;
    servers[BACKUP].bind(place.frontend(BACKUP))?;
    let client = Process::spawn("bstarcli", &texts(&place.client()));

    // What it asks now, and whether that was answered rightly, which it may have been too late for.
    let (start, mut asked, mut is_answered) = (Instant::now(), 0, true);
    let numbers = || client.lines().iter().filter_map(|line| replied(line)).collect::<Vec<_>>();
    // What it asked when the noise ended, and must have an answer to.
    let mut last = None;
    while last.is_none_or(|last| numbers().len() < last) {
        let is_late = start.elapsed() > BOMBARDMENT + TIMEOUT;
        assert!(!is_late, "the client asks no more: {:#?}\n{}", client.lines(), client.errors());
        let mut items = servers.each_ref().map(|server| server.poll_item(zmqx::PollEvents::IN));
        zmqx::poll(&mut items, Some(TIMEOUT))?;
        let readable = items.map(|item| item.is_readable());
        for (server, _) in servers.iter().zip(readable).filter(|(_, is_readable)| *is_readable) {
            let request = server.recv_multipart()?;
            let [identity, empty, body] = &request[..] else { panic!("no REQ: {request:?}") };
            assert!(empty.is_empty());
            // It asks for the same again until it has the right answer.
            if *body != *asked.to_string() {
                assert!(is_answered, "no answer to {asked} was right");
                (asked, is_answered) = (asked + 1, false);
                assert_eq!(*body, *asked.to_string());
            }
            if last.is_none() && start.elapsed() > BOMBARDMENT {
                last = Some(asked);
            }
            let is_right = last.is_some() || random.below(3) == 0;
            for _ in 0..if is_right { 1 } else { random.below(4) } {
                let reply =
                    if is_right { vec![vec![], body.to_vec()] } else { lie(random, body, asked) };
                is_answered |=
                    matches!(&reply[..], [empty, right] if empty.is_empty() && **right == **body);
                let identity = [Message::from(&identity[..])].into_iter();
                let reply: Multipart =
                    identity.chain(reply.into_iter().map(Message::from)).collect();
                server.send_multipart(reply)?;
            }
            // Nonsense behind the right answer has libzmq cut the connection, for good
            if is_right && random.below(4) == 0 {
                server.send_multipart([&identity[..], b"nonsense"])?;
            }
        }
    }
    let numbers = numbers();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "each reply counts once");
    client.end();
    Ok(())
}

#[test]
fn a_server_that_is_not_one_of_the_two_prints_its_usage() {
    for program in PROGRAMS {
        for flags in [&[][..], &["-p", "-b"]] {
            let mut command = guide();
            command.args(["run-program", program]).args(flags).stdin(std::process::Stdio::piped());
            let mut child = command.spawn().unwrap();
            // As the runner does: it lives while this is open.
            let stdin = child.stdin.take();
            let ended = ended(child, WATCHDOG);
            drop(stdin);
            assert!(ended.status.success(), "{ended:#?}");
            assert_eq!(ended.stdout, format!("Usage: {program} {{ -p | -b }}\n"));
        }
    }
}
