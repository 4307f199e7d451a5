//! Chapter 4: freelance, in three models.

use crate::common::{Ended, scenario};

#[test]
fn flclient1_goes_on_to_the_next_server_when_one_is_silent() {
    let ended = scenario("flclient1");
    let lines = ended.lines("flclient1");
    // Each run says where it tries, and what came of it.
    let mut tried = "";
    for line in &lines {
        if let Some(rest) = line.strip_prefix("I: trying echo service at ") {
            tried = rest.trim_end_matches("...");
        } else if let Some(silent) = line.strip_prefix("W: no response from ") {
            assert_eq!(silent, tried, "{lines:#?}");
        } else {
            assert_eq!(*line, "Service is running OK", "{lines:#?}");
        }
    }
    // The first server was not there in the second run.
    let ok = lines.iter().position(|line| *line == "Service is running OK").expect("three runs");
    assert!(lines[ok + 1].ends_with("/first..."), "{lines:#?}");
    assert!(lines[ok + 2].starts_with("W: no response from ipc://"), "{lines:#?}");
    assert!(lines[ok + 3].ends_with("/second..."), "{lines:#?}");
    assert_eq!(ended.lines("server-1")[1], "W: interrupted");
}

#[test]
fn flclient2_is_answered_by_whoever_is_there() {
    averages(&scenario("flclient2"), "flclient2");
}

#[test]
fn flclient3_is_answered_by_whoever_is_there() {
    averages(&scenario("flclient3"), "flclient3");
}

/// That each of three runs had all its answers, and what they took on average fits into the time that all took.
fn averages(ended: &Ended, client: &str) {
    let lines = ended.lines(client);
    let averages: Vec<u128> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("Average round trip cost: ")?.strip_suffix(" usec"))
        .map(|average| average.parse().unwrap())
        .collect();
    assert_eq!(averages.len(), 3, "{ended:#?}");
    let sum: u128 = averages.iter().map(|average| average * 1000).sum();
    assert!(averages.iter().all(|average| *average > 0), "{averages:?}");
    assert!(sum <= ended.elapsed.as_micros(), "{sum} of {ended:#?}");
}
