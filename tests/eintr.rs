//! Signals that only cut system calls short (EINTR): what that ends, and that it loses nothing.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::{
    SOON, TCP, connected, connected_over, connected_tcp_pair, interruptible, rounds, wait_until,
    within,
};
use testing::storm::Storm;
use zmqx::{Context, Dealer, ErrorKind, Multipart, PollEvents, Pull, Push, Router, poll, proxy};

#[test]
fn a_storm_of_other_signals_ends_nothing_and_loses_nothing() {
    within(SOON, || {
        let (_interrupt, ctx) = interruptible();
        for endpoint in [common::inproc().as_str(), TCP] {
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            let sender = thread::spawn(move || {
                let _storm = Storm::on_this_thread();
                for number in 0_u32..300 {
                    source.send_multipart([number.to_le_bytes(), [0; 4]]).unwrap();
                    if number % 10 == 0 {
                        // So that the receiver waits, now and then.
                        thread::sleep(Duration::from_millis(3));
                    }
                }
            });
            let _storm = Storm::on_this_thread();
            for number in 0_u32..300 {
                if number % 3 == 0 {
                    let mut items = [sink.poll_item(PollEvents::IN)];
                    assert_eq!(poll(&mut items, None).unwrap(), 1);
                }
                let message = match number % 2 {
                    0 => sink.recv_multipart().unwrap(),
                    _ => sink.recv_multipart_timeout(SOON).unwrap(),
                };
                assert_eq!(message, [number.to_le_bytes(), [0; 4]]);
            }
            sender.join().unwrap();
        }
    });
}

#[test]
fn a_storm_of_other_signals_does_not_end_a_proxy() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (source_end, source) = connected(&ctx, Pull, Push);
        let (sink, sink_end) = connected(&ctx, Pull, Push);
        let thread = thread::spawn(move || {
            let _storm = Storm::on_this_thread();
            proxy(&source_end, &sink_end).unwrap_err().kind()
        });
        for number in 0_u32..300 {
            source.send_multipart([number.to_le_bytes(), [0; 4]]).unwrap();
            if number % 10 == 0 {
                // So that the proxy waits, now and then.
                thread::sleep(Duration::from_millis(3));
            }
        }
        for number in 0_u32..300 {
            assert_eq!(sink.recv_multipart().unwrap(), [number.to_le_bytes(), [0; 4]]);
        }
        interrupt.trigger();
        assert_eq!(thread.join().unwrap(), ErrorKind::Interrupted);
    });
}

#[test]
fn timeouts_are_one_deadline_also_under_a_storm() {
    within(SOON, || {
        let wait = Duration::from_millis(300);
        let (_interrupt, ctx) = interruptible();
        let _storm = Storm::on_this_thread();
        let takes_as_long = |what: &str, call: &mut dyn FnMut()| {
            let begun = Instant::now();
            call();
            let took = begun.elapsed();
            assert!(took >= wait && took < Duration::from_secs(5), "{what}: {took:?}");
        };
        let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        sink.set_rcvtimeo(Some(wait)).unwrap();
        source.set_sndtimeo(Some(wait)).unwrap();
        takes_as_long("recv", &mut || {
            assert_eq!(sink.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        });
        takes_as_long("recv_timeout", &mut || {
            assert_eq!(sink.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
        });
        takes_as_long("send", &mut || {
            assert_eq!(source.send("x").unwrap_err().kind(), ErrorKind::WouldBlock);
        });
        takes_as_long("poll", &mut || {
            assert_eq!(poll(&mut [sink.poll_item(PollEvents::IN)], Some(wait)).unwrap(), 0);
        });
    });
}

#[test]
fn without_an_interrupt_a_signal_ends_what_blocks() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let _storm = Storm::on_this_thread();
        let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        let (router, dealer) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
        let (end, _other) = loop {
            match ctx.pipe() {
                Ok(pipe) => break pipe,
                Err(error) => assert_eq!(error.kind(), ErrorKind::Interrupted),
            }
        };
        let interrupted = |error: zmqx::Error| assert_eq!(error.kind(), ErrorKind::Interrupted);
        interrupted(sink.recv().unwrap_err());
        interrupted(sink.recv_multipart().unwrap_err());
        interrupted(sink.recv_timeout(SOON * 2).unwrap_err());
        interrupted(end.recv().unwrap_err());
        interrupted(poll(&mut [sink.poll_item(PollEvents::IN)], None).unwrap_err());
        interrupted(proxy(&router, &dealer).unwrap_err());
        let error = source.send("mine").unwrap_err();
        assert_eq!(error.message, "mine");
        interrupted(error.into());
    });
}

#[test]
fn eintr_surfaces_and_loses_nothing() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (a, b) = connected_tcp_pair(&ctx);
        // Of many frames, so that signals fall between them, and few at a time, so that both sides wait.
        let frames = |number: u32| -> Multipart {
            (0..40_u32).map(|frame| [number, frame].map(u32::to_le_bytes).concat()).collect()
        };
        let sender = thread::spawn(move || {
            let _storm = Storm::on_this_thread();
            for number in 0_u32..300 {
                let mut message = frames(number);
                while let Err(error) = a.send_multipart(message) {
                    assert_eq!(error.kind(), ErrorKind::Interrupted);
                    message = error.into_message();
                    assert_eq!(message.len(), 40);
                }
                if number % 10 == 0 {
                    // So that the receiver waits, now and then.
                    thread::sleep(Duration::from_millis(2));
                }
            }
            a
        });
        let _storm = Storm::on_this_thread();
        let mut interruptions = 0;
        for number in 0_u32..300 {
            let message = loop {
                match b.recv_multipart() {
                    Ok(message) => break message,
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Interrupted);
                        interruptions += 1;
                    }
                }
            };
            assert_eq!(message, frames(number));
        }
        assert!(interruptions > 0, "the receiver never waited");
        sender.join().unwrap();
    });
}

#[test]
fn a_proxy_that_a_signal_ends_has_lost_nothing() {
    within(SOON * 2, || {
        let ctx = Context::new().unwrap();
        let (source_end, source) = connected(&ctx, Pull, Push);
        let (sink, sink_end) = connected(&ctx, Pull, Push);
        let other = ctx.clone();
        let interruptions = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&interruptions);
        let thread = thread::spawn(move || {
            let _storm = Storm::on_this_thread();
            loop {
                match proxy(&source_end, &sink_end).unwrap_err().kind() {
                    ErrorKind::Interrupted => counter.fetch_add(1, Ordering::SeqCst),
                    kind => return kind,
                };
            }
        });
        let count = u32::try_from(rounds(100_000)).unwrap();
        let sender = thread::spawn(move || {
            for number in 0..count {
                source.send_multipart([number.to_le_bytes(), [0; 4]]).unwrap();
            }
            source
        });
        for number in 0..count {
            assert_eq!(sink.recv_multipart().unwrap(), [number.to_le_bytes(), [0; 4]]);
        }
        wait_until("a signal ended it", || interruptions.load(Ordering::SeqCst) > 0);
        other.shutdown().unwrap();
        assert_eq!(thread.join().unwrap(), ErrorKind::Terminated);
        drop(sender.join().unwrap());
    });
}
