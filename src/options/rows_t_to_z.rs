//! The options from ZMQ_TCP_KEEPALIVE to ZMQ_ZAP_DOMAIN.

use std::time::Duration;

use zmq_sys_ext as numbers;

use crate::kind::SocketKind;

options! {
    /// whether TCP looks after idle connections (SO_KEEPALIVE).
    ///
    /// `None` (-1), the default, is as the system has it.
    ZMQ_TCP_KEEPALIVE as Switch { tcp_keepalive() -> Option<bool>, set_tcp_keepalive(Option<bool>) } all "3.2";

    /// after how many unanswered probes a connection is lost (TCP_KEEPCNT).
    ///
    /// `None` (-1), the default, is as the system has it.
    ZMQ_TCP_KEEPALIVE_CNT as Count {
        tcp_keepalive_cnt() -> Option<usize>, set_tcp_keepalive_cnt(Option<usize>)
    } all "3.2";

    /// after how long a silence TCP sends a probe (TCP_KEEPIDLE).
    ///
    /// Seconds in libzmq; `None` (-1), the default, is as the system has it.
    ZMQ_TCP_KEEPALIVE_IDLE as Seconds {
        tcp_keepalive_idle() -> Option<Duration>, set_tcp_keepalive_idle(Option<Duration>)
    } all "3.2";

    /// how long TCP waits between two probes (TCP_KEEPINTVL).
    ///
    /// Seconds in libzmq; `None` (-1), the default, is as the system has it.
    ZMQ_TCP_KEEPALIVE_INTVL as Seconds {
        tcp_keepalive_intvl() -> Option<Duration>, set_tcp_keepalive_intvl(Option<Duration>)
    } all "3.2";

    /// how long TCP sends the same data again before the connection is lost.
    ///
    /// Milliseconds in libzmq; `None` (0), the default, is as the system has it.
    ZMQ_TCP_MAXRT as ZeroIsNone { tcp_maxrt() -> Option<Duration>, set_tcp_maxrt(Option<Duration>) } all "4.2";

    /// Returns whether the socket may be used by several threads at once.
    ///
    /// It may not, for any kind of the stable API.
    ZMQ_THREAD_SAFE as Flag { thread_safe() -> bool } all "4.2";

    /// the Type of Service byte of the IP packets that are sent.
    ///
    /// 0 by default. It is for networks whose routers look at it.
    ZMQ_TOS as Byte { tos() -> u8, set_tos(u8) } all "4.1";

    /// Returns the kind of socket, as libzmq tells it.
    ///
    /// [`kind`](crate::Socket::kind) knows it without asking.
    ZMQ_TYPE as KindNumber { socket_type() -> SocketKind } all "3.2";

    /// Takes a subscription back: [`Socket::unsubscribe`](crate::Socket::unsubscribe).
    ZMQ_UNSUBSCRIBE { unsubscribe } [Sub XSub] "3.2";

    /// Returns the number of the descriptor that the next bind is to use.
    ///
    /// `None` (-1), the default, is a new one. [`set_use_fd`](crate::Socket::set_use_fd) has more.
    ZMQ_USE_FD as DescriptorNumber { use_fd() -> Option<i32>; set_use_fd } all "4.2";

    /// the most that the buffer of a VMCI connection may have, in bytes.
    ///
    /// 262144 by default. It is for virtual machines of VMware.
    ZMQ_VMCI_BUFFER_MAX_SIZE as Size64 {
        vmci_buffer_max_size() -> usize, set_vmci_buffer_max_size(usize)
    } all "4.2" Vmci;

    /// the least that the buffer of a VMCI connection may have, in bytes.
    ///
    /// 128 by default. It is for virtual machines of VMware.
    ZMQ_VMCI_BUFFER_MIN_SIZE as Size64 {
        vmci_buffer_min_size() -> usize, set_vmci_buffer_min_size(usize)
    } all "4.2" Vmci;

    /// the size of the buffer of a VMCI connection, in bytes.
    ///
    /// 65546 by default. It is for virtual machines of VMware.
    ZMQ_VMCI_BUFFER_SIZE as Size64 { vmci_buffer_size() -> usize, set_vmci_buffer_size(usize) } all "4.2" Vmci;

    /// how long a VMCI connect may take.
    ///
    /// Milliseconds in libzmq; `None` (-1), the default, is as the system has it. It is for virtual machines of
    /// VMware.
    ZMQ_VMCI_CONNECT_TIMEOUT as Forever {
        vmci_connect_timeout() -> Option<Duration>, set_vmci_connect_timeout(Option<Duration>)
    } all "4.2" Vmci;

    /// Sets whether the program decides what a subscription subscribes to.
    ///
    /// Off by default. When on, subscriptions are received as messages, and not acted upon.
    ZMQ_XPUB_MANUAL as Flag { set_xpub_manual(bool) } [XPub] "4.2";

    /// Sets whether a message for a full queue is an error, and not dropped.
    ///
    /// Off by default. When on, a send waits, or is [`WouldBlock`](crate::ErrorKind::WouldBlock).
    ZMQ_XPUB_NODROP as Flag { set_xpub_nodrop(bool) } [XPub Pub] "4.1";

    /// Sets whether subscriptions that are there already are received too.
    ///
    /// Off by default: the first of each is. It is for caches of last values.
    ZMQ_XPUB_VERBOSE as Flag { set_xpub_verbose(bool) } [XPub] "3.2";

    /// Sets whether all subscriptions and unsubscriptions are received.
    ///
    /// Off by default: the first of each subscription is, and the last unsubscription.
    ZMQ_XPUB_VERBOSER as Flag { set_xpub_verboser(bool) } [XPub] "4.2";

    /// Sets the message that each new subscriber is sent, if it subscribes to it.
    ///
    /// None by default; an empty one switches it off.
    ZMQ_XPUB_WELCOME_MSG as Binary { set_xpub_welcome_msg(impl AsRef<[u8]>) } [XPub] "4.2";

    /// the domain that ZAP handlers are told.
    ///
    /// Empty by default; 1 to 255 bytes. It is for servers, beside PLAIN, CURVE or GSSAPI, and with the mechanism NULL
    /// it is what asks the handler at all.
    ZMQ_ZAP_DOMAIN as Text { zap_domain() -> String, set_zap_domain(impl AsRef<str>) } all "4.0";
}
