//! The options from ZMQ_AFFINITY to ZMQ_HEARTBEAT_TTL.

use std::time::Duration;

use zmq_sys_ext as numbers;

use super::types::GssapiNameType;
use crate::curve::{PublicKey, SecretKey};
use crate::poll::PollEvents;
use crate::raw::poll::RawFd;

options! {
    /// which I/O threads the socket's new connections go to, as bits.
    ///
    /// The lowest bit is the first thread; 0, the default, is all of them. It is for programs that give some of their
    /// connections threads of their own, with [`io_threads`](crate::ContextBuilder::io_threads) above 1.
    ZMQ_AFFINITY as Bits { affinity() -> u64, set_affinity(u64) } all "3.2";

    /// how many connections may wait to be accepted.
    ///
    /// 100 by default. It is for servers to which many clients connect at once; the system has a limit too.
    ZMQ_BACKLOG as Size { backlog() -> usize, set_backlog(usize) } all "3.2";

    /// the network interface, or VRF, that the socket is bound to.
    ///
    /// `None`, the default, is any. It is for hosts on several networks. Linux wants CAP_NET_RAW for it.
    ZMQ_BINDTODEVICE as Device { bindtodevice() -> Option<String>, set_bindtodevice(Option<&str>) } all "4.3";

    /// Is the context's: [`ContextBuilder::linger`](crate::ContextBuilder::linger) has its place.
    ZMQ_BLOCKY {} [] "4.2";

    /// whether only the last message is kept in the queue.
    ///
    /// Off by default. It is for the newest of a state, such as a price. Multipart messages do not go with it, and the
    /// HWMs do not count.
    ZMQ_CONFLATE as Flag { conflate() -> bool, set_conflate(bool) } [Pub Sub Push Pull Dealer] "4.0";

    /// Sets the routing id of the peer that is connected to next.
    ///
    /// A ROUTER can then send to that peer at once. 1 to 255 bytes, of which the first is not 0, and no other peer's.
    /// It is for ROUTER to ROUTER, and for the next [`connect`](crate::Socket::connect) alone.
    ZMQ_CONNECT_ROUTING_ID as RoutingId { set_connect_routing_id(impl AsRef<[u8]>) } [Router Stream] "4.1";

    /// how long a TCP connect may take before it is tried again.
    ///
    /// Milliseconds in libzmq; `None` (0), the default, is as long as the system tries, which may be minutes.
    ZMQ_CONNECT_TIMEOUT as ZeroIsNone {
        connect_timeout() -> Option<Duration>, set_connect_timeout(Option<Duration>)
    } all "4.2";

    /// the socket's own public CURVE key.
    ///
    /// Zeros where none is set. It is for CURVE clients.
    ZMQ_CURVE_PUBLICKEY as Key {
        curve_publickey() -> PublicKey, set_curve_publickey(&PublicKey)
    } all "4.0" Curve;

    /// the socket's own secret CURVE key.
    ///
    /// Zeros where none is set. It is for CURVE servers and clients.
    ZMQ_CURVE_SECRETKEY as Secret {
        curve_secretkey() -> SecretKey, set_curve_secretkey(&SecretKey)
    } all "4.0" Curve;

    /// whether the socket is a CURVE server.
    ///
    /// Off by default. A server also needs its [secret key](crate::Socket::set_curve_secretkey).
    ZMQ_CURVE_SERVER as Flag { curve_server() -> bool, set_curve_server(bool) } all "4.0" Curve;

    /// the public CURVE key of the server to connect to.
    ///
    /// Zeros where none is set. It makes the socket a CURVE client. A key of any length but 32 bytes is no
    /// [`PublicKey`](crate::curve::PublicKey).
    ///
    /// ```compile_fail,E0308
    /// # let socket = zmqx::Context::new()?.socket(zmqx::Req)?;
    /// socket.set_curve_serverkey(b"32 bytes, no less, and no more")?; // 30 bytes
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ZMQ_CURVE_SERVERKEY as Key {
        curve_serverkey() -> PublicKey, set_curve_serverkey(&PublicKey)
    } all "4.0" Curve;

    /// Returns what the socket is ready for: to receive, to send.
    ///
    /// It is for loops over [`fd`](crate::Socket::fd); [`poll`](crate::poll()) is simpler.
    ZMQ_EVENTS as Events { events() -> PollEvents } all "3.2";

    /// Returns the descriptor that is readable when the socket may have become ready.
    ///
    /// It is for the event loops of others. It tells of changes only: after each wake-up, and after each send and
    /// receive, ask for [`events`](crate::Socket::events), which is also how it is made unreadable again. Neither
    /// read, write nor close it; it is the socket's, and gone with it.
    ZMQ_FD as Descriptor { fd() -> RawFd } all "3.2";

    /// whether GSSAPI leaves messages unencrypted.
    ///
    /// Off by default.
    ZMQ_GSSAPI_PLAINTEXT as Flag { gssapi_plaintext() -> bool, set_gssapi_plaintext(bool) } all "4.1" Gssapi;

    /// the GSSAPI principal whose credentials are used.
    ///
    /// Empty where none is set; 1 to 255 bytes.
    ZMQ_GSSAPI_PRINCIPAL as Text {
        gssapi_principal() -> String, set_gssapi_principal(impl AsRef<str>)
    } all "4.1" Gssapi;

    /// what sort of name the GSSAPI principal is.
    ///
    /// [`HostBased`](GssapiNameType::HostBased) by default.
    ZMQ_GSSAPI_PRINCIPAL_NAMETYPE as NameType {
        gssapi_principal_nametype() -> GssapiNameType, set_gssapi_principal_nametype(GssapiNameType)
    } all "4.3" Gssapi;

    /// whether the socket is a GSSAPI server.
    ///
    /// Off by default, which with a principal makes it a client.
    ZMQ_GSSAPI_SERVER as Flag { gssapi_server() -> bool, set_gssapi_server(bool) } all "4.1" Gssapi;

    /// the principal of the GSSAPI server to connect to.
    ///
    /// Empty where none is set; 1 to 255 bytes. It is for GSSAPI clients.
    ZMQ_GSSAPI_SERVICE_PRINCIPAL as Text {
        gssapi_service_principal() -> String, set_gssapi_service_principal(impl AsRef<str>)
    } all "4.1" Gssapi;

    /// what sort of name the GSSAPI server's principal is.
    ///
    /// [`HostBased`](GssapiNameType::HostBased) by default.
    ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE as NameType {
        gssapi_service_principal_nametype() -> GssapiNameType,
        set_gssapi_service_principal_nametype(GssapiNameType)
    } all "4.3" Gssapi;

    /// how long a peer may take to shake hands on a new connection.
    ///
    /// Milliseconds in libzmq, 30 seconds by default; `None` (0) is for ever. It is for servers that strangers reach.
    ZMQ_HANDSHAKE_IVL as ZeroIsNone {
        handshake_ivl() -> Option<Duration>, set_handshake_ivl(Option<Duration>)
    } all "4.1";

    /// how often a heartbeat (a ZMTP PING) goes to each peer.
    ///
    /// Milliseconds in libzmq; `None` (0), the default, sends none. It is for connections whose other end may vanish
    /// without a word.
    ZMQ_HEARTBEAT_IVL as ZeroIsNone {
        heartbeat_ivl() -> Option<Duration>, set_heartbeat_ivl(Option<Duration>)
    } all "4.2";

    /// how long after a heartbeat a silent peer's connection is closed.
    ///
    /// Milliseconds in libzmq; where it was never set, it is as [`heartbeat_ivl`](crate::Socket::heartbeat_ivl), and
    /// zero is for ever.
    ZMQ_HEARTBEAT_TIMEOUT as Millis {
        heartbeat_timeout() -> Option<Duration>, set_heartbeat_timeout(Duration)
    } all "4.2";

    /// how long the peer is to wait for a sign of life from here.
    ///
    /// Tenths of a second in libzmq, rounded up, 6553.5 s at most (655.3 s before libzmq 4.3); `None` (0), the default,
    /// tells it nothing. It counts with [`heartbeat_ivl`](crate::Socket::set_heartbeat_ivl) only.
    ZMQ_HEARTBEAT_TTL as Deciseconds {
        heartbeat_ttl() -> Option<Duration>, set_heartbeat_ttl(Option<Duration>)
    } all "4.2";
}
