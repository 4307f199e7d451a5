//! Throws random and mangled multiparts at the pirates and freelancers: they go on, and then answer a normal request.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::time::{Duration, Instant};

use common::faults::{Process, Random, with_seeds};
use common::hostile::mangle;
use common::lazy::Lazy;
use common::{WATCHDOG, folder, is_long};
use zmqx::{Context, Dealer, Multipart, Result, Router, Socket};

/// How long one seed's attack takes: fifty seeds, of a long run, make a minute.
const ATTACK: Duration = Duration::from_millis(1200);
const PATIENCE: Duration = Duration::from_millis(500);

fn attacks(mut body: impl FnMut(&mut Random) -> Result<()> + Send + 'static) {
    let limit = if is_long() { WATCHDOG * 50 } else { WATCHDOG * 2 };
    testing::within(limit, move || {
        with_seeds(|random| body(random).expect("the test's own sockets work"));
    });
}

fn context() -> Result<Context> {
    Context::builder().linger(Some(Duration::ZERO)).build()
}

/// Attacks one who binds, from several sockets, some of which are replaced by new ones. What crashes on purpose is
/// started again.
fn attack(
    random: &mut Random,
    process: &mut Process,
    endpoint: &str,
    right: &[&[&[u8]]],
) -> Result<()> {
    let context = context()?;
    let connected = || -> Result<Socket<Dealer>> {
        let socket = context.socket(Dealer)?;
        socket.connect(endpoint)?;
        Ok(socket)
    };
    let mut sockets = (0..4).map(|_| connected()).collect::<Result<Vec<_>>>()?;
    let start = Instant::now();
    while start.elapsed() < ATTACK {
        let chosen = random.below(sockets.len());
        if random.below(500) == 0 {
            sockets[chosen] = connected()?;
        }
        if sockets[chosen].try_send_multipart(mangle(random, right)).is_err() {
            // Its peer is behind, or crashed.
            process.start();
            std::thread::sleep(Duration::from_millis(1));
        }
        while sockets[chosen].try_recv_multipart().is_ok() {}
    }
    process.start();
    Ok(())
}

/// Asks until there is an answer, and starts again who crashes on purpose.
fn is_answered(processes: &mut [&mut Process], endpoint: &str, request: &[&str], reply: &[&str]) {
    let mut lazy = Lazy::connect(endpoint, PATIENCE).expect("a client connects");
    let start = Instant::now();
    loop {
        processes.iter_mut().for_each(|process| process.start());
        if let Some(answer) = lazy.ask(request, 1).expect("a client asks") {
            assert_eq!(answer, *reply);
            return;
        }
        assert!(start.elapsed() < WATCHDOG, "no answer");
    }
}

/// One who attacks those that connect to it.
struct Attacker {
    socket: Socket<Router>,
    endpoint: String,
    /// The identity of whoever was heard last.
    heard: Vec<u8>,
    _folder: tempfile::TempDir,
}

impl Attacker {
    fn bind() -> Result<Self> {
        let folder = folder();
        let endpoint = format!("ipc://{}/attacker", folder.path().display());
        let socket = context()?.socket(Router)?;
        // As a server of model 3 has it
        socket.set_identity(&endpoint)?;
        socket.bind(&endpoint)?;
        Ok(Self { socket, endpoint, heard: Vec::new(), _folder: folder })
    }

