//! Who gets in: by keys and passwords, and by what a ZAP handler says, or does not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

#[path = "../common/mod.rs"]
mod common;

mod denied;
mod handlers;
mod replies;

use std::time::Instant;

use common::{SOON, TCP, has_monitors, runs_with};
use zmqx::curve::{KeyPair, PublicKey};
use zmqx::zap::{Handler, Service};
use zmqx::{
    Capability, Context, ErrorKind, Event, EventKind, Message, Monitor, MonitorEvents, Pull, Push,
    Socket, has,
};

/// Whether there is CURVE, and monitors, which tell what comes of it.
fn has_curve() -> bool {
    has(Capability::Curve) && has_monitors()
}

/// Has a server without a handler let no one in, where this libzmq can.
fn enforce(server: &Socket<Pull>) -> bool {
    match server.set_zap_enforce_domain(true) {
        Ok(()) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            false
        }
    }
}

/// A server, what its monitor tells, and where it is.
struct Server {
    socket: Socket<Pull>,
    monitor: Monitor,
    endpoint: String,
    keys: Option<KeyPair>,
}

impl Server {
    fn new(ctx: &Context, secure: impl FnOnce(&Socket<Pull>)) -> Self {
        let socket = ctx.socket(Pull).unwrap();
        secure(&socket);
        let monitor = socket.monitor(MonitorEvents::all()).unwrap();
        let endpoint = socket.bind(TCP).unwrap().to_string();
        Self { socket, monitor, endpoint, keys: None }
    }

    fn curve(ctx: &Context) -> Self {
        Self::curve_with(ctx, |_| ())
    }

    fn curve_with(ctx: &Context, secure: impl FnOnce(&Socket<Pull>)) -> Self {
        let keys = KeyPair::new().unwrap();
        let mut server = Self::new(ctx, |socket| {
            socket.set_curve_server(true).unwrap();
            socket.set_curve_secretkey(&keys.secret).unwrap();
            socket.set_zap_domain("test").unwrap();
            secure(socket);
        });
        server.keys = Some(keys);
        server
    }

    fn plain(ctx: &Context) -> Self {
        Self::new(ctx, |socket| {
            socket.set_plain_server(true).unwrap();
            socket.set_zap_domain("test").unwrap();
        })
    }

    fn public(&self) -> PublicKey {
        self.keys.as_ref().unwrap().public
    }

    /// A client that says its name as soon as it is in.
    fn client(&self, name: &str, secure: impl FnOnce(&Socket<Push>)) -> Socket<Push> {
        // A context of its own: handlers are asked by the server's.
        let ctx = Context::builder().linger(Some(std::time::Duration::ZERO)).build().unwrap();
        let client = ctx.socket(Push).unwrap();
        secure(&client);
        client.connect(&self.endpoint).unwrap();
        client.send(name).unwrap();
        client
    }

    fn curve_client(&self, name: &str, keys: &KeyPair) -> Socket<Push> {
        self.client(name, |client| {
            client.set_curve_serverkey(&self.public()).unwrap();
            client.set_curve_publickey(&keys.public).unwrap();
            client.set_curve_secretkey(&keys.secret).unwrap();
        })
    }

    fn plain_client(&self, name: &str, password: &str) -> Socket<Push> {
        self.client(name, |client| {
            client.set_plain_username(Some(name)).unwrap();
            client.set_plain_password(Some(password)).unwrap();
        })
    }

    /// The next message, which is to be this one.
    fn expects(&self, text: &str) -> Message {
        let message = self.socket.recv_timeout(SOON).unwrap();
        assert_eq!(message, text);
        message
    }

    /// Waits until a connection has failed, and sees that nothing came through.
    fn keeps_out(&self) -> Event {
        let deadline = Instant::now() + SOON;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let event = self.monitor.recv_timeout(left).unwrap();
            let has_failed = match event.kind() {
                EventKind::HandshakeFailedAuth
                | EventKind::HandshakeFailedProtocol
                | EventKind::HandshakeFailedNoDetail => true,
                // Before libzmq 4.3 no event says more.
                EventKind::Disconnected => !runs_with(4, 3, 0),
                _ => false,
            };
            if has_failed {
                self.is_empty();
                return event;
            }
        }
    }

    fn is_empty(&self) {
        assert_eq!(self.socket.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

/// A handler that lets those with these keys in, by their names.
fn known(ctx: &Context, keys: &[(&'static str, PublicKey)]) -> Service {
    use zmqx::zap::{Credentials, Reply};

    let keys = keys.to_vec();
    let decide = move |request: &zmqx::zap::Request| {
        let found = keys.iter().find(|(_, key)| *request.credentials() == Credentials::Curve(*key));
        found.map_or_else(|| Reply::deny("unknown key"), |(name, _)| Reply::accept(*name))
    };
    Handler::bind(ctx).unwrap().spawn(decide).unwrap()
}
