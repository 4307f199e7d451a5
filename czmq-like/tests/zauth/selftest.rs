//! What CZMQ's own test of zauth checks.

use std::fs;

use czmq_like::prelude::*;
use zmqx::curve::{PublicKey, SecretKey};

use crate::common::within;
use crate::{Server, curve_and_monitors_or_skip, monitors_or_skip, text};

#[test]
fn null_clients_are_let_in_or_not_by_their_address() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        // A server without a domain does not ask.
        let open = Server::new(&ctx, |_| ());
        let server = Server::null(&ctx);
        let _client = server.null_client("no policy");
        server.expects("no policy");
        auth.deny(&["127.0.0.1", "10.0.0.1"]).unwrap();
        server.denies(server.null_client("denied"));
        let _client = open.null_client("not asked about");
        open.expects("not asked about");
        auth.allow(&["10.0.0.1", "127.0.0.1"]).unwrap();
        let _client = server.null_client("allowed, though denied");
        server.expects("allowed, though denied");
    });
}

#[test]
fn another_address_than_the_allowed_ones_stays_out() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.allow(&["10.0.0.1", "127.0.0", "127.0.0.10"]).unwrap();
        let server = Server::null(&ctx);
        server.denies(server.null_client("not allowed"));
    });
}

#[test]
fn plain_clients_are_let_in_by_the_password_file_as_it_is() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        let server = Server::plain(&ctx);
        let folder = tempfile::tempdir().unwrap();
        let passwords = folder.path().join("password-file");
        server.denies(server.plain_client("admin", "Password"));

        // The file comes later than the command.
        auth.plain(text(&passwords)).unwrap();
        server.denies(server.plain_client("admin", "Password"));
        fs::write(&passwords, "# users\nadmin=Password\nbob=secret\n").unwrap();
        let admin = server.plain_client("admin", "Password");
        assert_eq!(server.expects("admin").meta("User-Id"), Some("admin"));
        server.denies(server.plain_client("admin", "Bogus"));
        server.denies(server.plain_client("nobody", "Password"));
        server.denies(server.plain_client("# users", "Password"));

        // It changes, and nobody says so.
        fs::write(&passwords, "admin=Bogus000\nbob=secret\n").unwrap();
        server.denies(server.plain_client("admin", "Password"));
        let _bob = server.plain_client("bob", "secret");
        server.expects("bob");
        admin.send("still in").unwrap();
        server.expects("still in");
        // It goes.
        fs::remove_file(&passwords).unwrap();
        server.denies(server.plain_client("bob", "secret"));
    });
}

#[test]
fn a_password_file_that_has_long_been_as_it_is_may_change() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let folder = tempfile::tempdir().unwrap();
        let passwords = folder.path().join("passwords");
        fs::write(&passwords, "admin=Password\n").unwrap();
        // So long that it is not read for each client.
        std::thread::sleep(Duration::from_millis(3200));
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.plain(text(&passwords)).unwrap();
        let server = Server::plain(&ctx);
        for _ in 0..2 {
            let _client = server.plain_client("admin", "Password");
            server.expects("admin");
        }
        fs::write(&passwords, "admin=password\n").unwrap();
        server.denies(server.plain_client("admin", "Password"));
        let _client = server.plain_client("admin", "password");
        server.expects("admin");
    });
}

#[test]
fn an_address_that_is_allowed_still_needs_the_password() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        auth.allow(&["127.0.0.1"]).unwrap();
        let server = Server::plain(&ctx);
        server.denies(server.plain_client("admin", "Password"));
    });
}

#[test]
fn curve_clients_are_let_in_by_their_certificates() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::new(&ctx).unwrap();
        let (server_cert, mut client_cert) = (ZCert::new().unwrap(), ZCert::new().unwrap());
        let server = Server::curve(&ctx, &server_cert);
        let client = |name| server.curve_client(name, &client_cert, server_cert.public_key());
        server.denies(client("no policy"));
        auth.curve(CURVE_ALLOW_ANY).unwrap();
        let any = client("any");
        assert_eq!(server.expects("any").meta("User-Id"), Some(""));
        drop(any);

        let folder = tempfile::tempdir().unwrap();
        auth.curve(text(folder.path())).unwrap();
        server.denies(client("not known yet"));
        client_cert.set_meta("Hello", "World!");
        // What cannot be a message's.
        client_cert.set_meta("User-Id", "root");
        client_cert.set_meta("a/b", "c");
        client_cert.set_meta("Role", "tester");
        client_cert.save_public(folder.path().join("mycert.txt")).unwrap();
        let _client = server.curve_client("known", &client_cert, server_cert.public_key());
        let message = server.expects("known");
        assert_eq!(message.meta("Hello"), Some("World!"));
        assert_eq!(message.meta("Role"), Some("tester"));
        assert_eq!(message.meta("User-Id"), Some(client_cert.public_txt().as_str()));
    });
}

#[test]
fn a_store_of_the_programs_own_is_asked() {
    if !curve_and_monitors_or_skip() {
        return;
    }
    within(|| {
        let public = [
            105, 76, 150, 58, 214, 191, 218, 65, 50, 172, 131, 188, 247, 211, 136, 170, 227, 26,
            57, 170, 185, 63, 246, 225, 177, 230, 12, 8, 134, 136, 105, 106,
        ];
        let secret = [
            245, 217, 172, 73, 106, 28, 195, 17, 218, 132, 135, 209, 99, 240, 98, 232, 7, 137, 244,
            100, 242, 23, 29, 114, 70, 223, 83, 1, 113, 207, 132, 149,
        ];
        let shared = ZCert::new_from(PublicKey::from(public), SecretKey::from(secret));
        assert_eq!(shared.public_txt(), "x?T*N/1Y{8goubv{Ts}#&#f}TXJ//DVe#D2HkoLU");
        let mut store = ZCertStore::in_memory();
        let loaded = shared.clone();
        store.set_loader(move |store| {
            store.empty();
            store.insert(loaded.clone());
        });
        let ctx = ZCtx::new().unwrap();
        let auth = ZAuth::with_store(&ctx, store).unwrap();
        let server = Server::curve(&ctx, &shared);
        let _client = server.curve_client("shared", &shared, shared.public_key());
        server.expects("shared");
        let stranger = ZCert::new().unwrap();
        server.denies(server.curve_client("stranger", &stranger, shared.public_key()));
        drop(auth);
    });
}

#[test]
fn when_it_is_gone_a_server_lets_in_whom_it_would_without_and_another_may_come() {
    if !monitors_or_skip() {
        return;
    }
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = Server::null(&ctx);
        for _ in 0..20 {
            let auth = ZAuth::new(&ctx).unwrap();
            auth.deny(&["127.0.0.1"]).unwrap();
            server.denies(server.null_client("denied"));
            drop(auth);
            let _client = server.null_client("not asked about");
            server.expects("not asked about");
        }
    });
}
