//! The options of libzmq 4.3's draft API. Some of them are there without it.

use super::types::{ReconnectStop, RouterNotify};

/// Their numbers, which `zmq.h` shows to those alone who ask for drafts.
mod numbers {
    pub(super) const ZMQ_ZAP_ENFORCE_DOMAIN: i32 = 93;
    pub(super) const ZMQ_LOOPBACK_FASTPATH: i32 = 94;
    pub(super) const ZMQ_METADATA: i32 = 95;
    pub(super) const ZMQ_MULTICAST_LOOP: i32 = 96;
    pub(super) const ZMQ_ROUTER_NOTIFY: i32 = 97;
    pub(super) const ZMQ_XPUB_MANUAL_LAST_VALUE: i32 = 98;
    pub(super) const ZMQ_SOCKS_USERNAME: i32 = 99;
    pub(super) const ZMQ_SOCKS_PASSWORD: i32 = 100;
    pub(super) const ZMQ_IN_BATCH_SIZE: i32 = 101;
    pub(super) const ZMQ_OUT_BATCH_SIZE: i32 = 102;
    pub(super) const ZMQ_WSS_KEY_PEM: i32 = 103;
    pub(super) const ZMQ_WSS_CERT_PEM: i32 = 104;
    pub(super) const ZMQ_WSS_TRUST_PEM: i32 = 105;
    pub(super) const ZMQ_WSS_HOSTNAME: i32 = 106;
    pub(super) const ZMQ_WSS_TRUST_SYSTEM: i32 = 107;
    pub(super) const ZMQ_ONLY_FIRST_SUBSCRIBE: i32 = 108;
    pub(super) const ZMQ_RECONNECT_STOP: i32 = 109;
    pub(super) const ZMQ_HELLO_MSG: i32 = 110;
    pub(super) const ZMQ_DISCONNECT_MSG: i32 = 111;
    pub(super) const ZMQ_PRIORITY: i32 = 112;
    pub(super) const ZMQ_BUSY_POLL: i32 = 113;
    pub(super) const ZMQ_HICCUP_MSG: i32 = 114;
    pub(super) const ZMQ_XSUB_VERBOSE_UNSUBSCRIBE: i32 = 115;
    pub(super) const ZMQ_TOPICS_COUNT: i32 = 116;
}

