//! Runs the scenarios, and checks the lines that they show.
//!
//! That everything is there which `src/scenarios.rs` expects, the runner itself says by its exit status.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::collections::VecDeque;

use common::{Ended, is_long, scenario};

#[test]
fn hwserver_answers_ten_requests_of_hwclient() {
    let ended = scenario("hwclient");
    assert_eq!(ended.lines("hwserver"), vec!["Received Hello"; 10]);
    let mut expected = vec!["Connecting to hello world server...".to_owned()];
    for number in 0..10 {
        expected.push(format!("Sending Hello {number}..."));
        expected.push(format!("Received World {number}"));
    }
    assert_eq!(ended.lines("hwclient"), expected);
}

#[test]
fn version_is_that_of_the_library_that_runs() {
    let expected = format!("Current ØMQ version is {}", zmqx::version());
    assert_eq!(scenario("version").lines("version"), [expected]);
}

#[test]
fn wuclient_averages_the_temperature() {
    let ended = scenario("wuclient");
    let average = ended.number("wuclient", "Average temperature for zipcode '1' was ", "F");
    assert!((-80..=134).contains(&average), "{average}");
}

#[test]
fn msreader_reads_from_both_sockets() {
    reads_from_both("msreader");
}

#[test]
fn mspoller_reads_from_both_sockets() {
    reads_from_both("mspoller");
}

fn reads_from_both(name: &str) {
    let ended = scenario(name);
    let lines = ended.lines(name);
    let costs = lines.iter().filter_map(|line| line.strip_prefix("Task: ")?.parse::<i64>().ok());
    assert_eq!(costs.sum::<i64>(), ended.number("taskvent", "Total expected cost: ", " msec"));
    for update in lines.iter().filter_map(|line| line.strip_prefix("Weather: ")) {
        let numbers: Vec<i64> = update.split(' ').map(|number| number.parse().unwrap()).collect();
        assert!(
            matches!(numbers[..], [10001, -80..=134, 10..=59]),
            "not an update of zipcode 10001: {update}"
        );
    }
}

#[test]
fn rrbroker_relays_ten_requests_and_replies() {
    relays("rrbroker");
}

#[test]
fn msgqueue_relays_ten_requests_and_replies() {
    relays("msgqueue");
}

fn relays(name: &str) {
    let ended = scenario(name);
    assert_eq!(ended.lines("rrworker"), vec!["Received request: [Hello]"; 10]);
    let expected: Vec<_> = (0..10).map(|nbr| format!("Received reply {nbr} [World]")).collect();
    assert_eq!(ended.lines("rrclient"), expected);
}

#[test]
fn wuproxy_forwards_subscriptions_up_and_updates_down() {
    let ended = scenario("wuproxy");
    let average = ended.number("wuclient", "Average temperature for zipcode '1' was ", "F");
    assert!((-80..=134).contains(&average), "{average}");
}

#[test]
fn every_taskwork2_ends_on_kill() {
    for _ in 0..if is_long() { 20 } else { 3 } {
        // The runner waits for the ends of all.
        let ended = scenario("tasksink2");
        let done: usize = (1..=4)
            .flat_map(|copy| ended.lines(&format!("taskwork2-{copy}")))
            .map(|line| line.matches('.').count())
            .sum();
        assert_eq!(done, 100);
    }
}

#[test]
fn interrupt_is_interrupted_after_it_served() {
    assert_eq!(
        scenario("interrupt").lines("interrupt"),
        ["W: interrupt received, killing server..."]
    );
}

#[test]
fn mtrelay_signals_step_by_step() {
    assert_eq!(
        scenario("mtrelay").lines("mtrelay"),
        ["Step 1 ready, signaling step 2", "Step 2 ready, signaling step 3", "Test successful!"]
    );
}

#[test]
#[cfg(target_os = "linux")]
fn each_of_ten_syncsubs_receives_every_update() {
    let mut command = common::guide();
    command.args(["syncpub", "--host", &common::host()]);
    if is_long() {
        receive_all(&common::ended(command.spawn().unwrap(), common::WATCHDOG), 1_000_000);
    } else {
        receive_all(
            &common::ended(command.arg("--quick").spawn().unwrap(), common::WATCHDOG),
            200_000,
        );
    }
}

/// When a Unix domain socket is closed, libzmq drops what a subscriber at its high-water mark has not read.
#[test]
fn each_of_ten_syncsubs_receives_every_update_over_ipc() {
    for _ in 0..3 {
        receive_all(&scenario("syncsub"), 200_000);
    }
}

fn receive_all(ended: &Ended, updates: usize) {
    assert!(ended.status.success(), "{ended:#?}");
    for copy in 1..=10 {
        let expected = format!("Received {updates} updates");
        assert_eq!(ended.lines(&format!("syncsub-{copy}")), [expected]);
    }
    assert_eq!(ended.lines("syncpub"), ["Waiting for subscribers", "Broadcasting messages"]);
}

#[test]
fn psenvsub_gets_only_the_messages_of_b_with_both_frames() {
    let ended = scenario("psenvsub");
    let lines = ended.lines("psenvsub");
    assert!(lines.len() >= 2);
    assert!(lines.iter().all(|line| *line == "[B] We would like to see this"), "{lines:?}");
}

#[test]
fn identity_dumps_a_generated_and_a_given_identity() {
    let ended = scenario("identity");
    let mut lines = ended.lines("identity");
    let generated = lines.remove(1);
    let digits = generated.strip_prefix("[005] 00").expect("five bytes, of which the first is 0");
    assert_eq!(digits.len(), 8, "{generated}");
    assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{generated}");
    let rule = "----------------------------------------";
    let expected = [
        rule,
        "[000] ",
        "[028] ROUTER uses a generated UUID",
        rule,
        "[005] PEER2",
        "[000] ",
        "[040] ROUTER socket uses REQ's socket identity",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn rtreq_shares_the_work_among_ten_workers() {
    shares("rtreq");
}

#[test]
fn rtdealer_shares_the_work_among_ten_workers() {
    shares("rtdealer");
}

fn shares(name: &str) {
    let ended = scenario(name);
    let lines = ended.lines(name);
    assert_eq!(lines.len(), 10);
    for line in lines {
        let number = line.strip_prefix("Completed: ").and_then(|rest| rest.strip_suffix(" tasks"));
        let tasks: u32 = number.expect("only such lines").parse().unwrap();
        // About 20 of 25 ms in half a second, however busy the machine is.
        assert!((1..=500).contains(&tasks), "{tasks}");
    }
}

#[test]
fn lbbroker_gives_each_request_to_the_least_recently_used_worker() {
    let ended = scenario("lbbroker");
    let lines = ended.lines("lbbroker");
    let mut queue = VecDeque::new();
    let mut routed = 0;
    for line in &lines {
        if let Some(worker) = line.strip_prefix("Ready: ") {
            assert!(!queue.contains(&worker), "{worker} is ready twice");
            queue.push_back(worker);
        } else if let Some(worker) = line.strip_prefix("Routed: ") {
            assert_eq!(queue.pop_front(), Some(worker), "{lines:#?}");
            routed += 1;
        }
    }
    assert_eq!(routed, 10);
    assert_eq!(lines.iter().filter(|line| **line == "Client: OK").count(), 10);
    assert_eq!(lines.iter().filter(|line| **line == "Worker: HELLO").count(), 10);
}
