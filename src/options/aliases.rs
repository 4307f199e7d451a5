//! The names that `zmq.h` keeps for old programs, and the filters that ZAP has replaced.

use zmq_sys_ext as numbers;

options! {
    /// Is [`Socket::set_connect_routing_id`](crate::Socket::set_connect_routing_id).
    ZMQ_CONNECT_RID { set_connect_routing_id } [Router Stream] "4.1";

    /// Is [`Socket::immediate`](crate::Socket::immediate).
    ZMQ_DELAY_ATTACH_ON_CONNECT { immediate() set_immediate } all "3.2";

    /// Is [`Socket::set_router_mandatory`](crate::Socket::set_router_mandatory).
    ZMQ_FAIL_UNROUTABLE { set_router_mandatory } [Router] "3.2";

    /// the socket's routing id, by its old name.
    ///
    /// See [`routing_id`](crate::Socket::routing_id) and [`set_routing_id`](crate::Socket::set_routing_id).
    ZMQ_IDENTITY as RoutingId {
        identity() -> Vec<u8>, set_identity(impl AsRef<[u8]>)
    } [Req Rep Dealer Router] "3.2";

    /// Adds a group whose processes may connect over ipc.
    ///
    /// `None` clears the list; while all lists are empty, any may. Deprecated in favour of ZAP. It is for the socket
    /// that binds.
    ZMQ_IPC_FILTER_GID as Id { set_ipc_filter_gid(Option<u32>) } all "4.1";

    /// Adds a process that may connect over ipc.
    ///
    /// `None` clears the list; while all lists are empty, any may. Deprecated in favour of ZAP. It is for the socket
    /// that binds.
    ZMQ_IPC_FILTER_PID as Id { set_ipc_filter_pid(Option<u32>) } all "4.1";

    /// Adds a user whose processes may connect over ipc.
    ///
    /// `None` clears the list; while all lists are empty, any may. Deprecated in favour of ZAP. It is for the socket
    /// that binds.
    ZMQ_IPC_FILTER_UID as Id { set_ipc_filter_uid(Option<u32>) } all "4.1";

    /// whether the socket uses IPv4 alone.
    ///
    /// On by default. Deprecated in favour of [`set_ipv6`](crate::Socket::set_ipv6).
    ZMQ_IPV4ONLY as Flag { ipv4only() -> bool, set_ipv4only(bool) } all "3.2";

    /// Is [`Socket::set_router_mandatory`](crate::Socket::set_router_mandatory).
    ZMQ_ROUTER_BEHAVIOR { set_router_mandatory } [Router] "3.2";

    /// Adds a range of addresses that may connect over TCP, as "10.0.0.0/8".
    ///
    /// `None` clears the list; while it is empty, any may. Deprecated in favour of ZAP. It is for the socket that
    /// binds.
    ZMQ_TCP_ACCEPT_FILTER as Name { set_tcp_accept_filter(Option<&str>) } all "3.2";
}