options! {
    /// Sets whether the system is to poll the network device for what comes (SO_BUSY_POLL).
    ///
    /// Off by default. It trades processor time for latency.
    ZMQ_BUSY_POLL as Flag { set_busy_poll(bool) } all "4.3.5 (draft)" Draft;

    /// Sets the message that is received, as if from a peer, when that peer is gone.
    ///
    /// None by default; an empty one switches it off. It goes well with
    /// [`heartbeat_ivl`](crate::Socket::heartbeat_ivl).
    ZMQ_DISCONNECT_MSG as Binary { set_disconnect_msg(impl AsRef<[u8]>) } [Router; Server Peer] "4.3.3 (draft)" Draft;

    /// Sets the message that each new peer is sent first.
    ///
    /// None by default; an empty one switches it off.
    ZMQ_HELLO_MSG as Binary { set_hello_msg(impl AsRef<[u8]>) } [Router Dealer; Client Server Peer] "4.3.3 (draft)" Draft;

    /// Sets the message that is received, as if from a peer, when the connection to that peer breaks and is to be made again.
    ///
    /// None by default; an empty one switches it off. It is for the socket that connects, and goes well with
    /// [`heartbeat_ivl`](crate::Socket::heartbeat_ivl).
    ZMQ_HICCUP_MSG as Binary { set_hiccup_msg(impl AsRef<[u8]>) } [Dealer; Client Peer] "4.3.5 (draft)" Draft;

    /// how many bytes are read from the system at a time.
    ///
    /// 8192 by default. It is for those who weigh latency against throughput.
    ZMQ_IN_BATCH_SIZE as Size { in_batch_size() -> usize, set_in_batch_size(usize) } all "4.3.2 (draft)" Draft;

    /// whether TCP on Windows takes its fast path to the same machine.
    ///
    /// Off by default; both ends are to have it set.
    ZMQ_LOOPBACK_FASTPATH as Flag {
        loopback_fastpath() -> bool, set_loopback_fastpath(bool)
    } all "4.2.4 (draft)";

    /// Adds a property that peers are told, as "X-key:value".
    ///
    /// The name begins with "X-" and has at most 255 bytes. Each call adds one; peers read it by
    /// [`Message::property`](crate::Message::property).
    ZMQ_METADATA as Property { set_metadata(impl AsRef<str>) } all "4.2.4 (draft)";

    /// whether multicast packets come back to this machine.
    ///
    /// On by default. It is for UDP multicast.
    ZMQ_MULTICAST_LOOP as Flag { multicast_loop() -> bool, set_multicast_loop(bool) } all "4.3 (draft)";

    /// Sets whether only the first frame of a multipart message can be a subscription.
    ///
    /// Off by default: each frame can.
    ZMQ_ONLY_FIRST_SUBSCRIBE as Flag { set_only_first_subscribe(bool) } [XSub XPub] "4.3.3 (draft)";

    /// how many bytes are written to the system at a time.
    ///
    /// 8192 by default. It is for those who weigh latency against throughput.
    ZMQ_OUT_BATCH_SIZE as Size { out_batch_size() -> usize, set_out_batch_size(usize) } all "4.3.2 (draft)" Draft;

    /// the priority of the packets that are sent (SO_PRIORITY).
    ///
    /// 0 by default. Linux wants CAP_NET_ADMIN for more than 6.
    ZMQ_PRIORITY as Size { priority() -> usize, set_priority(usize) } all "4.3.4 (draft)" Draft;

    /// what makes the socket give up on a peer that it has lost.
    ///
    /// Nothing by default. It is for ports that are another's when they come back.
    ZMQ_RECONNECT_STOP as Stops {
        reconnect_stop() -> ReconnectStop, set_reconnect_stop(ReconnectStop)
    } all "4.3.3 (draft)";

    /// what a ROUTER is told of by an empty message.
    ///
    /// Of nothing by default.
    ZMQ_ROUTER_NOTIFY as Notices {
        router_notify() -> RouterNotify, set_router_notify(RouterNotify)
    } [Router] "4.3 (draft)" Draft;

    /// the password at the SOCKS5 proxy.
    ///
    /// 1 to 255 bytes; `None` is none.
    ZMQ_SOCKS_PASSWORD as Password {
        socks_password() -> Option<String>, set_socks_password(Option<&str>)
    } all "4.3.2 (draft)";

    /// the user name at the SOCKS5 proxy.
    ///
    /// 1 to 255 bytes; `None`, the default, goes without authentication.
    ZMQ_SOCKS_USERNAME as Name {
        socks_username() -> Option<String>, set_socks_username(Option<&str>)
    } all "4.3.2 (draft)";

    /// how many prefixes are subscribed to, by the socket or by its peers.
    ZMQ_TOPICS_COUNT as Size { topics_count() -> usize } [Pub XPub Sub XSub] "4.3.5 (draft)";

    /// Sets the certificate of a wss server, as PEM.
    ///
    /// None by default.
    ZMQ_WSS_CERT_PEM as Address { set_wss_cert_pem(Option<&str>) } all "4.3.3 (draft)" Wss;

    /// Sets the name that a wss client wants the server's certificate to have.
    ///
    /// None by default, and then it is not looked at.
    ZMQ_WSS_HOSTNAME as Address { set_wss_hostname(Option<&str>) } all "4.3.3 (draft)" Wss;

    /// Sets the secret key of a wss server, as PEM.
    ///
    /// None by default.
    ZMQ_WSS_KEY_PEM as SecretText { set_wss_key_pem(Option<&str>) } all "4.3.3 (draft)" Wss;

    /// Sets the certificates that a wss client trusts, as PEM.
    ///
    /// None by default.
    ZMQ_WSS_TRUST_PEM as Address { set_wss_trust_pem(Option<&str>) } all "4.3.3 (draft)" Wss;

    /// Sets whether a wss client trusts the certificates that the system does.
    ///
    /// Off by default.
    ZMQ_WSS_TRUST_SYSTEM as Flag { set_wss_trust_system(bool) } all "4.3.3 (draft)" Wss;

    /// Sets whether the program decides what a subscription subscribes to.
    ///
    /// Off by default. It is [`set_xpub_manual`](crate::Socket::set_xpub_manual), save that the first message after it
    /// goes to the last subscriber alone.
    ZMQ_XPUB_MANUAL_LAST_VALUE as Flag { set_xpub_manual_last_value(bool) } [XPub] "4.3.2 (draft)";

    /// Sets whether an XSUB passes on every unsubscription, and not the last of a prefix alone.
    ///
    /// Off by default.
    ZMQ_XSUB_VERBOSE_UNSUBSCRIBE as Flag { set_xsub_verbose_unsubscribe(bool) } [XSub] "4.3.5 (draft)" Draft;

    /// Returns whether nobody is let in without a [ZAP handler](crate::zap).
    ///
    /// Off by default.
    ZMQ_ZAP_ENFORCE_DOMAIN as Flag {
        zap_enforce_domain() -> bool; set_zap_enforce_domain
    } all "4.2.3 (draft)";
}
