//! Each event is brought about once, save `CloseFailed`: a descriptor whose close(2) fails cannot be had.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use zmqx::{Context, Dealer, ErrorKind, EventKind, MonitorEvents, ProtocolError, Rep, Req, Socket};

use crate::common::{SOON, TCP, has_monitors};
use crate::{has_events_of, next, within};

fn server(ctx: &Context) -> (Socket<Rep>, zmqx::Monitor, String) {
    let server = ctx.socket(Rep).unwrap();
    let monitor = server.monitor(MonitorEvents::all()).unwrap();
    let endpoint = server.bind(TCP).unwrap();
    let listening = next(&monitor, EventKind::Listening);
    // Before, it is the endpoint that was asked for.
    if has_events_of(4, 3) {
        assert_eq!(listening.endpoint(), endpoint.as_str());
    }
    assert!(listening.endpoint().starts_with("tcp://127.0.0.1:") && listening.fd().is_some());
    (server, monitor, endpoint.to_string())
}

/// A plain TCP connection to a zmq endpoint.
fn plain(endpoint: &str) -> TcpStream {
    TcpStream::connect(endpoint.trim_start_matches("tcp://")).unwrap()
}

/// An endpoint where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("tcp://{}", listener.local_addr().unwrap())
}

#[test]
fn a_connection_is_told_from_its_beginning_to_its_end() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, at_server, endpoint) = server(&ctx);
        let client = ctx.socket(Req).unwrap();
        let at_client = client.monitor(MonitorEvents::all()).unwrap();
        client.connect(&endpoint).unwrap();

        let delayed = next(&at_client, EventKind::ConnectDelayed);
        assert_eq!(delayed.error(), Some(ErrorKind::Other(libc::EINPROGRESS)));
        let connected = next(&at_client, EventKind::Connected);
        assert!(connected.endpoint() == endpoint && connected.fd().is_some(), "{connected:?}");
        let accepted = next(&at_server, EventKind::Accepted);
        assert!(accepted.fd().is_some(), "{accepted:?}");
        if has_events_of(4, 3) {
            next(&at_client, EventKind::HandshakeSucceeded);
            next(&at_server, EventKind::HandshakeSucceeded);
        }

        drop(client);
        assert!(next(&at_server, EventKind::Disconnected).fd().is_some());
        server.unbind(&endpoint).unwrap();
        assert!(next(&at_server, EventKind::Closed).fd().is_some());
    });
}

