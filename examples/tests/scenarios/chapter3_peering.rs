//! Chapter 3: clusters that tell their state, and clusters that send their tasks on.

use std::time::Instant;

use crate::common::{Running, WATCHDOG, folder, program, scenario};

pub(crate) const NAMES: [&str; 3] = ["DC1", "DC2", "DC3"];

/// A cluster of three that runs beside the test, and what it has printed.
pub(crate) struct Cluster {
    pub(crate) running: Running,
    pub(crate) lines: Vec<String>,
}

impl Cluster {
    pub(crate) fn start(
        program_path: &str,
        folder: &tempfile::TempDir,
        name: &str,
        args: &[&str],
    ) -> Self {
        let peers = NAMES.iter().filter(|peer| **peer != name);
        let mut command = program(program_path);
        command.arg(name).args(peers).arg("--folder").arg(folder.path()).args(args);
        Self { running: Running::start(&mut command), lines: Vec::new() }
    }

    /// Reads lines until one is what is asked for.
    pub(crate) fn until(&mut self, is_it: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + WATCHDOG;
        loop {
            let line = self.running.line();
            self.lines.push(line.clone());
            if is_it(&line) {
                return line;
            }
            assert!(Instant::now() < end, "no such line: {:#?}", self.lines);
        }
    }
}

#[test]
fn each_peering1_sees_the_states_of_the_others() {
    let folder = folder();
    let path = env!("CARGO_BIN_EXE_peering1");
    let mut clusters = NAMES.map(|name| Cluster::start(path, &folder, name, &["--speed", "20"]));
    for (name, cluster) in NAMES.iter().zip(&mut clusters) {
        for peer in NAMES.iter().filter(|peer| *peer != name) {
            let seen = format!("{peer} - ");
            for _time in 0..2 {
                let line = cluster.until(|line| line.starts_with(&seen));
                let free =
                    line.strip_prefix(&seen).and_then(|rest| rest.strip_suffix(" workers free"));
                let free: u32 = free.expect("nothing else begins so").parse().unwrap();
                assert!(free < 10, "{line}");
            }
        }
        assert!(!cluster.lines.iter().any(|line| line.starts_with(&format!("{name} - "))));
    }
}

#[test]
fn peering1_runs_as_three_clusters() {
    let ended = scenario("peering1");
    for name in NAMES {
        assert!(ended.lines(name).len() >= 3 + 6, "{ended:#?}");
    }
}

#[test]
fn peering2_sends_requests_to_peers_and_never_on_from_there() {
    let ended = scenario("peering2");
    let count = |name: &str, wanted: &str| {
        ended.lines(name).into_iter().filter(|line| *line == wanted).count()
    };
    for name in NAMES {
        assert!(count(name, "Client: OK") >= 40, "{ended:#?}");
        let worked = count(name, "Routed: localfe -> localbe");
        let worked_for_peers = count(name, "Routed: cloudfe -> localbe");
        let sent_here: usize =
            NAMES.iter().map(|peer| count(peer, &format!("Routed: localfe -> {name}"))).sum();
        assert!(worked > 0 && worked_for_peers > 0, "{ended:#?}");
        assert!(worked_for_peers <= sent_here, "{ended:#?}");
        assert!(count(name, "Worker: [005] HELLO") <= worked + worked_for_peers, "{ended:#?}");
        for peer in NAMES {
            assert_eq!(count(name, &format!("Routed: cloudfe -> {peer}")), 0, "{ended:#?}");
        }
    }
}

#[test]
fn peering2_works_itself_where_its_peers_are_not_there() {
    let folder = folder();
    let path = env!("CARGO_BIN_EXE_peering2");
    let args = ["--speed", "20", "--rerouted", "100", "--verbose"];
    let mut cluster = Cluster::start(path, &folder, "DC1", &args);
    for _reply in 0..50 {
        cluster.until(|line| line == "Client: OK");
    }
    assert!(!cluster.lines.iter().any(|line| line.starts_with("Routed: localfe -> DC")));
}
