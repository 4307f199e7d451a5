//! What the test does where /proc tells of threads and signals.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};
use rustix::process::Signal;

use crate::common::process::{Process, child_of, in_child, raise};
use crate::common::{rounds, wait_until};

/// Long enough, on a machine that is busy, for what takes milliseconds.
const LIMIT: Duration = Duration::from_secs(10);

/// What a program does, in words and in code, when the signal comes. It ends by the signal alone.
type Act = (&'static str, fn(&ZCtx) -> Result<()>);

const ACTS: &[Act] = &[
    ("sits in a receive", |ctx| ZMsg::recv(&ctx.socket(Pull)?).map(drop)),
    ("receives what floods it", |ctx| {
        let sink = flooded(ctx)?;
        loop {
            ZMsg::recv(&sink)?;
        }
    }),
    ("enters and leaves receives", |ctx| {
        let pipe = zthread::fork(ctx, |_, pipe| -> Result<()> {
            loop {
                ZMsg::recv(&pipe)?.send(&pipe)?;
            }
        })?;
        // The child may be the first to end; then this learns that it is gone.
        while zstr::send(&pipe, "ping").is_ok() {
            zstr::recv(&pipe)?;
        }
        ZMsg::recv(&ctx.socket(Pull)?).map(drop)
    }),
    ("enters and leaves receives over tcp", |ctx| {
        let server = ctx.socket(Rep)?;
        let port = ZSocket::bind(&server, "tcp://127.0.0.1:!")?;
        zthread::fork(ctx, move |_, _pipe| -> Result<()> {
            loop {
                ZMsg::recv(&server)?.send(&server)?;
            }
        })?;
        let client = ctx.socket(Req)?;
        client.connect(format!("tcp://127.0.0.1:{port}"))?;
        loop {
            zstr::send(&client, "Hello")?;
            zstr::recv(&client)?;
        }
    }),
    ("sits in a send without a peer", |ctx| zstr::send(&ctx.socket(Push)?, "Hello")),
    ("sends at the high-water mark", |ctx| {
        let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
        ZSocket::set_hwm(&sink, 2)?;
        ZSocket::set_hwm(&source, 2)?;
        sink.bind("inproc://full")?;
        source.connect("inproc://full")?;
        loop {
            zstr::send(&source, "Hello")?;
        }
    }),
    ("enters and leaves sends at the high-water mark", |ctx| {
        let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
        ZSocket::set_hwm(&sink, 2)?;
        ZSocket::set_hwm(&source, 2)?;
        sink.bind("inproc://full")?;
        source.connect("inproc://full")?;
        zthread::fork(ctx, move |_, _pipe| -> Result<()> {
            loop {
                zstr::recv(&sink)?;
            }
        })?;
        loop {
            ZMsg::from(["Hello", "World"]).send(&source)?;
            // Where it never blocks, a send never ends.
            if zsys::interrupted() {
                return ZMsg::recv(&ctx.socket(Pull)?).map(drop);
            }
        }
    }),
    ("sits in poll", |ctx| {
        let (a, b) = (ctx.socket(Pull)?, ctx.socket(Router)?);
        poll(&mut [a.poll_item(PollEvents::IN), b.poll_item(PollEvents::IN)], None).map(drop)
    }),
    ("polls without waiting", |ctx| {
        let socket = ctx.socket(Pull)?;
        loop {
            ZSocket::poll(&socket, Some(Duration::ZERO))?;
        }
    }),
    ("polls while it is flooded", |ctx| {
        let (sink, other) = (flooded(ctx)?, ctx.socket(Router)?);
        loop {
            let mut items = [sink.poll_item(PollEvents::IN), other.poll_item(PollEvents::IN)];
            poll(&mut items, None)?;
            if items[0].is_readable() {
                zstr::recv(&sink)?;
            }
        }
    }),
    ("sits in a proxy", |ctx| {
        let (frontend, backend) = (ctx.socket(Router)?, ctx.socket(Dealer)?);
        frontend.bind("inproc://frontend")?;
        backend.bind("inproc://backend")?;
        proxy(&frontend, &backend)
    }),
    ("proxies what floods it", |ctx| {
        let (frontend, backend) = (flooded(ctx)?, ctx.socket(Push)?);
        backend.bind("inproc://backend")?;
        zthread::fork(ctx, |ctx, _pipe| -> Result<()> {
            let sink = ctx.socket(Pull)?;
            sink.connect("inproc://backend")?;
            loop {
                zstr::recv(&sink)?;
            }
        })?;
        proxy(&frontend, &backend)
    }),
    ("sits in an idle reactor", |ctx| {
        let (a, b) = (ctx.socket(Pull)?, ctx.socket(Router)?);
        a.bind("inproc://a")?;
        let mut reactor = ZLoop::new()?;
        reactor.reader(&a, |_, _, _| ())?;
        reactor.reader(&b, |_, _, _| ())?;
        reactor.timer(Duration::from_secs(3600), 0, |_, _, _| ())?;
        react(reactor)
    }),
    ("reacts to what floods it", |ctx| {
        let (sink, other) = (flooded(ctx)?, ctx.socket(Router)?);
        let mut reactor = ZLoop::new()?;
        reactor.reader(&sink, |_, sink, _| zstr::recv(sink).map(drop))?;
        reactor.reader(&other, |_, _, _| ())?;
        reactor.timer(Duration::ZERO, 0, |_, _, _| ())?;
        react(reactor)
    }),
    ("leaves to others what floods its reactor", |ctx| {
        let sink = flooded(ctx)?;
        let mut reactor = ZLoop::new()?;
        reactor.reader(&sink, |_, _, _| ())?;
        react(reactor)
    }),
    ("sits in an empty reactor", |_| react(ZLoop::new()?)),
    ("enters and leaves a reactor", |ctx| {
        let socket = ctx.socket(Pull)?;
        loop {
            let mut reactor = ZLoop::new()?;
            reactor.reader(&socket, |_, _, _| ())?;
            reactor.timer(Duration::from_micros(100), 1, |_, _, _| Break(()))?;
            if reactor.start(&mut ())? == LoopEnd::Interrupted {
                return Err(interrupted());
            }
        }
    }),
    ("sleeps", |ctx| {
        zclock::sleep(Duration::from_secs(3600));
        ZMsg::recv(&ctx.socket(Pull)?).map(drop)
    }),
    ("sleeps a little, again and again", |ctx| {
        while !zsys::interrupted() {
            zclock::sleep(Duration::from_millis(1));
        }
        ZMsg::recv(&ctx.socket(Pull)?).map(drop)
    }),
    ("waits for an actor", |ctx| {
        let actor = ZActor::new(ctx, |_, pipe| {
            ZSocket::signal(&pipe, 0)?;
            while zstr::recv(&pipe)? != "$TERM" {}
            Ok(())
        })?;
        zstr::recv(&actor).map(drop)
    }),
];

/// Runs a reactor that only the signal ends.
fn react(mut reactor: ZLoop<'_, ()>) -> Result<()> {
    match reactor.start(&mut ())? {
        LoopEnd::Interrupted => Err(interrupted()),
        LoopEnd::Ended => Ok(()),
    }
}

/// The error that an act ends by, where it has only heard of the signal.
fn interrupted() -> Error {
    std::io::Error::from(std::io::ErrorKind::Interrupted).into()
}

/// The tests; or the one whose other process this is.
pub(crate) fn main() {
    let tests: [(&str, fn()); 3] = [
        (MOMENTS, a_signal_at_a_random_moment_ends_a_program_cleanly),
        (STORM, other_signals_end_nothing_and_lose_nothing),
        (CHILDREN, real_children_that_end_end_nothing),
    ];
    let is_child = tests.iter().any(|(name, _)| child_of(name).is_some());
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, test) in tests {
        let is_wanted = match &filter {
            _ if is_child => child_of(name).is_some(),
            Some(filter) => name.contains(filter),
            None => true,
        };
        if is_wanted {
            println!("test {name}");
            test();
        }
    }
}

