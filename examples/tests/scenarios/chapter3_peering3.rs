//! Chapter 3: the full simulation of clusters that share their load, also while one of them dies.
#![cfg(unix)]

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::chapter3_peering::{Cluster, NAMES};
use crate::common::{folder, is_long, scenario, send_signal};

const PATH: &str = env!("CARGO_BIN_EXE_peering3");
const SPEED: &[&str] = &["--speed", "4", "--verbose"];
/// What a client waits for at that speed, and some more.
const LOST: Duration = Duration::from_secs(5);

/// The task of a line that the monitor shows when it is done.
fn done(line: &str) -> bool {
    line.len() == 4 && line.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn lost(line: &str) -> Option<&str> {
    line.strip_prefix("E: CLIENT EXIT - lost task ")
}

/// The task of a line that says where it went: "to DC2", say.
fn cloud<'a>(line: &'a str, went: &str) -> Option<&'a str> {
    let (task, rest) = line.strip_prefix("Cloud: ")?.split_once(' ')?;
    (rest == went).then_some(task)
}

/// The tasks that went to this peer, and did not come back. Nothing comes back that did not go.
fn at<'a>(peer: &str, lines: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let (to, back) = (format!("to {peer}"), format!("back from {peer}"));
    let mut tasks = Vec::new();
    for line in lines {
        tasks.extend(cloud(line, &to));
        if let Some(task) = cloud(line, &back) {
            let index = tasks.iter().position(|other| *other == task);
            tasks.remove(index.unwrap_or_else(|| panic!("{task} never went to {peer}")));
        }
    }
    tasks
}

impl Cluster {
    /// Reads what it has printed by now, and for this time more.
    fn read(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(line) =
            self.running.line_within(end.saturating_duration_since(Instant::now()))
        {
            self.lines.push(line);
        }
    }

    fn at(&self, peer: &str) -> Vec<&str> {
        at(peer, self.lines.iter().map(String::as_str))
    }

    fn lost(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines.iter().enumerate();
        lines.filter_map(|(number, line)| Some((number, lost(line)?)))
    }

    /// A task goes to this peer, and comes back.
    fn shares_with(&mut self, peer: &str) {
        let (to, back) = (format!("to {peer}"), format!("back from {peer}"));
        let mut tries = 0;
        while tries < 100 {
            let line = self.until(|line| cloud(line, &to).is_some());
            let task = cloud(&line, &to).unwrap_or_default().to_owned();
            let is_end =
                |line: &str| cloud(line, &back) == Some(&task) || lost(line) == Some(&task);
            if cloud(&self.until(is_end), &back).is_some() {
                return;
            }
            tries += 1;
        }
        panic!("100 tasks that went to {peer} are lost: {:#?}", self.lines);
    }

    fn interrupt(self) -> Vec<String> {
        send_signal(self.running.id(), Signal::INT);
        let ended = self.running.ended();
        assert!(ended.status.success(), "{ended:#?}");
        assert_eq!(ended.stderr, "");
        self.lines.into_iter().chain(ended.stdout.lines().map(str::to_owned)).collect()
    }
}

#[test]
fn peering3_lets_tasks_flow_to_peers_and_back() {
    let ended = scenario("peering3");
    for name in NAMES {
        let lines = ended.lines(name);
        assert!(lines.iter().filter(|line| done(line)).count() >= 10, "{lines:#?}");
        let away = NAMES.map(|peer| at(peer, lines.iter().copied()).len());
        assert!(away.iter().sum::<usize>() <= 10, "each client has one task at a time: {lines:#?}");
        // What a peer has got from here was sent there.
        let count = |name: &str, went: &str| {
            ended.lines(name).iter().filter(|line| cloud(line, went).is_some()).count()
        };
        for peer in NAMES {
            let got = count(peer, &format!("from {name}"));
            assert!(got <= count(name, &format!("to {peer}")), "{ended:#?}");
        }
    }
}

