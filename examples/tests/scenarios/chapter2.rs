//! Chapter 2.

use crate::common::{self, Ended, is_long, scenario};

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
