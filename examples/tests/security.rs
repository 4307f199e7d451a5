//! Runs the programs of the article on security: with the clients that they let in, and with those that they do not.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
// Elsewhere the loopback addresses beside 127.0.0.1 are not there.
#![cfg(target_os = "linux")]

mod common;

use std::io::Write as _;
use std::time::Duration;

use common::{Running, WATCHDOG, folder, host, program, scenario};
use zmqx::{Capability, Context, MonitorEvents, Pull, Socket, has};

/// How long a message that must not come is waited for: where it comes, it does at once.
const MOMENT: Duration = Duration::from_millis(500);

fn curve_or_skip() -> bool {
    if !has(Capability::Curve) {
        // Not by eprintln, which tests that pass keep to themselves.
        let message = format!("\nSKIPPED, as libzmq {} has no CURVE\n", zmqx::version());
        let _ = std::io::stderr().write_all(message.as_bytes());
        return false;
    }
    true
}

#[test]
fn grasslands_sends_its_message() {
    assert_eq!(scenario("grasslands").lines("grasslands"), ["Grasslands test OK"]);
}

#[test]
fn strawhouse_sends_its_message_to_an_address_that_is_allowed() {
    assert_eq!(scenario("strawhouse").lines("strawhouse").last(), Some(&"Strawhouse test OK"));
}

#[test]
fn woodhouse_sends_its_message_for_a_password_that_is_not_shown() {
    let ended = scenario("woodhouse");
    assert_eq!(ended.lines("woodhouse").last(), Some(&"Woodhouse test OK"));
    assert!(!ended.stdout.contains("secret"), "{ended:#?}");
}

#[test]
fn stonehouse_sends_its_message_to_any_client() {
    if curve_or_skip() {
        assert_eq!(scenario("stonehouse").lines("stonehouse").last(), Some(&"Stonehouse test OK"));
    }
}

#[test]
fn ironhouse_sends_its_message_to_a_client_that_it_knows() {
    if curve_or_skip() {
        assert_eq!(scenario("ironhouse").lines("ironhouse").last(), Some(&"Ironhouse test OK"));
    }
}

/// Starts a program at an endpoint of its own, and says which.
fn start(path: &str, args: &[&str]) -> (Running, String) {
    let endpoint = format!("tcp://{}:9000", host());
    let mut command = program(path);
    command.args(["--bind", &endpoint, "--connect", &endpoint]).args(args);
    (Running::start(&mut command), endpoint)
}

/// Waits for a line of the authenticator's that ends so.
fn waits_for(running: &Running, end: &str) {
    while !running.line().ends_with(end) {}
}

/// Sees that the program's own client has nothing, and waits for it.
fn has_nothing(running: &mut Running) {
    while let Some(line) = running.line_within(MOMENT) {
        assert!(!line.ends_with("test OK"), "{line}");
    }
    assert!(running.is_running());
}

const REFUSED: &str = "- ZAP reply status_code=400 status_text=No access";

#[test]
fn strawhouse_sends_nothing_to_an_address_that_is_not_allowed() {
    let (mut house, endpoint) = start(env!("CARGO_BIN_EXE_strawhouse"), &["--allow", "127.0.0.99"]);
    waits_for(&house, "- denied (not in allowed list) address=127.0.0.1");
    waits_for(&house, REFUSED);
    let ctx = Context::new().unwrap();
    let client = ctx.socket(Pull).unwrap();
    client.connect(&endpoint).unwrap();
    waits_for(&house, REFUSED);
    has_nothing(&mut house);
    // It serves another, who comes from the address that is allowed.
    let allowed = ctx.socket(Pull).unwrap();
    let (_, server) = endpoint.split_once("://").unwrap();
    allowed.connect(format!("tcp://127.0.0.99:0;{server}")).unwrap();
    assert_eq!(allowed.recv_timeout(WATCHDOG).unwrap(), "Hello");
    assert!(client.try_recv().is_err());
}

#[test]
fn woodhouse_sends_nothing_for_a_wrong_password_and_serves_a_right_one() {
    let folder = folder();
    let passwords = folder.path().join("passwords");
    let passwords = passwords.to_str().unwrap();
    let house = env!("CARGO_BIN_EXE_woodhouse");
    let (mut house, endpoint) = start(house, &["--passwords", passwords, "--password", "guess"]);
    waits_for(&house, "- denied (PLAIN) username=admin");
    waits_for(&house, REFUSED);
    let ctx = Context::new().unwrap();
    let connect = |username, password| -> Socket<Pull> {
        let client = ctx.socket(Pull).unwrap();
        client.set_plain_username(Some(username)).unwrap();
        client.set_plain_password(Some(password)).unwrap();
        client.connect(&endpoint).unwrap();
        client
    };
    let stranger = connect("nobody", "secret");
    waits_for(&house, "- denied (PLAIN) username=nobody");
    waits_for(&house, REFUSED);
    has_nothing(&mut house);
    // The file that it has made says so.
    assert_eq!(connect("admin", "secret").recv_timeout(WATCHDOG).unwrap(), "Hello");
    assert!(stranger.try_recv().is_err());
}

#[test]
fn stonehouse_sends_nothing_to_a_client_that_wants_another_server() {
    if !curve_or_skip() {
        return;
    }
    let (mut house, endpoint) = start(env!("CARGO_BIN_EXE_stonehouse"), &["--impostor"]);
    waits_for(&house, "API command=CURVE");
    // Neither to one that has no key.
    let client = Context::new().unwrap().socket(Pull).unwrap();
    let monitor = client.monitor(MonitorEvents::all()).unwrap();
    client.connect(&endpoint).unwrap();
    let is_over = |event: &zmqx::Event| {
        use zmqx::EventKind::{Disconnected, HandshakeFailedProtocol};
        matches!(event.kind(), Disconnected | HandshakeFailedProtocol)
    };
    while !is_over(&monitor.recv_timeout(WATCHDOG).unwrap()) {}
    has_nothing(&mut house);
    assert!(client.try_recv().is_err());
}

#[test]
fn ironhouse_sends_nothing_to_a_client_that_it_does_not_know() {
    if !curve_or_skip() {
        return;
    }
    let folder = folder();
    let store = folder.path().join(".curve");
    let args = ["--store", store.to_str().unwrap(), "--stranger"];
    let (mut house, _) = start(env!("CARGO_BIN_EXE_ironhouse"), &args);
    waits_for(&house, REFUSED);
    has_nothing(&mut house);
    assert_eq!(std::fs::read_dir(&store).unwrap().count(), 0);
}
