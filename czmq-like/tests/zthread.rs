//! The module `zthread`: what CZMQ's own test of zthread checks, and how each side learns of the other's end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::time::Instant;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};

use common::log::Logged;
use common::{rounds, wait_until, within};

#[test]
fn a_detached_thread_runs() {
    within(|| {
        let (done, is_done) = channel();
        zthread::spawn_detached(move || done.send("Hello").unwrap()).unwrap();
        assert_eq!(is_done.recv().unwrap(), "Hello");
    });
}

#[test]
fn an_attached_thread_plays_ping_pong() {
    fn ping_task(ctx: ZCtx, pipe: Socket<Pair>) -> Result<()> {
        drop(ctx.socket(Push)?);
        zstr::recv(&pipe)?;
        zstr::send(&pipe, "pong")
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let pipe = zthread::fork(&ctx, ping_task).unwrap();
        zstr::send(&pipe, "ping").unwrap();
        assert_eq!(zstr::recv(&pipe).unwrap(), "pong");
        ctx.socket(Pull).unwrap();
        drop(pipe);
        ctx.destroy().unwrap();
    });
}

#[test]
fn all_that_a_task_has_sent_comes_before_its_end() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        for _ in 0..rounds(100) {
            let pipe = zthread::fork(&ctx, |_, pipe| {
                for number in 0..50 {
                    zstr::sendx(&pipe, &["number", &number.to_string()])?;
                }
                Ok(())
            })
            .unwrap();
            for number in 0..50 {
                assert_eq!(ZMsg::recv(&pipe).unwrap(), ["number", &number.to_string()]);
            }
            assert_eq!(zstr::recv(&pipe).unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn the_error_of_a_task_is_the_parents() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        for _ in 0..rounds(100) {
            let pipe = zthread::fork(&ctx, |ctx, pipe| {
                zstr::send(&pipe, "about to fail")?;
                ctx.socket(Rep)?.bind("nowhere")?;
                Ok(())
            })
            .unwrap();
            assert_eq!(zstr::recv(&pipe).unwrap(), "about to fail");
            for _ in 0..2 {
                let error = ZMsg::recv(&pipe).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert_eq!(error.to_string(), r#"bind "nowhere": no transport, as in tcp://"#);
            }
            assert_eq!(zstr::send(&pipe, "still?").unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    });
}

#[test]
fn the_panic_of_a_task_is_the_parents_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        // With and without a reference to its pipe.
        let pipes = [
            zthread::fork(&ctx, |_, _| panic!("on purpose")).unwrap(),
            zthread::fork(&ctx, |_, pipe| -> Result<()> {
                zstr::recv(&pipe)?;
                panic!("on purpose")
            })
            .unwrap(),
            zthread::fork(&ctx, |_, pipe| {
                drop(pipe);
                panic!("on purpose")
            })
            .unwrap(),
        ];
        let _ = zstr::send(&pipes[1], "go on");
        for pipe in &pipes {
            assert_eq!(zstr::recv(pipe).unwrap_err().kind(), ErrorKind::Panicked);
            assert_eq!(zstr::send(pipe, "x").unwrap_err().kind(), ErrorKind::Panicked);
        }
    });
}

#[test]
fn tasks_may_return_nothing_a_result_or_never() {
    fn never(_ctx: ZCtx, pipe: Socket<Pair>) -> ! {
        let _ = zstr::recv(&pipe);
        panic!("on purpose")
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let pipes = [
            zthread::fork(&ctx, |_, _| {}).unwrap(),
            zthread::fork(&ctx, |_, pipe| zstr::recv(&pipe).map(drop)).unwrap(),
            zthread::fork(&ctx, |_, pipe| while zstr::recv(&pipe).is_ok() {}).unwrap(),
            zthread::fork(&ctx, never).unwrap(),
            zthread::fork(&ctx, |_, pipe| {
                loop {
                    zstr::recv(&pipe).expect("the end of its context is a panic here");
                }
            })
            .unwrap(),
        ];
        assert_eq!(zstr::recv(&pipes[0]).unwrap_err().kind(), ErrorKind::Disconnected);
        drop(pipes);
    });
}