const MOMENTS: &str = "a_signal_at_a_random_moment_ends_a_program_cleanly";
const STORM: &str = "other_signals_end_nothing_and_lose_nothing";
const CHILDREN: &str = "real_children_that_end_end_nothing";

/// A socket that a child sends to, as fast as it can.
fn flooded(ctx: &ZCtx) -> Result<Socket<Pull>> {
    let sink = ctx.socket(Pull)?;
    sink.bind("inproc://flood")?;
    zthread::fork(ctx, |ctx, _pipe| -> Result<()> {
        let source = ctx.socket(Push)?;
        source.connect("inproc://flood")?;
        loop {
            zstr::send(&source, "flood")?;
        }
    })?;
    Ok(sink)
}

/// A program that acts on its main thread, or on a child, until the signal, and then waits for its children.
fn program(role: &str) {
    let (place, act) = role.split_once(' ').unwrap();
    let act = ACTS.iter().find(|(name, _)| *name == act).unwrap().1;
    let ctx = ZCtx::new().unwrap();
    let end = match place {
        "main" => {
            println!("ready");
            act(&ctx)
        }
        _ => {
            let pipe = zthread::fork(&ctx, move |ctx, pipe| {
                println!("ready");
                let end = act(&ctx);
                let text = end.map_or_else(|error| format!("{:?}", error.kind()), |()| "?".into());
                zstr::send(&pipe, text)
            })
            .unwrap();
            let end = zstr::recv(&pipe);
            // Both are interrupted; what the child says of it can be read nevertheless.
            let mut text = Err(ErrorKind::WouldBlock);
            wait_until("the child's end", || {
                text = zstr::recv_nowait(&pipe).map_err(|error| error.kind());
                text != Err(ErrorKind::WouldBlock)
            });
            assert_eq!(text.as_deref(), Ok("Interrupted"));
            end.map(drop)
        }
    };
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted);
    // The flooding children learn that they are to end from this alone.
    ctx.destroy().unwrap();
}

