//! Two machines against each other, in a model of time and of a link that loses and delays what they say.

use std::collections::VecDeque;

use guide::bstar::{Event, State};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::common::faults::Random;
use crate::common::is_long;
use crate::machine::{self, Answer, Machine};

/// In milliseconds, as everything here.
const HEARTBEAT: u64 = 1000;

/// A server of the model.
struct Server {
    /// What it starts as.
    role: State,
    /// None where it was killed, or has ended.
    life: Option<Life>,
    /// What is on its way to it, in order: when it comes, and the state that its peer had when it sent it.
    inbox: VecDeque<(u64, State)>,
}

/// From a start to its end.
struct Life {
    state: State,
    peer_expiry: u64,
    send_at: u64,
    heard_at: u64,
    /// Whether it was told, since it is active, that its peer is.
    knows_of_dual: bool,
}

impl Server {
    fn new(role: State) -> Self {
        Self { role, life: None, inbox: VecDeque::new() }
    }

    fn start(&mut self, now: u64) {
        if self.life.is_none() {
            let (state, peer_expiry) = (self.role, now + 2 * HEARTBEAT);
            let (send_at, heard_at, knows_of_dual) = (now + HEARTBEAT, now, false);
            self.life = Some(Life { state, peer_expiry, send_at, heard_at, knows_of_dual });
        }
    }

    fn is(&self, state: State) -> bool {
        self.life.as_ref().is_some_and(|life| life.state == state)
    }
}

/// What happens to the pair.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Request(usize),
    Kill(usize),
    Start(usize),
    /// From now on, so many of a hundred messages are lost, and others come up to so much later.
    Link(usize, usize),
}

struct World {
    machine: Machine,
    now: u64,
    servers: [Server; 2],
    random: Random,
    loss: usize,
    delay: usize,
    accepted: [usize; 2],
}

impl World {
    fn new(machine: Machine, seed: u64) -> Self {
        let servers = [Server::new(State::Primary), Server::new(State::Backup)];
        let (random, accepted) = (Random::new(seed), [0; 2]);
        Self { machine, now: 0, servers, random, loss: 0, delay: 0, accepted }
    }

    /// Lets time pass: states are sent and come.
    fn pass(&mut self, time: u64) {
        let until = self.now + time;
        loop {
            let next = (0..2).flat_map(|server| {
                let life = self.servers[server].life.as_ref();
                let sends = life.map(|life| (life.send_at, true, server));
                let comes = self.servers[server].inbox.front().map(|(at, _)| (*at, false, server));
                [sends, comes].into_iter().flatten()
            });
            match next.min() {
                Some((at, is_sent, server)) if at <= until => {
                    self.now = self.now.max(at);
                    if is_sent { self.send(server) } else { self.receive(server) }
                }
                _ => break,
            }
        }
        self.now = until;
    }

    fn send(&mut self, server: usize) {
        let Some(life) = &mut self.servers[server].life else { return };
        life.send_at += HEARTBEAT;
        let state = life.state;
        if self.random.below(100) < self.loss {
            return;
        }
        let delay = u64::try_from(self.random.below(self.delay + 1)).unwrap();
        let inbox = &mut self.servers[1 - server].inbox;
        // TCP keeps them in order.
        let at = inbox.back().map_or(0, |(at, _)| *at).max(self.now + delay);
        inbox.push_back((at, state));
    }

    fn receive(&mut self, server: usize) {
        let Some((_, told)) = self.servers[server].inbox.pop_front() else { return };
        let now = self.now;
        let Some(life) = &mut self.servers[server].life else { return };
        (life.heard_at, life.peer_expiry) = (now, now + 2 * HEARTBEAT);
        if life.state == State::Active && told == State::Active {
            life.knows_of_dual = true;
        }
        let event = Event::from_message(told.message().as_bytes()).unwrap();
        match (self.machine)(life.state, event, false) {
            Answer::Is(state) => life.state = state,
            Answer::Fatal => {
                let is_dual = told == life.state;
                assert!(is_dual && matches!(told, State::Active | State::Passive), "{told:?}");
                self.servers[server].life = None;
            }
            Answer::Rejected => panic!("a peer's state is no request"),
        }
    }

