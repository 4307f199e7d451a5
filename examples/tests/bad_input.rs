//! Sends the programs what no program of the Guide would send: they go on, or end with an error, and never panic.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
#![cfg(unix)]

mod common;

use std::time::Duration;

use common::{Running, folder, program};
use zmqx::{Context, Dealer, Pull, Push, Req, Result, Router, XPub};

const TIMEOUT: Duration = Duration::from_secs(20);

fn endpoint(folder: &tempfile::TempDir, name: &str) -> String {
    format!("ipc://{}/{name}", folder.path().display())
}

#[test]
fn hwserver_outlives_requests_of_several_frames() -> Result<()> {
    let folder = folder();
    let endpoint = endpoint(&folder, "hello");
    let hwserver = env!("CARGO_BIN_EXE_hwserver");
    let mut server = Running::start(program(hwserver).args(["--bind", &endpoint, "--work", "0"]));
    let context = Context::new()?;
    let stranger = context.socket(Dealer)?;
    stranger.connect(&endpoint)?;
    stranger.send_multipart(["", "one", "two"])?;
    stranger.send_multipart(["no", "envelope"])?;
    stranger.send("")?;
    stranger.send_multipart(["", ""])?;
    let client = context.socket(Req)?;
    client.connect(&endpoint)?;
    client.send("Hello")?;
    assert_eq!(client.recv_timeout(TIMEOUT)?, "World");
    assert!(server.is_running());
    Ok(())
}

#[test]
fn rtreq_ignores_those_who_are_no_workers() -> Result<()> {
    let folder = folder();
    let endpoint = endpoint(&folder, "workers");
    let rtreq = env!("CARGO_BIN_EXE_rtreq");
    let args = ["--bind", &endpoint, "--connect", &endpoint, "--run", "500ms", "--longest", "20"];
    let broker = Running::start(program(rtreq).args(args));
    let stranger = Context::new()?.socket(Dealer)?;
    stranger.connect(&endpoint)?;
    for _ in 0..100 {
        stranger.send("no envelope")?;
        stranger.send_multipart(["", "too", "many", "frames"])?;
    }
    stranger.set_linger(Some(Duration::ZERO))?;
    let ended = broker.ended();
    assert!(ended.status.success(), "{ended:#?}");
    assert_eq!(ended.stdout.lines().count(), 10, "{ended:#?}");
    Ok(())
}

#[test]
fn wuclient_counts_only_weather_updates() -> Result<()> {
    let folder = folder();
    let endpoint = endpoint(&folder, "weather");
    let publisher = Context::new()?.socket(XPub)?;
    publisher.bind(&endpoint)?;
    let wuclient = env!("CARGO_BIN_EXE_wuclient");
    let client = Running::start(program(wuclient).args(["--connect", &endpoint, "1"]));
    publisher.recv_timeout(TIMEOUT)?;
    for _ in 0..100 {
        publisher.send("1")?;
        publisher.send("10001 warm wet")?;
        publisher.send("10001 99999999999999999999 30")?;
        publisher.send(&b"1\xFF\x00"[..])?;
        publisher.send("10001 -20 30")?;
    }
    let ended = client.ended();
    assert!(ended.status.success(), "{ended:#?}");
    assert!(ended.stdout.ends_with("Average temperature for zipcode '1' was -20F\n"), "{ended:#?}");
    Ok(())
}

#[test]
fn psenvsub_shows_only_messages_of_two_frames() -> Result<()> {
    let folder = folder();
    let endpoint = endpoint(&folder, "letters");
    let publisher = Context::new()?.socket(XPub)?;
    publisher.bind(&endpoint)?;
    let psenvsub = env!("CARGO_BIN_EXE_psenvsub");
    let subscriber = Running::start(program(psenvsub).args(["--connect", &endpoint]));
    publisher.recv_timeout(TIMEOUT)?;
    publisher.send("B")?;
    publisher.send_multipart(["B", "one", "two"])?;
    publisher.send_multipart([&b"B"[..], b"\xFF"])?;
    publisher.send_multipart(["B", "a letter"])?;
    assert_eq!(subscriber.line(), "[B] \u{FFFD}");
    assert_eq!(subscriber.line(), "[B] a letter");
    Ok(())
}

