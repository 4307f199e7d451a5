//! Who binds, who connects, and when: in any order, several times, and again elsewhere.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::path::Path;
use std::time::Duration;

use zmqx::{Context, ErrorKind, Message, Pub, Pull, Push, Rep, Req, Sub};

use common::{SOON, TCP, connect, inproc, ipc, over_each, runs_with, wait_until, within};

/// Whether an endpoint whose listener is about to end may be bound again. Before 4.2.3 that one removes the file of an
/// ipc endpoint at its end, whosever it is by then.
fn is_free(endpoint: impl AsRef<str>) -> bool {
    let file = endpoint.as_ref().strip_prefix("ipc://");
    runs_with(4, 2, 3) || file.is_none_or(|file| !Path::new(file).exists())
}

#[test]
fn a_client_may_come_before_its_server() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let name = ipc();
        for endpoint in [&inproc()[..], name.as_ref()] {
            let client = ctx.socket(Req).unwrap();
            if endpoint.starts_with("inproc") && !runs_with(4, 0, 0) {
                let error = client.connect(endpoint).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                continue;
            }
            client.connect(endpoint).unwrap();
            // A send returns before anything is there to take it. Over inproc, before 4.0.5, a REP takes it for the
            // client's identity.
            let is_lost = endpoint.starts_with("inproc") && !runs_with(4, 0, 5);
            if !is_lost {
                client.send("Hello").unwrap();
            }
            let server = ctx.socket(Rep).unwrap();
            server.bind(endpoint).unwrap();
            if is_lost {
                client.send("Hello").unwrap();
            }
            assert_eq!(server.recv().unwrap(), "Hello");
            server.send("World").unwrap();
            assert_eq!(client.recv().unwrap(), "World");
        }
    });
}

#[test]
fn a_subscriber_may_come_before_its_publisher_and_outlive_it() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let name = ipc();
        let subscriber = ctx.socket(Sub).unwrap();
        subscriber.subscribe("").unwrap();
        subscriber.connect(&name).unwrap();
        for life in ["first", "second"] {
            let publisher = ctx.socket(Pub).unwrap();
            wait_until("the name is free", || {
                is_free(name.as_ref()) && publisher.bind(&name).is_ok()
            });
            wait_until("it is heard", || {
                publisher.send(life).unwrap();
                subscriber.recv_timeout(Duration::from_millis(1)).is_ok_and(|update| update == life)
            });
        }
    });
}

#[test]
fn one_socket_may_have_several_endpoints() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let sink = ctx.socket(Pull).unwrap();
        let name = ipc();
        let endpoints = [
            sink.bind(TCP).unwrap(),
            sink.bind(TCP).unwrap(),
            sink.bind(&name).unwrap(),
            sink.bind(inproc()).unwrap(),
        ];
        for endpoint in &endpoints {
            connect(&ctx, Push, endpoint).send(endpoint.as_str()).unwrap();
            assert_eq!(sink.recv().unwrap(), *endpoint.as_str());
        }
        let source = ctx.socket(Push).unwrap();
        for endpoint in &endpoints {
            source.connect(endpoint).unwrap();
        }
        for number in 0..8 {
            source.send(number.to_string()).unwrap();
        }
        let mut received: Vec<_> = (0..8).map(|_| sink.recv().unwrap()).collect();
        received.sort();
        assert_eq!(
            received,
            (0..8).map(|number| Message::from(number.to_string())).collect::<Vec<_>>()
        );
    });
}

#[test]
fn each_of_several_wildcards_can_be_unbound_by_itself() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let sink = ctx.socket(Pull).unwrap();
        let endpoints = [TCP, TCP, "tcp://*:*", TCP].map(|wildcard| sink.bind(wildcard).unwrap());
        let [first, second, third, fourth] = &endpoints;
        assert!(first != second && second != fourth && first != fourth);
        sink.unbind(second).unwrap();
        assert_eq!(sink.unbind(second).unwrap_err().kind(), ErrorKind::NotFound);
        let again = ctx.socket(Pull).unwrap();
        wait_until("it is free", || again.bind(second).is_ok());
        for endpoint in [first, fourth] {
            connect(&ctx, Push, endpoint).send(endpoint.as_str()).unwrap();
            assert_eq!(sink.recv().unwrap(), *endpoint.as_str());
        }
        for endpoint in [fourth, third, first] {
            sink.unbind(endpoint).unwrap();
            wait_until("it is free", || again.bind(endpoint).is_ok());
        }
        // It can begin anew.
        let endpoint = sink.bind(TCP).unwrap();
        connect(&ctx, Push, &endpoint).send("Hello").unwrap();
        assert_eq!(sink.recv().unwrap(), "Hello");
    });
}

