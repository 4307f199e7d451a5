//! Waiting for events: for a connection, and together with other sockets.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use zmqx::{
    Context, Dealer, ErrorKind, EventKind, MonitorEvents, PollEvents, Poller, Rep, Req, poll,
};

use crate::common::{SOON, TCP, deaf};
use crate::{has_events_of, within};

#[test]
fn a_client_and_a_server_wait_until_they_are_connected() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, client) = (ctx.socket(Rep).unwrap(), ctx.socket(Req).unwrap());
        let at_server = server.monitor(MonitorEvents::all()).unwrap();
        let at_client = client.monitor(MonitorEvents::all()).unwrap();
        client.connect(server.bind(TCP).unwrap()).unwrap();
        let kinds = [&at_client, &at_server].map(|one| one.wait_connected(SOON).unwrap().kind());
        let expected = if has_events_of(4, 3) {
            [EventKind::HandshakeSucceeded; 2]
        } else {
            [EventKind::Connected, EventKind::Accepted]
        };
        assert_eq!(kinds, expected);
    });
}

#[test]
fn a_client_waits_for_a_server_that_comes_late() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let client = ctx.socket(Req).unwrap();
        let monitor = client.monitor(MonitorEvents::all()).unwrap();
        client.connect(format!("tcp://{address}")).unwrap();
        crate::next(&monitor, EventKind::ConnectRetried);
        let server = ctx.socket(Rep).unwrap();
        server.bind(format!("tcp://{address}")).unwrap();
        monitor.wait_connected(SOON).unwrap();
    });
}

#[test]
fn a_peer_that_does_not_shake_hands_is_not_connected() {
    if !has_events_of(4, 3) {
        return;
    }
    within(SOON, || {
        let client = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let client = client.socket(Dealer).unwrap();
        let monitor = client.monitor(MonitorEvents::all()).unwrap();
        let (_listener, endpoint) = deaf();
        client.connect(endpoint).unwrap();
        let error = monitor.wait_connected(Duration::from_millis(200)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn one_that_was_not_asked_for_connections_says_so() {
    within(SOON, || {
        let client = Context::new().unwrap().socket(Req).unwrap();
        let monitor = client.monitor(MonitorEvents::DISCONNECTED).unwrap();
        let error = monitor.wait_connected(SOON).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn a_receive_waits_no_longer_than_it_may() {
    within(SOON, || {
        for ctx in crate::common::both_sorts() {
            let server = ctx.socket(Rep).unwrap();
            let monitor = server.monitor(MonitorEvents::all()).unwrap();
            assert_eq!(monitor.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
            let timeout = Duration::from_millis(20);
            assert_eq!(monitor.recv_timeout(timeout).unwrap_err().kind(), ErrorKind::WouldBlock);
        }
    });
}

#[test]
fn it_is_polled_with_other_sockets() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        {
            let mut items = [server.poll_item(PollEvents::IN), monitor.poll_item(PollEvents::IN)];
            assert_eq!(poll(&mut items, Some(Duration::ZERO)).unwrap(), 0);
            server.bind(TCP).unwrap();
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            assert!(items[1].is_readable());
        }
        assert_eq!(monitor.try_recv().unwrap().kind(), EventKind::Listening);
        let mut items = [monitor.poll_item(PollEvents::IN)];
        assert_eq!(poll(&mut items, Some(Duration::ZERO)).unwrap(), 0);
    });
}

#[test]
fn a_poller_waits_for_it() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::all()).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let client = ctx.socket(Req).unwrap();
        let mut poller = Poller::new().unwrap();
        poller.add(&server, 1, PollEvents::IN).unwrap();
        poller.add(&monitor, 2, PollEvents::IN).unwrap();
        let clients = thread::spawn(move || {
            client.connect(endpoint).unwrap();
            client.send("Hello").unwrap();
            client.recv().unwrap()
        });
        let (mut kinds, mut requests) = (Vec::new(), 0);
        while requests == 0 || !kinds.contains(&EventKind::Disconnected) {
            match poller.wait(Some(SOON)).unwrap().expect("an event").key() {
                1 => {
                    assert_eq!(server.recv().unwrap(), "Hello");
                    server.send("World").unwrap();
                    requests += 1;
                }
                _ => kinds.extend(monitor.try_recv().map(|event| event.kind())),
            }
        }
        assert_eq!(kinds.first(), Some(&EventKind::Listening));
        assert_eq!(clients.join().unwrap(), "World");
    });
}
