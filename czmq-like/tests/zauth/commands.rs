//! Commands by hand, as in C, and what is none.

use czmq_like::prelude::*;

use crate::common::{runs_with, within};
use crate::{Server, monitors_or_skip};

#[test]
fn each_command_is_answered_by_a_signal() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        let status = |frames: &[&str]| {
            zstr::sendx(&auth, frames).unwrap();
            ZSocket::wait(&auth).unwrap()
        };
        for command in [
            &["ALLOW", "127.0.0.1", "192.168.1.20"][..],
            &["ALLOW"],
            &["DENY", "127.0.0.1"],
            &["PLAIN", "there is no such file"],
            &["CURVE", "there is no such directory"],
            &["CURVE", CURVE_ALLOW_ANY],
            &["GSSAPI"],
        ] {
            assert_eq!(status(command), 0, "{command:?}");
        }
        for none in [&["PLAIN"][..], &["CURVE"], &["allow"], &["NONSENSE\n", "1"], &[""]] {
            assert_eq!(status(none), 1, "{none:?}");
        }
        let server = Server::null(&ctx);
        let _client = server.null_client("allowed");
        server.expects("allowed");
    });
}

#[test]
fn a_command_that_is_no_text_is_none() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        let mut msg = ZMsg::new();
        msg.addmem([0xFF, 0]);
        msg.send(&auth).unwrap();
        assert_eq!(ZSocket::wait(&auth).unwrap(), 1);
        auth.gssapi().unwrap();
    });
}

#[test]
fn after_term_it_takes_no_commands_and_answers_as_it_did() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.deny(&["127.0.0.1"]).unwrap();
        let server = Server::null(&ctx);
        zstr::send(&auth, "$TERM").unwrap();
        assert_eq!(zstr::recv(&auth).unwrap_err().kind(), ErrorKind::Disconnected);
        assert_eq!(auth.verbose().unwrap_err().kind(), ErrorKind::Disconnected);
        server.denies(server.null_client("denied"));
    });
}

#[test]
fn a_context_has_one_and_may_move_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<ZAuth>();
    is_send::<ZCertStore>();
    let ctx = ZCtx::new().unwrap();
    if !runs_with(4, 0, 0) {
        assert_eq!(ZAuth::new(&ctx).unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let _auth = ZAuth::new(&ctx).unwrap();
    assert_eq!(ZAuth::new(&ctx).unwrap_err().kind(), ErrorKind::AddrInUse);
    ZAuth::new(&ZCtx::new().unwrap()).unwrap();
}

#[cfg(target_os = "linux")]
mod in_processes {
    use czmq_like::prelude::*;
    use zmqx::Context;

    use crate::common::log::Logged;
    use crate::common::process::in_child;
    use crate::common::wait_until;
    use crate::{Server, monitors_or_skip};

    /// Servers may still be bound, and without a handler libzmq would let everybody in.
    #[test]
    fn an_interrupt_ends_the_commands_but_not_the_answers() {
        if !monitors_or_skip() {
            return;
        }
        in_child(
            "commands::in_processes::an_interrupt_ends_the_commands_but_not_the_answers",
            || {
                let ctx = ZCtx::new().unwrap();
                let auth = ZAuth::new(&ctx).unwrap();
                auth.deny(&["127.0.0.1"]).unwrap();
                let server = Server::null(&ctx);
                zsys::set_interrupted(true);
                let kind = auth.verbose().unwrap_err().kind();
                assert!(
                    matches!(kind, ErrorKind::Interrupted | ErrorKind::Disconnected),
                    "{kind:?}"
                );
                wait_until("its commands have ended", || {
                    zstr::send(&auth, "VERBOSE")
                        .is_err_and(|error| error.kind() == ErrorKind::Disconnected)
                });
                // Of a context that no interrupt ends.
                let peer = Context::new().unwrap().socket(Push).unwrap();
                peer.connect(&server.endpoint).unwrap();
                peer.set_linger(Some(Duration::ZERO)).unwrap();
                peer.send("denied").unwrap();
                let is_over = |event: zmqx::Event| {
                    use zmqx::EventKind::{Disconnected, HandshakeFailedAuth};
                    matches!(event.kind(), Disconnected | HandshakeFailedAuth)
                };
                wait_until("it is kept out", || server.monitor.try_recv().is_ok_and(is_over));
                server.is_empty();
            },
        );
    }

    #[test]
    fn verbose_logs_what_is_decided_and_no_password() {
        if !monitors_or_skip() {
            return;
        }
        in_child("commands::in_processes::verbose_logs_what_is_decided_and_no_password", || {
            let log = Logged::here();
            let ctx = ZCtx::new().unwrap();
            let auth = ZAuth::new(&ctx).unwrap();
            auth.deny(&["10.0.0.1"]).unwrap();
            assert_eq!(log.text(), "");
            auth.verbose().unwrap();
            let folder = tempfile::tempdir().unwrap();
            let passwords = folder.path().join("passwords");
            std::fs::write(&passwords, "admin=secret\n").unwrap();
            auth.plain(passwords.to_str().unwrap()).unwrap();
            let server = Server::plain(&ctx);
            let _admin = server.plain_client("admin", "secret");
            server.expects("admin");
            server.denies(server.plain_client("a\nb", "guess"));
            zsys::set_logstream(None);
            let text = log.text();
            let lines: Vec<_> =
                text.lines().map(|line| line.split_once(" zauth: ").unwrap().1).collect();
            let asked = "ZAP request mechanism=PLAIN ipaddress=127.0.0.1";
            let passed = "- passed (not in blocked list) address=127.0.0.1";
            let expected = [
                "API command=PLAIN",
                asked,
                passed,
                "- allowed (PLAIN) username=admin",
                "- ZAP reply status_code=200 status_text=OK",
                asked,
                passed,
                "- denied (PLAIN) username=a\\nb",
                "- ZAP reply status_code=400 status_text=No access",
            ];
            assert_eq!(lines, expected);
        });
    }
}
