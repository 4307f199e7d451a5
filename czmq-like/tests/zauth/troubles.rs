//! A `ZAuth` that is slow, absent or dead, and frames that are no requests: nobody new gets in, and who is in is served.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;

use czmq_like::prelude::*;
use zmqx::EventKind;

use crate::common::{SOON, runs_with, wait_until, within};
use crate::{Server, Site, curve_and_monitors_or_skip, monitors_or_skip};

/// A CURVE server, with a `ZAuth` whose store does so before each lookup.
fn guarded(load: impl FnMut(&mut ZCertStore) + Send + 'static) -> (ZCtx, ZAuth, Server, ZCert) {
    let ctx = ZCtx::new().unwrap();
    let mut store = ZCertStore::in_memory();
    store.set_loader(load);
    let auth = ZAuth::with_store(&ctx, store).unwrap();
    let cert = ZCert::new().unwrap();
    let server = Server::curve(&ctx, &cert);
    (ctx, auth, server, cert)
}

#[test]
fn while_a_store_is_slow_only_those_who_are_in_are_served() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let alice = ZCert::new().unwrap();
        let (known, (tell, told), (go, gone)) = (alice.clone(), channel(), channel());
        let mut calls = 0;
        let (_ctx, _auth, server, cert) = guarded(move |store| {
            store.insert(known.clone());
            calls += 1;
            // The first call is when it is set, the second about the first client.
            if calls == 3 {
                tell.send(()).unwrap();
                gone.recv().unwrap();
            }
        });
        let client = |name| server.curve_client(name, &alice, cert.public_key());
        let first = client("first");
        server.expects("first");
        let _second = client("second");
        told.recv().unwrap();
        for _ in 0..100 {
            first.send("more").unwrap();
            server.expects("more");
        }
        server.is_empty();
        go.send(()).unwrap();
        server.expects("second");
    });
}

#[test]
fn a_store_that_panics_lets_that_client_not_in_and_the_next_one() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let alice = ZCert::new().unwrap();
        let known = alice.clone();
        let mut calls = 0;
        let (_ctx, _auth, server, cert) = guarded(move |store| {
            calls += 1;
            assert!(calls != 2, "the store panics, as it is to");
            store.empty();
            if calls == 3 {
                store.insert(known.clone());
            }
        });
        let client = server.curve_client("alice", &alice, cert.public_key());
        let event = server.keeps_out();
        assert!(event.zap_status().is_none_or(|status| status == 500), "{event:?}");
        drop(client);
        let again = server.curve_client("again", &alice, cert.public_key());
        server.expects("again");
        drop(again);
        // It is asked, as before.
        server.denies(server.curve_client("alice", &alice, cert.public_key()));
    });
}

#[test]
fn a_plain_server_lets_no_one_in_before_there_is_one() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = Server::plain(&ctx);
        let client = server.plain_client("admin", "secret");
        if runs_with(4, 2, 3) {
            server.keeps_out();
        } else {
            // As the docs of zmqx::zap say.
            server.expects("admin");
        }
        drop(client);
    });
}

#[test]
fn one_that_a_panic_has_dropped_lets_no_one_in_until_the_next_takes_over() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let Site { server, auth, _ctx: ctx, server_cert, alice, folder } = Site::new();
        let client = |name| server.curve_client(name, &alice, server_cert.public_key());
        let first = client("first");
        server.expects("first");
        let dying = catch_unwind(AssertUnwindSafe(move || {
            let _auth = auth;
            panic!("its owner dies, as it is to");
        }));
        assert!(dying.is_err());

        let _second = client("second");
        // The server has begun to shake hands with it, and goes on serving.
        for _ in 0..2 {
            while server.monitor.recv_timeout(SOON).unwrap().kind() != EventKind::Accepted {}
        }
        for _ in 0..100 {
            first.send("more").unwrap();
            server.expects("more");
        }
        server.is_empty();

        let auth = ZAuth::new(&ctx).unwrap();
        auth.curve(folder.path().to_str().unwrap()).unwrap();
        // The one that waited was perhaps answered before the next knew anybody.
        let _third = client("third");
        wait_until("alice is in again", || server.socket.recv_timeout(SOON).unwrap() == "third");
    });
}

#[test]
fn the_end_of_its_context_is_its_end() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        let shadow = ctx.shadow();
        drop(ctx);
        assert_eq!(auth.verbose().unwrap_err().kind(), ErrorKind::Terminated);
        drop(auth);
        assert_eq!(ZAuth::new(&shadow).unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn frames_that_are_no_requests_change_nothing() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let site = Site::new();
        let rogue = site._ctx.socket(Dealer).unwrap();
        rogue.connect("inproc://zeromq.zap.01").unwrap();
        let key = site.alice.public_key();
        let head =
            |mechanism: &str| ZMsg::from(["", "1.0", "7", "global", "127.0.0.1", "", mechanism]);
        let with = |mechanism: &str, frames: &[&[u8]]| {
            let mut msg = head(mechanism);
            frames.iter().for_each(|frame| msg.addmem(frame));
            msg
        };
        let long = vec![b'x'; 1 << 20];
        let hostile = [
            ZMsg::from([""]),
            ZMsg::from(["rubbish"]),
            ZMsg::from(["", "1.0"]),
            ZMsg::from(["", "2.0", "7", "global", "127.0.0.1", "", "NULL"]),
            head("RUBBISH"),
            head(""),
            with("CURVE", &[]),
            with("CURVE", &[b"short"]),
            with("CURVE", &[&key.as_bytes()[..31]]),
            with("CURVE", &[key.as_bytes(), b"more"]),
            with("CURVE", &[&long]),
            with("CURVE", &[&[0; 32]]),
            with("PLAIN", &[b"admin"]),
            with("PLAIN", &[b"\xFF", b"\0"]),
            with("PLAIN", &[b"", b""]),
            with("PLAIN", &[&long, &long]),
            with("GSSAPI", &[b"\xFF"]),
        ];
        let answered = hostile.len() - 3;
        for msg in hostile {
            msg.send(&rogue).unwrap();
        }
        for _ in 0..answered {
            let reply: Vec<_> = ZMsg::recv(&rogue).unwrap().into_iter().collect();
            assert!(reply[3].streq("400") || reply[3].streq("500"), "{reply:?}");
        }
        site.serves();
        site.server.denies(site.client("mallory", &ZCert::new().unwrap()));
    });
}
