//! The class `ZSocket`: what CZMQ's own test of zsocket checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;

use common::within;

#[test]
fn a_string_goes_over_tcp_from_a_fixed_port() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (writer, reader) = (ctx.socket(Push).unwrap(), ctx.socket(Pull).unwrap());
        assert_eq!(ZSocket::type_str(&writer), "PUSH");
        assert_eq!(ZSocket::type_str(&reader), "PULL");
        // One that is known to be free.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let bound = ZSocket::bind(&writer, format!("tcp://127.0.0.1:{port}")).unwrap();
        assert_eq!(bound, port);
        reader.connect(format!("tcp://127.0.0.1:{port}")).unwrap();
        zstr::send(&writer, "HELLO").unwrap();
        assert_eq!(zstr::recv(&reader).unwrap(), "HELLO");
    });
}

#[test]
fn a_dynamic_port_is_the_first_free_one() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let sockets = [(); 3].map(|()| ctx.socket(Pull).unwrap());
        let ports = sockets.each_ref().map(|socket| ZSocket::bind(socket, "tcp://*:*").unwrap());
        assert!(ports[0] >= 0xC000);
        assert!(ports[0] < ports[1] && ports[1] < ports[2], "{ports:?}");
    });
}

#[test]
fn a_random_port_is_one_of_the_range() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let sockets: Vec<_> = (0..10).map(|_| ctx.socket(Pull).unwrap()).collect();
        let ports: Vec<_> = sockets
            .iter()
            .map(|socket| ZSocket::bind(socket, "tcp://127.0.0.1:![50000-59999]").unwrap())
            .collect();
        assert!(ports.iter().all(|port| (50000..=59999).contains(port)), "{ports:?}");
        assert!(!ports.is_sorted(), "not at random: {ports:?}");
    });
}

#[test]
fn a_range_without_a_free_port_is_in_use() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let taken = ctx.socket(Pull).unwrap();
        let port = ZSocket::bind(&taken, "tcp://127.0.0.1:!").unwrap();
        let socket = ctx.socket(Pull).unwrap();
        for sign in ['*', '!'] {
            let endpoint = format!("tcp://127.0.0.1:{sign}[{port}-{port}]");
            let error = ZSocket::bind(&socket, endpoint).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AddrInUse);
        }
    });
}

#[test]
fn what_is_wrong_with_an_endpoint_is_said_at_once() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Pull).unwrap();
        let kind = |endpoint| ZSocket::bind(&socket, endpoint).unwrap_err().kind();
        assert_eq!(kind("tcp://*:*[9-7]"), ErrorKind::InvalidInput);
        assert_eq!(kind("tcp://*:99999"), ErrorKind::InvalidInput);
        assert_eq!(kind("bogus://*:*"), ErrorKind::Unsupported);
        assert!(matches!(
            kind("tcp://192.0.2.1:*"),
            ErrorKind::AddrNotAvailable | ErrorKind::NoDevice
        ));
        drop(ctx);
        assert_eq!(kind("tcp://*:*"), ErrorKind::Terminated);
    });
}

#[test]
fn a_transport_without_ports_has_port_0() {
    within(|| {
        let socket = ZCtx::new().and_then(|ctx| Ok((ctx.socket(Pull)?, ctx))).unwrap();
        assert_eq!(ZSocket::bind(&socket.0, "inproc://zsocket").unwrap(), 0);
    });
}

#[test]
fn poll_tells_whether_something_is_there() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (sink, source) = common::connected_in(&ctx.underlying().unwrap(), Pull, Push);
        assert!(!ZSocket::poll(&sink, Some(Duration::ZERO)).unwrap());
        assert!(!ZSocket::poll(&sink, Some(Duration::from_millis(10))).unwrap());
        ZSocket::sendmem(&source, [1, 2]).unwrap();
        assert!(ZSocket::poll(&sink, None).unwrap());
        assert_eq!(ZFrame::recv(&sink).unwrap(), [1, 2]);
        drop(ctx);
        assert_eq!(ZSocket::poll(&sink, None).unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn set_hwm_is_for_both_directions() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Dealer).unwrap();
        ZSocket::set_hwm(&socket, 3).unwrap();
        assert_eq!((socket.sndhwm().unwrap(), socket.rcvhwm().unwrap()), (3, 3));
    });
}

#[test]
fn wait_passes_over_messages_to_the_signal() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (a, b) = ctx.underlying().unwrap().pipe().unwrap();
        zstr::send(&a, "not a signal").unwrap();
        zstr::sendx(&a, &["nor", "this"]).unwrap();
        ZSocket::signal(&a, 0).unwrap();
        ZSocket::signal(&a, 123).unwrap();
        assert_eq!(ZSocket::wait(&b).unwrap(), 0);
        assert_eq!(ZSocket::wait(&b).unwrap(), 123);
        drop(a);
        assert_eq!(ZSocket::wait(&b).unwrap_err().kind(), ErrorKind::Disconnected);
    });
}
