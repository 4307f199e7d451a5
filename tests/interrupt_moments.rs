//! `Interrupt`: no moment to trigger it, or to clear it, is a wrong one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, connected, interruptible, rounds, within};
use zmqx::{ErrorKind, PollEvents, Pull, Push, poll};

#[test]
fn a_trigger_right_before_the_call_is_seen() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let socket = ctx.socket(Pull).unwrap();
        for _ in 0..rounds(1000) {
            interrupt.trigger();
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
            interrupt.clear();
        }
    });
}

#[test]
fn a_trigger_at_any_moment_is_seen() {
    within(SOON * 2, || {
        let (interrupt, ctx) = interruptible();
        let socket = ctx.socket(Pull).unwrap();
        let start = Arc::new(Barrier::new(2));
        let (theirs, other) = (Arc::clone(&start), interrupt.clone());
        let count = rounds(3000);
        let thread = thread::spawn(move || {
            for round in 0..count {
                theirs.wait();
                for _ in 0..round % 50 {
                    std::hint::spin_loop();
                }
                other.trigger();
            }
        });
        for round in 0..count {
            start.wait();
            let end = match round % 2 {
                0 => socket.recv().map(drop),
                _ => poll(&mut [socket.poll_item(PollEvents::IN)], None).map(drop),
            };
            assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted);
            // The trigger has been seen, perhaps before it was done: `clear` must come to terms with that.
            interrupt.clear();
            assert!(!interrupt.is_triggered());
        }
        thread.join().unwrap();
        let wait = Duration::from_millis(20);
        assert_eq!(socket.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn an_end_of_a_pipe_that_leaves_by_the_trigger_leaves_the_other_interrupted() {
    within(SOON * 2, || {
        let (interrupt, ctx) = interruptible();
        for round in 0..rounds(500) {
            let (here, there) = ctx.pipe().unwrap();
            let child = thread::spawn(move || while there.recv().is_ok() {});
            let other = interrupt.clone();
            let trigger = thread::spawn(move || {
                for _ in 0..round * 7 % 500 {
                    std::hint::spin_loop();
                }
                other.trigger();
            });
            let end = match round % 2 {
                0 => here.recv().map(drop),
                _ => here.recv_multipart().map(drop),
            };
            assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted);
            child.join().unwrap();
            trigger.join().unwrap();
            interrupt.clear();
            assert_eq!(here.recv().unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn triggers_and_clears_at_once_leave_nothing_behind() {
    within(SOON * 2, || {
        let (interrupt, ctx) = interruptible();
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let interrupt = interrupt.clone();
                thread::spawn(move || {
                    for _ in 0..rounds(5000) {
                        if number % 2 == 0 { interrupt.trigger() } else { interrupt.clear() }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        interrupt.clear();
        #[cfg(unix)]
        {
            let mut items = [zmqx::PollItem::from_fd(interrupt.as_fd(), PollEvents::IN)];
            assert_eq!(poll(&mut items, Some(Duration::ZERO)).unwrap(), 0);
        }
        let socket = ctx.socket(Pull).unwrap();
        let begun = Instant::now();
        let wait = Duration::from_millis(50);
        assert_eq!(socket.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(begun.elapsed() >= wait);
    });
}

#[test]
fn receivers_and_triggers_at_random_moments_lose_no_message() {
    within(SOON * 2, || {
        let (interrupt, ctx) = interruptible();
        let (sink, source) = connected(&ctx, Pull, Push);
        let count = u32::try_from(rounds(5000)).unwrap();
        let is_done = Arc::new(AtomicBool::new(false));
        let (theirs, other) = (Arc::clone(&is_done), interrupt.clone());
        let trigger = thread::spawn(move || {
            while !theirs.load(Ordering::SeqCst) {
                other.trigger();
                thread::yield_now();
            }
        });
        let sender = thread::spawn(move || {
            for number in 0..count {
                let mut message = zmqx::Multipart::from([number.to_le_bytes(), [0; 4]]);
                while let Err(error) = source.send_multipart(message) {
                    assert_eq!(error.kind(), ErrorKind::Interrupted);
                    message = error.into_message();
                }
            }
        });
        for number in 0..count {
            let message = loop {
                match sink.recv_multipart() {
                    Ok(message) => break message,
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Interrupted);
                        interrupt.clear();
                    }
                }
            };
            assert_eq!(message, [number.to_le_bytes(), [0; 4]]);
        }
        is_done.store(true, Ordering::SeqCst);
        trigger.join().unwrap();
        sender.join().unwrap();
    });
}
