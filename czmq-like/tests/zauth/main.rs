//! The class `ZAuth`: who gets in by it, and that nobody else does. What zmqx's ZAP handlers are by themselves,
//! tests/zap of zmqx shows.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

#[path = "../common/mod.rs"]
mod common;

mod commands;
mod denied;
mod selftest;
mod troubles;

use std::path::Path;
use std::time::Instant;

use czmq_like::prelude::*;
use zmqx::curve::PublicKey;
use zmqx::{Context, Event, EventKind, Monitor, MonitorEvents};

use common::{SOON, curve_or_skip, has_monitors, or_skip, runs_with};

/// Whether sockets have monitors, which tell what comes of a client; where they have not, says so.
fn monitors_or_skip() -> bool {
    or_skip(has_monitors(), "monitors")
}

fn curve_and_monitors_or_skip() -> bool {
    monitors_or_skip() && curve_or_skip()
}

/// A server, and what its monitor tells.
struct Server {
    socket: Socket<Pull>,
    monitor: Monitor,
    endpoint: String,
}

impl Server {
    fn new(ctx: &ZCtx, secure: impl FnOnce(&Socket<Pull>)) -> Self {
        let socket = ctx.socket(Pull).unwrap();
        secure(&socket);
        let monitor = socket.monitor(MonitorEvents::all()).unwrap();
        let endpoint = socket.bind("tcp://127.0.0.1:*").unwrap().to_string();
        Self { socket, monitor, endpoint }
    }

    fn null(ctx: &ZCtx) -> Self {
        Self::new(ctx, |socket| socket.set_zap_domain("global").unwrap())
    }

    fn plain(ctx: &ZCtx) -> Self {
        Self::new(ctx, |socket| {
            socket.set_zap_domain("global").unwrap();
            socket.set_plain_server(true).unwrap();
        })
    }

    fn curve(ctx: &ZCtx, cert: &ZCert) -> Self {
        Self::new(ctx, |socket| {
            socket.set_zap_domain("global").unwrap();
            cert.apply(socket).unwrap();
            socket.set_curve_server(true).unwrap();
        })
    }

    /// A client that says its name as soon as it is in.
    fn client(&self, name: &str, secure: impl FnOnce(&Socket<Push>)) -> Socket<Push> {
        // A context of its own: ZAuth is asked by the server's.
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let client = ctx.socket(Push).unwrap();
        secure(&client);
        client.connect(&self.endpoint).unwrap();
        client.send(name).unwrap();
        client
    }

    fn null_client(&self, name: &str) -> Socket<Push> {
        self.client(name, |_| ())
    }

    fn plain_client(&self, name: &str, password: &str) -> Socket<Push> {
        self.client(name, |client| {
            client.set_plain_username(Some(name)).unwrap();
            client.set_plain_password(Some(password)).unwrap();
        })
    }

    fn curve_client(&self, name: &str, cert: &ZCert, server: PublicKey) -> Socket<Push> {
        self.client(name, |client| {
            cert.apply(client).unwrap();
            client.set_curve_serverkey(&server).unwrap();
        })
    }

    /// The next message, which is to be this one.
    fn expects(&self, text: &str) -> ZFrame {
        let message = ZFrame::from(self.socket.recv_timeout(SOON).unwrap());
        assert!(message.streq(text), "{message:?}");
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

    /// Keeps a client out, which is refused and not just lost.
    fn denies(&self, client: Socket<Push>) {
        // The end of another's connection may be told of as well.
        while runs_with(4, 3, 0) && self.keeps_out().zap_status() != Some(400) {}
        if !runs_with(4, 3, 0) {
            self.keeps_out();
        }
        drop(client);
    }

    fn is_empty(&self) {
        assert_eq!(self.socket.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A CURVE server with a `ZAuth` that knows alice.
struct Site {
    // Dropped in this order: the server before what guards it.
    server: Server,
    auth: ZAuth,
    _ctx: ZCtx,
    server_cert: ZCert,
    alice: ZCert,
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let ctx = ZCtx::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (server_cert, alice) = (ZCert::new().unwrap(), ZCert::new().unwrap());
        alice.save_public(folder.path().join("alice.txt")).unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.curve(text(folder.path())).unwrap();
        let server = Server::curve(&ctx, &server_cert);
        Self { server, auth, _ctx: ctx, server_cert, alice, folder }
    }

    fn client(&self, name: &str, cert: &ZCert) -> Socket<Push> {
        self.server.curve_client(name, cert, self.server_cert.public_key())
    }

    /// Alice comes in, as ever, and nobody else has.
    fn serves(&self) {
        let _alice = self.client("alice", &self.alice);
        let message = self.server.expects("alice");
        assert_eq!(message.meta("User-Id"), Some(self.alice.public_txt().as_str()));
        self.server.is_empty();
    }
}
