//! Checks what runs in parallel by the time it takes, one scenario after the other.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use common::{Ended, scenario, scenario_with};

/// Held by the test that runs: another would take processor time from it.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs a batch of tasks; gives the sink's time, the sum of all tasks, and that of each worker's.
fn batch(workers: usize) -> (i64, i64, Vec<i64>) {
    let ended = scenario_with("taskvent", &["--copies", &format!("taskwork={workers}")]);
    let elapsed = ended.number("tasksink", "Total elapsed time: ", " msec");
    let cost = ended.number("taskvent", "Total expected cost: ", " msec");
    let sums = (1..=workers).map(|copy| worked(&ended, copy, workers)).collect();
    (elapsed, cost, sums)
}

fn worked(ended: &Ended, copy: usize, workers: usize) -> i64 {
    let label = if workers == 1 { "taskwork".to_owned() } else { format!("taskwork-{copy}") };
    let lines = ended.lines(&label).concat();
    lines.split_terminator('.').map(|cost| cost.parse::<i64>().unwrap()).sum()
}

#[test]
fn a_batch_takes_as_long_as_its_busiest_worker_and_less_with_each() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut times = Vec::new();
    for workers in [1, 2, 4] {
        let mut tries = 0;
        times.push(loop {
            let (elapsed, cost, sums) = batch(workers);
            assert_eq!(sums.iter().sum::<i64>(), cost, "every task is done once");
            let busiest = sums.iter().max().copied().unwrap_or_default();
            // The clock starts with the batch; both are in whole milliseconds.
            assert!(elapsed + 2 >= busiest, "{elapsed} msec for {sums:?}");
            // A busy machine may delay a connection, or a worker: look again.
            let fair = cost / i64::try_from(workers).unwrap();
            if busiest < fair + fair / 2 && elapsed < busiest + busiest / 3 + 100 {
                break elapsed;
            }
            tries += 1;
            assert!(tries < 10, "{workers} workers: {elapsed} msec for {sums:?}");
        });
    }
    assert!(times.windows(2).all(|pair| pair[1] < pair[0]), "{times:?}");
}

#[test]
fn mtserver_works_on_five_requests_at_once() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let ended = scenario("mtserver");
    assert_eq!(ended.lines("mtserver"), vec!["Received request: [Hello]"; 5]);
    // One after the other they would take five seconds.
    assert!(ended.elapsed >= Duration::from_secs(1), "{ended:#?}");
    assert!(ended.elapsed < Duration::from_secs(4), "{ended:#?}");
}
