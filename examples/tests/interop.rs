//! Runs programs with a peer at the other end that is not ours: pyzmq, with the libzmq that it brings along.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]
// Elsewhere the loopback addresses beside 127.0.0.1 are not there.
#![cfg(target_os = "linux")]

mod common;
#[path = "interop/majordomo.rs"]
mod majordomo;
#[path = "interop/security.rs"]
mod security;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

use common::{Ended, Running, WATCHDOG, ended, folder, host, program};
use rustix::fs::{FlockOperation, flock};
use zmqx::curve::KeyPair;
use zmqx::zap::{Credentials, Handler, Reply, Request};
use zmqx::{Capability, Context, MonitorEvents, Rep, Req, Version, has, version};

/// The Python of an environment that has pyzmq, made by the first test that asks; or else why there is none.
fn python() -> Result<&'static Path, &'static str> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PYTHON.get_or_init(environment).as_deref().map_err(String::as_str)
}

/// Makes the environment in the target folder, unless it is there from another run.
fn environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let text = |error: &dyn std::fmt::Display| error.to_string();
    // Held until the end of this function, or of the process: others wait, and find the environment made.
    let lock = File::create(folder.join("pyzmq.lock")).map_err(|error| text(&error))?;
    flock(&lock, FlockOperation::LockExclusive).map_err(|error| text(&error))?;
    let environment = folder.join("pyzmq");
    let python = environment.join("bin").join("python");
    let has_pyzmq = || run(Command::new(&python).args(["-c", "import zmq"]));
    if has_pyzmq().is_ok() {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyzmq"];
    run(Command::new(&python).args(install))?;
    has_pyzmq().map(|()| python)
}

/// Runs a command, and gives the last line of its complaint where it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let Output { status, stderr, stdout } =
        command.output().map_err(|error| format!("{name}: {error}"))?;
    let complaint = String::from_utf8_lossy(&stderr) + String::from_utf8_lossy(&stdout);
    let last = complaint.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    if status.success() { Ok(()) } else { Err(format!("{name}: {status}: {last}")) }
}

/// A Python script's command; `None`, and a visible message, where it cannot run. In CI that is a failure.
fn script(name: &str) -> Option<Command> {
    match python() {
        Ok(python) => {
            let mut command = program(python.to_str().expect("the target folder's name is text"));
            command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyzmq").join(name));
            Some(command)
        }
        Err(reason) if std::env::var_os("CI").is_some() => panic!("no pyzmq in CI: {reason}"),
        Err(reason) => {
            // Not by eprintln, which tests that pass keep to themselves.
            let message = format!("\nSKIPPED, as there is no pyzmq: {reason}\n");
            let _ = std::io::stderr().write_all(message.as_bytes());
            None
        }
    }
}

fn succeeds(command: &mut Command) -> Ended {
    let ended = ended(command.spawn().expect("a program starts"), WATCHDOG);
    assert!(ended.status.success(), "{ended:#?}");
    ended
}

#[test]
fn hwserver_answers_a_pyzmq_client() {
    let Some(mut client) = script("req_client.py") else { return };
    let endpoint = format!("tcp://{}:5555", host());
    let hwserver = env!("CARGO_BIN_EXE_hwserver");
    let server = Running::start(program(hwserver).args(["--bind", &endpoint, "--work", "10ms"]));
    let ended = succeeds(client.args([&endpoint, "Hello", "Hello", "Hello,in,frames", "Hello"]));
    assert_eq!(ended.stdout, "World\n".repeat(4));
    assert_eq!(server.line(), "Received Hello");
}

#[test]
fn hwclient_asks_a_pyzmq_server() {
    let Some(mut server) = script("rep_server.py") else { return };
    let server = Running::start(server.args(["bind", "tcp://127.0.0.1:*"]));
    let endpoint = server.line();
    let hwclient = env!("CARGO_BIN_EXE_hwclient");
    let ended = succeeds(program(hwclient).args(["--connect", &endpoint]));
    assert!(ended.stdout.ends_with("Received World 9\n"), "{ended:#?}");
    assert_eq!(server.line(), "Hello");
}

#[test]
fn rrbroker_relays_all_frames_between_pyzmq_peers() {
    relays(env!("CARGO_BIN_EXE_rrbroker"));
}

#[test]
fn msgqueue_relays_all_frames_between_pyzmq_peers() {
    relays(env!("CARGO_BIN_EXE_msgqueue"));
}

fn relays(broker: &str) {
    let (Some(mut client), Some(mut worker)) = (script("req_client.py"), script("rep_server.py"))
    else {
        return;
    };
    let host = host();
    let (frontend, backend) = (format!("tcp://{host}:5559"), format!("tcp://{host}:5560"));
    let args = ["--frontend", &frontend, "--backend", &backend];
    let _broker = Running::start(program(broker).args(args));
    let _worker = Running::start(worker.args(["connect", &backend]));
    let ended = succeeds(client.args([&frontend, "one", "of,three,frames", "", ",,"]));
    assert_eq!(ended.stdout, "World\nthree,frames,World\nWorld\n,,World\n");
}

