//! The programs together, when one of them is gone for a while.

use std::time::{Duration, Instant};

use czmq_like::{ErrorKind, Result, ZMsg};
use guide::mdcliapi::MdCli;
use rustix::process::Signal;

use crate::common::faults::Process;
use crate::common::{Running, program};
use crate::peers::{Place, TIMEOUT};

/// A heartbeat is 100 ms at this speed.
const SPEED: &[&str] = &["--speed", "25"];

fn session(place: &Place) -> Result<MdCli> {
    let mut session = MdCli::new(&place.endpoint(), false)?;
    session.set_timeout(Duration::from_millis(500));
    Ok(session)
}

/// Asks until there is an answer, which must be right.
fn ask(session: &mut MdCli, body: &str) -> Result<()> {
    let start = Instant::now();
    loop {
        match session.send("echo", ZMsg::from([body])) {
            Err(error) if error.kind() == ErrorKind::WouldBlock && start.elapsed() < TIMEOUT => {}
            reply => {
                assert_eq!(reply?, [body]);
                return Ok(());
            }
        }
    }
}

#[test]
fn workers_register_again_after_the_brokers_restart() -> Result<()> {
    let place = Place::new();
    let mut broker = place.broker(SPEED);
    let workers = [place.worker(SPEED), place.worker(SPEED)];
    let mut session = session(&place)?;
    for round in ["1", "2", "3"] {
        ask(&mut session, round)?;
        broker.restart();
    }
    ask(&mut session, "4")?;
    workers.into_iter().for_each(Process::end);
    broker.end();
    Ok(())
}

#[test]
fn workers_register_again_after_a_stop_of_the_broker() -> Result<()> {
    let place = Place::new();
    let mut broker = place.broker(SPEED);
    let worker = place.worker(&[SPEED, &["--verbose"]].concat());
    let mut session = session(&place)?;
    ask(&mut session, "1")?;
    broker.stop();
    worker.wait_for(|line| line.ends_with("W: disconnected from broker - retrying..."));
    broker.cont();
    ask(&mut session, "2")
}

#[test]
fn another_worker_answers_when_one_dies_at_work() -> Result<()> {
    let place = Place::new();
    let _broker = place.broker(SPEED);
    let mut stopped = place.worker(SPEED);
    let mut session = session(&place)?;
    ask(&mut session, "1")?;
    stopped.stop();
    let _other = place.worker(SPEED);
    ask(&mut session, "2")
}

#[test]
fn ctrl_c_ends_each_program() -> Result<()> {
    let place = Place::new();
    let broker = place.broker(&[]);
    let worker = place.worker(&[]);
    ask(&mut session(&place)?, "1")?;
    // Each has its handlers in place by now: it has talked.
    for mut process in [broker, worker] {
        process.signal(Signal::INT);
        process.wait_for(|line| line.starts_with("W: interrupt received"));
        let start = Instant::now();
        // This sees to it that the status is right.
        while process.is_running() {
            assert!(start.elapsed() < TIMEOUT);
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    Ok(())
}

#[test]
fn mmiecho_says_what_there_is() {
    let place = Place::new();
    let endpoint = place.endpoint();
    let ended = |args: &[&str]| {
        let mut command = program(env!("CARGO_BIN_EXE_mmiecho"));
        let ended = Running::start(command.args(["--broker", &endpoint]).args(args)).ended();
        assert!(ended.status.success(), "{ended:#?}");
        ended.stdout
    };
    let nobody = "E: no response from broker, make sure it's running\n";
    assert_eq!(ended(&["--speed", "50"]), nobody);
    let _broker = place.broker(&[]);
    assert_eq!(ended(&[]), "Lookup echo service: 404\n");
    assert_eq!(ended(&["--service", "tea"]), "Lookup tea service: 404\n");
}
