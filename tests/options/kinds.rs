//! Options that can be set and not read, most of them on some kinds of sockets alone.

use std::time::Duration;

use zmqx::options::RouterNotify;
use zmqx::{
    Any, Capability, Dealer, ErrorKind, Kind, Pair, Pub, Pull, Rep, Req, Router, Socket,
    SocketKind, Stream, Sub, XPub, XSub, has, version,
};

use crate::{is_there, secs, socket};

/// What can be set, and not read.
macro_rules! set_only {
    ($set:ident on $kind:ident: $($value:expr),+ $(,)?) => {
        #[test]
        fn $set() {
            if is_there(&stringify!($set).replace("set_", "ZMQ_").to_uppercase()) {
                let socket = socket($kind);
                $(socket.$set($value).unwrap();)+
            } else {
                // The kind may not be there either.
                let socket = socket(Dealer);
                $(assert_eq!(socket.$set($value).unwrap_err().kind(), ErrorKind::Unsupported);)+
            }
        }
    };
    ($set:ident on $kind:ident not $other:ident: $first:expr $(, $value:expr)* $(,)?) => {
        set_only!($set on $kind: $first $(, $value)*);

        mod $set {
            use super::*;

            #[test]
            fn not_on_another_kind() {
                let name = stringify!($set).replace("set_", "ZMQ_").to_uppercase();
                let error = socket($other).$set($first).unwrap_err();
                if is_there(&name) {
                    assert_eq!(error.kind(), ErrorKind::InvalidInput);
                    let kind = SocketKind::from($other);
                    assert_eq!(error.to_string(), format!("set {name}: not an option of a {kind} socket"));
                } else {
                    assert_eq!(error.kind(), ErrorKind::Unsupported);
                }
            }
        }
    };
}

set_only!(set_connect_routing_id on Router not Dealer: "peer");
set_only!(set_ipc_filter_gid on Rep: Some(1000), None);
set_only!(set_ipc_filter_pid on Rep: Some(u32::MAX), None);
set_only!(set_ipc_filter_uid on Rep: Some(0), None);
set_only!(set_probe_router on Req not Pub: true, false);
set_only!(set_req_correlate on Req not Dealer: true, false);
set_only!(set_req_relaxed on Req not Dealer: true, false);
set_only!(set_router_handover on Router not Dealer: true, false);
set_only!(set_router_mandatory on Router not Dealer: true, false);
set_only!(set_router_raw on Router not Dealer: true);
set_only!(set_stream_notify on Stream not Dealer: false, true);
set_only!(set_tcp_accept_filter on Rep: Some("10.0.0.0/8"), Some("127.0.0.1"), None);
set_only!(set_xpub_manual on XPub not Sub: true, false);
set_only!(set_xpub_nodrop on XPub not Sub: true, false);
set_only!(set_xpub_verbose on XPub not Sub: true, false);
set_only!(set_xpub_verboser on XPub not Sub: true, false);
set_only!(set_xpub_welcome_msg on XPub not Sub: "welcome", "");

// The draft API's.
set_only!(set_busy_poll on Dealer: true, false);
set_only!(set_disconnect_msg on Router: "gone", "");
set_only!(set_hello_msg on Dealer: "hello", "");
set_only!(set_hiccup_msg on Dealer: "hiccup", "");
set_only!(set_metadata on Pub: "X-key:value", "X-k:a:b");
set_only!(set_only_first_subscribe on XSub not Dealer: true, false);
set_only!(set_router_notify on Router not Dealer: RouterNotify::all(), RouterNotify::empty());
set_only!(set_wss_cert_pem on Rep: Some("certificate"), None);
set_only!(set_wss_hostname on Req: Some("localhost"), None);
set_only!(set_wss_key_pem on Rep: Some("key"), None);
set_only!(set_wss_trust_pem on Req: Some("certificate"), None);
set_only!(set_wss_trust_system on Req: true, false);
set_only!(set_xpub_manual_last_value on XPub not Sub: true, false);
set_only!(set_xsub_verbose_unsubscribe on XSub not Sub: true, false);

/// All kinds that the libzmq that runs has.
fn kinds() -> impl Iterator<Item = &'static SocketKind> {
    let is_stable = |kind: &SocketKind| *kind as i32 <= SocketKind::Stream as i32;
    SocketKind::ALL
        .iter()
        .filter(|kind| **kind != SocketKind::Stream || version().major > 3)
        .filter(move |kind| is_stable(kind) || has(Capability::Draft))
}

#[test]
fn topics_count() {
    let socket = socket(XSub);
    if !is_there("ZMQ_TOPICS_COUNT") {
        assert_eq!(socket.topics_count().unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    assert_eq!(socket.topics_count().unwrap(), 0);
    socket.subscribe("news").unwrap();
    socket.subscribe("weather").unwrap();
    assert_eq!(socket.topics_count().unwrap(), 2);
}

#[test]
fn every_kind_tells_its_type() {
    for kind in kinds() {
        assert_eq!(socket(*kind).socket_type().unwrap(), *kind);
    }
}

#[test]
fn every_kind_has_the_options_of_all() {
    fn check<K: Kind>(socket: &Socket<K>) {
        socket.set_linger(Some(Duration::ZERO)).unwrap();
        socket.set_sndhwm(7).unwrap();
        socket.set_rcvtimeo(Some(secs(1))).unwrap();
        assert_eq!(socket.linger().unwrap(), Some(Duration::ZERO));
        assert_eq!(socket.sndhwm().unwrap(), 7);
        assert!(!socket.rcvmore().unwrap());
    }
    check(&socket(Pair));
    check(&socket(Pub));
    check(&socket(Pull));
    check(&socket(XSub));
    for kind in kinds() {
        check::<Any>(&socket(*kind));
    }
}
