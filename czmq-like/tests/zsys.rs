//! The module `zsys`: who handles the signals, and when; and the log.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicI32, Ordering};

use czmq_like::prelude::*;
use rustix::process::Signal;
use zmqx::{Interrupt, interrupt::SIGINT};

use common::log::Logged;
use common::process::{Disposition, Process, are_caught, child_of, disposition, in_child, raise};
use common::{SOON, wait_until, within};

#[test]
fn the_earlier_dispositions_are_back_when_the_last_context_goes() {
    in_child("the_earlier_dispositions_are_back_when_the_last_context_goes", || {
        for round in 0..3 {
            let ctx = ZCtx::new().unwrap();
            assert!(are_caught());
            let other = ZCtx::new().unwrap();
            drop(ctx.shadow());
            assert!(are_caught());
            match round {
                0 => drop(ctx),
                _ => ctx.destroy().unwrap(),
            }
            assert!(are_caught());
            let socket = other.socket(Pull).unwrap();
            drop(other);
            // Neither a socket nor a shadow is a context.
            assert!(!are_caught());
            drop(socket);
        }
    });
}

#[test]
fn an_ignored_signal_is_taken_and_ignored_again() {
    let test = "an_ignored_signal_is_taken_and_ignored_again";
    if let Some(role) = child_of(test) {
        if role != "ignored" {
            // Starts itself again, as a shell's `&` would.
            let me = std::env::current_exe().unwrap();
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", "trap '' INT; exec \"$0\" \"$@\""]).arg(me);
            shell.args([test, "--exact", "--nocapture", "--test-threads=1"]);
            shell.env("CZMQ_LIKE_CHILD", format!("{test}/ignored"));
            assert!(shell.status().unwrap().success());
            return;
        }
        assert_eq!(disposition(Signal::INT), Disposition::Ignored);
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        raise(Signal::INT);
        assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
        drop(ctx);
        assert_eq!(disposition(Signal::INT), Disposition::Ignored);
        return;
    }
    assert!(Process::start(test, "").end(SOON).success());
}

