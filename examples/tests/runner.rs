//! The runner itself: its list, its command line, and that it leaves no process behind.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::time::Duration;

use common::{WATCHDOG, ended, folder, guide, program};

fn run(args: &[&str]) -> common::Ended {
    ended(guide().args(args).spawn().unwrap(), WATCHDOG)
}

#[test]
fn without_a_name_it_lists_every_program() {
    for args in [&[][..], &["--list"]] {
        let ended = run(args);
        assert!(ended.status.success());
        for program in guide::programs::PROGRAMS {
            let line = ended.stdout.lines().find(|line| line.contains(program.about));
            assert!(line.is_some_and(|line| line.trim_start().starts_with(program.name)));
        }
    }
}

#[test]
fn a_unit_is_shown_by_a_program() {
    let list = run(&["--list"]).stdout;
    for unit in guide::programs::UNITS {
        let line =
            list.lines().find(|line| line.trim_start().starts_with(&format!("{} ", unit.name)));
        assert!(line.is_some_and(|line| line.ends_with(&format!("see {}", unit.program))));
        assert!(guide::programs::find(unit.program).is_some());
    }
    let folder = folder();
    let folder = folder.path().to_str().unwrap();
    let ended = run(&["flcliapi", "--quick", "--ipc", folder]);
    assert!(ended.status.success() && ended.stdout.contains("flclient3"), "{ended:#?}");
}

#[test]
fn the_list_is_there_as_json() {
    let ended = run(&["--list", "--json"]);
    assert!(ended.status.success());
    let list: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let programs = list.as_array().unwrap();
    assert_eq!(programs.len(), guide::programs::PROGRAMS.len());
    let broker = programs.iter().find(|program| program["name"] == "rrbroker").unwrap();
    assert_eq!(broker["chapter"], 2);
    assert_eq!(broker["starts"][1]["program"], "rrworker");
    assert_eq!(broker["ends_by_itself"], true);
}

#[test]
fn an_unknown_name_is_an_error_that_says_the_nearest() {
    let ended = run(&["hwservr"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(ended.stderr.contains("'hwserver'"), "{ended:#?}");
}

#[test]
fn a_wrong_command_line_is_an_error() {
    let wrong = [
        &["--for", "soon", "version"][..],
        &["--json"],
        &["version", "--bind", "tcp://*:5555"],
        &["version", "--copies", "taskwork=0"],
        &["version", "--copies", "nobody=2"],
        &["version", "wuclient"],
    ];
    for args in wrong {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_cluster_without_a_name_is_an_error() {
    let ended = ended(program(env!("CARGO_BIN_EXE_peering1")).spawn().unwrap(), WATCHDOG);
    assert_eq!(ended.status.code(), Some(2), "{ended:#?}");
    assert!(ended.stderr.contains("the following required arguments"), "{ended:#?}");
}

#[test]
fn there_are_as_many_clusters_as_asked_for() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    let ended = run(&["peering1", "--quick", "--ipc", path, "--copies", "peering1=5"]);
    assert!(ended.status.success(), "{ended:#?}");
    let connected: Vec<_> = ended.lines("DC4").into_iter().skip(1).take(4).collect();
    let peers = ["DC1", "DC2", "DC3", "DC5"];
    let expected = peers.map(|peer| format!("I: connecting to state backend at '{peer}'"));
    assert_eq!(connected, expected);
}

#[test]
fn what_never_ends_runs_for_the_time_that_is_given() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    let ended = run(&["psenvpub", "--for", "2500ms", "--ipc", path]);
    assert!(ended.status.success(), "{ended:#?}");
    assert!(ended.elapsed >= Duration::from_millis(2500), "{ended:#?}");
    assert!(!ended.stdout.contains('\x1b'), "colours, though it is no terminal: {ended:#?}");
}

#[test]
fn what_does_not_end_in_time_is_a_failure() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    let ended = run(&["hwserver", "--for", "500ms", "--ipc", path]);
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    assert!(ended.stdout.contains("hwserver: not at its end after 500ms"), "{ended:#?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_port_in_use_is_said_to_be() -> zmqx::Result<()> {
    let host = common::host();
    let endpoint = format!("tcp://{host}:5555");
    let other = zmqx::Context::new()?.socket(zmqx::Rep)?;
    other.bind(&endpoint)?;
    let ended = run(&["hwserver", "--host", &host]);
    assert_eq!(ended.status.code(), Some(1));
    let complaint = format!("hwserver failed: bind \"{endpoint}\": address in use");
    assert!(ended.stdout.contains(&complaint), "{ended:#?}");
    Ok(())
}

#[test]
fn each_program_is_a_binary_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_guide")).parent().unwrap();
    for known in guide::programs::PROGRAMS {
        let path = folder.join(known.name).with_extension(std::env::consts::EXE_EXTENSION);
        let path = path.to_str().unwrap();
        let help = ended(program(path).arg("--help").spawn().unwrap(), WATCHDOG);
        assert!(help.status.success(), "{}", known.name);
        assert!(help.stdout.contains(known.about), "{help:#?}");
        assert!(help.stdout.contains(&format!("Usage: {}", known.name)), "{help:#?}");
        let wrong = ended(program(path).arg("--nonsense").spawn().unwrap(), WATCHDOG);
        assert_eq!(wrong.status.code(), Some(2), "{}", known.name);
    }
}

/// Ends of the runner, and that nothing which it started is there afterwards.
#[cfg(target_os = "linux")]
mod ends {
    use std::time::Instant;

    use rustix::process::Signal;

    use super::common::{Running, processes, send_signal};
    use super::{WATCHDOG, folder, guide};

    /// Starts the broker's scenario, and gives the signal while a request is on its way.
    fn end_by(signal: Signal) {
        let folder = folder();
        let path = folder.path().to_str().unwrap();
        let running = Running::start(guide().args(["rrbroker", "--ipc", path]));
        while !running.line().contains("Received reply 0") {}
        assert_eq!(processes(path).len(), 4, "the runner, broker, worker and client");
        send_signal(running.id(), signal);
        let ended = running.ended();
        if signal != Signal::KILL {
            assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
            assert!(ended.stdout.contains("rrbroker: interrupted"), "{ended:#?}");
            assert_eq!(processes(path), [0; 0], "the runner waits for what it started");
        }
        let start = Instant::now();
        while !processes(path).is_empty() {
            assert!(start.elapsed() < WATCHDOG, "{signal:?} leaves {:?}", processes(path));
        }
    }

    #[test]
    fn ctrl_c_leaves_no_process_behind() {
        end_by(Signal::INT);
    }

    #[test]
    fn sigterm_leaves_no_process_behind() {
        end_by(Signal::TERM);
    }

    #[test]
    fn sudden_death_leaves_no_process_behind() {
        end_by(Signal::KILL);
    }

    #[test]
    fn a_reader_that_goes_away_ends_it() {
        let folder = folder();
        let path = folder.path().to_str().unwrap();
        let mut child = guide().args(["rrbroker", "--ipc", path]).spawn().unwrap();
        drop(child.stdout.take());
        assert!(!child.wait().unwrap().success());
        assert_eq!(processes(path), [0; 0]);
    }
}
