//! A pair in two network namespaces, whose link is cut, while clients in a third reach both.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use guide::bstar::State;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use zmqx::{Context, ErrorKind, Req, Result, Socket, Sub};

use crate::common::WATCHDOG;
use crate::common::faults::Process;
use crate::pair::PROGRAMS;

const SPEED: u32 = 2;
const HEARTBEAT: Duration = Duration::from_millis(500);
const TIMEOUT: Duration = Duration::from_secs(20);

/// Runs `ip`, and gives its complaint where it fails.
fn ip(args: &str) -> std::result::Result<(), String> {
    let output = Command::new("ip").args(args.split(' ')).output();
    let output = output.map_err(|error| format!("ip: {error}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("ip {args}: {}", complaint.trim())) }
}

/// Three network namespaces, each linked to the two others: the primary's, the backup's and the clients'.
///
/// 10.0.0.1 and 10.0.0.2 are the servers on their own link; the clients see them as 10.0.1.1 and 10.0.2.1.
struct Network {
    names: Vec<String>,
}

impl Network {
    fn new() -> std::result::Result<Self, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut network = Self { names: Vec::new() };
        for who in ["primary", "backup", "clients"] {
            let name = format!("bstar-{}-{count}-{who}", std::process::id());
            ip(&format!("netns add {name}"))?;
            network.names.push(name);
        }
        let [primary, backup, clients] = &network.names[..] else { return Err(String::new()) };
        for (one, other, subnet) in
            [(primary, backup, 0), (primary, clients, 1), (backup, clients, 2)]
        {
            let link = format!("link{subnet}");
            ip(&format!("link add {link} netns {one} type veth peer name {link} netns {other}"))?;
            for (end, host) in [(one, 1), (other, 2)] {
                ip(&format!("-n {end} address add 10.0.{subnet}.{host}/24 dev {link}"))?;
                ip(&format!("-n {end} link set {link} up"))?;
            }
        }
        Ok(network)
    }

    /// Runs `body` in one of the namespaces: on a thread of its own, as those are a thread's and of what it starts.
    fn within<T: Send>(&self, index: usize, body: impl FnOnce() -> T + Send) -> T {
        let file = File::open(format!("/run/netns/{}", self.names[index])).expect("ip made it");
        thread::scope(|scope| {
            let thread = scope.spawn(|| {
                move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
                    .expect("who made it may enter it");
                body()
            });
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn cut(&self) {
        ip(&format!("-n {} link set link0 down", self.names[0])).unwrap();
    }

    fn heal(&self) {
        ip(&format!("-n {} link set link0 up", self.names[0])).unwrap();
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in &self.names {
            // One that is left is seen by `ip netns`.
            let _ = ip(&format!("netns delete {name}"));
        }
    }
}

/// A network; `None`, and a visible message, where it cannot be made. In CI that is a failure.
fn network() -> Option<Network> {
    match Network::new() {
        Ok(network) => Some(network),
        Err(reason) if std::env::var_os("CI").is_some() => panic!("no namespaces in CI: {reason}"),
        Err(reason) => {
            // Not by eprintln, which tests that pass keep to themselves.
            let message = format!("\nSKIPPED, as network namespaces cannot be made: {reason}\n");
            let _ = std::io::stderr().write_all(message.as_bytes());
            None
        }
    }
}

/// What a server publishes, as the clients' side sees it.
struct States(Socket<Sub>);

impl States {
    fn of(context: &Context, endpoint: &str) -> Result<Self> {
        let socket = context.socket(Sub)?;
        socket.subscribe("")?;
        socket.connect(endpoint)?;
        Ok(Self(socket))
    }

    fn wait_for(&self, state: State) -> Result<()> {
        let start = Instant::now();
        while self.0.recv_timeout(TIMEOUT)? != state.message() {
            assert!(start.elapsed() < TIMEOUT, "never {state:?}");
        }
        Ok(())
    }

    /// That it is in this state now, and at so many heartbeats to come.
    fn stays(&self, state: State, heartbeats: usize) -> Result<()> {
        while self.0.try_recv().is_ok() {}
        for _ in 0..heartbeats {
            assert_eq!(self.0.recv_timeout(TIMEOUT)?, state.message(), "not {state:?} any more");
        }
        Ok(())
    }
}

/// Whether a request is answered.
fn is_answered(context: &Context, endpoint: &str, request: &str) -> Result<bool> {
    let client = context.socket(Req)?;
    client.connect(endpoint)?;
    client.send(request)?;
    match client.recv_timeout(HEARTBEAT * 2) {
        Ok(reply) => {
            assert_eq!(reply, *request);
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

/// Asks until there is an answer.
fn ask(context: &Context, endpoint: &str) -> Result<()> {
    let start = Instant::now();
    let mut number = 0;
    while !is_answered(context, endpoint, &format!("request {number}"))? {
        number += 1;
        assert!(start.elapsed() < TIMEOUT, "no answer from {endpoint}");
    }
    Ok(())
}

fn split(network: &Network, program: &str) -> Result<()> {
    let speed = SPEED.to_string();
    let start = |index: usize, flag: &'static str, peer: &str| {
        let args = [flag, "--statesub", peer, "--speed", &speed];
        network.within(index, || Process::spawn(program, &args))
    };
    let mut primary = start(0, "-p", "tcp://10.0.0.2:5004");
    let mut backup = start(1, "-b", "tcp://10.0.0.1:5003");
    let (to_primary, to_backup) = ("tcp://10.0.1.1:5001", "tcp://10.0.2.1:5002");

    let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
    let of_primary = States::of(&context, "tcp://10.0.1.1:5003")?;
    let of_backup = States::of(&context, "tcp://10.0.2.1:5004")?;
    of_primary.wait_for(State::Active)?;
    of_backup.wait_for(State::Passive)?;
    ask(&context, to_primary)?;
    assert!(!is_answered(&context, to_backup, "a vote too early")?);

    // Nobody votes: the passive one stays passive, however long it hears nothing, and when it is told again.
    network.cut();
    of_backup.stays(State::Passive, 6)?;
    ask(&context, to_primary)?;
    network.heal();
    of_backup.stays(State::Passive, 2)?;
    of_primary.stays(State::Active, 2)?;

    // A client votes: from then on there are two.
    network.cut();
    of_backup.stays(State::Passive, 4)?;
    ask(&context, to_backup)?;
    of_backup.wait_for(State::Active)?;
    of_backup.stays(State::Active, 2)?;
    of_primary.stays(State::Active, 2)?;
    ask(&context, to_primary)?;

    // Each hears of the other, and gives up.
    network.heal();
    for server in [&mut primary, &mut backup] {
        server.wait_for(|line| line.ends_with("E: fatal error - dual actives, aborting"));
        let start = Instant::now();
        while server.is_running() {
            assert!(start.elapsed() < WATCHDOG, "it goes on");
            thread::sleep(Duration::from_millis(5)); // its end comes right after that line
        }
    }
    assert!(!is_answered(&context, to_primary, "to nobody")?);
    assert!(!is_answered(&context, to_backup, "to nobody")?);

    // Started again, they are a pair.
    network.within(0, || primary.start());
    network.within(1, || backup.start());
    of_primary.wait_for(State::Active)?;
    of_backup.wait_for(State::Passive)?;
    ask(&context, to_primary)?;
    primary.end();
    backup.end();
    Ok(())
}

fn splits(program: &str) {
    let Some(network) = network() else { return };
    network.within(2, || split(&network, program)).unwrap();
}

#[test]
fn bstarsrv_takes_over_behind_a_cut_link_only_by_a_vote_and_ends_when_it_heals() {
    splits(PROGRAMS[0]);
}

#[test]
fn bstarsrv2_takes_over_behind_a_cut_link_only_by_a_vote_and_ends_when_it_heals() {
    splits(PROGRAMS[1]);
}
