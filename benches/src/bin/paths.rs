//! The hot paths of zmqx and czmq-like, and the same over libzmq's C API, for `ci/instructions` to count.
//!
//! Called as `paths C|zmqx|czmq-like PATH inproc SIZE COUNT`; the size is that of a message, or how many frames, sockets
//! or pending timers there are. As the peers of `benches/peers` do, it prints the nanoseconds that all COUNT took.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what cannot go on ends")]

use std::hint::black_box;
use std::time::Instant;

use bench::raw::Timers;
use bench::reactor::{SOONER, reactor, relay};
use bench::threads::{echo, fork, raw_fork, round_trip};
use bench::workload::{Among, Broker, Echo, PAIRS, Pairs, Transport, pass};
use bench::{Library, Raw, Zmqx};
use czmq_like::LoopEnd;
use czmq_like::prelude::*;
use zmqx::{Context, Interrupt, Message, Multipart, Poller};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let [library, path, "inproc", size, count] = args[..] else {
        panic!("usage: paths C|zmqx|czmq-like PATH inproc SIZE COUNT");
    };
    let (size, count) = (size.parse().unwrap(), count.parse().unwrap());
    match library {
        "C" => raw(path, size, count),
        "zmqx" => zmqx(path, size, count),
        "czmq-like" => czmq_like(path, size, count),
        _ => panic!("no such library: {library}"),
    }
}

/// Does it so often.
fn repeat(count: usize, mut turn: impl FnMut()) {
    timed(|| {
        for _ in 0..count {
            turn();
        }
    });
}

/// Prints the nanoseconds that it takes.
fn timed(all: impl FnOnce()) {
    let start = Instant::now();
    all();
    println!("{}", start.elapsed().as_nanos());
}

/// Has messages that are made so sent, and receives them into the same one.
fn pass_on<L: Library>(pairs: &Pairs<L>, count: usize, mut make: impl FnMut() -> L::Message) {
    let mut message = L::Message::default();
    repeat(count, || {
        L::send_message(&pairs.other, make());
        L::recv(&pairs.one, &mut message);
    });
}

/// What is the same over both libraries.
fn both<L: Library>(path: &str, size: usize, count: usize) {
    let payload: &'static [u8] = vec![0; size].leak();
    let message = &mut L::Message::default();
    let pairs = &Pairs::<L>::new(L::context());
    match path {
        "create" => repeat(count, || drop(L::copy(black_box(payload)))),
        "single" => repeat(count, || {
            L::send(&pairs.other, payload, false);
            L::recv(&pairs.one, message);
            assert_eq!(L::len(message), size);
        }),
        "given" => pass_on(pairs, count, || L::given(size)),
        "shared" => {
            let buffer = L::buffer(size);
            pass_on(pairs, count, || L::share(&buffer));
        }
        "fixed" => pass_on(pairs, count, || L::fixed(payload)),
        "several" => repeat(count, || {
            (0..size).for_each(|_| L::send(&pairs.other, &[0; 16], false));
            (0..size).for_each(|_| L::recv(&pairs.one, message));
        }),
        "frames" => repeat(count, || pairs.frames(size, &[0; 16], message)),
        // As the peers of benches/peers count them: a message each way.
        "multipart" => {
            for left in (0..size).rev() {
                L::send(&pairs.one, &[0; 16], left > 0);
            }
            repeat(count / 2, || {
                pass::<L>(&pairs.other, &pairs.other, message);
                pass::<L>(&pairs.one, &pairs.one, message);
            });
        }
        "try-recv" => repeat(count, || assert!(!L::try_recv(&pairs.one, message))),
        "poll" => {
            let among = Among::<L>::new(L::context(), size);
            let mut items = L::items(&among.sockets);
            repeat(count, || assert_eq!(L::poll(&mut items), size - 1));
        }
        "poll-idle" => {
            let context = L::context();
            let idle: Vec<_> = (0..size).map(|_| L::socket(&context, SocketKind::Pull)).collect();
            let mut items = L::items(&idle);
            repeat(count, || assert!(!L::is_any_ready(&mut items)));
        }
        "event" => {
            let among = Among::<L>::new(L::context(), size);
            let mut items = L::items(&among.sockets);
            repeat(count, || among.echo(L::poll(&mut items), message));
        }
        "broker" => {
            let broker = Broker::<L>::new();
            repeat(count, || broker.round_trip(payload, message));
        }
        "context" => repeat(count, || {
            let context = L::context();
            drop(L::socket(&context, SocketKind::Pair));
        }),
        "socket" => {
            let context = L::context();
            repeat(count, || drop(L::socket(&context, SocketKind::Pair)));
        }
        "pipe" => {
            let echo = Echo::<L>::new(Transport::Inproc, PAIRS);
            repeat(count, || echo.round_trip(b"frame", message));
        }
        _ => panic!("no such path: {path}"),
    }
}

/// C's own ways.
fn raw(path: &str, size: usize, count: usize) {
    match path {
        "fork" => {
            let context = Raw::context();
            repeat(count, || raw_fork(&context));
        }
        "timer-end" => {
            let timers = Timers::new(size);
            repeat(count, || timers.cancel(timers.add(SOONER)));
        }
        _ => both::<Raw>(path, size, count),
    }
}

