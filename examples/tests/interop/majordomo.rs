//! Majordomo: our broker between a client and a worker in Python that are written from RFC 7, and ours with such a broker.

use std::process::Command;
use std::time::Instant;

use crate::common::{Running, WATCHDOG, program};
use crate::{folder, script, succeeds};

/// A heartbeat is 250 ms at this speed.
const SPEED: [&str; 2] = ["--speed", "10"];
const INTERVAL: &str = "0.25";

/// Waits for so many lines of this text.
fn wait_for(running: &Running, text: &str, times: usize) {
    let start = Instant::now();
    for _ in 0..times {
        // Others come too: this one has to, in time.
        while running.line() != text {
            assert!(start.elapsed() < WATCHDOG, "no {text}");
        }
    }
}

fn mdworker(endpoint: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_mdworker"));
    command.args(["--broker", endpoint]).args(SPEED);
    command
}

#[test]
fn mdbroker_serves_a_pyzmq_client_and_a_pyzmq_worker() {
    let (Some(mut client), Some(mut worker)) = (script("mdp_client.py"), script("mdp_worker.py"))
    else {
        return;
    };
    let folder = folder();
    let endpoint = format!("ipc://{}/broker", folder.path().display());
    let mdbroker = env!("CARGO_BIN_EXE_mdbroker");
    let _broker = Running::start(program(mdbroker).args(["--bind", &endpoint]).args(SPEED));
    let worker = Running::start(worker.args([&endpoint, "reverse", INTERVAL]));
    // Longer than what would be the worker's expiry, if the broker did not hear of it.
    wait_for(&worker, "HEARTBEAT", 6);
    let ended = succeeds(client.args([&endpoint, "reverse", "one", "of,three,frames", "", ",,"]));
    assert_eq!(ended.stdout, "one\nframes,three,of\n\n,,\n");
    wait_for(&worker, "REQUEST", 4);
}

#[test]
fn mdbroker_tells_a_pyzmq_client_which_services_there_are() {
    let (Some(mut client), Some(mut other)) = (script("mdp_client.py"), script("mdp_client.py"))
    else {
        return;
    };
    let folder = folder();
    let endpoint = format!("ipc://{}/broker", folder.path().display());
    let mdbroker = env!("CARGO_BIN_EXE_mdbroker");
    let _broker = Running::start(program(mdbroker).args(["--bind", &endpoint]));
    let ended = succeeds(client.args([&endpoint, "mmi.service", "echo"]));
    assert_eq!(ended.stdout, "404\n");
    let ended = succeeds(other.args([&endpoint, "mmi.else", "echo"]));
    assert_eq!(ended.stdout, "501\n");
}

#[test]
fn mdworker_mdclient_and_mdclient2_work_with_a_pyzmq_broker() {
    let Some(mut broker) = script("mdp_broker.py") else { return };
    let broker = Running::start(broker.args(["tcp://127.0.0.1:*", INTERVAL]));
    let endpoint = broker.line();
    let _worker = Running::start(&mut mdworker(&endpoint));
    assert_eq!(broker.line(), "READY echo");
    // Longer than what would be the broker's expiry, if the worker did not hear of it.
    wait_for(&broker, "HEARTBEAT", 6);
    for (client, line) in [
        (env!("CARGO_BIN_EXE_mdclient"), "100 requests/replies processed\n"),
        (env!("CARGO_BIN_EXE_mdclient2"), "100 replies received\n"),
    ] {
        let ended = succeeds(program(client).args(["--broker", &endpoint, "--requests", "100"]));
        assert!(ended.stdout.starts_with(line), "{ended:#?}");
    }
}

#[test]
fn mdworker_registers_again_when_a_pyzmq_broker_was_restarted() {
    let (Some(mut first), Some(mut second)) = (script("mdp_broker.py"), script("mdp_broker.py"))
    else {
        return;
    };
    let folder = folder();
    let endpoint = format!("ipc://{}/broker", folder.path().display());
    let broker = Running::start(first.args([&endpoint, INTERVAL]));
    let _worker = Running::start(&mut mdworker(&endpoint));
    wait_for(&broker, "READY echo", 1);
    drop(broker);
    let broker = Running::start(second.args([&endpoint, INTERVAL]));
    wait_for(&broker, "READY echo", 1);
}
