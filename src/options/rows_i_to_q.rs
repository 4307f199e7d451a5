//! The options from ZMQ_IMMEDIATE to ZMQ_PROBE_ROUTER.

use std::time::Duration;

use zmq_sys_ext as numbers;

use super::types::Mechanism;

options! {
    /// whether messages are queued for completed connections alone.
    ///
    /// Off by default: messages also wait for peers that are still being connected to. It is for REQ, PUSH and DEALER
    /// with several peers, whose messages shall not wait for one that is away. 3.2 calls it
    /// ZMQ_DELAY_ATTACH_ON_CONNECT.
    ZMQ_IMMEDIATE as Flag { immediate() -> bool, set_immediate(bool) } all "3.2";

    /// whether subscriptions say what is not wanted.
    ///
    /// Off by default. A PUB that has it set wants it set on each of its SUBs.
    ZMQ_INVERT_MATCHING as Flag { invert_matching() -> bool, set_invert_matching(bool) } [Pub Sub XPub] "4.2";

    /// whether the socket uses IPv6 beside IPv4.
    ///
    /// Off by default; [`ContextBuilder::ipv6`](crate::ContextBuilder::ipv6) changes that for a context. On libzmq 3.2
    /// it is the contrary of ZMQ_IPV4ONLY.
    ZMQ_IPV6 as Flag { ipv6() -> bool, set_ipv6(bool) } all "3.2";

    /// Returns the endpoint that the socket was bound or connected to last.
    ///
    /// It has the port that a `*` became; empty where there was none. [`bind`](crate::Socket::bind) returns it too.
    ZMQ_LAST_ENDPOINT as Text { last_endpoint() -> String } all "3.2";

    /// how long messages that are still to be sent outlive the socket.
    ///
    /// Milliseconds in libzmq; `None` (-1) is for ever, zero drops them at once. A context's sockets start with what
    /// [`ContextBuilder::linger`](crate::ContextBuilder::linger) says, 30 seconds by default, and not with libzmq's
    /// for ever.
    ZMQ_LINGER as Forever { linger() -> Option<Duration>, set_linger(Option<Duration>) } all "3.2";

    /// the largest message that is received, in bytes.
    ///
    /// `None` (-1), the default, is any. A peer that sends a larger one is disconnected. It is for servers that
    /// strangers reach.
    ZMQ_MAXMSGSIZE as Limit { maxmsgsize() -> Option<usize>, set_maxmsgsize(Option<usize>) } all "3.2";

    /// Returns the security mechanism that the other options have chosen.
    ///
    /// [`Null`](Mechanism::Null) by default.
    ZMQ_MECHANISM as MechanismNumber { mechanism() -> Mechanism } all "4.0";

    /// how many routers a multicast packet may pass.
    ///
    /// 1 by default, which is none: it stays on the local network. It is for pgm and epgm.
    ZMQ_MULTICAST_HOPS as Size { multicast_hops() -> usize, set_multicast_hops(usize) } all "3.2";

    /// the largest multicast packet that is sent, in bytes.
    ///
    /// 1500 by default. It must not exceed the MTU of any network on the way. It is for pgm and epgm.
    ZMQ_MULTICAST_MAXTPDU as Size { multicast_maxtpdu() -> usize, set_multicast_maxtpdu(usize) } all "4.2";

    /// the password of a PLAIN client.
    ///
    /// 1 to 255 bytes; setting it chooses PLAIN, and `None` goes back to the mechanism NULL. What was set before can
    /// still be read.
    ZMQ_PLAIN_PASSWORD as Password {
        plain_password() -> Option<String>, set_plain_password(Option<&str>)
    } all "4.0";

    /// Returns whether the socket is a PLAIN server.
    ///
    /// Off by default. Names and passwords are checked by a [ZAP handler](crate::zap).
    ZMQ_PLAIN_SERVER as Flag { plain_server() -> bool; set_plain_server } all "4.0";

    /// the user name of a PLAIN client.
    ///
    /// 1 to 255 bytes; setting it chooses PLAIN, and `None` goes back to the mechanism NULL. What was set before can
    /// still be read.
    ZMQ_PLAIN_USERNAME as Name {
        plain_username() -> Option<String>, set_plain_username(Option<&str>)
    } all "4.0";

    /// Sets whether each new peer is sent an empty message.
    ///
    /// Off by default. It tells a ROUTER at the other end of this one's arrival; nothing but a ROUTER may be there.
    ZMQ_PROBE_ROUTER as Flag { set_probe_router(bool) } [Router Dealer Req] "4.0";
}