    fn request(&mut self, server: usize) {
        let now = self.now;
        let Some(life) = &mut self.servers[server].life else { return };
        let earlier = life.state;
        match (self.machine)(earlier, Event::ClientRequest, now >= life.peer_expiry) {
            Answer::Is(state) => {
                life.state = state;
                self.accepted[server] += 1;
            }
            Answer::Rejected => return,
            Answer::Fatal => panic!("a client ends no server"),
        }
        if earlier == State::Passive {
            let silence = now - life.heard_at;
            assert!(silence >= 2 * HEARTBEAT, "took over after {silence} ms");
        }
        assert!(earlier != State::Backup, "a backup serves before it has seen a primary");
        let both = self.servers.iter().all(|server| server.is(State::Active));
        let knows = |server: &Server| server.life.as_ref().is_some_and(|life| life.knows_of_dual);
        assert!(
            !both || !self.servers.iter().any(knows),
            "both are active, one has heard it from the other, and clients are served"
        );
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Request(server) => self.request(server),
            Happening::Kill(server) => {
                self.servers[server].life = None;
                // What comes to a process that is gone, and what it had not read, is lost.
                self.servers[server].inbox.clear();
            }
            Happening::Start(server) => self.servers[server].start(self.now),
            Happening::Link(loss, delay) => (self.loss, self.delay) = (loss, delay),
        }
    }

    /// Clients ask both, for so many heartbeats.
    fn ask_both(&mut self, heartbeats: u64) {
        for _ in 0..heartbeats * 4 {
            self.pass(HEARTBEAT / 4);
            self.request(0);
            self.request(1);
        }
    }

    /// The link heals: two actives do not go on, nor two passives, and started anew where need be they are a pair.
    fn heals(&mut self) {
        self.happens(Happening::Link(0, 10));
        // What is still on its way comes first.
        let last = |server: &Server| server.inbox.back().map_or(0, |(at, _)| *at);
        let last = self.servers.iter().map(last).max().unwrap_or(0);
        self.pass(last.saturating_sub(self.now) + 2 * HEARTBEAT);
        assert!(!self.servers.iter().all(|server| server.is(State::Active)), "two go on active");
        assert!(!self.servers.iter().all(|server| server.is(State::Passive)), "two go on passive");

        // The operator starts what is not there: once at once, and once for what ends by that.
        for _ in 0..2 {
            self.servers.iter_mut().for_each(|server| server.start(self.now));
            self.ask_both(8);
        }
        let states = [State::Active, State::Passive];
        let is_pair = |[one, other]: &[Server; 2]| one.is(states[0]) && other.is(states[1]);
        let swapped = |[one, other]: &[Server; 2]| one.is(states[1]) && other.is(states[0]);
        assert!(is_pair(&self.servers) || swapped(&self.servers), "no pair in the end");
        let earlier = self.accepted;
        self.ask_both(1);
        let served = [self.accepted[0] - earlier[0], self.accepted[1] - earlier[1]];
        assert!(matches!(served, [4, 0] | [0, 4]), "not exactly one serves: {served:?}");
    }
}

fn happening() -> impl Strategy<Value = (u64, Happening)> {
    let server = 0..2_usize;
    let what = prop_oneof![
        4 => server.clone().prop_map(Happening::Request),
        1 => server.clone().prop_map(Happening::Kill),
        2 => server.prop_map(Happening::Start),
        2 => (prop_oneof![Just(0), Just(100), 0..100_usize], 0..4000_usize)
            .prop_map(|(loss, delay)| Happening::Link(loss, delay)),
    ];
    (prop_oneof![Just(0), 0..5000_u64], what)
}

fn config() -> Config {
    Config {
        cases: if is_long() { 50_000 } else { 1000 },
        failure_persistence: None,
        ..Config::default()
    }
}

fn run(machine: Machine, happenings: &[(u64, Happening)], seed: u64) {
    let mut world = World::new(machine, seed);
    world.happens(Happening::Start(0));
    world.happens(Happening::Start(1));
    for (pause, happening) in happenings {
        world.pass(*pause);
        world.happens(*happening);
    }
    world.heals();
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn two_active_reactors_that_hear_each_other_serve_nobody(
        happenings in prop::collection::vec(happening(), 0..60), seed: u64
    ) {
        run(machine::reactor, &happenings, seed);
    }

    #[test]
    fn two_active_bstarsrvs_that_hear_each_other_serve_nobody(
        happenings in prop::collection::vec(happening(), 0..60), seed: u64
    ) {
        run(machine::server, &happenings, seed);
    }
}

/// The model can tell: it finds a machine out that goes on where it should end, and one that takes over unasked.
#[test]
fn the_model_finds_a_wrong_machine_out() {
    let tolerant: Machine =
        |state, event, peer_is_dead| match machine::reactor(state, event, peer_is_dead) {
            Answer::Fatal => Answer::Is(state),
            answer => answer,
        };
    let hasty: Machine = |state, event, _| machine::reactor(state, event, true);
    for wrong in [tolerant, hasty] {
        let mut runner = proptest::test_runner::TestRunner::new(config());
        let strategy = (prop::collection::vec(happening(), 0..60), any::<u64>());
        let found = runner.run(&strategy, |(happenings, seed)| {
            run(wrong, &happenings, seed);
            Ok(())
        });
        assert!(found.is_err());
    }
}
