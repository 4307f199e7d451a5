//! The class `ZPoller`: what CZMQ's own test of zpoller checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::rc::Rc;

use czmq_like::prelude::*;

use common::within;

/// A PUSH that is bound, and a PULL that is connected to it.
fn connected(ctx: &ZCtx) -> (Socket<Push>, Socket<Pull>) {
    let vent = ctx.socket(Push).unwrap();
    let port = ZSock::bind(&vent, "tcp://127.0.0.1:!").unwrap();
    (vent, ZSock::new_pull(ctx, format!(">tcp://127.0.0.1:{port}")).unwrap())
}

#[test]
fn a_wait_tells_which_reader_is_ready() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (vent, sink) = connected(&ctx);
        let (bowl, dish) = (ctx.socket(Pull).unwrap(), ctx.socket(Pull).unwrap());
        let mut poller = ZPoller::new().unwrap();
        poller.add(&bowl).unwrap();
        poller.add(&dish).unwrap();
        let added = poller.add(&sink).unwrap();
        zstr::send(&vent, "Hello, World").unwrap();

        let which = poller.wait(None).unwrap().unwrap();
        assert!(which.is(&sink) && !which.is(&bowl) && !which.is(&dish));
        assert_eq!(which, added);
        assert!(!poller.expired() && !poller.terminated());
        assert_eq!(zstr::recv(&sink).unwrap(), "Hello, World");

        poller.remove(which).unwrap();
        assert_eq!(poller.remove(which).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(poller.remove_socket(&sink).unwrap_err().kind(), ErrorKind::NotFound);
        zstr::send(&vent, "to nobody").unwrap();
        assert_eq!(poller.wait(Some(Duration::from_millis(20))).unwrap(), None);
        assert!(poller.expired() && !poller.terminated());

        let again = poller.add(&sink).unwrap();
        assert_ne!(again, added);
        assert_eq!(poller.wait(None).unwrap(), Some(again));
        poller.remove_socket(&sink).unwrap();
        assert_eq!(poller.remove(again).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn readers_that_are_ready_take_turns() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let pairs = [connected(&ctx), connected(&ctx), connected(&ctx)];
        let mut poller = ZPoller::new().unwrap();
        for (vent, sink) in &pairs {
            poller.add(sink).unwrap();
            for _ in 0..1000 {
                zstr::send(vent, "x").unwrap();
            }
        }
        // All are ready from here on.
        for (_, sink) in &pairs {
            assert!(ZSock::poll(sink, None).unwrap());
        }
        let mut turns = [0; 3];
        for _ in 0..300 {
            let which = poller.wait(None).unwrap().unwrap();
            let turn = pairs.iter().position(|(_, sink)| which.is(sink)).unwrap();
            turns[turn] += 1;
            zstr::recv(&pairs[turn].1).unwrap();
        }
        assert!(turns.iter().all(|turns| *turns >= 50), "{turns:?}");
    });
}

#[test]
fn a_socket_may_be_given_away_and_actors_are_readers() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (vent, sink) = connected(&ctx);
        let (other_vent, shared) = connected(&ctx);
        let shared = Rc::new(shared);
        let actor = ZActor::new(&ctx, |_, pipe| {
            ZSock::signal(&pipe, 0)?;
            zstr::send(&pipe, "from the actor")?;
            zstr::recv(&pipe).map(drop)
        })
        .unwrap();
        let mut poller = ZPoller::new().unwrap();
        let given = poller.add(sink).unwrap();
        poller.add(Rc::clone(&shared)).unwrap();
        poller.add(actor.sock()).unwrap();
        assert!(poller.wait(None).unwrap().unwrap().is(actor.sock()));
        assert_eq!(zstr::recv(&actor).unwrap(), "from the actor");
        zstr::send(&other_vent, "x").unwrap();
        assert!(poller.wait(None).unwrap().unwrap().is(&*shared));
        zstr::recv(&shared).unwrap();
        zstr::send(&vent, "x").unwrap();
        assert_eq!(poller.wait(None).unwrap(), Some(given));
        poller.remove(given).unwrap();
        assert_eq!(poller.add(shared.as_ref()).unwrap_err().kind(), ErrorKind::InvalidInput);
    });
}

#[cfg(unix)]
#[test]
fn a_file_descriptor_is_a_reader() {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    within(|| {
        let (mut one, other) = UnixStream::pair().unwrap();
        let mut poller = ZPoller::new().unwrap();
        let added = poller.add_fd(&other).unwrap();
        assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
        one.write_all(b"x").unwrap();
        assert_eq!(poller.wait(None).unwrap(), Some(added));
        poller.remove(added).unwrap();
        assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
    });
}

#[test]
fn the_end_of_the_context_terminates() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let sink = ctx.socket(Pull).unwrap();
        let mut poller = ZPoller::new().unwrap();
        poller.add(&sink).unwrap();
        drop(ctx);
        assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Terminated);
        assert!(poller.terminated() && !poller.expired());
    });
}

/// In a process of its own, as the interrupt is the whole program's.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_terminates_what_is_not_nonstop() {
    common::process::in_child("an_interrupt_terminates_what_is_not_nonstop", || {
        within(|| {
            let ctx = ZCtx::new().unwrap();
            let (vent, sink) = connected(&ctx);
            let mut poller = ZPoller::new().unwrap();
            zsys::set_interrupted(true);
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            assert!(poller.terminated() && !poller.expired());
            poller.add(&sink).unwrap();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);

            poller.set_nonstop(true).unwrap();
            assert_eq!(poller.wait(Some(Duration::from_millis(10))).unwrap(), None);
            assert!(poller.expired() && !poller.terminated());
            zstr::send(&vent, "last words").unwrap();
            assert!(poller.wait(None).unwrap().unwrap().is(&sink));
            assert_eq!(zstr::recv_nowait(&sink).unwrap(), "last words");
            poller.set_nonstop(false).unwrap();
            assert_eq!(poller.wait(None).unwrap_err().kind(), ErrorKind::Interrupted);
            zsys::set_interrupted(false);
            assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
        });
    });
}