    /// Answers whatever comes by what should not.
    fn attack(
        &mut self,
        random: &mut Random,
        process: &mut Process,
        right: &[&[&[u8]]],
    ) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < ATTACK {
            process.start();
            let Ok(message) = self.socket.recv_multipart_timeout(Duration::from_millis(10)) else {
                continue;
            };
            self.heard = message[0].to_vec();
            for _ in 0..=random.below(3) {
                let mut answer = mangle(random, right);
                answer.insert(0, message[0].to_vec());
                self.socket.send_multipart(answer)?;
            }
        }
        Ok(())
    }

    /// Answers whatever comes as it should be, until that has shown.
    fn serve(
        &self,
        process: &mut Process,
        answer: impl Fn(&Multipart) -> Option<Vec<Vec<u8>>>,
        has_shown: impl Fn(&Process) -> bool,
    ) -> Result<()> {
        let start = Instant::now();
        while !has_shown(process) {
            assert!(start.elapsed() < WATCHDOG, "it does not go on: {:#?}", process.lines());
            process.start();
            let Ok(message) = self.socket.recv_multipart_timeout(Duration::from_millis(10)) else {
                continue;
            };
            if let Some(mut answer) = answer(&message) {
                answer.insert(0, message[0].to_vec());
                self.socket.send_multipart(answer)?;
            }
        }
        Ok(())
    }

    /// Asks, until that is answered by its echo.
    fn ask(&mut self, process: &mut Process, request: &[&[u8]]) -> Result<()> {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < WATCHDOG, "it does not go on: {:#?}", process.lines());
            process.start();
            let mut frames = vec![&self.heard[..]];
            frames.extend(request);
            self.socket.send_multipart(frames)?;
            if let Ok(message) = self.socket.recv_multipart_timeout(PATIENCE) {
                if message[1..] == *request {
                    return Ok(());
                }
                self.heard = message[0].to_vec();
            }
        }
    }
}

fn frames(frames: &[&[u8]]) -> Option<Vec<Vec<u8>>> {
    Some(frames.iter().map(|frame| frame.to_vec()).collect())
}

#[test]
fn lpserver_outlives_an_attack() {
    attacks(|random| {
        let folder = folder();
        let endpoint = format!("ipc://{}/server", folder.path().display());
        let mut server = Process::spawn("lpserver", &["--bind", &endpoint, "--speed", "1000"]);
        attack(random, &mut server, &endpoint, &[&[b"", b"1"]])?;
        is_answered(&mut [&mut server], &endpoint, &["still", "there?"], &["still", "there?"]);
        Ok(())
    });
}

/// Attacks a queue from both its sides, with a worker beside.
fn queue_outlives_an_attack(queue: &'static str, worker: &'static str, heartbeat: &'static [u8]) {
    attacks(move |random| {
        let folder = folder();
        let at = |name: &str| format!("ipc://{}/{name}", folder.path().display());
        let (clients, workers) = (at("clients"), at("workers"));
        let args = ["--frontend", &clients, "--backend", &workers, "--speed", "50"];
        let mut queue = Process::spawn(queue, &args);
        let mut worker = Process::spawn(worker, &["--connect", &workers, "--speed", "50"]);
        let from_worker: &[&[&[u8]]] = &[
            &[b"\x01"],
            &[b"", b"\x01"],
            &[heartbeat],
            &[b"client", b"", b"reply"],
            &[b"", b"client", b"", b"reply"],
        ];
        attack(random, &mut queue, &workers, from_worker)?;
        attack(random, &mut queue, &clients, &[&[b"", b"request"], &[b"", b"two", b"frames"]])?;
        let request = ["still there?"];
        is_answered(&mut [&mut queue, &mut worker], &clients, &request, &request);
        queue.end();
        Ok(())
    });
}

#[test]
fn spqueue_outlives_an_attack() {
    queue_outlives_an_attack("spqueue", "spworker", b"");
}

#[test]
fn ppqueue_outlives_an_attack() {
    queue_outlives_an_attack("ppqueue", "ppworker", b"\x02");
}

