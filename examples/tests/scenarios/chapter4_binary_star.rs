//! Chapter 4: Binary Star.

use crate::common::scenario;

#[test]
fn bstarsrv_takes_over_from_a_dead_peer_and_recovers_as_the_guide_says() {
    fails_over("bstarsrv");
}

#[test]
fn bstarsrv2_takes_over_from_a_dead_peer_and_recovers_as_the_guide_says() {
    fails_over("bstarsrv2");
}

fn fails_over(name: &str) {
    let ended = scenario(name);
    let client = ended.lines("bstarcli");
    let replies = client.iter().filter_map(|line| {
        line.strip_prefix("I: server replied OK (")?.strip_suffix(')')?.parse::<usize>().ok()
    });
    let replies: Vec<_> = replies.collect();
    assert_eq!(replies, (1..=replies.len()).collect::<Vec<_>>(), "{ended:#?}");
    assert!(client.iter().all(|line| !line.starts_with("E: ")), "{ended:#?}");

    // Each is told by the other, and none takes over but by a client's request.
    let news = |label| {
        let lines = ended.lines(label).into_iter();
        // The reactor's lines begin with the time.
        let news = lines.filter_map(|line| line.find(": ").map(|at| line[at - 1..].to_owned()));
        news.map(|line| line.replace(" as ", " ")).collect::<Vec<_>>()
    };
    let expected = [
        "I: Primary active, waiting for backup (passive)",
        "I: connected to backup (passive), ready active",
        "I: Primary active, waiting for backup (passive)",
        "I: connected to backup (active), ready passive",
        "I: failover successful, ready active",
    ];
    assert_eq!(news("primary")[..5], expected, "{ended:#?}");
    let expected = [
        "I: Backup passive, waiting for primary (active)",
        "I: connected to primary (active), ready passive",
        "I: failover successful, ready active",
        "W: interrupted",
        "I: Backup passive, waiting for primary (active)",
        "I: connected to primary (active), ready passive",
    ];
    let mut backup = news("backup");
    if name == "bstarsrv2" {
        // Its reactor ends without a word.
        backup.insert(3, "W: interrupted".to_owned());
    }
    assert_eq!(backup[..6], expected, "{ended:#?}");
}
