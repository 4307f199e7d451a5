//! Sends the program `interrupt` signals, at every moment of its life from the one where it first catches them.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(target_os = "linux")]

mod common;

use std::time::Duration;

use common::{Running, folder, is_long, program, send_signal, wait_until_caught};
use guide::zhelpers::randof;
use rustix::process::Signal;
use zmqx::{Context, Req, Result, Socket};

const LAST_LINE: &str = "W: interrupt received, killing server...\n";

fn start(endpoint: &str) -> Running {
    Running::start(program(env!("CARGO_BIN_EXE_interrupt")).args(["--bind", endpoint]))
}

fn ends_cleanly(running: Running) {
    let ended = running.ended();
    assert!(ended.status.success(), "{ended:#?}");
    assert_eq!(ended.stdout, LAST_LINE, "{ended:#?}");
}

fn ask(endpoint: &str) -> Result<Socket<Req>> {
    let client = Context::new()?.socket(Req)?;
    client.connect(endpoint)?;
    client.send("Hello")?;
    assert_eq!(client.recv()?, "World");
    Ok(client)
}

/// The moment before it blocks lies within the first milliseconds, wherever that is.
#[test]
fn a_signal_ends_it_cleanly_whenever_it_comes() {
    let folder = folder();
    for run in 0..if is_long() { 1000 } else { 100 } {
        let running = start(&format!("ipc://{}/{run}", folder.path().display()));
        wait_until_caught(running.id());
        // A third at the first moment, the others within the time that it takes to block.
        if run % 3 > 0 {
            std::thread::sleep(Duration::from_micros(randof(4000)));
        }
        send_signal(running.id(), if run % 2 == 0 { Signal::INT } else { Signal::TERM });
        ends_cleanly(running);
    }
}

#[test]
fn a_signal_ends_it_cleanly_while_it_serves() -> Result<()> {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = folder();
        let endpoint = format!("ipc://{}/busy", folder.path().display());
        let running = start(&endpoint);
        let client = ask(&endpoint)?;
        let asking = std::thread::spawn(move || {
            let timeout = Duration::from_secs(1);
            // Until the server has ended.
            while client.send("Hello").is_ok() && client.recv_timeout(timeout).is_ok() {}
            client.set_linger(Some(Duration::ZERO))
        });
        std::thread::sleep(Duration::from_millis(randof(20)));
        send_signal(running.id(), signal);
        ends_cleanly(running);
        asking.join().expect("the client does not panic")?;
    }
    Ok(())
}

#[test]
fn an_unrelated_signal_does_not_end_it() -> Result<()> {
    let folder = folder();
    let endpoint = format!("ipc://{}/served", folder.path().display());
    let mut running = start(&endpoint);
    drop(ask(&endpoint)?);
    for signal in [Signal::WINCH, Signal::URG, Signal::STOP, Signal::CONT, Signal::CHILD] {
        send_signal(running.id(), signal);
    }
    drop(ask(&endpoint)?);
    assert!(running.is_running());
    send_signal(running.id(), Signal::TERM);
    ends_cleanly(running);
    Ok(())
}
