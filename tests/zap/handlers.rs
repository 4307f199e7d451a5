//! Handlers that are slow, absent, or dead: nobody new gets in, and those who are in are served.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use zmqx::curve::KeyPair;
use zmqx::zap::{Credentials, Handler, Reply};
use zmqx::{Context, ErrorKind, EventKind, PollEvents, Poller, poll};

use crate::common::{SOON, has_monitors, in_child, interruptible, runs_with, within};
use crate::{Server, enforce, has_curve, known};

#[test]
fn while_a_handler_is_slow_only_those_who_are_in_are_served() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let server = Server::curve(&ctx);
        let keys = KeyPair::new().unwrap();
        let first = server.curve_client("first", &keys);
        let request = handler.recv_timeout(SOON).unwrap();
        assert_eq!(request.credentials(), &Credentials::Curve(keys.public));
        handler.reply(request, Reply::accept("first")).unwrap();
        server.expects("first");

        let _second = server.curve_client("second", &keys);
        let waiting = handler.recv_timeout(SOON).unwrap();
        for _ in 0..100 {
            first.send("more").unwrap();
            server.expects("more");
        }
        server.is_empty();
        handler.reply(waiting, Reply::accept("second")).unwrap();
        server.expects("second");
    });
}

#[test]
fn without_a_handler_no_one_gets_in_where_domains_are_enforced() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let mut enforces = false;
        let server = Server::curve_with(&ctx, |socket| {
            enforces = enforce(socket);
            if enforces {
                // By telling the monitor, libzmq may forget that it was to close the connection.
                socket.set_handshake_ivl(Some(Duration::from_millis(300))).unwrap();
            }
        });
        let keys = KeyPair::new().unwrap();
        let client = server.curve_client("nobody", &keys);
        if !enforces {
            // As the docs say.
            server.expects("nobody");
            return;
        }
        server.keeps_out();
        // From then on that there is one, it is asked.
        let _handler = known(&ctx, &[("nobody", keys.public)]);
        server.expects("nobody");
        drop(client);
    });
}

#[test]
fn without_a_handler_a_plain_server_lets_no_one_in() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let server = Server::plain(&Context::new().unwrap());
        let _client = server.plain_client("alice", "secret");
        if runs_with(4, 2, 3) {
            server.keeps_out();
        } else {
            // As the docs say.
            server.expects("alice");
        }
    });
}

#[test]
fn a_handler_that_a_panic_has_dropped_lets_no_one_in_until_the_next_takes_over() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let server = Server::curve(&ctx);
        let keys = KeyPair::new().unwrap();
        let first = server.curve_client("first", &keys);
        let request = handler.recv_timeout(SOON).unwrap();
        handler.reply(request, Reply::accept("first")).unwrap();
        server.expects("first");

        let dying = catch_unwind(AssertUnwindSafe(move || {
            let _handler = handler;
            panic!("the handler dies, as it is to");
        }));
        assert!(dying.is_err());
        let _second = server.curve_client("second", &keys);
        // The server has begun to shake hands with it, and goes on serving.
        while server.monitor.recv_timeout(SOON).unwrap().kind() != EventKind::Accepted {}
        while server.monitor.recv_timeout(SOON).unwrap().kind() != EventKind::Accepted {}
        for _ in 0..100 {
            first.send("more").unwrap();
            server.expects("more");
        }

        let handler = Handler::bind(&ctx).unwrap();
        let request = handler.recv_timeout(SOON).unwrap();
        server.is_empty();
        handler.reply(request, Reply::accept("second")).unwrap();
        server.expects("second");
    });
}

#[test]
fn a_panic_about_one_client_is_no_other_clients() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let decide = |request: &zmqx::zap::Request| match request.credentials() {
            Credentials::Plain { username, .. } if username == "mallory" => {
                panic!("the handler panics, as it is to")
            }
            _ => Reply::accept("anybody"),
        };
        let _handler = Handler::bind(&ctx).unwrap().spawn(decide).unwrap();
        let server = Server::plain(&ctx);
        let mallory = server.plain_client("mallory", "secret");
        let event = server.keeps_out();
        assert!(event.zap_status().is_none_or(|status| status == 500), "{event:?}");
        drop(mallory);
        let _alice = server.plain_client("alice", "secret");
        server.expects("alice");
    });
}

