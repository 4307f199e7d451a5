use crate::types::{zmq_fd_t, zmq_msg_t};

pub const ZMQ_SERVER: ::core::ffi::c_int = 12;
pub const ZMQ_CLIENT: ::core::ffi::c_int = 13;
pub const ZMQ_RADIO: ::core::ffi::c_int = 14;
pub const ZMQ_DISH: ::core::ffi::c_int = 15;
pub const ZMQ_GATHER: ::core::ffi::c_int = 16;
pub const ZMQ_SCATTER: ::core::ffi::c_int = 17;
pub const ZMQ_DGRAM: ::core::ffi::c_int = 18;
pub const ZMQ_PEER: ::core::ffi::c_int = 19;
pub const ZMQ_CHANNEL: ::core::ffi::c_int = 20;
pub const ZMQ_ZERO_COPY_RECV: ::core::ffi::c_int = 10;
pub const ZMQ_EVENT_PIPES_STATS: ::core::ffi::c_int = 65536;
#[repr(C)]
pub struct zmq_poller_event_t {
    pub socket: *mut ::core::ffi::c_void,
    pub fd: zmq_fd_t,
    pub user_data: *mut ::core::ffi::c_void,
    pub events: ::core::ffi::c_short,
}
unsafe extern "C" {
    pub fn zmq_ctx_set_ext(
        context_: *mut ::core::ffi::c_void,
        option_: ::core::ffi::c_int,
        optval_: *const ::core::ffi::c_void,
        optvallen_: usize,
    ) -> ::core::ffi::c_int;
    pub fn zmq_ctx_get_ext(
        context_: *mut ::core::ffi::c_void,
        option_: ::core::ffi::c_int,
        optval_: *mut ::core::ffi::c_void,
        optvallen_: *mut usize,
    ) -> ::core::ffi::c_int;
    pub fn zmq_join(
        s: *mut ::core::ffi::c_void,
        group: *const ::core::ffi::c_char,
    ) -> ::core::ffi::c_int;
    pub fn zmq_leave(
        s: *mut ::core::ffi::c_void,
        group: *const ::core::ffi::c_char,
    ) -> ::core::ffi::c_int;
    pub fn zmq_connect_peer(
        s_: *mut ::core::ffi::c_void,
        addr_: *const ::core::ffi::c_char,
    ) -> u32;
    pub fn zmq_msg_set_routing_id(
        msg: *mut zmq_msg_t,
        routing_id: u32,
    ) -> ::core::ffi::c_int;
    pub fn zmq_msg_routing_id(msg: *mut zmq_msg_t) -> u32;
    pub fn zmq_msg_set_group(
        msg: *mut zmq_msg_t,
        group: *const ::core::ffi::c_char,
    ) -> ::core::ffi::c_int;
    pub fn zmq_msg_group(msg: *mut zmq_msg_t) -> *const ::core::ffi::c_char;
    pub fn zmq_msg_init_buffer(
        msg_: *mut zmq_msg_t,
        buf_: *const ::core::ffi::c_void,
        size_: usize,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_new() -> *mut ::core::ffi::c_void;
    pub fn zmq_poller_destroy(
        poller_p: *mut *mut ::core::ffi::c_void,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_size(poller: *mut ::core::ffi::c_void) -> ::core::ffi::c_int;
    pub fn zmq_poller_add(
        poller: *mut ::core::ffi::c_void,
        socket: *mut ::core::ffi::c_void,
        user_data: *mut ::core::ffi::c_void,
        events: ::core::ffi::c_short,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_modify(
        poller: *mut ::core::ffi::c_void,
        socket: *mut ::core::ffi::c_void,
        events: ::core::ffi::c_short,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_remove(
        poller: *mut ::core::ffi::c_void,
        socket: *mut ::core::ffi::c_void,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_wait(
        poller: *mut ::core::ffi::c_void,
        event: *mut zmq_poller_event_t,
        timeout: ::core::ffi::c_long,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_wait_all(
        poller: *mut ::core::ffi::c_void,
        events: *mut zmq_poller_event_t,
        n_events: ::core::ffi::c_int,
        timeout: ::core::ffi::c_long,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_fd(
        poller: *mut ::core::ffi::c_void,
        fd: *mut zmq_fd_t,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_add_fd(
        poller: *mut ::core::ffi::c_void,
        fd: zmq_fd_t,
        user_data: *mut ::core::ffi::c_void,
        events: ::core::ffi::c_short,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_modify_fd(
        poller: *mut ::core::ffi::c_void,
        fd: zmq_fd_t,
        events: ::core::ffi::c_short,
    ) -> ::core::ffi::c_int;
    pub fn zmq_poller_remove_fd(
        poller: *mut ::core::ffi::c_void,
        fd: zmq_fd_t,
    ) -> ::core::ffi::c_int;
    pub fn zmq_socket_get_peer_state(
        socket: *mut ::core::ffi::c_void,
        routing_id: *const ::core::ffi::c_void,
        routing_id_size: usize,
    ) -> ::core::ffi::c_int;
    pub fn zmq_socket_monitor_versioned(
        s_: *mut ::core::ffi::c_void,
        addr_: *const ::core::ffi::c_char,
        events_: u64,
        event_version_: ::core::ffi::c_int,
        type_: ::core::ffi::c_int,
    ) -> ::core::ffi::c_int;
    pub fn zmq_socket_monitor_pipes_stats(
        s: *mut ::core::ffi::c_void,
    ) -> ::core::ffi::c_int;
}
