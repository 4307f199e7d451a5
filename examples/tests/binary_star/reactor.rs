//! The unit `BStar`: its handlers, its voter, and others on its reactor. The test is the peer.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use czmq_like::prelude::*;
use guide::bstar::{BStar, State};
use testing::within;
use zmqx::{Context, Error, Result};

use crate::pair::{BACKUP, PRIMARY, Place};

const LIMIT: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the handlers of a server were called for.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Active,
    Passive,
    Request(String),
    Own(usize),
    End(LoopEnd),
}

/// The state of the program that is its user's.
struct Server {
    seen: Sender<Seen>,
    calls: usize,
}

impl Server {
    fn sees(&self, seen: Seen) {
        // The test may have heard enough.
        let _ = self.seen.send(seen);
    }
}

type Star = BStar<'static, Server>;

/// A server on a thread of its own, and its peer, its clients' socket and its states here.
struct Bench {
    server: JoinHandle<Result<()>>,
    seen: Receiver<Seen>,
    peer: Socket<XPub>,
    states: Socket<Sub>,
    client: Socket<Dealer>,
    _place: Place,
}

impl Bench {
    /// Starts it as primary or backup; `set_up` does what the test has of its own.
    fn start(
        server: usize,
        set_up: impl FnOnce(&mut Star) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let place = Place::new(10);
        let context = Context::builder().linger(Some(Duration::ZERO)).build()?;
        let peer = context.socket(XPub)?;
        peer.bind(place.state(1 - server))?;
        let states = context.socket(Sub)?;
        states.subscribe("")?;
        states.connect(place.state(server))?;
        let client = context.socket(Dealer)?;
        client.connect(place.frontend(server))?;

        let role = if server == PRIMARY { State::Primary } else { State::Backup };
        let (local, remote) = (place.state(server), place.state(1 - server));
        let (frontend, heartbeat) = (place.frontend(server), place.heartbeat());
        let (sender, seen) = channel();
        let server = thread::spawn(move || {
            let mut bstar = BStar::new(role, local, remote)?;
            bstar.set_heartbeat(heartbeat)?;
            bstar.voter(frontend, Router, |_, socket, server: &mut Server| -> Result<()> {
                let msg = ZMsg::recv(socket)?;
                server.sees(Seen::Request(msg.last().map(ZFrame::strdup).unwrap_or_default()));
                Ok(msg.send(socket)?)
            })?;
            bstar.new_active(|_, server| server.sees(Seen::Active))?;
            bstar.new_passive(|_, server| server.sees(Seen::Passive))?;
            set_up(&mut bstar)?;
            let mut server = Server { seen: sender, calls: 0 };
            let end = bstar.start(&mut server)?;
            server.sees(Seen::End(end));
            Ok(())
        });
        peer.recv_timeout(TIMEOUT)?; // its subscription
        Ok(Self { server, seen, peer, states, client, _place: place })
    }

    fn plain(server: usize) -> Result<Self> {
        Self::start(server, |_| Ok(()))
    }

    /// The peer says what it is.
    fn is(&self, state: State) -> Result<()> {
        Ok(self.peer.send(state.message())?)
    }

    fn wait_for(&self, state: State) -> Result<()> {
        while self.states.recv_timeout(TIMEOUT)? != state.message() {}
        Ok(())
    }

    fn next(&self) -> Seen {
        self.seen.recv_timeout(TIMEOUT).unwrap()
    }

    /// Everything that is seen until its end.
    fn rest(self) -> Vec<Seen> {
        self.server.join().unwrap().unwrap();
        self.seen.iter().collect()
    }
}

fn test(body: impl FnOnce() -> Result<()> + Send + 'static) {
    within(LIMIT, body).unwrap();
}

#[test]
fn a_backup_calls_each_handler_once_for_each_change() {
    test(|| {
        let bench = Bench::plain(BACKUP)?;
        for state in [State::Primary, State::Passive, State::Active, State::Active] {
            bench.is(state)?;
        }
        bench.wait_for(State::Passive)?;
        // The peer starts anew, and is told that this one is active by now.
        for state in [State::Primary, State::Primary, State::Passive, State::Active] {
            bench.is(state)?;
        }
        // Two actives are the end.
        assert_eq!(bench.rest(), [Seen::Passive, Seen::Active, Seen::End(LoopEnd::Ended)]);
        Ok(())
    });
}

