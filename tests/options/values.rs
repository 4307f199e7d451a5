//! What single options mean, and what they start with.

use std::time::Duration;

use zmqx::curve::{PublicKey, SecretKey};
use zmqx::options::{Mechanism, RouterNotify};
use zmqx::{
    Context, Dealer, ErrorKind, PollEvents, Pull, Push, Rep, Req, Router, Version, version,
};

use crate::{is_there, millis, secs, socket};

#[test]
fn defaults_are_libzmqs_save_linger() {
    let socket = socket(Dealer);
    assert_eq!(socket.linger().unwrap(), Some(secs(30)));
    assert_eq!(socket.sndhwm().unwrap(), 1000);
    assert_eq!(socket.rcvtimeo().unwrap(), None);
    assert_eq!(socket.reconnect_ivl().unwrap(), Some(millis(100)));
    assert_eq!(socket.maxmsgsize().unwrap(), None);
    assert_eq!(socket.sndbuf().unwrap(), None);
    assert_eq!(socket.tcp_keepalive().unwrap(), None);
    assert_eq!(socket.routing_id().unwrap(), b"");
    assert_eq!(socket.last_endpoint().unwrap(), "");
}

#[test]
fn last_endpoint_has_the_port_and_no_nul() {
    let socket = socket(Rep);
    let endpoint = socket.bind("tcp://127.0.0.1:*").unwrap();
    let last = socket.last_endpoint().unwrap();
    assert_eq!(last, endpoint.as_str());
    assert!(
        last.starts_with("tcp://127.0.0.1:") && !last.ends_with('*') && !last.contains('\0'),
        "{last}"
    );
}

#[test]
fn a_long_endpoint_is_read_whole() {
    let socket = socket(Rep);
    let endpoint = format!("inproc://{}", "x".repeat(3000));
    assert_eq!(socket.bind(&endpoint).unwrap().as_str(), endpoint);
    assert_eq!(socket.last_endpoint().unwrap(), endpoint);
}

#[test]
fn rcvmore_and_events_follow_what_is_received() {
    let ctx = Context::new().unwrap();
    let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
    sink.bind("inproc://sink").unwrap();
    source.connect("inproc://sink").unwrap();
    assert_eq!(sink.events().unwrap(), PollEvents::empty());
    assert_eq!(source.events().unwrap(), PollEvents::OUT);
    source.send_multipart(["a", "b"]).unwrap();
    assert_eq!(sink.events().unwrap(), PollEvents::IN);
    sink.recv().unwrap();
    assert!(sink.rcvmore().unwrap());
    sink.recv().unwrap();
    assert!(!sink.rcvmore().unwrap());
}

#[test]
#[cfg(unix)]
fn fd_is_a_descriptor() {
    assert!(socket(Dealer).fd().unwrap() >= 0);
}

#[test]
fn plain_is_chosen_by_a_name_and_left_by_none() {
    let socket = socket(Dealer);
    if !is_there("ZMQ_MECHANISM") {
        assert_eq!(socket.mechanism().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Null);
    assert_eq!(socket.plain_username().unwrap(), None);
    socket.set_plain_username(Some("alice")).unwrap();
    socket.set_plain_password(Some("secret")).unwrap();
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Plain);
    assert_eq!(socket.plain_username().unwrap().as_deref(), Some("alice"));
    assert_eq!(socket.plain_password().unwrap().as_deref(), Some("secret"));
    socket.set_plain_username(None).unwrap();
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Null);
}