#[test]
fn an_endpoint_can_be_bound_again_after_unbind() {
    over_each(|ctx, endpoint| {
        let first = ctx.socket(Pull).unwrap();
        let endpoint = first.bind(endpoint).unwrap();
        if endpoint.transport() != "ipc" {
            let taken = ctx.socket(Pull).unwrap().bind(&endpoint).unwrap_err();
            assert_eq!(taken.kind(), ErrorKind::AddrInUse);
        }
        if endpoint.transport() == "inproc" && !runs_with(4, 1, 0) {
            assert_eq!(first.unbind(&endpoint).unwrap_err().kind(), ErrorKind::Unsupported);
            return;
        }
        first.unbind(&endpoint).unwrap();
        assert_eq!(first.unbind(&endpoint).unwrap_err().kind(), ErrorKind::NotFound);
        let second = ctx.socket(Pull).unwrap();
        wait_until("it is free", || is_free(&endpoint) && second.bind(&endpoint).is_ok());
        connect(ctx, Push, &endpoint).send("Hello").unwrap();
        assert_eq!(second.recv().unwrap(), "Hello");
        assert!(first.try_recv().is_err());
    });
}

/// libzmq takes the file over from whoever was bound there.
#[test]
#[cfg(unix)]
fn two_binds_to_one_ipc_endpoint_end_together() {
    within(SOON, || {
        let socket = Context::new().unwrap().socket(Pull).unwrap();
        let endpoint = ipc();
        socket.bind(&endpoint).unwrap();
        socket.bind(&endpoint).unwrap();
        socket.unbind(&endpoint).unwrap();
        assert_eq!(socket.unbind(&endpoint).unwrap_err().kind(), ErrorKind::NotFound);
    });
}

#[test]
fn a_socket_can_disconnect_and_connect_elsewhere() {
    over_each(|ctx, endpoint| {
        let (first, second) = (ctx.socket(Pull).unwrap(), ctx.socket(Pull).unwrap());
        let one = first.bind(endpoint).unwrap();
        let other = second.bind(TCP).unwrap();
        let source = connect(ctx, Push, &one);
        source.send("one").unwrap();
        assert_eq!(first.recv().unwrap(), "one");
        if one.transport() == "inproc" && !runs_with(4, 0, 0) {
            assert_eq!(source.disconnect(&one).unwrap_err().kind(), ErrorKind::Unsupported);
            return;
        }
        source.disconnect(&one).unwrap();
        assert_eq!(source.disconnect(&one).unwrap_err().kind(), ErrorKind::NotFound);
        source.connect(&other).unwrap();
        // On 3.2 some may still go to the old peer.
        wait_until("it goes elsewhere", || {
            source.send("other").unwrap();
            runs_with(4, 0, 0) || second.recv_timeout(Duration::from_millis(5)).is_ok()
        });
        if runs_with(4, 0, 0) {
            assert_eq!(second.recv().unwrap(), "other");
        }
    });
}

#[test]
fn inproc_names_belong_to_their_context() {
    within(SOON, || {
        let (ours, theirs) = (Context::new().unwrap(), Context::new().unwrap());
        let name = inproc();
        let first = ours.socket(Pull).unwrap();
        let second = theirs.socket(Pull).unwrap();
        first.bind(&name).unwrap();
        second.bind(&name).unwrap();
        let source = theirs.socket(Push).unwrap();
        source.connect(&name).unwrap();
        source.send("Hello").unwrap();
        assert_eq!(second.recv().unwrap(), "Hello");
        assert!(first.try_recv().is_err());
    });
}