#[test]
fn a_primary_calls_each_handler_once_for_each_change() {
    test(|| {
        let bench = Bench::plain(PRIMARY)?;
        for state in [State::Passive, State::Backup, State::Backup, State::Active] {
            bench.is(state)?;
        }
        assert_eq!(bench.rest(), [Seen::Active, Seen::End(LoopEnd::Ended)]);

        let bench = Bench::plain(PRIMARY)?;
        for state in [State::Active, State::Active, State::Passive] {
            bench.is(state)?;
        }
        assert_eq!(bench.rest(), [Seen::Passive, Seen::End(LoopEnd::Ended)]);
        Ok(())
    });
}

#[test]
fn a_vote_makes_a_passive_server_active_before_its_request_is_handled() {
    test(|| {
        let bench = Bench::plain(BACKUP)?;
        bench.client.send("to the backup")?;
        bench.is(State::Active)?;
        assert_eq!(bench.next(), Seen::Passive);
        // The peer is silent from now on. Until that counts, requests are dropped.
        let mut requests = 0;
        let reply = loop {
            requests += 1;
            bench.client.send(requests.to_string())?;
            if let Ok(reply) = bench.client.recv_timeout(Duration::from_millis(20)) {
                break reply.to_string_lossy().into_owned();
            }
        };
        assert!(requests > 1, "it takes over at once");
        assert_eq!(bench.next(), Seen::Active);
        assert_eq!(bench.next(), Seen::Request(reply));
        bench.wait_for(State::Active)?;
        bench.is(State::Active)?;
        // What was asked behind that vote was handled, and nothing else.
        let rest = bench.rest();
        let (end, others) = rest.split_last().unwrap();
        assert_eq!(*end, Seen::End(LoopEnd::Ended));
        assert!(others.iter().all(|seen| matches!(seen, Seen::Request(_))), "{others:?}");
        Ok(())
    });
}

#[test]
fn a_request_that_waits_takes_over_from_no_peer_whose_state_waits_too() {
    test(|| {
        for _ in 0..5 {
            let (held, is_held) = channel();
            let (release, is_released) = channel::<()>();
            let bench = Bench::start(BACKUP, move |bstar| {
                // It does nothing for a while, as a process that is stopped.
                bstar.new_passive(|_, _| ()).expect_err("there is one");
                bstar.zloop().timer(Duration::from_millis(1), 0, move |_, _, server| {
                    server.calls += 1;
                    if server.calls == 50 {
                        held.send(()).unwrap();
                        is_released.recv().unwrap();
                    }
                })?;
                Ok(())
            })?;
            bench.is(State::Active)?;
            assert_eq!(bench.next(), Seen::Passive);
            while is_held.try_recv().is_err() {
                bench.is(State::Active)?;
                thread::sleep(Duration::from_millis(1)); // as often as it looks
            }
            bench.client.send("a vote")?;
            // Longer than a dead peer is silent, and this one is not.
            let start = Instant::now();
            while start.elapsed() < Duration::from_millis(400) {
                bench.is(State::Active)?;
                thread::sleep(Duration::from_millis(10));
            }
            release.send(()).unwrap();
            bench.wait_for(State::Passive)?;
            bench.is(State::Passive)?;
            assert_eq!(bench.rest(), [Seen::End(LoopEnd::Ended)]);
        }
        Ok(())
    });
}