/// zmqx's own ways.
fn zmqx(path: &str, size: usize, count: usize) {
    let payload = vec![0; size];
    let pairs = Pairs::<Zmqx>::new(Zmqx::context());
    let frames = || (0..size).map(|_| &[0; 16][..]).collect::<Multipart>();
    match path {
        "recv" => repeat(count, || {
            pairs.other.send(&payload[..]).unwrap();
            assert_eq!(pairs.one.recv().unwrap().len(), size);
        }),
        "recv-many" => {
            let mut messages = Vec::new();
            repeat(count, || {
                (0..size).for_each(|_| pairs.other.send([0; 16]).unwrap());
                assert_eq!(pairs.one.recv_many(&mut messages, size).unwrap(), size);
                messages.clear();
            });
        }
        "try-recv-new" => repeat(count, || assert!(pairs.one.try_recv().is_err())),
        "frames-multipart" => repeat(count, || {
            pairs.other.send_multipart(frames()).unwrap();
            assert_eq!(pairs.one.recv_multipart().unwrap().len(), size);
        }),
        "frames-multipart-into" => {
            let mut message = Multipart::new();
            repeat(count, || {
                pairs.other.send_multipart(frames()).unwrap();
                pairs.one.recv_multipart_into(&mut message).unwrap();
                assert_eq!(message.len(), size);
            });
        }
        "multipart-whole" => {
            pairs.one.send_multipart(frames()).unwrap();
            repeat(count / 2, || {
                pairs.other.send_multipart(pairs.other.recv_multipart().unwrap()).unwrap();
                pairs.one.send_multipart(pairs.one.recv_multipart().unwrap()).unwrap();
            });
        }
        "broker-multipart" => {
            let (broker, mut message) = (Broker::<Zmqx>::new(), Message::new());
            repeat(count, || broker.round_trip_whole(&payload, &mut message));
        }
        "poller" => {
            let (among, mut message) = (Among::<Zmqx>::new(Zmqx::context(), size), Message::new());
            let mut poller = among.poller();
            repeat(count, || {
                let ready = poller.wait(None).unwrap().unwrap();
                among.echo(ready.key(), &mut message);
            });
        }
        "poller-idle" => {
            let context = Zmqx::context();
            let idle = Zmqx::socket(&context, SocketKind::Pull);
            let mut poller = Poller::new().unwrap();
            poller.add(&idle, 0, PollEvents::IN).unwrap();
            repeat(count, || assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None));
        }
        _ => both::<Zmqx>(path, size, count),
    }
}

/// What czmq-like has, on a context that has an interrupt, as a ZCtx is.
fn czmq_like(path: &str, size: usize, count: usize) {
    let interrupt = Interrupt::new().unwrap();
    let context = Context::builder().max_sockets(4096).interrupt(interrupt).build().unwrap();
    let Pairs { one, other, .. } = &Pairs::<Zmqx>::new(context.clone());
    match path {
        "single" => {
            let payload = vec![0; size];
            repeat(count, || {
                ZFrame::new(&payload[..]).send(other).unwrap();
                assert_eq!(ZFrame::recv(one).unwrap().size(), size);
            });
        }
        "string" => {
            let text = " ".repeat(size);
            repeat(count, || {
                zstr::send(other, &text).unwrap();
                assert_eq!(zstr::recv(one).unwrap().len(), size);
            });
        }
        "multipart" => {
            (0..size).map(|_| [0; 16]).collect::<ZMsg>().send(one).unwrap();
            repeat(count / 2, || {
                ZMsg::recv(other).unwrap().send(other).unwrap();
                ZMsg::recv(one).unwrap().send(one).unwrap();
            });
        }
        "readers" => start(Among::<Zmqx>::new(context, size).reactor(0), count),
        "timers" => start(Among::<Zmqx>::new(context, 1).reactor(size), count),
        "timer" => {
            let mut reactor = reactor(size);
            reactor.reader(one, |_, _, _| ()).unwrap();
            relay(&mut reactor);
            start(reactor, count);
        }
        "timer-end" => {
            let mut reactor = reactor::<()>(size);
            repeat(count, || {
                let timer = reactor.timer(SOONER, 1, |_, _, _| ()).unwrap();
                reactor.timer_end(timer);
            });
        }
        "pipe" => {
            let ctx = ZCtx::new().unwrap();
            let pipe = echo(&ctx);
            repeat(count, || round_trip(&pipe));
        }
        "fork" => {
            let ctx = ZCtx::new().unwrap();
            repeat(count, || fork(&ctx));
        }
        _ => panic!("no such path: {path}"),
    }
}

/// Runs the reactor for so many events.
fn start(mut reactor: ZLoop<'_, u64>, count: usize) {
    let mut left = u64::try_from(count).unwrap();
    timed(|| assert_eq!(reactor.start(&mut left).unwrap(), LoopEnd::Ended));
}
