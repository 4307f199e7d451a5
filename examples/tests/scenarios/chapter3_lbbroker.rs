//! Chapter 3: the load-balancing broker, in its three versions.

use std::collections::VecDeque;

use crate::common::scenario;

/// Checks that each worker that got a request had waited longest; gives how many got one.
fn requests_routed<'a>(lines: impl IntoIterator<Item = &'a str>) -> usize {
    let mut queue = VecDeque::new();
    let mut routed = 0;
    for line in lines {
        if let Some(worker) = line.strip_prefix("Ready: ") {
            assert!(!queue.contains(&worker), "{worker} is ready twice");
            queue.push_back(worker);
        } else if let Some(worker) = line.strip_prefix("Routed: ") {
            assert_eq!(queue.pop_front(), Some(worker), "not the least recently used");
            routed += 1;
        }
    }
    routed
}

#[test]
fn lbbroker_gives_each_request_to_the_least_recently_used_worker() {
    let ended = scenario("lbbroker");
    let lines = ended.lines("lbbroker");
    assert_eq!(requests_routed(lines.iter().copied()), 10);
    assert_eq!(lines.iter().filter(|line| **line == "Client: OK").count(), 10);
    assert_eq!(lines.iter().filter(|line| **line == "Worker: HELLO").count(), 10);
}

#[test]
fn lbbroker2_gives_each_request_to_the_least_recently_used_worker() {
    let ended = scenario("lbbroker2");
    let lines = ended.lines("lbbroker2");
    let answered = lines.iter().filter(|line| **line == "Client: OK").count();
    assert!(answered >= 50, "{lines:#?}");
    assert!(requests_routed(lines.iter().copied()) >= answered, "{lines:#?}");
}

#[test]
fn lbbroker3_answers_its_clients() {
    let ended = scenario("lbbroker3");
    let lines = ended.lines("lbbroker3");
    assert!(lines.len() >= 50);
    assert!(lines.iter().all(|line| *line == "Client: OK"), "{lines:#?}");
}

#[cfg(target_os = "linux")]
mod runs {
    use std::fs::File;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use guide::zhelpers::randof;
    use rustix::process::Signal;
    use tempfile::TempDir;

    use super::requests_routed;
    use crate::common::{Running, folder, is_long, program, send_signal, wait_until_caught};

    /// How long "at once" may be on a busy machine.
    const AT_ONCE: Duration = Duration::from_secs(2);

    const BROKERS: [&str; 2] = [env!("CARGO_BIN_EXE_lbbroker2"), env!("CARGO_BIN_EXE_lbbroker3")];

    fn broker(path: &str, folder: &TempDir, speed: &str) -> Command {
        let endpoint = |name| format!("ipc://{}/{name}", folder.path().display());
        let mut command = program(path);
        command.args(["--frontend", &endpoint("frontend"), "--backend", &endpoint("backend")]);
        command.args(["--speed", speed]);
        command
    }

    fn ends_at_once(running: Running, signal: Signal) {
        send_signal(running.id(), signal);
        let ended = running.ended();
        assert!(ended.status.success(), "{ended:#?}");
        assert!(ended.elapsed < AT_ONCE, "{ended:#?}");
        assert_eq!(ended.stderr, "", "{ended:#?}");
        assert!(ended.stdout.lines().all(|line| line == "Client: OK"), "{ended:#?}");
    }

    /// The clients sleep for a second, and so the broker waits.
    #[test]
    fn a_broker_that_waits_ends_at_once_on_ctrl_c() {
        for path in BROKERS {
            let folder = folder();
            let running = Running::start(&mut broker(path, &folder, "1"));
            for _client in 0..10 {
                assert_eq!(running.line(), "Client: OK");
            }
            ends_at_once(running, Signal::INT);
        }
    }

    /// The clients sleep for a millisecond.
    #[test]
    fn a_broker_under_load_ends_at_once_on_ctrl_c() {
        for path in BROKERS {
            for run in 0..if is_long() { 100 } else { 10 } {
                let folder = folder();
                let running = Running::start(&mut broker(path, &folder, "1000"));
                // With the first one the signals are caught.
                for _reply in 0..=randof(500) {
                    assert_eq!(running.line(), "Client: OK");
                }
                ends_at_once(running, if run % 2 == 0 { Signal::INT } else { Signal::TERM });
            }
        }
    }

    #[test]
    fn a_broker_that_starts_ends_at_once_on_ctrl_c() {
        for path in BROKERS {
            for _run in 0..if is_long() { 300 } else { 20 } {
                let folder = folder();
                let running = Running::start(&mut broker(path, &folder, "1000"));
                wait_until_caught(running.id());
                std::thread::sleep(Duration::from_micros(randof(5000)));
                ends_at_once(running, Signal::INT);
            }
        }
    }

    /// The reactor itself says on stderr what is registered in it.
    #[test]
    fn lbbroker3_reads_from_clients_exactly_while_a_worker_is_available() {
        let folder = folder();
        let log = folder.path().join("log");
        let mut command = broker(BROKERS[1], &folder, "20");
        // A pipe that nobody empties would be full at some time.
        command.arg("--verbose").stderr(Stdio::from(File::create(&log).unwrap()));
        let running = Running::start(&mut command);
        for _reply in 0..100 {
            assert_eq!(running.line(), "Client: OK");
        }
        send_signal(running.id(), Signal::INT);
        assert!(running.ended().status.success());

        let log = std::fs::read_to_string(&log).unwrap();
        let mut lines = log.lines().peekable();
        assert_eq!(lines.next(), Some("I: zloop: register ROUTER poller"), "the backend's");
        let (mut workers, mut has_reader, mut times) = (0, false, 0);
        for line in lines {
            // Whatever else comes, comes when the handler before it has returned.
            if line.starts_with("Ready: ") {
                workers += 1;
            } else if line.starts_with("Routed: ") {
                workers -= 1;
            } else if line.starts_with("I: zloop: register") {
                assert!(!has_reader && workers == 1, "{log}");
                (has_reader, times) = (true, times + 1);
            } else if line.starts_with("I: zloop: cancel") {
                assert!(has_reader && workers == 0, "{log}");
                has_reader = false;
            } else {
                assert_eq!(has_reader, workers > 0, "{log}");
            }
        }
        assert!(times >= 2, "it is there at the start, and again after all were busy:\n{log}");
        assert!(requests_routed(log.lines()) >= 100);
    }
}
