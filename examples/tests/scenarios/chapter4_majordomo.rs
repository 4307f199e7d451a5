//! Chapter 4: Majordomo.

use crate::common::{scenario, scenario_with};

#[test]
fn mdclient2_has_its_replies_at_a_higher_rate_than_mdclient() {
    let mut rates = Vec::new();
    // A busy machine may take its time from one and not from the other: look again.
    for _ in 0..10 {
        let ended = scenario("mdbroker");
        let rate = |client: &str| ended.number(client, " ", " calls/second");
        rates.push((rate("mdclient"), rate("mdclient2")));
        if rates.iter().any(|(synchronous, asynchronous)| asynchronous > synchronous) {
            return;
        }
    }
    panic!("{rates:?}");
}

#[test]
fn mdclient_is_served_by_any_number_of_workers() {
    let ended = scenario_with("mdclient", &["--copies", "mdworker=4"]);
    assert_eq!(ended.lines("mdclient")[0], "2000 requests/replies processed");
}

#[test]
fn tripping_measures_round_trips_in_both_ways() {
    let ended = scenario("tripping");
    let lines = ended.lines("tripping");
    assert_eq!(lines.len(), 5, "{lines:#?}");
    assert_eq!(lines[1], "Synchronous round-trip test...");
    assert_eq!(lines[3], "Asynchronous round-trip test...");
}

#[test]
fn mmiecho_finds_the_echo_service() {
    let ended = scenario("mmiecho");
    assert_eq!(ended.lines("mmiecho"), ["Lookup echo service: 200"]);
}
