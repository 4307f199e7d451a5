//! Kills and stops all parts at random under load, and cuts Titanic's files at random bytes while it is dead: every request
//! that was accepted is answered in the end, and rightly.

use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use czmq_like::Result;

use crate::common::faults::{Fleet, Load, Random, with_seeds};
use crate::common::is_long;
use crate::site::{Client, Site};

/// How long all of it may take.
fn limit() -> Duration {
    Duration::from_secs(if is_long() { 3600 } else { 180 })
}

/// The requests that were accepted, by UUID, with their bodies.
type Accepted = Arc<Mutex<Vec<(Vec<u8>, String)>>>;

/// Starts clients that leave requests, and sometimes call for an earlier reply.
fn load(site: &Site, accepted: &Accepted) -> Load {
    let (endpoint, accepted) = (site.endpoint(), accepted.clone());
    Load::start(3, move |client| {
        let accepted = accepted.clone();
        let mut session = Client::connect(&endpoint).expect("a client connects");
        move |request| {
            let body = format!("{client}: {request}");
            let answer = session.try_call("titanic.request", &[b"echo", body.as_bytes()]);
            let Some((status, rest)) = answer else { return false };
            assert_eq!(status, "200", "{body}");
            let uuid = rest.into_iter().next().expect("a UUID");
            let (earlier, body) = {
                let mut accepted = accepted.lock().unwrap_or_else(PoisonError::into_inner);
                accepted.push((uuid, body));
                accepted[accepted.len() / 2].clone()
            };
            if let Some((status, rest)) = session.try_call("titanic.reply", &[&earlier]) {
                check(&status, &rest, &body);
            }
            true
        }
    })
}

/// Checks what was said of a request that was accepted; gives whether it is answered.
fn check(status: &str, rest: &[Vec<u8>], body: &str) -> bool {
    match status {
        "200" => {
            assert_eq!(rest, [body.as_bytes()]);
            true
        }
        "300" => false,
        _ => panic!("{body}: {status}"),
    }
}

/// Sees that all are answered.
fn settle(site: &Site, accepted: &Accepted) -> Result<()> {
    let accepted = accepted.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{} were accepted", accepted.len());
    assert!(!accepted.is_empty());
    let mut client = site.client()?;
    let start = Instant::now();
    for (uuid, body) in &*accepted {
        loop {
            let (status, rest) = client.call("titanic.reply", &[uuid]);
            if check(&status, &rest, body) {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{body} is not answered");
            // Titanic tries from time to time; there is nothing to wait on.
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    Ok(())
}

#[test]
fn titanic_loses_nothing_whoever_dies() {
    testing::within(limit(), || with_seeds(|random| whoever_dies(random).unwrap()));
}

fn whoever_dies(random: &mut Random) -> Result<()> {
    let (site, accepted) = (Site::new(), Accepted::default());
    let mut fleet = Fleet::default();
    fleet.processes.extend([site.broker(), site.titanic(), site.worker(), site.worker()]);
    let load = load(&site, &accepted);
    let pause = Duration::from_millis(20)..Duration::from_millis(300);
    fleet.trouble(random, Duration::from_secs(4), &pause);
    load.end();
    settle(&site, &accepted)?;
    fleet.end();
    Ok(())
}

#[test]
fn titanic_loses_nothing_wherever_its_files_are_cut() {
    testing::within(limit(), || with_seeds(|random| wherever_files_are_cut(random).unwrap()));
}

fn wherever_files_are_cut(random: &mut Random) -> Result<()> {
    let (site, accepted) = (Site::new(), Accepted::default());
    let (broker, mut titanic, worker) = (site.broker(), site.titanic(), site.worker());
    let load = load(&site, &accepted);
    for _ in 0..8 {
        std::thread::sleep(random.time(&(Duration::from_millis(50)..Duration::from_millis(500))));
        titanic.kill();
        cut(&site, random)?;
        titanic.start();
    }
    load.end();
    settle(&site, &accepted)?;
    [broker, titanic, worker].into_iter().for_each(|process| process.end());
    Ok(())
}

/// Cuts what a crash of the machine may cut: the queue, and what is not renamed yet. Replies too, from which Titanic also
/// recovers. A request is whole since before it was accepted.
fn cut(site: &Site, random: &mut Random) -> Result<()> {
    for entry in fs::read_dir(site.store())? {
        let (path, name) = {
            let entry = entry?;
            (entry.path(), entry.file_name().into_string().expect("names of text"))
        };
        let content = fs::read(&path)?;
        let cut = &content[..random.below(content.len() + 1)];
        if name == "queue"
            || name.ends_with(".tmp")
            || name.ends_with(".rep") && random.below(2) == 0
        {
            fs::write(&path, cut)?;
        } else if name.ends_with(".req") && random.below(4) == 0 {
            // The next one, of which nobody has heard
            let next = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
            fs::write(path.with_file_name(next + ".req.tmp"), cut)?;
        }
    }
    Ok(())
}
