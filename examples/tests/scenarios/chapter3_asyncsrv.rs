//! Chapter 3: the asynchronous server.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::common::{Running, WATCHDOG, ended, folder, is_long, program, scenario};
use zmqx::{Context, Dealer, ErrorKind, Result};

/// What a worker says that it sends: to whom, how many replies, and to which request.
fn announced(line: &str) -> Option<(&str, usize, &str)> {
    let (client, rest) = line.split_once(" gets ")?;
    let (replies, request) = rest.split_once(" replies to ")?;
    Some((client, replies.parse().ok()?, request))
}

#[test]
fn asyncsrv_sends_each_client_its_own_replies_only() {
    let ended = scenario("asyncsrv");
    let lines = ended.lines("asyncsrv");
    let mut announcements = HashMap::new();
    for (client, replies, request) in lines.iter().filter_map(|line| announced(line)) {
        assert!(replies <= 4, "{lines:#?}");
        let earlier = announcements.insert((client, request), replies);
        assert_eq!(earlier, None, "a request is given to one worker: {lines:#?}");
    }
    let clients: HashSet<_> = announcements.keys().map(|(client, _)| *client).collect();
    assert_eq!(clients.len(), 3, "{lines:#?}");

    let mut collected: HashMap<_, usize> = HashMap::new();
    for line in lines.iter().filter(|line| announced(line).is_none()) {
        let (client, rest) = line.split_once('[').expect("a frame as zframe_print shows it");
        let (_size, request) = rest.split_once("] ").expect("its size and its text");
        *collected.entry((client, request)).or_default() += 1;
    }
    for (reply, count) in collected {
        assert!(Some(&count) <= announcements.get(&reply), "{reply:?}: {lines:#?}");
    }
}

#[test]
fn asyncsrv_ends_after_five_seconds() {
    for _run in 0..if is_long() { 20 } else { 2 } {
        let folder = folder();
        let endpoint = format!("ipc://{}/server", folder.path().display());
        let args = ["--bind", &endpoint, "--connect", &endpoint, "--speed", "5"];
        let server = program(env!("CARGO_BIN_EXE_asyncsrv")).args(args).spawn().unwrap();
        let ended = ended(server, WATCHDOG);
        assert!(ended.status.success(), "{ended:#?}");
        assert!(ended.elapsed >= Duration::from_secs(1), "{ended:#?}");
        assert!(ended.elapsed < Duration::from_secs(5), "not at five times the speed: {ended:#?}");
    }
}

/// The clients of its own send the same texts all three; strangers tell whose replies they are.
#[test]
fn asyncsrv_serves_other_clients_beside_its_own() -> Result<()> {
    let folder = folder();
    let endpoint = format!("ipc://{}/server", folder.path().display());
    let asyncsrv = env!("CARGO_BIN_EXE_asyncsrv");
    let args = ["--bind", &endpoint, "--connect", &endpoint, "--verbose"];
    let server =
        Running::start(program(asyncsrv).args(args).args(["--speed", "20", "--run", "20m"]));

    let context = Context::new()?;
    let strangers = ["STRANGER-1", "STRANGER-2"].map(|name| {
        let client = context.socket(Dealer)?;
        client.set_identity(name)?;
        client.connect(&endpoint)?;
        for number in 0..10 {
            client.send(format!("{name} asks {number}"))?;
        }
        Ok((name, client))
    });
    let strangers: Vec<_> = strangers.into_iter().collect::<Result<_>>()?;
    let mut expected: HashMap<String, usize> = HashMap::new();
    while expected.len() < 20 {
        let line = server.line();
        let (client, replies, request) = announced(&line).expect("stdout has nothing else");
        if client.starts_with("STRANGER") {
            assert!(request.starts_with(&format!("{client} asks ")), "{line}");
            expected.insert(request.to_owned(), replies);
        }
    }
    for (name, client) in strangers {
        let own = expected.iter().filter(|(request, _)| request.starts_with(name));
        let mut missing: HashMap<_, _> =
            own.map(|(request, replies)| (request.clone(), *replies)).collect();
        for _reply in 0..missing.values().sum() {
            let reply = client.recv_timeout(Duration::from_secs(20))?;
            let replies = missing.get_mut(reply.to_string_lossy().as_ref());
            let left =
                replies.and_then(|replies| replies.checked_sub(1).map(|left| (replies, left)));
            let (replies, left) = left.expect("a reply to a request of its own, not one too many");
            *replies = left;
        }
        assert!(missing.values().all(|replies| *replies == 0), "{missing:?}");
        assert_eq!(client.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    Ok(())
}