#[test]
fn taskwork_takes_what_is_no_number_for_zero() -> Result<()> {
    let folder = folder();
    let (tasks, results) = (endpoint(&folder, "tasks"), endpoint(&folder, "results"));
    let context = Context::new()?;
    let (ventilator, sink) = (context.socket(Push)?, context.socket(Pull)?);
    ventilator.bind(&tasks)?;
    sink.bind(&results)?;
    let args = ["--receiver", &tasks, "--sender", &results];
    let _worker = Running::start(program(env!("CARGO_BIN_EXE_taskwork")).args(args));
    for task in [&b""[..], b"much", b"-1000000", b"\xFF\xFE", b"3"] {
        ventilator.send(task)?;
        assert_eq!(sink.recv_timeout(TIMEOUT)?, "");
    }
    Ok(())
}

/// Who says anything to the backend is a worker to the broker, and so takes a request along; others are served.
#[test]
fn lbbroker2_and_lbbroker3_outlive_those_who_are_no_workers() -> Result<()> {
    for path in [env!("CARGO_BIN_EXE_lbbroker2"), env!("CARGO_BIN_EXE_lbbroker3")] {
        let folder = folder();
        let (frontend, backend) = (endpoint(&folder, "frontend"), endpoint(&folder, "backend"));
        let args = ["--frontend", &frontend, "--backend", &backend, "--speed", "100"];
        let broker = Running::start(program(path).args(args));
        assert_eq!(broker.line(), "Client: OK");
        let context = Context::new()?;
        for endpoint in [&frontend, &backend] {
            let stranger = context.socket(Dealer)?;
            stranger.connect(endpoint)?;
            stranger.send("")?;
            stranger.send("no envelope")?;
            stranger.send_multipart(["", "", ""])?;
            stranger.send_multipart(["no client", "", &"too many ".repeat(1000), ""])?;
        }
        for _reply in 0..200 {
            assert_eq!(broker.line(), "Client: OK");
        }
    }
    Ok(())
}

/// A stranger as client, as worker, as peer that has tasks, and as peer that has workers.
#[test]
fn peering3_outlives_those_who_are_no_peers() -> Result<()> {
    let folder = folder();
    let context = Context::new()?;
    let publisher = context.socket(XPub)?;
    publisher.bind(endpoint(&folder, "DC2-state.ipc"))?;
    let peer = context.socket(Router)?;
    peer.set_identity("DC2")?;
    peer.bind(endpoint(&folder, "DC2-cloud.ipc"))?;
    let path = folder.path().to_str().expect("a temporary folder's name is text");
    let args = ["DC1", "DC2", "--folder", path, "--speed", "100"];
    let mut cluster = Running::start(program(env!("CARGO_BIN_EXE_peering3")).args(args));
    publisher.recv_timeout(TIMEOUT)?;
    for state in [&["DC2"][..], &["DC2", "many"], &["DC9", "-1"], &["", "", ""]] {
        publisher.send_multipart(state.to_vec())?;
    }
    // Its tasks are answered by what none of its clients waits for.
    publisher.send_multipart(["DC2", "18446744073709551615"])?;
    let mut task = peer.recv_multipart_timeout(TIMEOUT)?;
    while task.len() > 2 {
        task.pop_back();
    }
    peer.send_multipart(task)?;
    for name in ["DC1-localfe.ipc", "DC1-localbe.ipc", "DC1-cloud.ipc", "DC1-monitor.ipc"] {
        let stranger = context.socket(Dealer)?;
        stranger.connect(endpoint(&folder, name))?;
        stranger.send("")?;
        stranger.send("no envelope")?;
        stranger.send_multipart(["", "", ""])?;
        stranger.send_multipart(["DC2", "", "too many", ""])?;
    }
    publisher.send_multipart(["DC2", "0"])?;
    let is_task = |line: &str| line.len() == 4;
    for _task in 0..100 {
        while !is_task(&cluster.line()) {}
    }
    assert!(cluster.is_running());
    Ok(())
}