#[test]
fn an_interrupt_stays_and_is_shared_by_all_contexts() {
    in_child("an_interrupt_stays_and_is_shared_by_all_contexts", || {
        within(|| {
            assert!(!zsys::interrupted());
            let (first, second) = (ZCtx::new().unwrap(), ZCtx::new().unwrap());
            let sockets = [&first, &second].map(|ctx| ctx.socket(Pull).unwrap());
            raise(Signal::TERM);
            for socket in &sockets {
                assert_eq!(zstr::recv(socket).unwrap_err().kind(), ErrorKind::Interrupted);
            }
            assert!(zsys::interrupted());
            drop((first, second));
            assert!(zsys::interrupted());
            let ctx = ZCtx::new().unwrap();
            let socket = ctx.socket(Pull).unwrap();
            assert_eq!(ZMsg::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
            zsys::set_interrupted(false);
            assert!(!zsys::interrupted());
            assert!(!ZSocket::poll(&socket, Some(Duration::from_millis(10))).unwrap());
            // And again.
            raise(Signal::TERM);
            assert_eq!(ZMsg::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
        });
    });
}

#[test]
fn handler_set_none_leaves_the_signals_alone() {
    in_child("handler_set_none_leaves_the_signals_alone", || {
        zsys::handler_set(None).unwrap();
        let ctx = ZCtx::new().unwrap();
        assert!(!are_caught());
        // They are the program's to use, though another thread may still say that it is interrupted.
        let own = Interrupt::new().unwrap();
        let guard = own.on_signals(&[SIGINT]).unwrap();
        raise(Signal::INT);
        wait_until("triggered", || own.is_triggered());
        assert!(!zsys::interrupted());
        drop((guard, ctx));
        zsys::handler_reset();
        let _ctx = ZCtx::new().unwrap();
        assert!(are_caught());
    });
}

#[test]
fn handler_set_none_after_the_first_context_puts_the_dispositions_back() {
    in_child("handler_set_none_after_the_first_context_puts_the_dispositions_back", || {
        let _ctx = ZCtx::new().unwrap();
        assert!(are_caught());
        zsys::handler_set(None).unwrap();
        assert!(!are_caught());
    });
}

#[test]
fn a_handler_is_called_with_the_signal() {
    static CALLED_WITH: AtomicI32 = AtomicI32::new(0);
    in_child("a_handler_is_called_with_the_signal", || {
        within(|| {
            zsys::handler_set(Some(|signal| {
                // What no signal handler may do.
                zsys::notice(format!("signal {signal}"));
                CALLED_WITH.store(signal, Ordering::SeqCst);
                if signal == Signal::TERM.as_raw() {
                    zsys::set_interrupted(true);
                }
            }))
            .unwrap();
            let ctx = ZCtx::new().unwrap();
            for signal in [Signal::INT, Signal::INT, Signal::INT, Signal::TERM] {
                assert!(!zsys::interrupted());
                raise(signal);
                wait_until("called", || CALLED_WITH.swap(0, Ordering::SeqCst) == signal.as_raw());
            }
            let socket = ctx.socket(Pull).unwrap();
            assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
            drop(ctx);
            assert!(are_caught());
            zsys::handler_reset();
            assert!(!are_caught());
        });
    });
}

#[test]
fn another_owner_of_the_signals_is_an_error_that_says_so() {
    in_child("another_owner_of_the_signals_is_an_error_that_says_so", || {
        let own = Interrupt::new().unwrap();
        let guard = own.on_signals(&[SIGINT]).unwrap();
        let error = ZCtx::new().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadState);
        assert!(error.to_string().contains("another Interrupt"), "{error}");
        assert!(zsys::catch_interrupts().is_err());
        assert!(zsys::handler_set(Some(drop)).is_err());
        zsys::handler_set(None).unwrap();
        drop(ZCtx::new().unwrap());
        zsys::handler_reset();
        drop(guard);
        drop(ZCtx::new().unwrap());
        assert!(!are_caught());
    });
}

#[test]
fn catch_interrupts_is_for_programs_without_a_context() {
    in_child("catch_interrupts_is_for_programs_without_a_context", || {
        within(|| {
            let fd = zsys::interrupt_fd().unwrap();
            let is_readable = || {
                let mut items = [PollItem::from_fd(fd, PollEvents::IN)];
                poll(&mut items, Some(Duration::ZERO)).unwrap() == 1
            };
            zsys::catch_interrupts().unwrap();
            zsys::catch_interrupts().unwrap();
            drop(ZCtx::new().unwrap());
            assert!(are_caught());
            assert!(!is_readable());
            raise(Signal::INT);
            wait_until("readable", is_readable);
            assert!(zsys::interrupted());
            zsys::set_interrupted(false);
            assert!(!is_readable());
            zsys::handler_reset();
            assert!(!are_caught());
        });
    });
}

#[test]
fn a_second_ctrl_c_ends_the_process() {
    let test = "a_second_ctrl_c_ends_the_process";
    if child_of(test).is_some() {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        println!("ready");
        assert!(zstr::recv(&socket).is_err());
        println!("interrupted");
        // A program that does not look at it.
        loop {
            std::thread::park();
        }
    }
    for signal in [Signal::INT, Signal::TERM] {
        let mut process = Process::start(test, "");
        process.wait_for("ready");
        process.signal(signal);
        process.wait_for("interrupted");
        process.signal(signal);
        assert_eq!(process.end(SOON).signal(), Some(signal.as_raw()));
    }
}

#[test]
fn a_destroy_that_waits_for_sockets_says_so() {
    in_child("a_destroy_that_waits_for_sockets_says_so", || {
        within(|| {
            let log = Logged::here();
            let ctx = ZCtx::new().unwrap();
            let sockets = [(); 2].map(|()| ctx.socket(Pull).unwrap());
            let destroyer = std::thread::spawn(move || ctx.destroy());
            let wanted = " ZCtx::destroy waits for 2 open sockets\n";
            wait_until("logged", || log.text().ends_with(wanted));
            drop(sockets);
            destroyer.join().unwrap().unwrap();
        });
    });
}

#[test]
fn log_lines_have_level_name_date_and_text() {
    let log = Logged::here();
    zsys::error("This is an error message");
    zsys::warning("This is a warning message");
    zsys::notice("This is a normal, but significant condition");
    zsys::set_logident("czmq-like");
    zsys::info(format_args!("This is {} message", "an informational"));
    zsys::debug("This is a debugging message");
    zsys::set_logident("");
    zsys::set_logstream(None);
    zsys::error("nobody reads this");
    let text = log.text();
    let date = |line: &str, at: usize| {
        assert!(line[at..].starts_with(&zclock::timestr()[..8]), "{line}");
        format!("{}DATE{}", &line[..at], &line[at + 17..])
    };
    let found: Vec<_> =
        text.lines().map(|line| date(line, line.find(") ").map_or(3, |end| end + 2))).collect();
    let wanted = [
        "E: DATE This is an error message",
        "W: DATE This is a warning message",
        "N: DATE This is a normal, but significant condition",
        "I: (czmq-like) DATE This is an informational message",
        "D: (czmq-like) DATE This is a debugging message",
    ];
    assert_eq!(found, wanted);
}
