//! Chapter 4: the pirates.

use crate::common::scenario;

/// The numbers of the replies that a client had.
fn replies(lines: &[&str]) -> Vec<usize> {
    let replies = lines.iter().filter_map(|line| line.strip_prefix("I: server replied OK ("));
    replies.map(|number| number.trim_end_matches(')').parse().unwrap()).collect()
}

/// That each reply came once, in order, and that the client asked again after each silence, and abandoned at the third.
fn is_lazy_pirate(lines: &[&str]) {
    let replies = replies(lines);
    assert_eq!(replies, (1..=replies.len()).collect::<Vec<_>>(), "{lines:#?}");
    let mut silences = 0;
    for pair in lines.windows(2) {
        match pair[0] {
            "W: no response from server, retrying..." => {
                silences += 1;
                assert_eq!(pair[1], "I: reconnecting to server...", "{lines:#?}");
            }
            line if line.starts_with("I: server replied OK") => silences = 0,
            _ => {}
        }
        assert!(silences < 3, "{lines:#?}");
    }
    assert_eq!(silences, 2, "{lines:#?}");
    assert_eq!(lines.first(), Some(&"I: connecting to server..."));
    assert_eq!(lines.last(), Some(&"E: server seems to be offline, abandoning"));
}

#[test]
fn lpclient_has_each_reply_once_and_in_order_until_it_abandons() {
    let ended = scenario("lpclient");
    is_lazy_pirate(&ended.lines("lpclient"));
    let server = ended.lines("lpserver");
    // What it stalled at or crashed on it may have been asked again.
    let requests = server.iter().filter(|line| line.starts_with("I: normal request (")).count();
    assert!(requests >= replies(&ended.lines("lpclient")).len(), "{ended:#?}");
}

#[test]
fn lpclient_is_served_by_spworkers_until_they_have_crashed() {
    let ended = scenario("spqueue");
    let lines = ended.lines("lpclient");
    is_lazy_pirate(&lines);
    assert!(ended.lines("spqueue").is_empty(), "a queue has nothing to say: {ended:#?}");
    let worked = (1..=4).flat_map(|copy| ended.lines(&format!("spworker-{copy}")));
    let worked = worked.filter(|line| line.ends_with("normal reply")).count();
    assert!(worked >= replies(&lines).len(), "{ended:#?}");
    // Each has three faultless requests before it may crash, and a client asks three times.
    assert!(replies(&lines).len() >= 3, "{ended:#?}");
}

#[test]
fn lpclient_is_served_by_ppworkers_though_their_queue_dies() {
    let ended = scenario("ppqueue");
    let lines = ended.lines("lpclient");
    let replies = replies(&lines);
    assert_eq!(replies, (1..=replies.len()).collect::<Vec<_>>(), "{lines:#?}");
    // The queue died with the third request.
    let died = lines.iter().position(|line| *line == "I: server replied OK (2)");
    let silence = lines.iter().position(|line| line.starts_with("W: no response"));
    assert!(silence > died, "{lines:#?}");
    let workers: Vec<_> =
        (1..=4).flat_map(|copy| ended.lines(&format!("ppworker-{copy}"))).collect();
    assert!(workers.contains(&"W: heartbeat failure, can't reach queue"), "{ended:#?}");
    assert!(workers.contains(&"W: reconnecting in 1000 msec..."), "{ended:#?}");
}
