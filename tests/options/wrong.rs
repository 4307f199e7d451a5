//! Wrong options and values, and the errors that say so.

use std::time::Duration;

use zmqx::{Capability, Context, Dealer, ErrorKind, Rep, Version, has, version};

use crate::{is_there, millis, secs, socket};

fn assert_invalid<T: std::fmt::Debug>(done: zmqx::Result<T>, text: &str) {
    let error = done.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_duration_too_long_names_the_option() {
    let socket = socket(Dealer);
    let long = millis(1 << 31);
    assert_invalid(
        socket.set_linger(Some(long)),
        "set ZMQ_LINGER: 2147483.648s is longer than libzmq can wait",
    );
    for done in [
        socket.set_rcvtimeo(Some(Duration::MAX)),
        socket.set_sndtimeo(Some(long)),
        socket.set_reconnect_ivl_max(Some(long)),
        socket.set_recovery_ivl(long),
        socket.set_tcp_keepalive_idle(Some(secs(1 << 31))),
    ] {
        assert_eq!(done.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let text = "set ZMQ_HEARTBEAT_TTL: 6554s is longer than 6553.5s";
    assert_invalid(socket.set_heartbeat_ttl(Some(secs(6554))), text);
    assert_eq!(socket.linger().unwrap(), Some(secs(30)));
}

#[test]
fn a_part_of_a_millisecond_is_rounded_up() {
    let socket = socket(Dealer);
    socket.set_linger(Some(Duration::from_nanos(1))).unwrap();
    assert_eq!(socket.linger().unwrap(), Some(millis(1)));
    socket.set_tcp_keepalive_idle(Some(millis(1001))).unwrap();
    assert_eq!(socket.tcp_keepalive_idle().unwrap(), Some(secs(2)));
    if is_there("ZMQ_HEARTBEAT_TTL") {
        socket.set_heartbeat_ttl(Some(millis(101))).unwrap();
        assert_eq!(socket.heartbeat_ttl().unwrap(), Some(millis(200)));
    }
}

#[test]
fn a_zero_that_would_mean_none_is_refused() {
    let socket = socket(Dealer);
    let zero = Some(Duration::ZERO);
    let text = "set ZMQ_HANDSHAKE_IVL: 0 is out of range; None switches it off";
    assert_invalid(socket.set_handshake_ivl(zero), text);
    let text = "set ZMQ_TCP_KEEPALIVE_INTVL: 0 is out of range; None is the system's own";
    assert_invalid(socket.set_tcp_keepalive_intvl(zero), text);
    for done in [
        socket.set_connect_timeout(zero),
        socket.set_heartbeat_ivl(zero),
        socket.set_heartbeat_ttl(zero),
        socket.set_reconnect_ivl_max(zero),
        socket.set_tcp_keepalive_cnt(Some(0)),
        socket.set_tcp_keepalive_idle(zero),
        socket.set_tcp_maxrt(zero),
    ] {
        assert_eq!(done.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn a_number_out_of_range_is_told() {
    let socket = socket(Dealer);
    assert_invalid(socket.set_rate(0), "set ZMQ_RATE to 0: invalid argument");
    assert_invalid(socket.set_multicast_hops(0), "set ZMQ_MULTICAST_HOPS to 0: invalid argument");
    let large = usize::MAX;
    assert_invalid(
        socket.set_sndhwm(large),
        &format!("set ZMQ_SNDHWM: {large} is more than libzmq takes"),
    );
    assert_eq!(socket.set_maxmsgsize(Some(large)).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(socket.set_rcvbuf(Some(1 << 31)).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_routing_id_out_of_range_is_refused() {
    let socket = socket(Dealer);
    assert_invalid(socket.set_routing_id(""), "set ZMQ_ROUTING_ID: no bytes at all");
    assert_invalid(
        socket.set_routing_id([b'x'; 256]),
        "set ZMQ_ROUTING_ID: 256 bytes, which is more than 255",
    );
    assert_invalid(
        socket.set_identity("\0a"),
        "set ZMQ_IDENTITY: it begins with a zero byte, as only libzmq's own do",
    );
    assert_eq!(socket.routing_id().unwrap(), b"");
}

#[test]
fn a_text_with_nul_is_refused() {
    let socket = socket(Dealer);
    assert_invalid(socket.set_zap_domain("a\0b"), "set ZMQ_ZAP_DOMAIN: NUL at byte 1 of the text");
    assert_invalid(socket.set_plain_username(Some("")), "set ZMQ_PLAIN_USERNAME: an empty text");
    assert_invalid(
        socket.set_tcp_accept_filter(Some("127.0.0.1\0")),
        "set ZMQ_TCP_ACCEPT_FILTER: NUL at byte 9 of the text",
    );
    for done in [
        socket.set_bindtodevice(Some("a\0b")),
        socket.set_bindtodevice(Some("an-interface-of-a-long-name")),
        socket.set_gssapi_principal("\0"),
        socket.set_socks_proxy(Some("a\0b")),
        socket.set_plain_username(Some(&"x".repeat(256))),
        socket.set_zap_domain(""),
    ] {
        assert_eq!(done.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn metadata_without_a_name_and_a_value_is_refused() {
    let socket = socket(Dealer);
    for text in ["", "X-key", "key:value", "X-:value", "X-key:", "X-key:a\0b"] {
        assert_eq!(
            socket.set_metadata(text).unwrap_err().kind(),
            ErrorKind::InvalidInput,
            "{text:?}"
        );
    }
    let long = format!("X-{}:value", "k".repeat(254));
    assert_invalid(
        socket.set_metadata(long),
        "set ZMQ_METADATA: a name of 256 bytes, which is more than 255",
    );
}

#[test]
fn a_text_that_libzmq_refuses_is_told() {
    let error = socket(Rep).set_tcp_accept_filter(Some("nonsense")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "set ZMQ_TCP_ACCEPT_FILTER to \"nonsense\": invalid argument");
}

#[test]
fn a_password_is_in_no_error() {
    let socket = socket(Dealer);
    for password in ["hunter2\0", &"hunter2".repeat(100)] {
        let error = socket.set_plain_password(Some(password)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    // Which not every libzmq knows.
    for password in ["hunter2\0", "hunter2", &"hunter2".repeat(10_000)] {
        let set =
            [socket.set_socks_password(Some(password)), socket.set_wss_key_pem(Some(password))];
        for error in set.into_iter().filter_map(Result::err) {
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}

#[test]
fn what_libzmq_was_built_without_is_unsupported() {
    let socket = socket(Dealer);
    if version() >= (Version { major: 4, minor: 2, patch: 0 }) && !has(Capability::Vmci) {
        let error = socket.set_vmci_buffer_size(1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(
            error.to_string(),
            "set ZMQ_VMCI_BUFFER_SIZE: this libzmq was built without VMCI"
        );
        assert_eq!(socket.vmci_connect_timeout().unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[test]
fn what_came_later_says_since_when() {
    let socket = socket(Dealer);
    if version() < (Version { major: 4, minor: 2, patch: 0 }) {
        let error = socket.set_tcp_maxrt(Some(secs(1))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        let text = format!("set ZMQ_TCP_MAXRT: not known to libzmq {} (since 4.2)", version());
        assert_eq!(error.to_string(), text);
    }
    if version() < (Version { major: 4, minor: 3, patch: 3 }) {
        let error = socket.reconnect_stop().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        let text =
            format!("get ZMQ_RECONNECT_STOP: not known to libzmq {} (since 4.3.3)", version());
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn after_shutdown_an_option_is_terminated() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Dealer).unwrap();
    ctx.shutdown().unwrap();
    assert_eq!(socket.set_sndhwm(1).unwrap_err().kind(), ErrorKind::Terminated);
    assert_eq!(socket.sndhwm().unwrap_err().kind(), ErrorKind::Terminated);
    assert_eq!(socket.last_endpoint().unwrap_err().kind(), ErrorKind::Terminated);
}
