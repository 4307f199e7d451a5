//! Bad input: an `Error` of the right kind, which says what was being done to what.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::time::Duration;

use common::{SOON, TCP, inproc, ipc, runs_with, within};
use zmqx::{
    Any, Context, Endpoint, ErrorKind, Multipart, Pair, Pub, Pull, Push, Req, Socket, SocketKind,
    Sub,
};

fn pair() -> Socket<Pair> {
    Context::new().unwrap().socket(Pair).unwrap()
}

/// Tries the four calls that take an endpoint.
fn is_refused(endpoint: &str, reason: &str) {
    let socket = pair();
    let results = [
        ("bind", socket.bind(endpoint).map(drop)),
        ("connect", socket.connect(endpoint)),
        ("unbind", socket.unbind(endpoint)),
        ("disconnect", socket.disconnect(endpoint)),
        ("parse endpoint", endpoint.parse::<Endpoint>().map(drop)),
    ];
    for (doing, result) in results {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{doing} {endpoint:?}: {error}");
        assert_eq!(error.errno(), libc::EINVAL);
        assert_eq!(error.to_string(), format!("{doing} {endpoint:?}: {reason}"));
    }
    // It is as it was.
    socket.bind(inproc()).unwrap();
}

#[test]
fn an_interior_nul_is_refused() {
    is_refused("inproc://a\0b", "an endpoint with a NUL in it");
    is_refused("\0", "an endpoint with a NUL in it");
    is_refused("tcp://127.0.0.1:*\0", "an endpoint with a NUL in it");
}

#[test]
fn what_is_no_endpoint_is_refused() {
    is_refused("", "an empty endpoint");
    is_refused("hello", "no transport, as in tcp://");
    is_refused("tcp:/127.0.0.1:5555", "no transport, as in tcp://");
    is_refused("://127.0.0.1:5555", "no transport before ://");
    is_refused("tcp://", "no address behind ://");
    is_refused("inproc://", "no address behind ://");
    is_refused("ipc://", "no address behind ://");
}

#[test]
fn what_is_no_port_is_refused() {
    is_refused("tcp://127.0.0.1:65536", "port 65536 is over 65535");
    is_refused("tcp://127.0.0.1:99999", "port 99999 is over 65535");
    is_refused("tcp://127.0.0.1:99999999999999999999", "port 99999999999999999999 is over 65535");
    is_refused("tcp://127.0.0.1:http", "\"http\" is no port");
    is_refused("tcp://127.0.0.1:80x", "\"80x\" is no port");
    is_refused("tcp://127.0.0.1:-1", "\"-1\" is no port");
    is_refused("tcp://127.0.0.1:+80", "\"+80\" is no port");
    is_refused("tcp://127.0.0.1: 80", "\" 80\" is no port");
    is_refused("tcp://127.0.0.1:", "no port behind the last colon");
    is_refused("tcp://127.0.0.1", "no port behind the last colon");
}

#[test]
fn an_unknown_transport_is_unsupported() {
    let socket = pair();
    for endpoint in ["carrier-pigeon://roof", "TCP://127.0.0.1:5555", "http://127.0.0.1:80"] {
        let error = socket.bind(endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.to_string(), format!("bind {endpoint:?}: not supported by this libzmq"));
        let error = socket.connect(endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().starts_with(&format!("connect {endpoint:?}: ")), "{error}");
    }
}

#[test]
fn a_transport_that_the_kind_cannot_use_is_an_error() {
    let error = pair().connect("udp://127.0.0.1:5555").unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::IncompatibleTransport | ErrorKind::Unsupported),
        "{error}"
    );
    assert!(error.to_string().starts_with("connect \"udp://127.0.0.1:5555\": "), "{error}");
}

#[cfg(unix)]
#[test]
fn an_impossible_ipc_path_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let socket = pair();
    for path in [format!("{}/below", file.path().display()), "/nowhere/at/all/socket".to_owned()] {
        let endpoint = format!("ipc://{path}");
        let error = socket.bind(&endpoint).unwrap_err();
        let kinds = [ErrorKind::Other(libc::ENOTDIR), ErrorKind::NotFound];
        assert!(kinds.contains(&error.kind()), "{error:?}");
        assert!(error.to_string().starts_with(&format!("bind \"ipc://{path}\": ")), "{error}");
    }
    let error = socket.bind(format!("ipc://{}/below", file.path().display())).unwrap_err();
    assert!(error.to_string().ends_with(": not a directory"), "{error}");
}

#[cfg(unix)]
#[test]
fn an_ipc_path_that_is_too_long_is_an_error() {
    let socket = pair();
    let endpoint = format!("ipc:///{}", "x".repeat(200));
    for (doing, result) in
        [("bind", socket.bind(&endpoint).map(drop)), ("connect", socket.connect(&endpoint))]
    {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other(libc::ENAMETOOLONG), "{error:?}");
        assert!(error.to_string().starts_with(&format!("{doing} {endpoint:?}: ")), "{error}");
    }
}

