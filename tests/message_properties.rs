//! The properties of a message: what it knows of the connection that it came by.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use zmqx::{Context, Dealer, ErrorKind, Message, Pull, Push, Router};

use common::{SOON, TCP, connected_over, runs_with, within};

#[test]
fn a_message_over_tcp_knows_its_connection() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, client) = connected_over(&ctx, TCP, Router, Dealer);
        client.send("Hello").unwrap();
        let request = server.recv_multipart().unwrap();
        let body = request.last().unwrap();
        if !runs_with(4, 1, 0) {
            assert_eq!(body.socket_type().unwrap_err().kind(), ErrorKind::Unsupported);
            return;
        }
        assert_eq!(body.socket_type().unwrap(), Some("DEALER"));
        assert_eq!(body.property("Socket-Type").unwrap(), Some("DEALER"));
        assert_eq!(body.property("Peer-Address").unwrap(), Some("127.0.0.1"));
        assert_eq!(body.property("X-unheard-of").unwrap(), None);
        assert_eq!(body.property("").unwrap(), None);
        // NULL security lets a peer say no user.
        assert!(matches!(body.user_id(), Ok(None | Some(""))));
        // What was made here came by no connection, nor did a copy.
        assert_eq!(body.clone().socket_type().unwrap(), None);
        assert_eq!(Message::from("Hello").property("Peer-Address").unwrap(), None);
    });
}

#[test]
fn a_property_with_a_nul_in_its_name_is_an_error() {
    let error = Message::new().property("Peer\0Address").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), r#"get property "Peer\0Address": a name with a NUL in it"#);
}

#[test]
fn a_shared_handle_keeps_the_properties() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, client) = connected_over(&ctx, TCP, Pull, Push);
        client.send([7; 1000]).unwrap();
        let mut message = server.recv().unwrap();
        let handle = message.share();
        drop(message);
        drop(server);
        if let Ok(kind) = handle.socket_type() {
            assert_eq!(kind, Some("PUSH"));
        }
        assert_eq!(handle, [7; 1000]);
    });
}
