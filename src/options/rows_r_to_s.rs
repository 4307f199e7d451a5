//! The options from ZMQ_RATE to ZMQ_SUBSCRIBE.

use std::time::Duration;

use zmq_sys_ext as numbers;

options! {
    /// how fast multicast data may go, in kilobits a second.
    ///
    /// 100 by default. It is for pgm and epgm.
    ZMQ_RATE as Size { rate() -> usize, set_rate(usize) } all "3.2";

    /// the size of the system's receive buffer of each connection, in bytes.
    ///
    /// `None` (-1, and before libzmq 4.2 it was 0), the default, leaves it to the system.
    ZMQ_RCVBUF as Buffer { rcvbuf() -> Option<usize>, set_rcvbuf(Option<usize>) } all "3.2";

    /// how many messages of each peer may wait to be received.
    ///
    /// 1000 by default; 0 is any number. What happens above it depends on the kind of socket.
    ZMQ_RCVHWM as Size { rcvhwm() -> usize, set_rcvhwm(usize) } all "3.2";

    /// Returns whether more frames of the message that was received last follow.
    ///
    /// [`Message::has_more`](crate::Message::has_more) tells the same of a frame.
    ZMQ_RCVMORE as Flag { rcvmore() -> bool } all "3.2";

    /// how long a receive waits.
    ///
    /// Milliseconds in libzmq; `None` (-1), the default, is for ever. When the time is up, the error is
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ZMQ_RCVTIMEO as Forever { rcvtimeo() -> Option<Duration>, set_rcvtimeo(Option<Duration>) } all "3.2";

    /// how long to wait before a lost peer is connected to again.
    ///
    /// Milliseconds in libzmq, 100 by default, and varied a little; `None` (-1) never connects again.
    ZMQ_RECONNECT_IVL as Forever {
        reconnect_ivl() -> Option<Duration>, set_reconnect_ivl(Option<Duration>)
    } all "3.2";

    /// the longest wait before a lost peer is connected to again.
    ///
    /// Milliseconds in libzmq. The wait doubles with each attempt up to this; with `None` (0), the default, it
    /// stays [`reconnect_ivl`](crate::Socket::reconnect_ivl).
    ZMQ_RECONNECT_IVL_MAX as ZeroIsNone {
        reconnect_ivl_max() -> Option<Duration>, set_reconnect_ivl_max(Option<Duration>)
    } all "3.2";

    /// how long a multicast receiver may be away without losing data.
    ///
    /// Milliseconds in libzmq, 10 seconds by default. The sender keeps as much in memory. It is for pgm and epgm.
    ZMQ_RECOVERY_IVL as Millis { recovery_ivl() -> Duration, set_recovery_ivl(Duration) } all "3.2";

    /// Sets whether each request carries a number, by which its reply is known.
    ///
    /// Off by default. Replies to other requests are then dropped.
    ZMQ_REQ_CORRELATE as Flag { set_req_correlate(bool) } [Req] "4.0";

    /// Sets whether a request may be sent before the last one was answered.
    ///
    /// Off by default. The late reply is dropped, for which
    /// [`set_req_correlate`](crate::Socket::set_req_correlate) is to be on too.
    ZMQ_REQ_RELAXED as Flag { set_req_relaxed(bool) } [Req] "4.0";

    /// Sets whether a peer with the routing id of another takes its place.
    ///
    /// Off by default: the newcomer is refused. It is for clients that come back before their loss was noticed.
    ZMQ_ROUTER_HANDOVER as Flag { set_router_handover(bool) } [Router] "4.1";

    /// Sets whether a message to an unknown peer is an error.
    ///
    /// Off by default: the message is dropped. When on, the error is
    /// [`HostUnreachable`](crate::ErrorKind::HostUnreachable), and a send to a peer whose queue is full waits.
    ZMQ_ROUTER_MANDATORY as Flag { set_router_mandatory(bool) } [Router] "3.2";

    /// Sets whether the socket speaks raw TCP.
    ///
    /// Off by default. A [`Stream`](crate::Stream) socket is today's way.
    ZMQ_ROUTER_RAW as Flag { set_router_raw(bool) } [Router] "4.0";

    /// the id by which a ROUTER at the other end knows this socket.
    ///
    /// Empty by default, and the ROUTER makes one up. 1 to 255 bytes, of which the first is not 0, and no other
    /// peer's. Libzmq before 4.2.1 calls it ZMQ_IDENTITY.
    ZMQ_ROUTING_ID as RoutingId {
        routing_id() -> Vec<u8>, set_routing_id(impl AsRef<[u8]>)
    } [Req Rep Dealer Router] "3.2";

    /// the size of the system's send buffer of each connection, in bytes.
    ///
    /// `None` (-1, and before libzmq 4.2 it was 0), the default, leaves it to the system.
    ZMQ_SNDBUF as Buffer { sndbuf() -> Option<usize>, set_sndbuf(Option<usize>) } all "3.2";

    /// how many messages may wait to be sent to each peer.
    ///
    /// 1000 by default; 0 is any number. Above it a send waits, or the message is dropped, as the kind of socket has
    /// it.
    ZMQ_SNDHWM as Size { sndhwm() -> usize, set_sndhwm(usize) } all "3.2";

    /// how long a send waits.
    ///
    /// Milliseconds in libzmq; `None` (-1), the default, is for ever. When the time is up, the error is
    /// [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ZMQ_SNDTIMEO as Forever { sndtimeo() -> Option<Duration>, set_sndtimeo(Option<Duration>) } all "3.2";

    /// the address of the SOCKS5 proxy through which TCP connects go.
    ///
    /// As "10.0.0.1:1080"; `None`, the default, is no proxy.
    ZMQ_SOCKS_PROXY as Address { socks_proxy() -> Option<String>, set_socks_proxy(Option<&str>) } all "4.1";

    /// Sets whether an empty message tells of each peer that comes or goes.
    ///
    /// On by default.
    ZMQ_STREAM_NOTIFY as Flag { set_stream_notify(bool) } [Stream] "4.2";

    /// Adds a subscription: [`Socket::subscribe`](crate::Socket::subscribe).
    ZMQ_SUBSCRIBE { subscribe } [Sub XSub] "3.2";
}