fn a_signal_at_a_random_moment_ends_a_program_cleanly() {
    if let Some(role) = child_of(MOMENTS) {
        return program(&role);
    }
    let mut slowest = (Duration::ZERO, String::new());
    for round in 0..rounds(100) {
        let act = ACTS[round % ACTS.len()].0;
        let place = ["main", "child"][round / ACTS.len() % 2];
        let signal = [Signal::INT, Signal::TERM][randof(2)];
        let role = format!("{place} {act}");
        let mut process = Process::start(MOMENTS, &role);
        process.wait_for("ready");
        // A third at once, a third while it begins, a third when it is well under way.
        thread::sleep(Duration::from_micros(randof([1, 1_000, 30_000][randof(3)])));
        let begun = zclock::mono();
        process.signal(signal);
        let status = process.end(LIMIT);
        assert!(status.success(), "one that {role}: {status}");
        slowest = slowest.max((zclock::mono() - begun, role));
    }
    println!("the slowest, which {}, took {:?} to end", slowest.1, slowest.0);
}

fn other_signals_end_nothing_and_lose_nothing() {
    in_child(STORM, || {
        // The handlers do nothing. The main thread, which this is, gets the signals.
        let seen = Arc::new(AtomicBool::new(false));
        for signal in [Signal::PROF, Signal::CHILD] {
            signal_hook::flag::register(signal.as_raw(), Arc::clone(&seen)).unwrap();
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let storm = thread::spawn(move || {
            while !ends.load(Ordering::SeqCst) {
                raise(Signal::PROF);
                raise(Signal::CHILD);
                // A profiler's pace.
                thread::sleep(Duration::from_millis(1));
            }
        });

        let ctx = ZCtx::new().unwrap();
        let back = ctx.socket(Pull).unwrap();
        back.bind("inproc://back").unwrap();
        let echo = zthread::fork(&ctx, |ctx, pipe| -> Result<()> {
            let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
            sink.bind("inproc://there")?;
            source.connect("inproc://back")?;
            zstr::send(&pipe, "ready")?;
            loop {
                let msg = ZMsg::recv(&sink)?;
                if randof(50) == 0 {
                    // So that messages pile up, now and then.
                    thread::sleep(Duration::from_millis(2));
                }
                msg.send(&source)?;
            }
        })
        .unwrap();
        assert_eq!(zstr::recv(&echo).unwrap(), "ready");
        let there = ctx.socket(Push).unwrap();
        ZSocket::set_hwm(&there, 2).unwrap();
        there.connect("inproc://there").unwrap();

        let count = rounds(5_000);
        let (mut sent, mut received) = (0, 0);
        while received < count {
            if sent < count && sent - received < 50 {
                ZMsg::from([format!("number {sent}"), "end".to_owned()]).send(&there).unwrap();
                sent += 1;
            }
            let timeout = if sent == count { None } else { Some(Duration::ZERO) };
            if sent - received >= 50 || ZSocket::poll(&back, timeout).unwrap() {
                assert_eq!(
                    ZMsg::recv(&back).unwrap(),
                    [format!("number {received}").as_str(), "end"]
                );
                received += 1;
            }
        }
        let begun = zclock::mono();
        zclock::sleep(Duration::from_millis(300));
        assert!(zclock::mono() - begun >= Duration::from_millis(300));
        let begun = zclock::mono();
        assert!(!ZSocket::poll(&back, Some(Duration::from_millis(300))).unwrap());
        assert!(zclock::mono() - begun >= Duration::from_millis(300));

        assert!(seen.load(Ordering::SeqCst), "there was no signal");
        assert!(!zsys::interrupted());
        is_over.store(true, Ordering::SeqCst);
        storm.join().unwrap();
        drop((echo, there, back));
        ctx.destroy().unwrap();
    });
}

fn real_children_that_end_end_nothing() {
    in_child(CHILDREN, || {
        let seen = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(Signal::CHILD.as_raw(), Arc::clone(&seen)).unwrap();
        let ctx = ZCtx::new().unwrap();
        let pipe = zthread::fork(&ctx, |_, pipe| {
            for number in 0..20 {
                std::process::Command::new("true").status()?;
                zstr::send(&pipe, number.to_string())?;
            }
            Ok(())
        })
        .unwrap();
        for number in 0..20 {
            assert_eq!(zstr::recv(&pipe).unwrap(), number.to_string());
        }
        assert!(seen.load(Ordering::SeqCst));
    });
}