#[test]
fn taskvent_hands_its_tasks_to_a_pyzmq_worker() {
    let Some(mut worker) = script("task_worker.py") else { return };
    let folder = folder();
    let tasks = format!("ipc://{}/tasks", folder.path().display());
    let worker = Running::start(worker.arg(&tasks));
    let sink = worker.line();
    let taskvent = env!("CARGO_BIN_EXE_taskvent");
    // Its standard input is at its end, which is as good as Enter.
    let ended = succeeds(program(taskvent).args(["--sender", &tasks, "--sink", &sink]));
    assert_eq!(worker.line(), "0");
    let costs: Vec<u32> = (0..100).map(|_| worker.line().parse().unwrap()).collect();
    assert!(costs.iter().all(|cost| (1..=100).contains(cost)), "{costs:?}");
    let total = format!("Total expected cost: {} msec\n", costs.iter().sum::<u32>());
    assert!(ended.stdout.ends_with(&total), "{ended:#?}");
}

#[test]
fn psenvpub_sends_a_pyzmq_subscriber_both_frames() {
    let Some(mut subscriber) = script("subscriber.py") else { return };
    let endpoint = format!("tcp://{}:5563", host());
    let psenvpub = env!("CARGO_BIN_EXE_psenvpub");
    let _publisher = Running::start(program(psenvpub).args(["--bind", &endpoint]));
    let ended = succeeds(subscriber.args([&endpoint, "B", "2"]));
    assert_eq!(ended.stdout, "B,We would like to see this\n".repeat(2));
}

#[test]
fn wuserver_sends_a_pyzmq_subscriber_the_weather() {
    let Some(mut subscriber) = script("subscriber.py") else { return };
    let folder = folder();
    let endpoint = format!("ipc://{}/weather", folder.path().display());
    let wuserver = env!("CARGO_BIN_EXE_wuserver");
    let _publisher = Running::start(program(wuserver).args(["--bind", &endpoint]));
    let ended = succeeds(subscriber.args([&endpoint, "1", "100"]));
    assert_eq!(ended.stdout.lines().count(), 100);
    for update in ended.stdout.lines() {
        let numbers: Vec<i64> = update.split(' ').map(|number| number.parse().unwrap()).collect();
        assert_eq!(update.find(' '), Some(5), "five digits: {update}");
        assert!(matches!(numbers[..], [10000..=19999, -80..=134, 10..=59]), "{update}");
    }
}

/// Keys, where the libzmq that is linked has CURVE, and tells how handshakes end.
fn curve_keys() -> Option<KeyPair> {
    let has_events = version() >= Version { major: 4, minor: 3, patch: 0 };
    if !has(Capability::Curve) || !has_events {
        let message =
            format!("\nSKIPPED, as libzmq {} has no CURVE, or none of its events\n", version());
        let _ = std::io::stderr().write_all(message.as_bytes());
        return None;
    }
    Some(KeyPair::new().unwrap())
}

#[test]
fn a_pyzmq_server_lets_the_client_in_whose_curve_key_it_knows() {
    let Some(alice) = curve_keys() else { return };
    let Some(mut server) = script("curve_server.py") else { return };
    let server = Running::start(server.arg(alice.public.to_string()));
    let (endpoint, public) = (server.line(), server.line().parse().unwrap());
    // The reply of one who is let in, or the status of one who is not.
    let ask = |keys: &KeyPair| {
        let ctx = Context::builder().linger(Some(Duration::ZERO)).build().unwrap();
        let client = ctx.socket(Req).unwrap();
        client.set_curve_serverkey(&public).unwrap();
        client.set_curve_publickey(&keys.public).unwrap();
        client.set_curve_secretkey(&keys.secret).unwrap();
        let told = MonitorEvents::HANDSHAKE_SUCCEEDED | MonitorEvents::HANDSHAKE_FAILED_AUTH;
        let monitor = client.monitor(told).unwrap();
        client.connect(&endpoint).unwrap();
        client.send("Hello").unwrap();
        match monitor.recv_timeout(WATCHDOG).unwrap().zap_status() {
            Some(status) => Err(status),
            None => Ok(client.recv_timeout(WATCHDOG).unwrap()),
        }
    };
    ask(&alice).expect("she is known there");
    assert_eq!(server.line(), "Hello");
    assert_eq!(ask(&KeyPair::new().unwrap()).unwrap_err(), 400);
}

#[test]
fn a_pyzmq_client_is_let_in_whose_curve_key_is_known() {
    let Some(alice) = curve_keys() else { return };
    let Some(mut client) = script("curve_client.py") else { return };
    let server_keys = KeyPair::new().unwrap();
    let ctx = Context::new().unwrap();
    let expected = Credentials::Curve(alice.public);
    let decide = move |request: &Request| {
        if *request.credentials() == expected { Reply::accept("alice") } else { Reply::deny("?") }
    };
    let _handler = Handler::bind(&ctx).unwrap().spawn(decide).unwrap();
    let server = ctx.socket(Rep).unwrap();
    server.set_curve_server(true).unwrap();
    server.set_curve_secretkey(&server_keys.secret).unwrap();
    let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
    let server = std::thread::spawn(move || {
        let request = server.recv_timeout(WATCHDOG).unwrap();
        server.send(request.user_id().unwrap().unwrap_or("nobody")).unwrap();
    });
    client.args([endpoint.as_str(), &server_keys.public.to_string()]);
    client.args([alice.public.to_string(), alice.secret.to_z85()]);
    assert_eq!(succeeds(&mut client).stdout, "alice\n");
    server.join().unwrap();
}
