//! The class `ZActor`: what CZMQ's own test of zactor checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::time::Instant;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};

use common::within;

/// CZMQ's own example.
fn echo_actor(_ctx: ZCtx, pipe: Socket<Pair>) -> Result<()> {
    ZSocket::signal(&pipe, 0)?;
    loop {
        let mut msg = ZMsg::recv(&pipe)?;
        match msg.popstr().as_deref() {
            Some("ECHO") => msg.send(&pipe)?,
            Some("$TERM") => return Ok(()),
            other => panic!("an invalid message to the actor: {other:?}"),
        }
    }
}

#[test]
fn an_actor_echoes_until_it_goes() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let actor = ZActor::new(&ctx, echo_actor).unwrap();
        zstr::sendx(&actor, &["ECHO", "This is a string"]).unwrap();
        assert_eq!(zstr::recv(&actor).unwrap(), "This is a string");
        let mut msg = ZMsg::from(["ECHO", "a", "b"]);
        msg.addmem([0, 1]);
        msg.send(actor.sock()).unwrap();
        assert_eq!(ZMsg::recv(&actor).unwrap().size(), 3);
        drop(actor);
        ctx.destroy().unwrap();
    });
}

#[test]
fn new_waits_until_the_task_is_ready() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (tell, told) = channel();
        let actor = ZActor::new(&ctx, move |_, pipe| {
            // So that there is something to wait for.
            zclock::sleep(Duration::from_millis(100));
            tell.send("ready").unwrap();
            ZSocket::signal(&pipe, 0)?;
            zstr::recv(&pipe).map(drop)
        })
        .unwrap();
        assert_eq!(told.try_recv(), Ok("ready"));
        drop(actor);
    });
}

#[test]
fn a_task_that_is_never_ready_is_an_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let kind = |actor: Result<ZActor>| actor.unwrap_err().kind();
        assert_eq!(kind(ZActor::new(&ctx, |_, _| {})), ErrorKind::Disconnected);
        assert_eq!(kind(ZActor::new(&ctx, |_, _| panic!("on purpose"))), ErrorKind::Panicked);
        let failing = |_: ZCtx, _: Socket<Pair>| Err(Error::invalid("mend shoes", "no leather"));
        assert_eq!(kind(ZActor::new(&ctx, failing)), ErrorKind::InvalidInput);
        let shadow = ctx.shadow();
        drop(ctx);
        assert_eq!(kind(ZActor::new(&shadow, echo_actor)), ErrorKind::Terminated);
    });
}

#[test]
fn a_drop_waits_for_the_task() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (tell, told) = channel();
        let actor = ZActor::new(&ctx, move |_, pipe| {
            ZSocket::signal(&pipe, 0)?;
            assert_eq!(zstr::recv(&pipe)?, "$TERM");
            drop(pipe);
            // So that there is something to wait for.
            zclock::sleep(Duration::from_millis(200));
            tell.send("ended").unwrap();
            Ok(())
        })
        .unwrap();
        drop(actor);
        assert_eq!(told.try_recv(), Ok("ended"));
    });
}

#[test]
fn a_drop_does_not_wait_long_for_a_task_that_is_deaf() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (tell, told) = channel();
        let (end, ends) = channel::<()>();
        let mut actor = ZActor::new(&ctx, move |_, pipe| {
            ZSocket::signal(&pipe, 0).unwrap();
            let _ = ends.recv();
            tell.send("ended").unwrap();
        })
        .unwrap();
        actor.set_patience(Duration::from_millis(200));
        let begun = Instant::now();
        drop(actor);
        assert!(begun.elapsed() >= Duration::from_millis(200));
        assert!(told.try_recv().is_err());
        drop(end);
        assert_eq!(told.recv(), Ok("ended"));
    });
}

#[test]
fn a_drop_does_not_wait_for_a_task_that_has_ended() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let begun = Instant::now();
        for number in 0..20 {
            let mut actor = ZActor::new(&ctx, move |_, pipe| {
                ZSocket::signal(&pipe, 0).unwrap();
                assert!(number % 2 == 0, "on purpose");
            })
            .unwrap();
            actor.set_patience(Duration::from_secs(30));
            drop(actor);
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
    });
}

#[test]
fn the_end_of_the_context_ends_an_actor() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let mut actor = ZActor::new(&ctx, echo_actor).unwrap();
        actor.set_patience(Duration::from_secs(3600));
        drop(ctx);
        assert_eq!(zstr::recv(&actor).unwrap_err().kind(), ErrorKind::Terminated);
        drop(actor);
    });
}

#[test]
fn the_panic_of_an_actor_is_its_users_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let actor = ZActor::new(&ctx, echo_actor).unwrap();
        zstr::send(&actor, "nonsense").unwrap();
        assert_eq!(zstr::recv(&actor).unwrap_err().kind(), ErrorKind::Panicked);
    });
}

#[test]
fn an_actor_may_move_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<ZActor>();
}
