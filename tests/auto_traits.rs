//! Which types may go to other threads, and which may be shared. What may not is in the types' compile_fail doctests.

use zmqx::{
    Any, Capability, Context, ContextBuilder, Dealer, Endpoint, Error, ErrorKind, Event, EventKind,
    Interrupt, Kind, Message, Monitor, MonitorEvents, Multipart, Pair, PipeReport, PollEvents, Pub,
    Pull, Push, Ready, Rep, Req, Router, SendError, Socket, SocketKind, Stream, Sub, TermTimeout,
    Version, XPub, XSub,
};

fn is_send<T: Send + 'static>() {}
fn is_sync<T: Sync + 'static>() {}
fn is_clone<T: Clone>() {}
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

fn is_plain<T: Send + Sync + Clone + 'static>() {
    is_send::<T>();
    is_sync::<T>();
    is_clone::<T>();
}

/// Whatever its kind, which only names what it can do.
fn sockets_of<K: Kind>() {
    is_send::<Socket<K>>();
}

#[test]
fn contexts_and_interrupts_are_handles_for_all_threads() {
    is_plain::<Context>();
    is_plain::<ContextBuilder>();
    is_plain::<Interrupt>();
    is_send::<TermTimeout>();
    is_sync::<TermTimeout>();
    is_send::<PipeReport>();
    is_sync::<PipeReport>();
}

#[test]
fn sockets_of_every_kind_may_move() {
    sockets_of::<Any>();
    sockets_of::<Pair>();
    sockets_of::<Pub>();
    sockets_of::<Sub>();
    sockets_of::<Req>();
    sockets_of::<Rep>();
    sockets_of::<Dealer>();
    sockets_of::<Router>();
    sockets_of::<Pull>();
    sockets_of::<Push>();
    sockets_of::<XPub>();
    sockets_of::<XSub>();
    sockets_of::<Stream>();
}

#[test]
fn a_monitor_may_leave_its_socket() {
    is_send::<Monitor>();
}

#[test]
fn zap_handlers_may_run_anywhere() {
    is_send::<zmqx::zap::Handler>();
    is_send::<zmqx::zap::Service>();
    is_send::<zmqx::zap::Request>();
    is_plain::<zmqx::zap::Reply>();
    is_plain::<zmqx::zap::Credentials>();
}

#[test]
fn keys_go_anywhere() {
    is_plain::<zmqx::curve::KeyPair>();
    is_plain::<zmqx::curve::PublicKey>();
    is_plain::<zmqx::curve::SecretKey>();
}

#[test]
fn messages_go_anywhere() {
    is_plain::<Message>();
    is_plain::<Multipart>();
}

#[test]
fn errors_go_anywhere() {
    is_error::<Error>();
    is_error::<SendError<Message>>();
    is_error::<SendError<Multipart>>();
    is_error::<TermTimeout>();
    is_plain::<ErrorKind>();
}

#[test]
fn values_are_plain() {
    is_plain::<Endpoint>();
    is_plain::<SocketKind>();
    is_plain::<PollEvents>();
    is_plain::<Ready>();
    is_plain::<Capability>();
    is_plain::<Version>();
    is_plain::<Event>();
    is_plain::<EventKind>();
    is_plain::<MonitorEvents>();
    is_plain::<zmqx::ProtocolError>();
}

#[cfg(unix)]
#[test]
fn a_signal_guard_may_be_dropped_elsewhere() {
    is_send::<zmqx::interrupt::SignalGuard>();
    is_sync::<zmqx::interrupt::SignalGuard>();
}