/// A minute of the Guide's.
#[test]
fn peering3_loses_no_task_in_a_minute() {
    let folder = folder();
    let (args, time) = if is_long() { (&["--verbose"][..], 60) } else { (SPEED, 15) };
    let mut clusters = NAMES.map(|name| Cluster::start(PATH, &folder, name, args));
    let end = Instant::now() + Duration::from_secs(time);
    for cluster in &mut clusters {
        cluster.read(end.saturating_duration_since(Instant::now()));
    }
    for cluster in clusters {
        let lines = cluster.interrupt();
        assert!(lines.iter().filter(|line| done(line)).count() >= 200, "{lines:#?}");
        assert!(!lines.iter().any(|line| line.starts_with("E: ")), "{lines:#?}");
    }
}

#[test]
fn a_peering3_that_is_killed_takes_only_its_tasks_along_and_comes_back() {
    let folder = folder();
    let [mut first, mut second, mut third] =
        NAMES.map(|name| Cluster::start(PATH, &folder, name, SPEED));
    let mut rounds = 0;
    while first.lost().next().is_none() {
        rounds += 1;
        assert!(rounds <= 10, "none of the tasks was lost that were with a killed worker");

        // Half of the tasks take 250 milliseconds: one that is not back after 40 is in work.
        loop {
            first.until(|line| cloud(line, "to DC2").is_some());
            first.read(Duration::from_millis(40));
            if !first.at("DC2").is_empty() {
                break;
            }
        }
        send_signal(second.running.id(), Signal::KILL);
        drop(second);
        first.read(Duration::ZERO);
        third.read(Duration::ZERO);

        // The others go on, and soon no task goes there any more.
        for other in [&mut first, &mut third] {
            for _task in 0..5 {
                other.until(done);
            }
            let noticed = other.lines.len();
            for _task in 0..20 {
                other.until(done);
            }
            let sent = |line: &String| cloud(line, "to DC2").is_some();
            assert!(!other.lines[noticed..].iter().any(sent), "{:#?}", other.lines);
        }

        // What was there is reported as lost.
        for other in [&mut first, &mut third] {
            let end = Instant::now() + LOST;
            other.read(end.saturating_duration_since(Instant::now()));
            let at_killed = other.at("DC2");
            for task in &at_killed {
                let is_reported = other.lost().any(|(_, lost)| lost == *task);
                assert!(is_reported, "{task} of {at_killed:?}: {:#?}", other.lines);
            }
        }

        second = Cluster::start(PATH, &folder, "DC2", SPEED);
        for _task in 0..10 {
            second.until(done);
        }
        second.shares_with("DC1");
        second.shares_with("DC3");
        first.shares_with("DC2");
        third.shares_with("DC2");
    }
    assert_eq!(second.lost().count(), 0, "{:#?}", second.lines);
    for other in [&first, &third] {
        for (number, task) in other.lost() {
            let went = other.lines[..number].iter().rfind(|line| {
                NAMES.iter().any(|peer| cloud(line, &format!("to {peer}")) == Some(task))
            });
            let went = went.unwrap_or_else(|| panic!("{task} was not away: {:#?}", other.lines));
            assert!(went.ends_with("to DC2"), "{went}: {:#?}", other.lines);
        }
    }
    for cluster in [first, second, third] {
        cluster.interrupt();
    }
}

/// To the one that was stopped, the end of the earlier connection and the next one of that name come together.
#[test]
fn a_peering3_that_did_not_see_its_peer_restart_works_for_it() {
    // Each time with clusters of its own: a client whose task is lost ends, and of few clients no task goes anywhere.
    for _time in 0..if is_long() { 5 } else { 1 } {
        let folder = folder();
        let [mut first, mut second, mut third] =
            NAMES.map(|name| Cluster::start(PATH, &folder, name, SPEED));
        first.shares_with("DC2");
        second.shares_with("DC1");
        send_signal(first.running.id(), Signal::STOP);
        send_signal(second.running.id(), Signal::KILL);
        drop(second);
        second = Cluster::start(PATH, &folder, "DC2", SPEED);
        // Connected to the one, it has tried the other.
        second.shares_with("DC3");
        send_signal(first.running.id(), Signal::CONT);
        second.shares_with("DC1");
        first.shares_with("DC2");
        third.shares_with("DC2");
        for cluster in [first, second, third] {
            cluster.interrupt();
        }
    }
}
