//! Signals that trigger an `Interrupt`, and the guards that see to it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use common::{SOON, in_child, in_child_by, interruptible, rounds, within};
use libc::SIGUSR2;
use testing::storm::{do_nothing, set_disposition};
use zmqx::interrupt::{SIGHUP, SIGINT, SIGTERM};
use zmqx::{Dealer, ErrorKind, Interrupt, PollEvents, Pull, Router, poll, proxy};

/// Sends a signal to this process, for whichever thread the system chooses.
fn raise(signal: i32) {
    let process = i32::try_from(std::process::id()).unwrap();
    // SAFETY: kill(2) touches no memory.
    assert_eq!(unsafe { libc::kill(process, signal) }, 0);
}

/// The disposition of a signal, as a number: SIG_DFL, SIG_IGN, or a handler.
fn disposition(signal: i32) -> usize {
    // SAFETY: all zeros is a sigaction.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: sigaction(2) only writes to `action`.
    let rc = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) };
    assert_eq!(rc, 0);
    action.sa_sigaction
}

/// Whoever started the tests may have had signals ignored, as `nohup` and a shell's `&` do.
fn start_from_defaults() {
    for signal in [SIGINT, SIGHUP, SIGTERM] {
        set_disposition(signal, libc::SIG_DFL);
    }
}

#[test]
fn a_signal_to_the_process_ends_a_blocked_recv() {
    in_child("a_signal_to_the_process_ends_a_blocked_recv", || {
        within(SOON, || {
            let (interrupt, ctx) = interruptible();
            let guard = interrupt.on_signals(&[SIGINT, SIGTERM, SIGHUP, SIGUSR2]).unwrap();
            let socket = ctx.socket(Pull).unwrap();
            for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR2] {
                let killer = thread::spawn(move || raise(signal));
                assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
                killer.join().unwrap();
                assert!(interrupt.is_triggered());
                interrupt.clear();
            }
            drop(guard);
        });
    });
}

#[test]
fn a_signal_to_the_blocked_thread_ends_its_call() {
    in_child("a_signal_to_the_blocked_thread_ends_its_call", || {
        within(SOON, || {
            let (interrupt, ctx) = interruptible();
            let _guard = interrupt.on_signals(&[SIGINT]).unwrap();
            let socket = ctx.socket(Pull).unwrap();
            // SAFETY: pthread_self(3) touches no memory.
            let target = unsafe { libc::pthread_self() };
            // SAFETY: the target joins the thread that signals it.
            let killer = thread::spawn(move || unsafe { libc::pthread_kill(target, SIGINT) });
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
            assert_eq!(killer.join().unwrap(), 0);
        });
    });
}

#[test]
fn a_signal_right_before_the_call_is_seen() {
    in_child("a_signal_right_before_the_call_is_seen", || {
        within(SOON, || {
            let (interrupt, ctx) = interruptible();
            let _guard = interrupt.on_signals(&[SIGTERM]).unwrap();
            let socket = ctx.socket(Pull).unwrap();
            // SAFETY: raise(3) touches no memory; it returns when the handler has run.
            assert_eq!(unsafe { libc::raise(SIGTERM) }, 0);
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
        });
    });
}

#[test]
fn a_signal_at_any_moment_ends_recv_poll_and_proxy() {
    in_child("a_signal_at_any_moment_ends_recv_poll_and_proxy", || {
        within(SOON * 3, || {
            let (interrupt, ctx) = interruptible();
            let _guard = interrupt.on_signals(&[SIGINT]).unwrap();
            let (a, b) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
            let (go, goes) = channel::<usize>();
            let killer = thread::spawn(move || {
                for round in goes {
                    for _ in 0..round * 37 % 2000 {
                        std::hint::spin_loop();
                    }
                    raise(SIGINT);
                }
            });
            for round in 0..rounds(100) * 3 {
                go.send(round).unwrap();
                let end = match round % 3 {
                    0 => a.recv().map(drop),
                    1 => poll(&mut [a.poll_item(PollEvents::IN)], None).map(drop),
                    _ => proxy(&a, &b),
                };
                assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted);
                interrupt.clear();
            }
            drop(go);
            killer.join().unwrap();
        });
    });
}

