//! Chapter 1.

use crate::common::scenario;

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