#[test]
fn own_handlers_share_the_reactor_and_the_state() {
    test(|| {
        let context = Context::new()?;
        let own = context.socket(Pull)?;
        own.bind("inproc://own")?;
        let orders = context.socket(Push)?;
        orders.connect("inproc://own")?;
        let bench = Bench::start(PRIMARY, move |bstar| {
            bstar.zloop().timer(Duration::from_millis(1), 3, |_, _, server| server.calls += 1)?;
            bstar.zloop().reader(own, |_, socket, server| -> Result<ControlFlow<()>> {
                zstr::recv(socket)?;
                server.sees(Seen::Own(server.calls));
                Ok(if server.calls < 3 { Continue(()) } else { Break(()) })
            })?;
            Ok(())
        })?;
        bench.is(State::Backup)?;
        assert_eq!(bench.next(), Seen::Active);
        let mut last = 0;
        while last < 3 {
            orders.send("how many?")?;
            let Seen::Own(calls) = bench.next() else { panic!("nothing else happens") };
            assert!(calls >= last);
            last = calls;
        }
        assert_eq!(bench.rest(), [Seen::End(LoopEnd::Ended)]);
        Ok(())
    });
}

#[test]
fn a_handler_of_a_change_ends_the_reactor_by_a_break_or_an_error() {
    test(|| {
        let place = Place::new(10);
        let start = |is_error: bool| {
            let mut bstar = BStar::new(State::Primary, place.state(PRIMARY), place.state(BACKUP))?;
            bstar.set_heartbeat(place.heartbeat())?;
            bstar.voter(place.frontend(PRIMARY), Router, |_, _, _: &mut ()| ())?;
            bstar.new_active(move |_, _| {
                if is_error { Err(Error::invalid("test", "wrong")) } else { Ok(Break(())) }
            })?;
            // The vote comes from here: a client asks until that is heard.
            let client = Context::new()?.socket(Dealer)?;
            client.set_linger(Some(Duration::ZERO))?;
            client.connect(place.frontend(PRIMARY))?;
            bstar.zloop().timer(Duration::from_millis(1), 0, move |_, _, _| {
                client.send("a vote").map_err(Error::from)
            })?;
            let end = bstar.start(&mut ());
            assert_eq!(bstar.state(), State::Active);
            end
        };
        assert_eq!(start(false)?, LoopEnd::Ended);
        assert_eq!(start(true).unwrap_err().kind(), ErrorKind::InvalidInput);
        Ok(())
    });
}

#[test]
fn states_are_published_at_every_heartbeat() {
    test(|| {
        let bench = Bench::plain(BACKUP)?;
        bench.wait_for(State::Backup)?;
        let start = Instant::now();
        for _ in 0..20 {
            bench.wait_for(State::Backup)?;
        }
        // At a tenth of the Guide's; a busy machine makes it longer, nothing shorter.
        assert!(start.elapsed() >= Duration::from_millis(1900), "{:?}", start.elapsed());
        assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
        bench.is(State::Active)?;
        bench.wait_for(State::Passive)?;
        bench.is(State::Passive)?;
        assert_eq!(bench.rest(), [Seen::Passive, Seen::End(LoopEnd::Ended)]);
        Ok(())
    });
}

#[test]
fn what_a_pair_cannot_be_is_an_error() {
    test(|| {
        let place = Place::new(10);
        let (local, remote) = (place.state(PRIMARY), place.state(BACKUP));
        for role in [State::Active, State::Passive] {
            let error = BStar::<()>::new(role, &local, &remote).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        let mut bstar = BStar::new(State::Primary, &local, &remote)?;
        assert_eq!(bstar.start(&mut ()).unwrap_err().kind(), ErrorKind::BadState);
        let endpoint = place.frontend(PRIMARY);
        let rep = bstar.voter(&endpoint, Rep, |_, _, _| ()).unwrap_err();
        assert_eq!(rep.kind(), ErrorKind::InvalidInput);
        bstar.voter(&endpoint, Router, |_, _, _| ())?;
        let second = bstar.voter(place.frontend(BACKUP), Router, |_, _, _| ()).unwrap_err();
        assert_eq!(second.kind(), ErrorKind::BadState);
        bstar.new_active(|_, _| ())?;
        assert_eq!(bstar.new_active(|_, _| ()).unwrap_err().kind(), ErrorKind::BadState);
        bstar.new_passive(|_, _| ())?;
        assert_eq!(bstar.new_passive(|_, _| ()).unwrap_err().kind(), ErrorKind::BadState);
        Ok(())
    });
}
