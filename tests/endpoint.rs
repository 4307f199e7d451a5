//! `Endpoint`: what bind gives back, its parts, and what is no endpoint.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::collections::HashSet;

use zmqx::{Context, Endpoint, ErrorKind, Pull, Push, Rep};

use common::{SOON, TCP, inproc, ipc, within};

fn parse(text: &str) -> Endpoint {
    text.parse().unwrap()
}

#[test]
fn bind_gives_the_endpoint_that_was_really_bound() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Rep).unwrap();
    let tcp = socket.bind(TCP).unwrap();
    let port = tcp.port().unwrap();
    assert_ne!(port, 0);
    assert_eq!(tcp.as_str(), format!("tcp://127.0.0.1:{port}"));
    assert_eq!((tcp.transport(), tcp.address()), ("tcp", &format!("127.0.0.1:{port}")[..]));

    let name = inproc();
    let inproc = socket.bind(&name).unwrap();
    assert_eq!((inproc.as_str(), inproc.port()), (&name[..], None));

    let name = ipc();
    let ipc = socket.bind(&name).unwrap();
    assert_eq!((ipc.as_ref(), ipc.transport()), (name.as_ref(), "ipc"));
}

#[test]
fn an_ipc_wildcard_becomes_a_name_that_can_be_connected_to() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        let Ok(endpoint) = sink.bind("ipc://*") else { return };
        assert_ne!(endpoint.address(), "*");
        source.connect(&endpoint).unwrap();
        source.send("Hello").unwrap();
        assert_eq!(sink.recv().unwrap(), "Hello");
    });
}

#[test]
fn several_wildcard_binds_get_several_ports() {
    let socket = Context::new().unwrap().socket(Rep).unwrap();
    let endpoints: HashSet<_> = (0..10).map(|_| socket.bind(TCP).unwrap()).collect();
    assert_eq!(endpoints.len(), 10);
}

#[test]
fn an_endpoint_displays_as_its_text() {
    let endpoint = parse("tcp://localhost:5555");
    assert_eq!(endpoint.to_string(), "tcp://localhost:5555");
    assert_eq!(format!("[{endpoint:<22}]"), "[tcp://localhost:5555  ]");
    assert_eq!(String::from(endpoint.clone()), endpoint.as_str());
    assert_eq!(endpoint, parse(endpoint.as_str()));
}

#[test]
fn the_port_is_what_is_behind_the_last_colon() {
    for (text, port) in [
        ("tcp://127.0.0.1:5555", Some(5555)),
        ("tcp://*:1", Some(1)),
        ("tcp://[::1]:65535", Some(65535)),
        ("tcp://[::]:0", Some(0)),
        ("tcp://lo:*", None),
        ("tcp://192.168.1.17:5555;192.168.1.1:5556", Some(5556)),
        ("udp://239.0.0.1:9999", Some(9999)),
        ("pgm://eth0;239.192.1.1:7500", Some(7500)),
        ("epgm://eth0;239.192.1.1:7500", Some(7500)),
        ("ws://127.0.0.1:8080", Some(8080)),
        ("ws://127.0.0.1:8080/path:1/x", Some(8080)),
        ("inproc://name:5555", None),
        ("ipc:///run/name:5555", None),
        ("ipc://@abstract", None),
        ("tipc://{5560,0,0}", None),
        ("vmci://2:9999", None),
        ("whatever://it is", None),
    ] {
        assert_eq!(parse(text).port(), port, "{text}");
    }
}

#[test]
fn what_is_no_endpoint_says_why() {
    for (text, reason) in [
        ("", "an empty endpoint"),
        ("tcp", "no transport, as in tcp://"),
        ("127.0.0.1:5555", "no transport, as in tcp://"),
        ("://127.0.0.1:5555", "no transport before ://"),
        ("tcp://", "no address behind ://"),
        ("inproc://", "no address behind ://"),
        ("tcp://127.0.0.1", "no port behind the last colon"),
        ("tcp://127.0.0.1:", "no port behind the last colon"),
        ("tcp://127.0.0.1:65536", "port 65536 is over 65535"),
        ("tcp://127.0.0.1:99999", "port 99999 is over 65535"),
        ("tcp://127.0.0.1:18446744073709551617", "port 18446744073709551617 is over 65535"),
        ("tcp://127.0.0.1:http", r#""http" is no port"#),
        ("tcp://127.0.0.1:+80", r#""+80" is no port"#),
        ("tcp://127.0.0.1:-1", r#""-1" is no port"#),
        ("tcp://127.0.0.1:80 ", r#""80 " is no port"#),
        ("ws://127.0.0.1:70000/path", "port 70000 is over 65535"),
    ] {
        let error = text.parse::<Endpoint>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.to_string(), format!("parse endpoint {text:?}: {reason}"));
    }
}

#[test]
fn bind_connect_unbind_and_disconnect_refuse_what_is_no_endpoint() {
    let socket = Context::new().unwrap().socket(Rep).unwrap();
    for text in ["", "tcp", "tcp://", "tcp://127.0.0.1:99999", "inproc://a\0b"] {
        let errors = [
            ("bind", socket.bind(text).unwrap_err()),
            ("connect", socket.connect(text).unwrap_err()),
            ("unbind", socket.unbind(text).unwrap_err()),
            ("disconnect", socket.disconnect(text).unwrap_err()),
        ];
        for (operation, error) in errors {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{operation} {text:?}");
            assert!(error.to_string().starts_with(&format!("{operation} {text:?}: ")), "{error}");
        }
    }
}