#[test]
fn a_child_lives_on_when_its_parent_drops_the_pipe() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let sink = ctx.socket(Pull).unwrap();
        sink.bind("inproc://sink").unwrap();
        // As seven of the Guide's programs do.
        zthread::fork(&ctx, |ctx, _pipe| -> Result<()> {
            let source = ctx.socket(Push)?;
            source.connect("inproc://sink")?;
            loop {
                zstr::send(&source, "alive")?;
            }
        })
        .unwrap();
        for _ in 0..100 {
            assert_eq!(zstr::recv(&sink).unwrap(), "alive");
        }
    });
}

#[test]
fn a_child_that_reads_its_pipe_learns_that_the_parent_is_gone() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (tell, told) = channel();
        let pipe = zthread::fork(&ctx, move |_, pipe| {
            tell.send(zstr::recv(&pipe).unwrap_err().kind()).unwrap();
            tell.send(zstr::send(&pipe, "x").unwrap_err().kind()).unwrap();
        })
        .unwrap();
        drop(pipe);
        assert_eq!(told.recv().unwrap(), ErrorKind::Disconnected);
        assert_eq!(told.recv().unwrap(), ErrorKind::Disconnected);
    });
}

#[test]
fn the_end_of_its_context_ends_a_child() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (tell, told) = channel();
        let pipes: Vec<_> = (0..20)
            .map(|number| {
                let tell = tell.clone();
                zthread::fork(&ctx, move |ctx, pipe| -> Result<()> {
                    // Perhaps the context has ended by now.
                    let end = match number % 2 {
                        0 => zstr::recv(&pipe).map(drop),
                        _ => ctx.socket(Dealer).and_then(|socket| zstr::recv(&socket)).map(drop),
                    };
                    tell.send(end.as_ref().map_err(Error::kind).copied()).unwrap();
                    end
                })
                .unwrap()
            })
            .collect();
        drop(ctx);
        for pipe in &pipes {
            assert_eq!(told.recv().unwrap(), Err(ErrorKind::Terminated));
            assert_eq!(zstr::recv(pipe).unwrap_err().kind(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn destroy_waits_for_the_children() {
    within(|| {
        for _ in 0..rounds(20) {
            let ctx = ZCtx::new().unwrap();
            let (tell, told) = channel();
            for _ in 0..5 {
                let tell = tell.clone();
                zthread::fork(&ctx, move |ctx, pipe| {
                    // Perhaps the context has ended by now.
                    let end = ctx.socket(Pull).and_then(|socket| ZMsg::recv(&socket));
                    assert_eq!(end.unwrap_err().kind(), ErrorKind::Terminated);
                    tell.send(()).unwrap();
                    drop(pipe);
                })
                .unwrap();
            }
            ctx.destroy().unwrap();
            assert_eq!(told.try_iter().count(), 5);
        }
    });
}

#[test]
fn an_error_that_no_parent_learns_of_is_logged() {
    fn lost_task(ctx: ZCtx, pipe: Socket<Pair>) -> Result<()> {
        let _ = zstr::recv(&pipe);
        ctx.socket(Rep)?.bind("nowhere").map(drop)
    }
    within(|| {
        let log = Logged::here();
        let ctx = ZCtx::new().unwrap();
        zthread::fork(&ctx, lost_task).unwrap();
        let is_logged = |text: &str| log.text().lines().any(|line| line.ends_with(text));
        wait_until("logged", || {
            is_logged(r#" lost_task: bind "nowhere": no transport, as in tcp://"#)
        });
        zthread::spawn_detached(|| Err(Error::invalid("mend shoes", "out of leather"))).unwrap();
        wait_until("logged", || is_logged(": mend shoes: out of leather"));
        zsys::set_logstream(None);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_has_the_name_of_its_function() {
    fn client_task(_ctx: ZCtx, pipe: Socket<Pair>) -> Result<()> {
        zstr::send(&pipe, std::fs::read_to_string("/proc/thread-self/comm")?.trim_end())
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        assert_eq!(zstr::recv(&zthread::fork(&ctx, client_task).unwrap()).unwrap(), "client_task");
    });
}

#[test]
fn a_child_that_drops_its_pipe_and_goes_on_does_not_hang_its_parent() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let begun = Instant::now();
        let pipe = zthread::fork(&ctx, |ctx, pipe| {
            drop(pipe);
            zstr::recv(&ctx.socket(Pull)?).map(drop)
        })
        .unwrap();
        assert_eq!(zstr::recv(&pipe).unwrap_err().kind(), ErrorKind::Disconnected);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    });
}
