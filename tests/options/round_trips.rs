//! What is set can be read again, an option a line.

use std::time::Duration;

use zmqx::options::{GssapiNameType, ReconnectStop};
use zmqx::{Dealer, ErrorKind};

use crate::{is_there, millis, secs, socket};

/// What is set can be read again; where libzmq does not have the option, both are Unsupported.
macro_rules! round_trip {
    ($get:ident, $set:ident: $($value:expr),+ $(,)?) => {
        #[test]
        fn $get() {
            let socket = socket(Dealer);
            if is_there(concat!("ZMQ_", stringify!($get)).to_uppercase().as_str()) {
                socket.$get().unwrap();
                $(
                    socket.$set($value).unwrap();
                    assert_eq!(socket.$get().unwrap(), $value);
                )+
            } else {
                assert_eq!(socket.$get().unwrap_err().kind(), ErrorKind::Unsupported);
                $(assert_eq!(socket.$set($value).unwrap_err().kind(), ErrorKind::Unsupported);)+
            }
        }
    };
}

round_trip!(affinity, set_affinity: 1, u64::MAX, 0);
round_trip!(backlog, set_backlog: 0, 1, 4096);
round_trip!(conflate, set_conflate: true, false);
round_trip!(connect_timeout, set_connect_timeout: Some(millis(1)), None);
round_trip!(curve_server, set_curve_server: true, false);
round_trip!(gssapi_plaintext, set_gssapi_plaintext: true, false);
round_trip!(gssapi_principal, set_gssapi_principal: "alice@EXAMPLE");
round_trip!(gssapi_principal_nametype, set_gssapi_principal_nametype: GssapiNameType::UserName);
round_trip!(gssapi_server, set_gssapi_server: true);
round_trip!(gssapi_service_principal, set_gssapi_service_principal: "zmq@example.org");
round_trip!(
    gssapi_service_principal_nametype,
    set_gssapi_service_principal_nametype: GssapiNameType::Krb5Principal, GssapiNameType::HostBased
);
round_trip!(handshake_ivl, set_handshake_ivl: None, Some(secs(1)));
round_trip!(heartbeat_ivl, set_heartbeat_ivl: Some(secs(1)), None);
round_trip!(heartbeat_ttl, set_heartbeat_ttl: Some(millis(100)), Some(millis(655_300)), None);
round_trip!(identity, set_identity: b"a");
round_trip!(immediate, set_immediate: true, false);
round_trip!(invert_matching, set_invert_matching: true, false);
round_trip!(ipv4only, set_ipv4only: false, true);
round_trip!(ipv6, set_ipv6: true, false);
round_trip!(linger, set_linger: None, Some(Duration::ZERO), Some(millis(i32::MAX as u64)));
round_trip!(maxmsgsize, set_maxmsgsize: None, Some(0), Some(0x7FFF_FFFF));
round_trip!(multicast_hops, set_multicast_hops: 1, 255);
round_trip!(multicast_maxtpdu, set_multicast_maxtpdu: 1400);
round_trip!(plain_server, set_plain_server: true, false);
round_trip!(rate, set_rate: 1, 1_000_000);
round_trip!(rcvbuf, set_rcvbuf: Some(65_536), None);
round_trip!(rcvhwm, set_rcvhwm: 0, 1, i32::MAX as usize);
round_trip!(rcvtimeo, set_rcvtimeo: None, Some(Duration::ZERO), Some(secs(1)));
round_trip!(reconnect_ivl, set_reconnect_ivl: None, Some(millis(1)));
round_trip!(reconnect_ivl_max, set_reconnect_ivl_max: Some(secs(30)), None);
round_trip!(recovery_ivl, set_recovery_ivl: Duration::ZERO, secs(60));
round_trip!(routing_id, set_routing_id: b"a", b"\x01\x00\xFF", &[b'x'; 255]);
round_trip!(sndbuf, set_sndbuf: Some(65_536), None);
round_trip!(sndhwm, set_sndhwm: 0, 1, i32::MAX as usize);
round_trip!(sndtimeo, set_sndtimeo: None, Some(Duration::ZERO), Some(secs(1)));
round_trip!(tcp_keepalive, set_tcp_keepalive: Some(true), Some(false), None);
round_trip!(tcp_keepalive_cnt, set_tcp_keepalive_cnt: Some(1), None);
round_trip!(tcp_keepalive_idle, set_tcp_keepalive_idle: Some(secs(1)), None);
round_trip!(tcp_keepalive_intvl, set_tcp_keepalive_intvl: Some(secs(1)), None);
round_trip!(tcp_maxrt, set_tcp_maxrt: Some(secs(1)), None);
round_trip!(tos, set_tos: 0x28, 255, 0);
round_trip!(vmci_buffer_max_size, set_vmci_buffer_max_size: 1 << 20);
round_trip!(vmci_buffer_min_size, set_vmci_buffer_min_size: 64);
round_trip!(vmci_buffer_size, set_vmci_buffer_size: 1 << 16);
round_trip!(vmci_connect_timeout, set_vmci_connect_timeout: Some(secs(1)));
round_trip!(zap_domain, set_zap_domain: "global");

// The draft API's.
round_trip!(in_batch_size, set_in_batch_size: 4096);
round_trip!(loopback_fastpath, set_loopback_fastpath: true, false);
round_trip!(multicast_loop, set_multicast_loop: false, true);
round_trip!(out_batch_size, set_out_batch_size: 4096);
round_trip!(priority, set_priority: 6, 0);
round_trip!(
    reconnect_stop,
    set_reconnect_stop: ReconnectStop::CONN_REFUSED | ReconnectStop::HANDSHAKE_FAILED, ReconnectStop::empty()
);
round_trip!(zap_enforce_domain, set_zap_enforce_domain: true, false);
