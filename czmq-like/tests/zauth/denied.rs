//! Those who may not come in do not, and alice is served after each.

use zmqx::ProtocolError;

use czmq_like::prelude::*;

use crate::common::within;
use crate::{Site, curve_and_monitors_or_skip};

fn with_site(test: impl FnOnce(&Site) + Send + 'static) {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let site = Site::new();
        site.serves();
        test(&site);
        site.serves();
    });
}

#[test]
fn a_wrong_key_stays_out() {
    with_site(|site| site.server.denies(site.client("mallory", &ZCert::new().unwrap())));
}

#[test]
fn a_key_whose_certificate_has_gone_stays_out() {
    with_site(|site| {
        let bob = ZCert::new().unwrap();
        let filename = site.folder.path().join("bob.txt");
        bob.save(&filename).unwrap();
        let bobs = site.client("bob", &bob);
        site.server.expects("bob");
        std::fs::remove_file(&filename).unwrap();
        // The secret file alone makes nobody known.
        site.server.denies(site.client("bob", &bob));
        // Who is in stays in.
        bobs.send("still in").unwrap();
        site.server.expects("still in");
    });
}

#[test]
fn a_known_key_at_an_address_that_is_denied_stays_out() {
    with_site(|site| {
        site.auth.allow(&["10.0.0.1"]).unwrap();
        site.server.denies(site.client("alice", &site.alice));
        site.auth.allow(&["127.0.0.1"]).unwrap();
    });
}

#[test]
fn a_thief_of_a_public_key_stays_out() {
    with_site(|site| {
        let secret = ZCert::new().unwrap().secret_key().unwrap().clone();
        let thief = site.client("alice", &ZCert::new_from(site.alice.public_key(), secret));
        // It cannot make sense of what the server says, and gives up.
        let told = thief.monitor(zmqx::MonitorEvents::all()).unwrap().into_iter().find(|event| {
            use zmqx::EventKind::{Disconnected, HandshakeFailedProtocol};
            matches!(event.kind(), Disconnected | HandshakeFailedProtocol)
        });
        assert!(told.is_some());
        site.server.is_empty();
    });
}

#[test]
fn a_client_without_a_key_stays_out() {
    with_site(|site| {
        let client = site.server.null_client("nobody");
        is_a_mismatch(&site.server.keeps_out());
        drop(client);
    });
}

#[test]
fn a_plain_client_stays_out_of_a_curve_server_though_its_password_is_right() {
    with_site(|site| {
        let passwords = site.folder.path().join(".passwords");
        std::fs::write(&passwords, "admin=secret\n").unwrap();
        site.auth.plain(passwords.to_str().unwrap()).unwrap();
        let client = site.server.plain_client("admin", "secret");
        is_a_mismatch(&site.server.keeps_out());
        drop(client);
    });
}

/// Unless the client has seen first that they do not go together.
fn is_a_mismatch(event: &zmqx::Event) {
    let mismatch = ProtocolError::ZmtpMechanismMismatch;
    assert!(event.protocol_error().is_none_or(|error| error == mismatch), "{event:?}");
}

#[test]
fn a_crowd_of_strangers_stays_out_and_is_no_harm() {
    with_site(|site| {
        let strangers: Vec<_> = (0..50)
            .map(|_| site.client("mallory", &ZCert::new().unwrap()))
            .chain((0..50).map(|_| site.server.plain_client("admin", "guess")))
            .collect();
        for _ in 0..50 {
            site.server.keeps_out();
        }
        site.serves();
        drop(strangers);
    });
}
