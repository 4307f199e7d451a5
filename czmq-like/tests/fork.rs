//! `ZCtx` and what goes with it in a child after fork: what was inherited is an error to use and nothing to drop, and
//! new things work.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::thread;
use std::time::Instant;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};
use rustix::process::Signal;
use rustix::time::{ClockId, clock_gettime};

use common::process::{Disposition, are_caught, disposition, in_child, raise};
use common::{SOON, connected_in, wait_until, within};
use testing::in_fork;

/// Each test is a process of its own, so that a fork finds no other test's threads at work.
fn alone(test: &str, body: impl FnOnce() + Send + 'static) {
    in_child(test, move || {
        within(|| {
            body();
        });
    });
}

fn is_forked<T>(what: &str, result: Result<T, impl Into<Error>>) {
    match result {
        Ok(_) => panic!("{what} went well"),
        Err(error) => assert_eq!(error.into().kind(), ErrorKind::Forked, "{what}"),
    }
}

#[test]
fn using_an_inherited_context_is_an_error() {
    alone("using_an_inherited_context_is_an_error", || {
        // One that has a context of libzmq already, one that has not, and a shadow of each.
        let (used, fresh) = (ZCtx::new().unwrap(), ZCtx::new().unwrap());
        let (a, b) = connected_in(&used.underlying().unwrap(), Pair, Pair);
        zstr::send(&a, "queued").unwrap();
        let shadows = [used.shadow(), fresh.shadow()];
        in_fork(SOON, || {
            for ctx in [&used, &fresh, &shadows[0], &shadows[1]] {
                is_forked("socket", ctx.socket(Pair));
                is_forked("underlying", ctx.underlying());
                is_forked("set_iothreads", ctx.set_iothreads(2));
                is_forked("set_linger", ctx.set_linger(None));
                is_forked("zthread::fork", zthread::fork(ctx, |_, _| ()));
                is_forked("ZActor::new", ZActor::new(ctx, |_, _| Ok(())));
                ctx.set_sndhwm(1);
                assert!(format!("{ctx:?}").contains("ZCtx"));
            }
            is_forked("zstr::send", zstr::send(&a, "x"));
            is_forked("zstr::recv", zstr::recv(&b));
            is_forked("ZMsg::recv", ZMsg::recv(&b));
            is_forked("ZFrame::recv", ZFrame::recv(&b));
            is_forked("ZSocket::poll", ZSocket::poll(&b, None));
        });
        // The parent's are as they were.
        assert_eq!(zstr::recv(&b).unwrap(), "queued");
        shadows[1].socket(Pair).unwrap();
    });
}

#[test]
fn what_was_inherited_is_neither_closed_nor_terminated() {
    alone("what_was_inherited_is_neither_closed_nor_terminated", || {
        let ctx = ZCtx::new().unwrap();
        let (a, b) = connected_in(&ctx.underlying().unwrap(), Pair, Pair);
        let echo = zthread::fork(&ctx, |_, pipe| -> Result<()> {
            loop {
                ZMsg::recv(&pipe)?.send(&pipe)?;
            }
        })
        .unwrap();
        let mut all = Some((a, b, echo, ctx));
        in_fork(SOON, || {
            let (a, b, echo, ctx) = all.take().unwrap();
            is_forked("destroy", ctx.destroy());
            drop((a, b, echo));
        });
        in_fork(SOON, || drop(all.take()));
        let (a, b, echo, ctx) = all.unwrap();
        zstr::send(&a, "after").unwrap();
        assert_eq!(zstr::recv(&b).unwrap(), "after");
        zstr::send(&echo, "still there").unwrap();
        assert_eq!(zstr::recv(&echo).unwrap(), "still there");
        assert!(are_caught() && !zsys::interrupted());
        drop((a, b, echo));
        ctx.destroy().unwrap();
    });
}

#[test]
fn an_inherited_actor_is_waited_for_by_nobody() {
    alone("an_inherited_actor_is_waited_for_by_nobody", || {
        let ctx = ZCtx::new().unwrap();
        let has_zap = common::runs_with(4, 0, 0);
        let auth = has_zap.then(|| ZAuth::new(&ctx).unwrap());
        let actor = ZActor::new(&ctx, |_, pipe| {
            ZSocket::signal(&pipe, 0)?;
            zstr::recv(&pipe).map(drop)
        })
        .unwrap();
        let mut all = Some((actor, auth));
        in_fork(SOON, || {
            if let Some((_, Some(auth))) = &all {
                is_forked("ZAuth::allow", auth.allow(&["127.0.0.1"]));
                is_forked("ZAuth::new", ZAuth::new(&ctx));
            }
            let begun = Instant::now();
            drop(all.take());
            assert!(begun.elapsed() < Duration::from_secs(4));
        });
        // The parent's are as they were.
        let (actor, auth) = all.unwrap();
        if let Some(auth) = &auth {
            auth.allow(&["127.0.0.1"]).unwrap();
        }
        zstr::send(&actor, "$TERM").unwrap();
        assert_eq!(zstr::recv(&actor).unwrap_err().kind(), ErrorKind::Disconnected);
    });
}

