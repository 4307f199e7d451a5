//! Those who may not come in do not, and the others are served.

use zmqx::curve::KeyPair;
use zmqx::zap::{Credentials, Handler, Reply};
use zmqx::{Context, EventKind, ProtocolError};

use crate::common::{SOON, has_monitors, runs_with, within};
use crate::{Server, has_curve, known};

/// A CURVE server with a handler, that has let alice in; and alice's keys.
fn curve_server(ctx: &Context) -> (Server, zmqx::zap::Service, KeyPair) {
    let alice = KeyPair::new().unwrap();
    let handler = known(ctx, &[("alice", alice.public)]);
    (Server::curve(ctx), handler, alice)
}

/// Alice comes in, as ever.
fn serves(server: &Server, alice: &KeyPair) {
    let _client = server.curve_client("alice", alice);
    let message = server.expects("alice");
    assert_eq!(message.user_id().unwrap(), Some("alice"));
    assert_eq!(message.property("User-Id").unwrap(), Some("alice"));
    server.is_empty();
}

#[test]
fn a_client_whose_key_is_unknown_stays_out() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, _handler, alice) = curve_server(&ctx);
        serves(&server, &alice);
        let mallory = server.curve_client("mallory", &KeyPair::new().unwrap());
        let monitor = mallory.monitor(zmqx::MonitorEvents::all()).unwrap();
        let event = server.keeps_out();
        if runs_with(4, 3, 0) {
            assert_eq!(event.kind(), EventKind::HandshakeFailedAuth);
            assert_eq!(event.zap_status(), Some(400));
            // The client is told, too.
            let told = monitor.into_iter().find_map(|event| event.zap_status());
            assert_eq!(told, Some(400));
        }
        serves(&server, &alice);
    });
}

#[test]
fn a_client_with_another_servers_key_stays_out() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, _handler, alice) = curve_server(&ctx);
        let client = server.client("alice", |client| {
            client.set_curve_serverkey(&KeyPair::new().unwrap().public).unwrap();
            client.set_curve_publickey(&alice.public).unwrap();
            client.set_curve_secretkey(&alice.secret).unwrap();
        });
        let event = server.keeps_out();
        if runs_with(4, 3, 0) {
            assert_eq!(event.protocol_error(), Some(ProtocolError::ZmtpCryptographic));
        }
        drop(client);
        serves(&server, &alice);
    });
}

#[test]
fn a_client_with_a_key_that_is_not_its_own_stays_out() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, _handler, alice) = curve_server(&ctx);
        let thief = KeyPair { public: alice.public, secret: KeyPair::new().unwrap().secret };
        let thief = server.curve_client("alice", &thief);
        // It cannot make sense of what the server says, and gives up: the server sees it go, or nothing at all.
        let told = thief.monitor(zmqx::MonitorEvents::all()).unwrap().into_iter().find(|event| {
            matches!(event.kind(), EventKind::Disconnected | EventKind::HandshakeFailedProtocol)
        });
        assert!(told.is_some());
        server.is_empty();
        drop(thief);
        serves(&server, &alice);
    });
}

#[test]
fn a_client_without_a_key_stays_out() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, _handler, alice) = curve_server(&ctx);
        let client = server.client("nobody", |_| ());
        // Unless the client has seen first that they do not go together.
        let event = server.keeps_out();
        let mismatch = ProtocolError::ZmtpMechanismMismatch;
        assert!(event.protocol_error().is_none_or(|error| error == mismatch), "{event:?}");
        drop(client);
        serves(&server, &alice);
    });
}

#[test]
fn a_plain_client_stays_out_of_a_curve_server() {
    if !has_curve() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, _handler, alice) = curve_server(&ctx);
        let client = server.plain_client("alice", "secret");
        // Unless the client has seen first that they do not go together.
        let event = server.keeps_out();
        let mismatch = ProtocolError::ZmtpMechanismMismatch;
        assert!(event.protocol_error().is_none_or(|error| error == mismatch), "{event:?}");
        drop(client);
        serves(&server, &alice);
    });
}

#[test]
fn a_wrong_password_stays_out() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let decide = |request: &zmqx::zap::Request| match request.credentials() {
            Credentials::Plain { username, password }
                if (username.as_str(), password.as_str()) == ("alice", "secret") =>
            {
                Reply::accept(username)
            }
            _ => Reply::deny("wrong password"),
        };
        let _handler = Handler::bind(&ctx).unwrap().spawn(decide).unwrap();
        let server = Server::plain(&ctx);
        let mallory = server.plain_client("alice", "guess");
        server.keeps_out();
        drop(mallory);
        let _alice = server.plain_client("alice", "secret");
        let message = server.expects("alice");
        assert_eq!(message.user_id().unwrap(), Some("alice"));
    });
}

#[test]
fn a_null_server_asks_where_it_has_a_domain() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let server = Server::new(&ctx, |socket| socket.set_zap_domain("test").unwrap());
        let _client = server.client("nobody", |_| ());
        let request = handler.recv_timeout(SOON).unwrap();
        assert_eq!(request.credentials(), &Credentials::Null);
        assert_eq!((request.domain(), request.address()), ("test", "127.0.0.1"));
        server.is_empty();
        handler.reply(request, Reply::deny("not today")).unwrap();
        server.keeps_out();

        let open = Server::new(&ctx, |_| ());
        let _client = open.client("anybody", |_| ());
        open.expects("anybody");
    });
}