#[test]
fn the_end_of_the_socket_is_the_last_event() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, mut monitor, _) = server(&ctx);
        drop(server);
        next(&monitor, EventKind::MonitorStopped);
        assert!(monitor.by_ref().all(|event| event.kind() == EventKind::Closed));
        for _ in 0..2 {
            let error = monitor.recv().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Disconnected);
            assert_eq!(error.to_string(), "receive event: its socket is closed");
            assert_eq!(monitor.try_recv().unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn what_does_not_connect_is_retried_after_an_interval() {
    within(SOON, || {
        let client = Context::new().unwrap().socket(Dealer).unwrap();
        client.set_reconnect_ivl(Some(Duration::from_millis(50))).unwrap();
        let monitor = client.monitor(MonitorEvents::all()).unwrap();
        let endpoint = nobody();
        client.connect(&endpoint).unwrap();
        let retried = next(&monitor, EventKind::ConnectRetried);
        // libzmq adds a random part to it.
        let interval = retried.interval().unwrap();
        assert!((50..=100).contains(&interval.as_millis()), "{interval:?}");
        assert_eq!(retried.endpoint(), endpoint);
        assert_eq!(retried.fd(), None);
    });
}

#[test]
fn what_cannot_be_bound_is_told_with_the_reason() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (_server, _, endpoint) = server(&ctx);
        let second = ctx.socket(Rep).unwrap();
        let monitor = second.monitor(MonitorEvents::BIND_FAILED).unwrap();
        let error = second.bind(&endpoint).unwrap_err();
        if error.kind() != ErrorKind::AddrInUse {
            // By telling the monitor, libzmq may have forgotten it.
            assert_eq!(error.kind(), ErrorKind::Other(libc::EIO));
            let reason = "libzmq tells the reason to the socket's Monitor alone";
            assert_eq!(error.to_string(), format!("bind {endpoint:?}: {reason}"));
        }
        let failed = monitor.recv().unwrap();
        assert_eq!(failed.kind(), EventKind::BindFailed);
        assert_eq!(failed.error(), Some(ErrorKind::AddrInUse));
        assert!(endpoint.ends_with(failed.endpoint()), "{failed:?}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_cannot_be_accepted_is_told_with_the_reason() {
    if !has_monitors() {
        return;
    }
    use std::fs::File;

    crate::common::in_child(
        "events::a_connection_that_cannot_be_accepted_is_told_with_the_reason",
        || {
            let ctx = Context::new().unwrap();
            let (server, monitor, endpoint) = server(&ctx);
            let limit = libc::rlimit { rlim_cur: 100, rlim_max: 100 };
            // SAFETY: setrlimit(2) only reads it.
            let rc = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
            assert_eq!(rc, 0);
            let mut held: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
            // The one that is left is the client's.
            held.pop();
            let client = plain(&endpoint);
            let failed = next(&monitor, EventKind::AcceptFailed);
            assert_eq!(failed.error(), Some(ErrorKind::TooManySockets));
            drop(held);
            next(&monitor, EventKind::Accepted);
            drop((client, server));
        },
    );
}

#[test]
fn a_peer_that_goes_in_the_middle_of_the_handshake_is_told() {
    if !has_events_of(4, 3) {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, monitor, endpoint) = server(&ctx);
        drop(plain(&endpoint));
        next(&monitor, EventKind::Accepted);
        next(&monitor, EventKind::HandshakeFailedNoDetail);
        drop(server);
    });
}

/// ZMTP's greeting: its signature, version 3.0, a mechanism, and 32 bytes that say nothing here.
fn greeting(mechanism: &str) -> Vec<u8> {
    let mut greeting = b"\xFF\0\0\0\0\0\0\0\x01\x7F\x03\0".to_vec();
    greeting.extend(mechanism.bytes().chain(std::iter::repeat(0)).take(20));
    greeting.extend([0; 32]);
    greeting
}

#[test]
fn a_peer_that_does_not_keep_to_the_protocol_is_told_with_what_was_wrong() {
    if !has_events_of(4, 3) {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, monitor, endpoint) = server(&ctx);
        let rubbish: [(&str, &[u8], ProtocolError); 3] = [
            ("RUBBISH", b"", ProtocolError::ZmtpMechanismMismatch),
            ("NULL", b"\x04\x08\x07RUBBISH", ProtocolError::ZmtpUnexpectedCommand),
            ("NULL", b"\x04\x06\x05ERROR", ProtocolError::ZmtpMalformedError),
        ];
        for (mechanism, command, expected) in rubbish {
            let mut peer = plain(&endpoint);
            peer.write_all(&greeting(mechanism)).unwrap();
            peer.write_all(command).unwrap();
            let failed = next(&monitor, EventKind::HandshakeFailedProtocol);
            assert_eq!(failed.protocol_error(), Some(expected), "{mechanism} {command:?}");
            // The server has hung up; what it sent before may be lost with that.
            let _ = peer.read_to_end(&mut Vec::new());
        }
        // And it is there for those who can speak.
        let client = ctx.socket(Req).unwrap();
        client.connect(&endpoint).unwrap();
        client.send("Hello").unwrap();
        assert_eq!(server.recv().unwrap(), "Hello");
    });
}

#[test]
fn only_what_was_asked_for_comes() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let server = ctx.socket(Rep).unwrap();
        let monitor = server.monitor(MonitorEvents::DISCONNECTED).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let client = ctx.socket(Req).unwrap();
        client.connect(endpoint).unwrap();
        client.send("Hello").unwrap();
        assert_eq!(server.recv().unwrap(), "Hello");
        drop(client);
        assert_eq!(monitor.recv().unwrap().kind(), EventKind::Disconnected);
        drop(server);
        assert_eq!(monitor.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    });
}