#[test]
fn an_endpoint_is_bound_once() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        for endpoint in [inproc(), TCP.to_owned()] {
            let (first, second) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
            let bound = first.bind(endpoint).unwrap();
            let error = second.bind(&bound).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AddrInUse);
            assert_eq!(error.to_string(), format!("bind \"{bound}\": address in use"));
        }
    });
}

#[test]
fn an_address_of_another_machine_is_not_available() {
    // From a block that is for documentation: nobody has it.
    let endpoint = "tcp://203.0.113.1:5555";
    let error = pair().bind(endpoint).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::NoDevice), "{error}");
    assert!(error.to_string().starts_with("bind \"tcp://203.0.113.1:5555\": "), "{error}");
}

#[test]
fn what_is_not_bound_cannot_be_unbound() {
    let socket = pair();
    let ipc = ipc();
    for endpoint in ["tcp://127.0.0.1:5555", "inproc://nobody", ipc.as_ref()] {
        let error = socket.unbind(endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        assert_eq!(error.to_string(), format!("unbind {endpoint:?}: no such endpoint"));
        let error = socket.disconnect(endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        assert_eq!(error.to_string(), format!("disconnect {endpoint:?}: no such endpoint"));
    }
    let bound = socket.bind(TCP).unwrap();
    socket.unbind(&bound).unwrap();
    assert_eq!(socket.unbind(&bound).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn an_empty_multipart_is_refused_and_comes_back() {
    let ctx = Context::new().unwrap();
    for kind in [SocketKind::Pub, SocketKind::Push, SocketKind::Pair, SocketKind::Pull] {
        let socket = ctx.socket(kind).unwrap();
        let error = socket.send_multipart(Multipart::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "send: a multipart message of no frames");
        assert!(error.into_message().is_empty());
        let error = socket.try_send_multipart(Vec::<&str>::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn what_a_kind_cannot_do_is_an_error_on_any() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let socket: Socket<Any> = ctx.socket(Pull).unwrap().into_any();
        assert_eq!(socket.send("x").unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(socket.send_multipart(["x", "y"]).unwrap_err().into_message(), ["x", "y"]);
        let error = socket.subscribe("x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), "subscribe: a PULL has no subscriptions");
        let socket = ctx.socket(SocketKind::Push).unwrap();
        assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(socket.recv_timeout(SOON).unwrap_err().kind(), ErrorKind::Unsupported);
        let error = socket.recv_multipart().unwrap_err();
        assert_eq!(error.to_string(), "receive: not supported by this libzmq");
    });
}

#[test]
fn out_of_turn_is_a_bad_state() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Req).unwrap();
    let error = socket.recv().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadState);
    assert_eq!(error.to_string(), "receive: not possible in the socket's present state");
}

#[test]
fn a_context_option_out_of_range_is_named() {
    let cases = [
        (Context::builder().io_threads(usize::MAX), "ZMQ_IO_THREADS"),
        (Context::builder().max_sockets(usize::MAX), "ZMQ_MAX_SOCKETS"),
        (Context::builder().max_sockets(0), "ZMQ_MAX_SOCKETS"),
        (Context::builder().max_msgsz(usize::MAX), "ZMQ_MAX_MSGSZ"),
        (Context::builder().thread_affinity_cpu_add(usize::MAX), "ZMQ_THREAD_AFFINITY_CPU_ADD"),
        (Context::builder().thread_sched_policy(-7), "ZMQ_THREAD_SCHED_POLICY"),
    ];
    for (builder, name) in cases {
        let error = builder.build().unwrap_err();
        let is_known = !name.ends_with("POLICY") || runs_with(4, 1, 0);
        let kind = if is_known { ErrorKind::InvalidInput } else { ErrorKind::Unsupported };
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().starts_with(&format!("create context {name}: ")), "{error}");
    }
    let error = Context::builder().linger(Some(Duration::MAX)).build().unwrap_err();
    assert!(error.to_string().starts_with("create context: "), "{error}");
}

#[test]
fn use_after_shutdown_says_so() {
    let ctx = Context::new().unwrap();
    let (publisher, subscriber) = (ctx.socket(Pub).unwrap(), ctx.socket(Sub).unwrap());
    ctx.shutdown().unwrap();
    let texts = [
        ("open socket", ctx.socket(Push).unwrap_err()),
        ("bind", publisher.bind(inproc()).unwrap_err()),
        ("subscribe", subscriber.subscribe("").unwrap_err()),
        ("receive", subscriber.recv().unwrap_err()),
        ("send", publisher.send("x").unwrap_err().into()),
    ];
    for (doing, error) in texts {
        assert_eq!(error.kind(), ErrorKind::Terminated);
        assert_eq!(error.to_string(), format!("{doing}: the context was terminated"));
    }
}

#[test]
fn errors_go_into_io_errors_and_boxes() {
    fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        pair().bind("nonsense")?;
        Ok(())
    }
    fn io() -> std::io::Result<()> {
        pair().bind("nonsense")?;
        Ok(())
    }
    assert_eq!(boxed().unwrap_err().to_string(), "bind \"nonsense\": no transport, as in tcp://");
    let error = io().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("nonsense"));
}
