//! What a handler may answer, and what it is asked by those who are no servers.

use zmqx::zap::{Handler, Reply};
use zmqx::{Context, Dealer, ErrorKind, Multipart};

use crate::Server;
use crate::common::{SOON, has_monitors, runs_with, within};

#[test]
fn what_a_handler_says_of_a_client_is_on_its_messages() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let reply = Reply::accept("alice").metadata("Role", "admin").metadata("X-group", "");
        assert_eq!(reply.status(), 200);
        let _handler = Handler::bind(&ctx).unwrap().spawn(move |_| reply.clone()).unwrap();
        let server = Server::plain(&ctx);
        let _client = server.plain_client("alice", "secret");
        let message = server.expects("alice");
        assert_eq!(message.user_id().unwrap(), Some("alice"));
        assert_eq!(message.property("Role").unwrap(), Some("admin"));
        assert_eq!(message.property("X-group").unwrap(), Some(""));
        assert_eq!(message.property("X-other").unwrap(), None);
    });
}

#[test]
fn each_refusal_has_its_status() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let refusals = [
            (Reply::deny("no"), 400),
            (Reply::temporary_error("later"), 300),
            (Reply::internal_error("broken"), 500),
        ];
        for (reply, status) in refusals {
            assert_eq!(reply.status(), status);
            let ctx = Context::new().unwrap();
            let _handler = Handler::bind(&ctx).unwrap().spawn(move |_| reply.clone()).unwrap();
            let server = Server::plain(&ctx);
            let _client = server.plain_client("alice", "secret");
            let event = server.keeps_out();
            if runs_with(4, 3, 0) {
                assert_eq!(event.zap_status(), Some(status));
            }
        }
    });
}

#[test]
fn a_reply_that_cannot_be_sent_lets_no_one_in() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let server = Server::plain(&ctx);
        for reply in [
            Reply::accept("al\0ice"),
            Reply::accept("alice").metadata("", "no name"),
            Reply::accept("alice").metadata("a name", "with a space"),
            Reply::accept("alice").metadata("n".repeat(256), "too long"),
            Reply::accept("alice").metadata("user-id", "libzmq's own"),
            Reply::accept("alice").metadata("Identity", "libzmq's own"),
            Reply::accept("alice").metadata("Role", "with a \0"),
            Reply::deny("x".repeat(256)),
        ] {
            let _client = server.plain_client("alice", "secret");
            let request = handler.recv_timeout(SOON).unwrap();
            let error = handler.reply(request, reply.clone()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{reply:?}");
            let event = server.keeps_out();
            assert!(event.zap_status().is_none_or(|status| status == 500), "{event:?}");
        }
    });
}

#[test]
fn a_handler_survives_what_is_no_request() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let rogue = ctx.socket(Dealer).unwrap();
        rogue.connect("inproc://zeromq.zap.01").unwrap();
        let head = ["", "1.0", "7", "test", "127.0.0.1", ""];
        let hostile: [&[&str]; 9] = [
            &[""],
            &["rubbish"],
            &["", "1.0"],
            &["", "2.0", "7"],
            &head[..3],
            &head,
            &["", "1.0", "7", "test", "127.0.0.1", "", "RUBBISH"],
            &["", "1.0", "7", "test", "127.0.0.1", "", "CURVE", "short"],
            &["", "1.0", "7", "test", "127.0.0.1", "", "PLAIN", "alice"],
        ];
        for frames in hostile {
            rogue.send_multipart(Multipart::from(frames.to_vec())).unwrap();
        }
        assert_eq!(handler.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        let server = Server::plain(&ctx);
        let _client = server.plain_client("alice", "secret");
        let request = handler.recv_timeout(SOON).unwrap();
        handler.reply(request, Reply::accept("alice")).unwrap();
        server.expects("alice");

        // Where it could be told, it was.
        let statuses: Vec<String> = std::iter::from_fn(|| rogue.try_recv_multipart().ok())
            .map(|reply| reply[3].to_string_lossy().into_owned())
            .collect();
        assert_eq!(statuses, ["500", "500", "500", "400", "400", "400"]);
    });
}

#[test]
fn a_request_of_one_that_has_gone_may_be_answered() {
    if !has_monitors() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let handler = Handler::bind(&ctx).unwrap();
        let server = Server::plain(&ctx);
        let client = server.plain_client("alice", "secret");
        let request = handler.recv_timeout(SOON).unwrap();
        drop((client, server));
        handler.reply(request, Reply::accept("alice")).unwrap();
    });
}