#[test]
fn the_guard_puts_the_earlier_dispositions_back() {
    in_child("the_guard_puts_the_earlier_dispositions_back", || {
        let handler = do_nothing as extern "C" fn(i32) as usize;
        set_disposition(SIGINT, libc::SIG_IGN);
        set_disposition(SIGHUP, handler);
        set_disposition(SIGTERM, libc::SIG_DFL);
        let interrupt = Interrupt::new().unwrap();
        let guard = interrupt.on_signals(&[SIGINT, SIGHUP, SIGTERM, SIGINT]).unwrap();
        for signal in [SIGINT, SIGHUP, SIGTERM] {
            assert!(![libc::SIG_IGN, libc::SIG_DFL, handler].contains(&disposition(signal)));
        }
        drop(guard);
        assert_eq!(disposition(SIGINT), libc::SIG_IGN);
        assert_eq!(disposition(SIGHUP), handler);
        assert_eq!(disposition(SIGTERM), libc::SIG_DFL);
        assert!(!interrupt.is_triggered());
    });
}

#[test]
fn guards_may_overlap() {
    in_child("guards_may_overlap", || {
        start_from_defaults();
        let interrupt = Interrupt::new().unwrap();
        let first = interrupt.on_signals(&[SIGINT, SIGHUP]).unwrap();
        let second = interrupt.clone().on_signals(&[SIGINT, SIGTERM]).unwrap();
        drop(first);
        assert_eq!(disposition(SIGHUP), libc::SIG_DFL);
        assert_ne!(disposition(SIGINT), libc::SIG_DFL);
        raise(SIGINT);
        common::wait_until("triggered", || interrupt.is_triggered());
        drop(second);
        assert_eq!(disposition(SIGINT), libc::SIG_DFL);
        assert_eq!(disposition(SIGTERM), libc::SIG_DFL);
        // They are free for another now.
        drop(Interrupt::new().unwrap().on_signals(&[SIGINT]).unwrap());
    });
}

#[test]
fn signals_belong_to_one_interrupt_at_a_time() {
    in_child("signals_belong_to_one_interrupt_at_a_time", || {
        start_from_defaults();
        let (one, other) = (Interrupt::new().unwrap(), Interrupt::new().unwrap());
        let guard = one.on_signals(&[SIGINT]).unwrap();
        let error = other.on_signals(&[SIGTERM]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadState);
        assert_eq!(
            error.to_string(),
            "handle signals: another Interrupt has this process's signals"
        );
        assert_eq!(disposition(SIGTERM), libc::SIG_DFL);
        drop(guard);
        drop(other.on_signals(&[SIGTERM]).unwrap());
    });
}

#[test]
fn what_cannot_be_caught_is_refused_and_undone() {
    in_child("what_cannot_be_caught_is_refused_and_undone", || {
        start_from_defaults();
        let interrupt = Interrupt::new().unwrap();
        let faults = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL];
        for signal in [libc::SIGKILL, libc::SIGSTOP, 0, -1, 1000].into_iter().chain(faults) {
            let error = interrupt.on_signals(&[SIGINT, signal]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let text = error.to_string();
            assert!(text.starts_with(&format!("handle signals: signal {signal} c")), "{text}");
            assert_eq!(disposition(SIGINT), libc::SIG_DFL);
        }
        // Nothing of it is left.
        drop(Interrupt::new().unwrap().on_signals(&[SIGINT]).unwrap());
    });
}

#[test]
fn sigint_is_taken_even_where_a_shell_has_it_ignored() {
    let by_shell = |program: &std::path::Path, arguments: &[&str]| {
        let mut command = Command::new("sh");
        command.arg("-c").arg("trap '' INT; exec \"$0\" \"$@\"").arg(program).args(arguments);
        command
    };
    in_child_by("sigint_is_taken_even_where_a_shell_has_it_ignored", by_shell, || {
        within(SOON, || {
            assert_eq!(disposition(SIGINT), libc::SIG_IGN);
            let (interrupt, ctx) = interruptible();
            let guard = interrupt.on_signals(&[SIGINT]).unwrap();
            let socket = ctx.socket(Pull).unwrap();
            raise(SIGINT);
            assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
            drop(guard);
            assert_eq!(disposition(SIGINT), libc::SIG_IGN);
        });
    });
}