#[test]
fn curve_is_chosen_by_a_key() {
    let socket = socket(Dealer);
    if !is_there("ZMQ_CURVE_SECRETKEY") {
        assert_eq!(socket.curve_secretkey().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    if version() >= (Version { major: 4, minor: 0, patch: 8 }) {
        // Before, what is not set is not cleared.
        assert_eq!(socket.curve_secretkey().unwrap(), SecretKey::from([0; 32]));
    }
    socket.set_curve_secretkey(&SecretKey::from([1; 32])).unwrap();
    socket.set_curve_publickey(&PublicKey::from([2; 32])).unwrap();
    socket.set_curve_serverkey(&PublicKey::from([3; 32])).unwrap();
    assert_eq!(socket.curve_secretkey().unwrap(), SecretKey::from([1; 32]));
    assert_eq!(socket.curve_publickey().unwrap(), PublicKey::from([2; 32]));
    assert_eq!(socket.curve_serverkey().unwrap(), PublicKey::from([3; 32]));
    assert_eq!(socket.mechanism().unwrap(), Mechanism::Curve);
}

#[test]
fn a_socks_proxy_is_set_and_taken_away() {
    let socket = socket(Dealer);
    if !is_there("ZMQ_SOCKS_PROXY") {
        assert_eq!(socket.socks_proxy().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    assert_eq!(socket.socks_proxy().unwrap(), None);
    let long = format!("{}.example:1080", "x".repeat(2000));
    for address in ["10.0.0.1:1080", &long] {
        socket.set_socks_proxy(Some(address)).unwrap();
        assert_eq!(socket.socks_proxy().unwrap().as_deref(), Some(address));
    }
    socket.set_socks_proxy(None).unwrap();
    assert_eq!(socket.socks_proxy().unwrap(), None);
}

#[test]
fn a_socks_proxy_wants_a_name_and_a_password() {
    let socket = socket(Dealer);
    if !is_there("ZMQ_SOCKS_USERNAME") {
        assert_eq!(socket.socks_username().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    socket.set_socks_username(Some("alice")).unwrap();
    socket.set_socks_password(Some("secret")).unwrap();
    assert_eq!(socket.socks_username().unwrap().as_deref(), Some("alice"));
    assert_eq!(socket.socks_password().unwrap().as_deref(), Some("secret"));
    socket.set_socks_username(None).unwrap();
    assert_eq!(socket.socks_username().unwrap(), None);
}

#[test]
fn a_router_is_told_of_what_was_asked_for() {
    let socket = socket(Router);
    if !is_there("ZMQ_ROUTER_NOTIFY") {
        assert_eq!(socket.router_notify().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    assert_eq!(socket.router_notify().unwrap(), RouterNotify::empty());
    socket.set_router_notify(RouterNotify::CONNECT).unwrap();
    assert_eq!(socket.router_notify().unwrap(), RouterNotify::CONNECT);
}

#[test]
fn a_device_is_set_and_taken_away() {
    let socket = socket(Dealer);
    if !is_there("ZMQ_BINDTODEVICE") {
        // 4.2.3 and later have it as a draft.
        return;
    }
    assert_eq!(socket.bindtodevice().unwrap(), None);
    socket.set_bindtodevice(Some("lo")).unwrap();
    assert_eq!(socket.bindtodevice().unwrap().as_deref(), Some("lo"));
    socket.set_bindtodevice(None).unwrap();
    assert_eq!(socket.bindtodevice().unwrap(), None);
}

#[test]
fn a_heartbeat_timeout_that_was_never_set_is_none() {
    let socket = socket(Dealer);
    if is_there("ZMQ_HEARTBEAT_TIMEOUT") {
        assert_eq!(socket.heartbeat_timeout().unwrap(), None);
        socket.set_heartbeat_timeout(secs(2)).unwrap();
        assert_eq!(socket.heartbeat_timeout().unwrap(), Some(secs(2)));
        socket.set_heartbeat_timeout(Duration::ZERO).unwrap();
        assert_eq!(socket.heartbeat_timeout().unwrap(), Some(Duration::ZERO));
    }
}

#[test]
fn identity_is_the_routing_id() {
    let socket = socket(Dealer);
    socket.set_identity("worker-1").unwrap();
    assert_eq!(socket.routing_id().unwrap(), b"worker-1");
    assert_eq!(socket.identity().unwrap(), b"worker-1");
}

#[test]
#[cfg(unix)]
fn a_listening_descriptor_is_used_by_bind() {
    use std::net::TcpListener;
    use std::os::fd::AsRawFd as _;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    let number = listener.as_raw_fd();
    let ctx = Context::new().unwrap();
    let server = ctx.socket(Rep).unwrap();
    if !is_there("ZMQ_USE_FD") {
        assert_eq!(
            server.set_use_fd(Some(listener.into())).unwrap_err().kind(),
            ErrorKind::Unsupported
        );
        return;
    }
    assert_eq!(server.use_fd().unwrap(), None);
    server.set_use_fd(Some(listener.into())).unwrap();
    assert_eq!(server.use_fd().unwrap(), Some(number));
    assert_eq!(server.bind(&endpoint).unwrap().as_str(), endpoint);
    // libzmq has it, and another bind is not to close it a second time.
    assert_eq!(server.use_fd().unwrap(), None);
    assert_ne!(server.bind("tcp://127.0.0.1:*").unwrap().as_str(), endpoint);

    let client = ctx.socket(Req).unwrap();
    client.connect(&endpoint).unwrap();
    client.send("hello").unwrap();
    server.set_rcvtimeo(Some(secs(5))).unwrap();
    assert_eq!(server.recv().unwrap(), "hello");
}

#[test]
#[cfg(unix)]
fn a_descriptor_that_no_bind_used_is_closed() {
    use std::net::{TcpListener, TcpStream};

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let ctx = Context::new().unwrap();
    let server = ctx.socket(Rep).unwrap();
    if !is_there("ZMQ_USE_FD") {
        return;
    }
    server.set_use_fd(Some(listener.into())).unwrap();
    server.bind("inproc://listens-at-no-descriptor").unwrap();
    assert!(TcpStream::connect(address).is_ok(), "it is kept");
    server.set_use_fd(None).unwrap();
    assert!(TcpStream::connect(address).is_err(), "it is closed");
}
