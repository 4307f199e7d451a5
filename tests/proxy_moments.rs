//! Messages that go through a proxy stay whole, at whatever moment a target or the capture's peer goes.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use zmqx::{Context, Endpoint, ErrorKind, Pull, Push, proxy, proxy_with_capture};

use common::{SOON, TCP, inproc, rounds, runs_with, within};

/// Receives so many messages, or what comes without such a pause, all of which are whole, and goes.
fn receive_some(ctx: &Context, endpoint: &Endpoint, most: usize, pause: Duration) -> usize {
    let sink = ctx.socket(Pull).unwrap();
    sink.set_rcvhwm(2).unwrap();
    sink.connect(endpoint).unwrap();
    for received in 0..most {
        let Ok(message) = sink.recv_multipart_timeout(pause) else {
            return received;
        };
        assert_eq!(message.len(), 4, "{message:?}");
        assert!(message[1..].iter().all(|frame| *frame == message[0]), "{message:?}");
    }
    most
}

#[test]
fn messages_stay_whole_while_those_who_get_them_come_and_go() {
    // Before 4.2 libzmq itself aborts when a peer goes between two frames.
    if !runs_with(4, 2, 0) {
        return;
    }
    within(SOON, || {
        for is_captured in [false, true] {
            for endpoint in [inproc(), TCP.to_owned()] {
                let ctx = Context::new().unwrap();
                let frontend = ctx.socket(Pull).unwrap();
                let (backend, capture) = (ctx.socket(Push).unwrap(), ctx.socket(Push).unwrap());
                backend.set_sndhwm(2).unwrap();
                capture.set_sndhwm(2).unwrap();
                let from = frontend.bind(inproc()).unwrap();
                let to = backend.bind(&endpoint).unwrap();
                let copies = capture.bind(inproc()).unwrap();
                let streamer = thread::spawn(move || match is_captured {
                    true => proxy_with_capture(&frontend, &backend, &capture),
                    false => proxy(&frontend, &backend),
                });
                let source = ctx.socket(Push).unwrap();
                source.connect(from).unwrap();
                let flood = thread::spawn(move || {
                    for number in 0_u64.. {
                        let frame = number.to_string();
                        if let Err(error) = source.send_multipart([frame.as_str(); 4]) {
                            return error.kind();
                        }
                    }
                    ErrorKind::WouldBlock
                });
                let is_over = Arc::new(AtomicBool::new(false));
                let listener = thread::spawn({
                    let (ctx, is_over) = (ctx.clone(), Arc::clone(&is_over));
                    move || {
                        let mut received = 0;
                        for round in 0.. {
                            if is_over.load(Ordering::Relaxed) {
                                break;
                            }
                            let pause = Duration::from_millis(50);
                            received += receive_some(&ctx, &copies, round % 13, pause);
                        }
                        received
                    }
                });
                for round in 0..rounds(100) {
                    assert_eq!(receive_some(&ctx, &to, round % 17, SOON), round % 17);
                }
                is_over.store(true, Ordering::Relaxed);
                let copied = listener.join().unwrap();
                assert_eq!(copied > 0, is_captured);
                ctx.shutdown().unwrap();
                assert_eq!(flood.join().unwrap(), ErrorKind::Terminated);
                let ended = streamer.join().unwrap();
                assert_eq!(ended.unwrap_err().kind(), ErrorKind::Terminated);
            }
        }
    });
}