#[test]
fn a_context_has_one_handler() {
    if !runs_with(4, 0, 0) {
        let error = Handler::bind(&Context::new().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        return;
    }
    let ctx = Context::new().unwrap();
    let handler = Handler::bind(&ctx).unwrap();
    let error = Handler::bind(&ctx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().starts_with("bind ZAP handler"), "{error}");
    drop(handler);
    if runs_with(4, 1, 0) {
        Handler::bind(&ctx).unwrap();
    } else {
        // libzmq's own thread gives the endpoint free.
        crate::common::wait_until("it is free", || Handler::bind(&ctx).is_ok());
    }
}

#[test]
fn a_service_ends_when_it_is_dropped_or_its_context_shut_down() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        for ctx in crate::common::both_sorts() {
            let service = Handler::bind(&ctx).unwrap().spawn(|_| Reply::deny("no")).unwrap();
            drop(service);
            let bind = || Handler::bind(&ctx).ok();
            let handler = std::iter::repeat_with(bind).flatten().next().unwrap();
            let service = handler.spawn(|_| Reply::deny("no")).unwrap();
            ctx.shutdown().unwrap();
            drop(service);
            ctx.term().unwrap();
        }
    });
}

#[test]
fn an_interrupt_ends_a_loop_but_no_service() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let handler = Handler::bind(&ctx).unwrap();
        interrupt.trigger();
        let ended = handler.serve(|_| Reply::accept("anybody")).unwrap_err();
        assert_eq!(ended.kind(), ErrorKind::Interrupted);
        let server = Server::plain(&ctx);
        let _service = handler.spawn(|_| Reply::accept("anybody")).unwrap();
        let _client = server.plain_client("alice", "secret");
        crate::common::wait_until("the client is in", || server.socket.try_recv().is_ok());
    });
}

#[test]
fn a_handler_is_polled_as_a_socket_is() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        assert_eq!(handler.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        let server = Server::plain(&ctx);
        let _client = server.plain_client("alice", "secret");
        assert_eq!(poll(&mut [handler.poll_item(PollEvents::IN)], None).unwrap(), 1);
        let mut poller = Poller::new().unwrap();
        poller.add(&handler, 1, PollEvents::IN).unwrap();
        assert_eq!(poller.wait(None).unwrap().expect("a request").key(), 1);
        let request = handler.try_recv().unwrap();
        assert_eq!(request.mechanism(), "PLAIN");
        handler.reply(request, Reply::accept("alice")).unwrap();
        server.expects("alice");
    });
}

#[test]
fn a_handler_may_run_on_any_thread() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let serving = thread::spawn(move || handler.serve(|_| Reply::accept("")).unwrap_err());
        let server = Server::plain(&ctx);
        let _client = server.plain_client("alice", "secret");
        server.expects("alice");
        ctx.shutdown().unwrap();
        assert_eq!(serving.join().unwrap().kind(), ErrorKind::Terminated);
    });
}

/// libzmq asserts that a PLAIN server which enforces domains has one, when the first client connects.
#[test]
fn a_plain_server_that_enforces_domains_wants_one() {
    if !has_monitors() {
        return;
    }
    in_child("handlers::a_plain_server_that_enforces_domains_wants_one", || {
        let ctx = Context::new().unwrap();
        let mut enforces = false;
        let server = Server::new(&ctx, |socket| {
            enforces = enforce(socket);
            match socket.set_plain_server(true) {
                Err(error) if enforces => {
                    assert_eq!(error.kind(), ErrorKind::BadState);
                    socket.set_zap_domain("test").unwrap();
                    socket.set_plain_server(true).unwrap();
                }
                done => assert!(done.is_ok() && !enforces, "{done:?}"),
            }
        });
        if enforces {
            let _client = server.plain_client("alice", "secret");
            server.keeps_out();
            let socket = ctx.socket(zmqx::Rep).unwrap();
            socket.set_plain_server(true).unwrap();
            let error = socket.set_zap_enforce_domain(true).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadState);
        }
    });
}