/// Attacks a worker, which gets its requests behind an envelope of its own kind.
fn worker_outlives_an_attack(worker: &'static str, envelope: &'static [&'static [u8]]) {
    attacks(move |random| {
        let mut attacker = Attacker::bind()?;
        let args = ["--connect", &attacker.endpoint, "--speed", "100"];
        let mut worker = Process::spawn(worker, &args);
        let request = [envelope, &[b"client", b"", b"request"]].concat();
        let right: &[&[&[u8]]] = &[&request, &[b"\x02"], &[b"", b"\x02"]];
        attacker.attack(random, &mut worker, right)?;
        let normal = [envelope, &[b"client", b"", b"still there?"]].concat();
        attacker.ask(&mut worker, &normal)
    });
}

#[test]
fn spworker_outlives_an_attack() {
    worker_outlives_an_attack("spworker", &[b""]);
}

#[test]
fn ppworker_outlives_an_attack() {
    worker_outlives_an_attack("ppworker", &[]);
}

/// How often a program has printed a line that begins so.
fn count(process: &Process, start: &str) -> usize {
    process.lines().iter().filter(|line| line.starts_with(start)).count()
}

/// Attacks a client, whose requests begin with these frames, and who shows by a line that it was answered.
fn client_outlives_an_attack(
    client: &'static str,
    args: fn(&str) -> Vec<&str>,
    right: &'static [&'static [&'static [u8]]],
    answer: fn(&Multipart) -> Option<Vec<Vec<u8>>>,
    shows: &'static str,
) {
    attacks(move |random| {
        let mut attacker = Attacker::bind()?;
        let mut client = Process::spawn(client, &args(&attacker.endpoint));
        attacker.attack(random, &mut client, right)?;
        let before = count(&client, shows);
        // The next one may be an answer of the attack's still
        attacker.serve(&mut client, answer, |client| count(client, shows) > before + 1)
    });
}

/// The request as it came, without the identity.
fn echo(message: &Multipart) -> Option<Vec<Vec<u8>>> {
    Some(message.iter().skip(1).map(|frame| frame.to_vec()).collect())
}

#[test]
fn lpclient_outlives_an_attack() {
    client_outlives_an_attack(
        "lpclient",
        |at| vec!["--connect", at, "--speed", "20"],
        &[&[b"", b"1"], &[b"", b"2"]],
        echo,
        "I: server replied OK (",
    );
}

#[test]
fn flclient1_outlives_an_attack() {
    client_outlives_an_attack(
        "flclient1",
        |at| vec![at, "--speed", "10"],
        &[&[b"", b"Hello world"]],
        echo,
        "Service is running OK",
    );
}

#[test]
fn flclient2_outlives_an_attack() {
    client_outlives_an_attack(
        "flclient2",
        |at| vec![at, "--requests", "3", "--speed", "20"],
        &[&[b"", b"1", b"OK"], &[b"", b"2", b"OK"]],
        |message| frames(&[b"", message.get(2)?, b"OK"]),
        "Average round trip cost: ",
    );
}

#[test]
fn flclient3_outlives_an_attack() {
    client_outlives_an_attack(
        "flclient3",
        |at| vec![at, "--requests", "3", "--speed", "20"],
        &[&[b"1", b"OK"], &[b"2", b"OK"], &[b"PONG"]],
        |message| match message.get(1)? {
            ping if ping == "PING" => frames(&[b"PONG"]),
            number => frames(&[number, b"OK"]),
        },
        "Average round trip cost: ",
    );
}

#[test]
fn flserver1_outlives_an_attack() {
    server_outlives_an_attack("flserver1", &["a", "name"], &["a", "name"]);
}

#[test]
fn flserver2_outlives_an_attack() {
    server_outlives_an_attack("flserver2", &["7", "a name"], &["7", "OK"]);
}

#[test]
fn flserver3_outlives_an_attack() {
    // A REQ's empty frame is a control frame like any other
    server_outlives_an_attack("flserver3", &["7", "a name"], &["OK"]);
}

fn server_outlives_an_attack(
    server: &'static str,
    request: &'static [&'static str],
    reply: &'static [&'static str],
) {
    attacks(move |random| {
        let folder = folder();
        let endpoint = format!("ipc://{}/server", folder.path().display());
        let args = if server == "flserver3" { vec!["--bind", &endpoint] } else { vec![&*endpoint] };
        let mut server = Process::spawn(server, &args);
        let right: &[&[&[u8]]] = &[&[b"", b"1", b"a name"], &[b"1", b"a name"], &[b"PING"]];
        attack(random, &mut server, &endpoint, right)?;
        is_answered(&mut [&mut server], &endpoint, request, reply);
        server.end();
        Ok(())
    });
}
