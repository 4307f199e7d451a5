//! File descriptors in a `ZLoop`, tolerance, and a loop that waits.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use czmq_like::prelude::*;
use zmqx::Context;

use common::{connected_in, within};

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_handler_gets_what_has_the_descriptor() {
    within(|| {
        let (ours, theirs) =
            (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        let address = ours.local_addr().unwrap();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .fd_reader(ours, |_, udp: &UdpSocket, received: &mut Vec<u8>| {
                let mut buffer = [0; 16];
                let (len, _) = udp.recv_from(&mut buffer).unwrap();
                received.extend(&buffer[..len]);
                if received.len() == 3 { Break(()) } else { Continue(()) }
            })
            .unwrap();
        reactor
            .timer(MS, 3, move |_, _, _| {
                theirs.send_to(b"x", address).unwrap();
            })
            .unwrap();
        let mut received = Vec::new();
        assert_eq!(reactor.start(&mut received).unwrap(), LoopEnd::Ended);
        assert_eq!(received, b"xxx");
    });
}

#[test]
fn a_reader_of_a_descriptor_ends_itself_and_others() {
    within(|| {
        let streams: Vec<_> = (0..2).map(|_| UnixStream::pair().unwrap()).collect();
        let [(a, to_a), (b, _)] = &streams[..] else { panic!("two") };
        let mut reactor = ZLoop::new().unwrap();
        let other = reactor.fd_reader(b, |_, _, _: &mut usize| panic!("it was ended")).unwrap();
        let again = reactor.fd_reader(b, |_, _, _: &mut usize| ());
        assert_eq!(again.unwrap_err().kind(), ErrorKind::InvalidInput);
        let own = Rc::new(Cell::new(None));
        let name = Rc::clone(&own);
        let id = reactor
            .fd_reader(a, move |reactor, _, calls: &mut usize| {
                *calls += 1;
                reactor.reader_end(name.get().unwrap());
                reactor.reader_end(other);
            })
            .unwrap();
        own.set(Some(id));
        reactor
            .fd_poller(to_a, PollEvents::OUT, |reactor, stream, events, _| {
                assert_eq!(events, PollEvents::OUT);
                let mut stream = *stream;
                stream.write_all(b"x").unwrap();
                reactor.timer(MS * 5, 1, |_, _, _| Break(())).unwrap();
            })
            .unwrap();
        let mut calls = 0;
        reactor.start(&mut calls).unwrap();
        assert_eq!(calls, 1);
    });
}

/// What a program has written that is over.
fn output_of(command: &str) -> ChildStdout {
    let mut child =
        Command::new("sh").args(["-c", command]).stdout(Stdio::piped()).spawn().unwrap();
    let output = child.stdout.take().unwrap();
    assert!(child.wait().unwrap().success());
    output
}

#[test]
fn a_reader_in_error_is_ended_unless_it_is_tolerant() {
    within(|| {
        for is_tolerant in [false, true] {
            let mut reactor = ZLoop::new().unwrap();
            let id = reactor
                .fd_poller(output_of("true"), PollEvents::IN, |_, _, events, calls: &mut usize| {
                    assert_eq!(events, PollEvents::ERR);
                    *calls += 1;
                })
                .unwrap();
            if is_tolerant {
                reactor.set_tolerant(id);
            }
            reactor.timer(MS * 20, 1, |_, _, _| Break(())).unwrap();
            let mut calls = 0;
            reactor.start(&mut calls).unwrap();
            if is_tolerant {
                assert!(calls > 2);
            } else {
                assert_eq!(calls, 1);
            }
        }
    });
}

#[test]
fn what_was_written_before_the_end_is_read_whole() {
    within(|| {
        let mut reactor = ZLoop::new().unwrap();
        let mut output = output_of("head -c 1000 /dev/zero");
        let fd = output.as_fd().try_clone_to_owned().unwrap();
        reactor
            .fd_reader(fd, move |_, _, read: &mut usize| {
                *read += output.read(&mut [0; 100]).unwrap();
            })
            .unwrap();
        reactor.timer(MS * 50, 1, |_, _, _| Break(())).unwrap();
        let mut read = 0;
        reactor.start(&mut read).unwrap();
        assert_eq!(read, 1000);
    });
}

/// The clock ticks for which this thread has used a processor, as the kernel says.
#[cfg(target_os = "linux")]
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    let behind_name = stat.rsplit(") ").next().unwrap();
    behind_name.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_loop_uses_no_processor() {
    within(|| {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..100).map(|_| connected_in(&ctx, Pair, Pair)).collect();
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let mut reactor = ZLoop::new().unwrap();
        for (socket, peer) in &pairs {
            // All were busy once.
            zstr::send(peer, "x").unwrap();
            reactor.reader(socket, |_, socket, _: &mut u64| zstr::recv(socket).map(drop)).unwrap();
        }
        reactor.fd_reader(&ours, |_, _, _| ()).unwrap();
        for _ in 0..1000 {
            reactor.timer(MS * 60_000, 0, |_, _, _| ()).unwrap();
        }
        reactor.timer(MS * 10, 1, |_, _, before| *before = ticks()).unwrap();
        reactor.timer(MS * 800, 1, |_, _, _| Break(())).unwrap();
        let mut before = 0;
        reactor.start(&mut before).unwrap();
        // Of a hundred a second.
        assert!(ticks() - before <= 3, "{} ticks", ticks() - before);
    });
}
