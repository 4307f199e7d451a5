//! Chapter 3: the programs that show what identities are for.

use crate::common::scenario;

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
