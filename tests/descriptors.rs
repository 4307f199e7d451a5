//! File descriptors and sockets that run out: an `Error`, where libzmq by itself may abort the process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, connected_pair, connected_tcp_pair, in_child, within};
use zmqx::{Context, Error, ErrorKind, Interrupt, Pair, Socket};

/// Lets this process have `limit` descriptors open.
fn limit_descriptors(limit: libc::rlim_t) {
    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
    // SAFETY: setrlimit(2) only reads it.
    let rc = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
    assert_eq!(rc, 0);
}

/// Sees to it that this process can open `count` more descriptors, until what this gives is dropped.
fn leave_descriptors(count: usize) -> Vec<File> {
    limit_descriptors(200);
    let mut held: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    held.truncate(held.len() - count);
    held
}

fn all_is_well_or_exhausted(result: Result<(), Error>) {
    if let Err(error) = result {
        assert_eq!(error.kind(), ErrorKind::TooManySockets, "{error}");
    }
}

/// What a program does first.
fn first_steps(io_threads: usize) -> Result<(), Error> {
    let interrupt = Interrupt::new()?;
    let ctx = Context::builder().interrupt(interrupt).build()?;
    let (a, b) = ctx.pipe()?;
    a.send("x")?;
    assert_eq!(b.recv()?, "x");
    let plain = Context::builder().io_threads(io_threads).build()?;
    plain.socket(Pair)?;
    Ok(())
}

#[test]
fn with_few_descriptors_a_first_socket_is_an_error_or_works() {
    const TEST: &str = "with_few_descriptors_a_first_socket_is_an_error_or_works";
    const LIMIT: &str = "ZMQX_TEST_LIMIT";
    if let Ok(limit) = std::env::var(LIMIT) {
        within(SOON, move || {
            limit_descriptors(limit.parse().unwrap());
            for threads in [1, 0, 3, 1] {
                all_is_well_or_exhausted(first_steps(threads));
            }
        });
        return;
    }
    within(SOON * 4, || {
        for limit in 3..=40 {
            let mut child = Command::new(std::env::current_exe().unwrap());
            let child = child.args([TEST, "--exact", "--nocapture"]).env(LIMIT, limit.to_string());
            let status = child.stdout(Stdio::null()).status().unwrap();
            assert!(status.success(), "with {limit} descriptors: {status}");
        }
    });
}

#[test]
fn the_error_says_that_descriptors_are_missing() {
    in_child("the_error_says_that_descriptors_are_missing", || {
        let ctx = Context::new().unwrap();
        let mut held = leave_descriptors(1);
        let error = Interrupt::new().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManySockets);
        assert!(error.to_string().starts_with("create interrupt: "), "{error}");
        held.truncate(held.len() - 6);
        let error = ctx.socket(Pair).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManySockets);
        assert_eq!(error.errno(), libc::EMFILE);
        assert_eq!(
            error.to_string(),
            "open socket: fewer than 8 file descriptors are free, and libzmq needs them"
        );
        // It took none of them, and can be tried again.
        assert_eq!(ctx.socket(Pair).unwrap_err().kind(), ErrorKind::TooManySockets);
        drop(held);
        ctx.socket(Pair).unwrap();
    });
}

#[test]
fn io_threads_want_descriptors_too() {
    in_child("io_threads_want_descriptors_too", || {
        within(SOON, || {
            let _held = leave_descriptors(60);
            for threads in (0..40).chain([1000, 1_000_000_000, (1 << 31) - 1]) {
                let ctx = Context::builder().io_threads(threads).build().unwrap();
                all_is_well_or_exhausted(ctx.socket(Pair).map(drop));
            }
        });
    });
}

