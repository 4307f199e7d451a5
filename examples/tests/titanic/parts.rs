//! Requests survive the death of any part.

use czmq_like::Result;

use crate::common::{Running, program};
use crate::site::{SPEED, Site, TIMEOUT};

#[test]
fn a_request_survives_the_death_of_each_part() -> Result<()> {
    let site = Site::new();
    let (mut broker, mut titanic) = (site.broker(), site.titanic());
    let mut client = site.client()?;
    let uuid = client.leave(b"Hello world");
    titanic.restart();
    broker.restart();
    assert_eq!(client.call("titanic.reply", &[&uuid]).0, "300");
    titanic.kill();
    broker.kill();
    let mut worker = site.worker();
    worker.restart();
    broker.start();
    titanic.start();
    assert_eq!(client.fetch(&uuid), [b"Hello world"]);
    worker.kill();
    titanic.restart();
    broker.restart();
    assert_eq!(client.fetch(&uuid), [b"Hello world"]);
    assert_eq!(client.call("titanic.close", &[&uuid]).0, "200");
    titanic.restart();
    assert_eq!(client.call("titanic.reply", &[&uuid]).0, "400");
    broker.end();
    titanic.end();
    Ok(())
}

#[test]
fn ticlient_waits_for_the_worker_and_closes_its_request() -> Result<()> {
    let site = Site::new();
    let (_broker, titanic) = (site.broker(), site.titanic());
    // That Titanic's services are there.
    site.client()?.call("titanic.close", &[b""]);
    let mut ticlient = program(env!("CARGO_BIN_EXE_ticlient"));
    let ticlient = Running::start(ticlient.args(["--broker", &site.endpoint()]).args(SPEED));
    assert_eq!(ticlient.line(), "I: no reply yet, trying again...");
    let _worker = site.worker();
    let ended = ticlient.ended();
    assert!(ended.status.success() && ended.elapsed < TIMEOUT, "{ended:#?}");
    assert!(ended.stdout.ends_with("Reply: Hello world\n"), "{ended:#?}");
    let uuid = ended.stderr.strip_prefix("I: request UUID [032] ").and_then(|rest| rest.get(..32));
    let uuid = uuid.unwrap_or_else(|| panic!("{ended:#?}"));
    titanic.end();
    // One that was asked for twice, as its first answer came late, may be left: nobody knows of it.
    let left = |end: &str| site.store().join(format!("{uuid}{end}")).exists();
    assert!(!left(".req") && !left(".rep"), "{uuid}");
    Ok(())
}