#[test]
fn guards_come_and_go_while_signals_arrive() {
    in_child("guards_come_and_go_while_signals_arrive", || {
        within(SOON * 2, || {
            // Between the guards it must not end the process.
            set_disposition(SIGINT, libc::SIG_IGN);
            let is_over = Arc::new(AtomicBool::new(false));
            let ends = Arc::clone(&is_over);
            let killer = thread::spawn(move || {
                while !ends.load(Ordering::SeqCst) {
                    raise(SIGINT);
                }
            });
            for _ in 0..rounds(2000) {
                let interrupt = Interrupt::new().unwrap();
                let guard = interrupt.on_signals(&[SIGINT]).unwrap();
                thread::yield_now();
                drop(guard);
                drop(interrupt);
            }
            is_over.store(true, Ordering::SeqCst);
            killer.join().unwrap();
        });
    });
}

/// Runs `body`, in a process of its own that is to end by `signal`.
fn ends_by(signal: i32, test: &str, body: impl FnOnce()) {
    use std::os::unix::process::ExitStatusExt;
    const CHILD: &str = "ZMQX_CHILD";
    if std::env::var_os(CHILD).is_some_and(|child| child == test) {
        body();
        return;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact"]).env(CHILD, test);
    let output = within(SOON, move || command.output().unwrap());
    assert_eq!(output.status.signal(), Some(signal), "{}", output.status);
}

#[test]
fn a_signal_that_is_repeated_ends_the_process_where_that_is_asked_for() {
    ends_by(SIGINT, "a_signal_that_is_repeated_ends_the_process_where_that_is_asked_for", || {
        set_disposition(SIGINT, libc::SIG_IGN);
        set_disposition(SIGTERM, libc::SIG_DFL);
        let interrupt = Interrupt::new().unwrap();
        let other = interrupt.on_signals(&[SIGINT]).unwrap();
        let guard = interrupt.on_signals(&[SIGINT, SIGTERM]).unwrap().end_on_repeat();
        // Each for the first time, and once more after it was clear.
        for _ in 0..2 {
            // SAFETY: raise(3) touches no memory; it returns when the handler has run.
            assert_eq!(unsafe { libc::raise(SIGINT) }, 0);
            // SAFETY: as above.
            assert_eq!(unsafe { libc::raise(SIGTERM) }, 0);
            assert!(interrupt.is_triggered());
            interrupt.clear();
        }
        drop(other);
        raise(SIGINT);
        common::wait_until("triggered", || interrupt.is_triggered());
        raise(SIGINT);
        // The process ends in here.
        thread::sleep(SOON);
        drop(guard);
    });
}

#[test]
fn a_signal_that_is_repeated_ends_nothing_where_nobody_asks() {
    in_child("a_signal_that_is_repeated_ends_nothing_where_nobody_asks", || {
        start_from_defaults();
        let interrupt = Interrupt::new().unwrap();
        let guard = interrupt.on_signals(&[SIGINT]).unwrap();
        drop(interrupt.on_signals(&[SIGHUP]).unwrap().end_on_repeat());
        for _ in 0..3 {
            // SAFETY: raise(3) touches no memory; it returns when the handler has run.
            assert_eq!(unsafe { libc::raise(SIGINT) }, 0);
        }
        drop(guard);
        assert_eq!(disposition(SIGINT), libc::SIG_DFL);
    });
}

#[test]
fn the_signals_that_came_are_told_once() {
    in_child("the_signals_that_came_are_told_once", || {
        let interrupt = Interrupt::new().unwrap();
        let _guard = interrupt.on_signals(&[SIGINT, SIGHUP, SIGTERM]).unwrap();
        interrupt.trigger();
        assert!(interrupt.take_signals().is_empty());
        for signal in [SIGTERM, SIGHUP, SIGTERM] {
            // SAFETY: raise(3) touches no memory; it returns when the handler has run.
            assert_eq!(unsafe { libc::raise(signal) }, 0);
        }
        let mut signals = vec![SIGHUP, SIGTERM];
        signals.sort_unstable();
        assert_eq!(interrupt.take_signals(), signals);
        assert!(interrupt.take_signals().is_empty());
    });
}