#[test]
fn later_sockets_run_out_of_descriptors_without_harm() {
    in_child("later_sockets_run_out_of_descriptors_without_harm", || {
        within(SOON, || {
            let _held = leave_descriptors(50);
            let ctx = Context::new().unwrap();
            let mut sockets = Vec::new();
            let error = loop {
                match ctx.socket(Pair) {
                    Ok(socket) => sockets.push(socket),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::TooManySockets);
            assert!(error.to_string().starts_with("open socket"), "{error}");
            assert!(sockets.len() > 20);
            // What is open works on.
            let (b, a) = (sockets.pop().unwrap(), sockets.pop().unwrap());
            b.connect(a.bind(common::inproc()).unwrap()).unwrap();
            a.send("x").unwrap();
            assert_eq!(b.recv().unwrap(), "x");
            sockets.clear();
            common::wait_until("descriptors are free again", || ctx.socket(Pair).is_ok());
        });
    });
}

#[test]
fn binding_and_connecting_survive_that_descriptors_run_out() {
    in_child("binding_and_connecting_survive_that_descriptors_run_out", || {
        within(SOON, || {
            let ctx = Context::new().unwrap();
            let (a, b) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
            let (c, d) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
            let endpoint = a.bind(common::TCP).unwrap();
            let mut held = leave_descriptors(0);
            let error = c.bind(common::TCP).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TooManySockets);
            assert_eq!(
                error.to_string(),
                "bind \"tcp://127.0.0.1:*\": fewer than 2 file descriptors are free, and libzmq needs \
                 them"
            );
            let ipc = "ipc://@zmqx-test-that-never-binds";
            assert_eq!(c.bind(ipc).unwrap_err().kind(), ErrorKind::TooManySockets);
            // While nobody else takes any: libzmq, which tries a connect again, could take the last one right after the look.
            for _ in 0..8 {
                held.pop();
                for endpoint in [common::TCP, "tcp://lo:*", "tcp://*:*", "tcp://localhost:*", ipc] {
                    if let Ok(bound) = c.bind(endpoint) {
                        c.unbind(bound).unwrap();
                    }
                }
            }
            drop(held);
            let held = leave_descriptors(0);
            b.connect(endpoint).unwrap();
            drop(held);
            // It connects in the end, as it does where nobody listens yet.
            b.send("x").unwrap();
            assert_eq!(a.recv().unwrap(), "x");
            d.connect(c.bind(common::TCP).unwrap()).unwrap();
            d.send("y").unwrap();
            assert_eq!(c.recv().unwrap(), "y");
        });
    });
}

#[test]
fn a_thousand_contexts_are_an_error_at_worst() {
    in_child("a_thousand_contexts_are_an_error_at_worst", || {
        within(SOON * 3, || {
            let open = || {
                let ctx = Context::new()?;
                ctx.socket(Pair)
            };
            let opened: Vec<Result<Socket<Pair>, Error>> = (0..1000).map(|_| open()).collect();
            assert!(opened[0].is_ok());
            let mut open = 0;
            for socket in &opened {
                match socket {
                    Ok(_) => open += 1,
                    Err(error) => assert_eq!(error.kind(), ErrorKind::TooManySockets, "{error}"),
                }
            }
            let begun = Instant::now();
            drop(opened);
            assert!(begun.elapsed() < Duration::from_secs(20), "{open} contexts");
            drop(connected_tcp_pair(&Context::new().unwrap()));
        });
    });
}

#[test]
fn a_thousand_contexts_without_sockets_need_nothing() {
    in_child("a_thousand_contexts_without_sockets_need_nothing", || {
        within(SOON, || {
            let contexts: Vec<_> = (0..1000).map(|_| Context::new().unwrap()).collect();
            drop(connected_pair(&contexts[999]));
        });
    });
}

#[test]
fn threads_that_open_first_sockets_at_once_share_what_is_left() {
    in_child("threads_that_open_first_sockets_at_once_share_what_is_left", || {
        within(SOON * 2, || {
            let _held = leave_descriptors(40);
            for _ in 0..common::rounds(30) {
                let start = Arc::new(Barrier::new(8));
                let threads: Vec<_> = (0..8)
                    .map(|_| {
                        let start = Arc::clone(&start);
                        thread::spawn(move || {
                            let ctx = Context::new().unwrap();
                            start.wait();
                            let sockets: Vec<_> = (0..4).map(|_| ctx.socket(Pair)).collect();
                            for socket in sockets {
                                all_is_well_or_exhausted(socket.map(drop));
                            }
                        })
                    })
                    .collect();
                threads.into_iter().for_each(|thread| thread.join().unwrap());
            }
        });
    });
}

#[test]
fn the_limit_of_sockets_is_an_error() {
    within(SOON, || {
        let ctx = Context::builder().max_sockets(3).build().unwrap();
        let sockets: Vec<_> = (0..3).map(|_| ctx.socket(Pair).unwrap()).collect();
        let error = ctx.socket(Pair).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManySockets);
        assert_eq!(error.to_string(), "open socket PAIR: too many sockets or open files");
        drop(sockets);
        // libzmq frees a slot when its reaper has closed the socket.
        common::wait_until("a slot is free", || ctx.socket(Pair).is_ok());
    });
}

#[test]
fn a_limit_of_sockets_that_is_absurd_is_refused() {
    // From 2^31 - 3 on libzmq would abort the process at the first socket.
    for sockets in [1_usize << 31, usize::MAX, (1 << 31) - 1, (1 << 31) - 3, (1 << 24) + 1, 0] {
        let error = Context::builder().max_sockets(sockets).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with("create context ZMQ_MAX_SOCKETS: "), "{error}");
    }
}

#[test]
fn many_sockets_are_fine_where_they_are_allowed() {
    within(SOON, || {
        let ctx = Context::builder().max_sockets(100_000).build().unwrap();
        connected_pair(&ctx).0.send("x").unwrap();
    });
}
