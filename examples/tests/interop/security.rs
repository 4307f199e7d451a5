//! Certificates, stores and authenticators, with pyzmq's at the other end.

use std::path::Path;
use std::time::Duration;

use czmq_like::prelude::*;
use zmqx::{Context, MonitorEvents};

use crate::common::{Running, WATCHDOG, folder};
use crate::{curve_keys, script, succeeds};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Has pyzmq make a certificate in a folder; `None`, and a visible message, where there is no pyzmq.
fn made_by_pyzmq(folder: &Path, name: &str) -> Option<ZCert> {
    succeeds(script("certificates.py")?.args(["make", text(folder), name]));
    let cert = ZCert::load(folder.join(name).with_extension("key")).unwrap();
    assert_eq!(cert.meta("name"), Some(name));
    assert!(cert.secret_key().is_some());
    Some(cert)
}

#[test]
fn zauth_lets_a_pyzmq_client_in_by_the_certificate_that_pyzmq_made() {
    if curve_keys().is_none() {
        return;
    }
    let (own, store) = (folder(), folder());
    let Some(alice) = made_by_pyzmq(store.path(), "alice") else { return };
    made_by_pyzmq(own.path(), "mallory").unwrap();
    let server_file = own.path().join("server.key");
    let server_cert = ZCert::new().unwrap();
    server_cert.save_public(&server_file).unwrap();

    let ctx = ZCtx::new().unwrap();
    let auth = ZAuth::new(&ctx).unwrap();
    auth.curve(text(store.path())).unwrap();
    let server = ctx.socket(Rep).unwrap();
    server_cert.apply(&server).unwrap();
    server.set_curve_server(true).unwrap();
    let monitor = server.monitor(MonitorEvents::HANDSHAKE_FAILED_AUTH).unwrap();
    let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
    let call = |file: &Path| {
        let mut command = script("certificates.py").unwrap();
        command.args(["call", endpoint.as_str(), text(file), text(&server_file)]);
        command
    };
    let mallory = Running::start(&mut call(&own.path().join("mallory.key_secret")));
    assert_eq!(monitor.recv_timeout(WATCHDOG).unwrap().zap_status(), Some(400));
    drop(mallory);

    let serving = std::thread::spawn(move || {
        let request = ZFrame::from(server.recv_timeout(WATCHDOG).unwrap());
        let name = request.meta("name").unwrap_or_default();
        zstr::send(&server, format!("{name} {}", request.meta("User-Id").unwrap())).unwrap();
    });
    let ended = succeeds(&mut call(&store.path().join("alice.key_secret")));
    assert_eq!(ended.stdout, format!("alice {}\n", alice.public_txt()));
    serving.join().unwrap();
}

#[test]
fn a_pyzmq_server_lets_in_whose_certificate_zcert_has_saved() {
    if curve_keys().is_none() {
        return;
    }
    let (own, store) = (folder(), folder());
    let Some(server_cert) = made_by_pyzmq(own.path(), "server") else { return };
    let mut alice = ZCert::new().unwrap();
    alice.set_meta("name", "Alice");
    alice.save(store.path().join("alice.key")).unwrap();
    let mut command = script("certificates.py").unwrap();
    let secret = own.path().join("server.key_secret");
    let server = Running::start(command.args(["serve", text(store.path()), text(&secret)]));
    let endpoint = server.line();
    // The reply of one who is let in, or the status of one who is not.
    let ask = |cert: &ZCert| {
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let client = ctx.socket(Req).unwrap();
        cert.apply(&client).unwrap();
        client.set_curve_serverkey(&server_cert.public_key()).unwrap();
        let told = MonitorEvents::HANDSHAKE_SUCCEEDED | MonitorEvents::HANDSHAKE_FAILED_AUTH;
        let monitor = client.monitor(told).unwrap();
        client.connect(&endpoint).unwrap();
        client.send("Hello").unwrap();
        match monitor.recv_timeout(WATCHDOG).unwrap().zap_status() {
            Some(status) => Err(status),
            None => Ok(client.recv_timeout(WATCHDOG).unwrap()),
        }
    };
    assert_eq!(ask(&ZCert::new().unwrap()).unwrap_err(), 400);
    assert_eq!(ask(&alice).unwrap(), alice.public_txt().as_str());
    assert_eq!(ask(&ZCert::new().unwrap()).unwrap_err(), 400);
}