#[test]
fn a_new_context_in_the_child_works() {
    alone("a_new_context_in_the_child_works", || {
        let inherited = ZCtx::new().unwrap();
        let _socket = inherited.socket(Pull).unwrap();
        in_fork(SOON, || {
            let ctx = ZCtx::new().unwrap();
            let server = ctx.socket(Rep).unwrap();
            let port = ZSocket::bind(&server, "tcp://127.0.0.1:*").unwrap();
            let pipe = zthread::fork(&ctx, move |_, pipe| {
                zstr::send(&pipe, zstr::recv(&server)?)?;
                zstr::send(&server, "World")
            })
            .unwrap();
            let client = ctx.socket(Req).unwrap();
            client.connect(format!("tcp://127.0.0.1:{port}")).unwrap();
            zstr::send(&client, "Hello").unwrap();
            assert_eq!(zstr::recv(&pipe).unwrap(), "Hello");
            assert_eq!(zstr::recv(&client).unwrap(), "World");
            assert_eq!(zstr::recv(&pipe).unwrap_err().kind(), ErrorKind::Disconnected);
            drop((pipe, client));
            ctx.destroy().unwrap();
        });
    });
}

#[test]
fn a_reactor_in_the_child_is_its_own() {
    alone("a_reactor_in_the_child_is_its_own", || {
        let ctx = ZCtx::new().unwrap();
        let (socket, other) = (ctx.socket(Pull).unwrap(), ctx.socket(Pull).unwrap());
        let mut inherited = ZLoop::new().unwrap();
        inherited.reader(&socket, |_, _, _: &mut usize| ()).unwrap();
        inherited.timer(Duration::ZERO, 0, |_, _, calls| *calls += 1).unwrap();
        in_fork(SOON, || {
            is_forked("start", inherited.start(&mut 0));
            let mut reactor = ZLoop::new().unwrap();
            is_forked("reader", reactor.reader(&other, |_, _, _: &mut usize| ()));
            reactor
                .timer(Duration::from_millis(1), 0, |_, _, calls| {
                    *calls += 1;
                    if *calls == 3 { Break(()) } else { Continue(()) }
                })
                .unwrap();
            let mut calls = 0;
            assert_eq!(reactor.start(&mut calls).unwrap(), LoopEnd::Ended);
            assert_eq!(calls, 3);
        });
        // The child has taken nothing out of the parent's.
        inherited.timer(Duration::from_millis(1), 1, |_, _, _| Break(())).unwrap();
        let mut calls = 0;
        assert_eq!(inherited.start(&mut calls).unwrap(), LoopEnd::Ended);
        assert!(calls > 0);
    });
}

/// The time for which this thread has used a processor.
fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap())
}

#[test]
fn each_process_has_an_interrupt_of_its_own() {
    alone("each_process_has_an_interrupt_of_its_own", || {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        zsys::set_interrupted(true);
        in_fork(SOON, || {
            // The parent's is not the child's: neither that it is triggered, nor what it is waited for by.
            assert!(!zsys::interrupted());
            let mut reactor = ZLoop::new().unwrap();
            reactor.timer(Duration::from_millis(300), 1, |_, _, _| Break(())).unwrap();
            let begun = processor_time();
            assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Ended);
            assert!(processor_time() - begun < Duration::from_millis(100));

            // Nor is the child's the parent's.
            let own = ZCtx::new().unwrap();
            let socket = own.socket(Pull).unwrap();
            let ctrl_c = thread::spawn(|| raise(Signal::INT));
            assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
            ctrl_c.join().unwrap();
            let mut reactor = ZLoop::new().unwrap();
            reactor.reader(&socket, |_, _, _| ()).unwrap();
            assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Interrupted);
            zsys::set_interrupted(false);
        });
        assert!(zsys::interrupted());
        assert_eq!(zstr::recv(&socket).unwrap_err().kind(), ErrorKind::Interrupted);
        zsys::set_interrupted(false);
        in_fork(SOON, || zsys::set_interrupted(true));
        assert!(!zsys::interrupted());
        raise(Signal::TERM);
        wait_until("interrupted", zsys::interrupted);
        drop((socket, ctx));
        assert_eq!(disposition(Signal::INT), Disposition::Default);
    });
}
