//! Monitors by version 2 of libzmq's events, and the statistics of pipes.

use zmqx::{Context, ErrorKind, EventKind, MonitorEvents, PollEvents, Pull, Push, Rep, Req, poll};

use crate::common::{SOON, TCP, within};
use crate::is_there;

#[test]
fn an_event_tells_both_ends_of_the_connection() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (server, client) = (ctx.socket(Rep).unwrap(), ctx.socket(Req).unwrap());
        let at_server = server.monitor_v2(MonitorEvents::all()).unwrap();
        let at_client = client.monitor_v2(MonitorEvents::all()).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let listening = at_server.recv().unwrap();
        assert_eq!(listening.kind(), EventKind::Listening);
        assert_eq!((listening.local(), listening.remote()), (Some(endpoint.as_str()), None));
        assert!(listening.endpoint() == endpoint.as_str() && listening.fd().is_some());

        client.connect(&endpoint).unwrap();
        let connected = at_client.wait_connected(SOON).unwrap();
        assert_eq!(connected.remote(), Some(endpoint.as_str()));
        let accepted = at_server.wait_connected(SOON).unwrap();
        assert_eq!(accepted.local(), Some(endpoint.as_str()));
        assert!(accepted.remote().is_some() && accepted.remote() == connected.local());

        drop((server, client));
        let kinds: Vec<_> = at_server.map(|event| event.kind()).collect();
        assert!(kinds.contains(&EventKind::MonitorStopped), "{kinds:?}");
    });
}

#[test]
fn the_statistics_say_how_many_messages_wait() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (push, pull) = (ctx.socket(Push).unwrap(), ctx.socket(Pull).unwrap());
        let monitor = push.monitor_v2(MonitorEvents::PIPES_STATS).unwrap();
        assert_eq!(push.monitor_pipes_stats().unwrap_err().kind(), ErrorKind::WouldBlock);
        let endpoint = pull.bind("inproc://statistics").unwrap();
        push.connect(endpoint).unwrap();
        for _ in 0..3 {
            push.send("message").unwrap();
        }
        push.monitor_pipes_stats().unwrap();
        // The peer's side answers when it is used, and then this one takes the answer.
        let event = loop {
            let mut items = [push.poll_item(PollEvents::IN), pull.poll_item(PollEvents::IN)];
            poll(&mut items, Some(std::time::Duration::ZERO)).unwrap();
            if let Ok(event) = monitor.try_recv() {
                break event;
            }
        };
        assert_eq!(event.kind(), EventKind::PipesStats);
        assert_eq!(event.pipes_stats(), Some((3, 0)));
    });
}

#[test]
fn statistics_are_for_a_monitor_that_was_asked_for_them() {
    if !is_there() {
        return;
    }
    within(SOON, || {
        let socket = Context::new().unwrap().socket(Push).unwrap();
        assert_eq!(socket.monitor_pipes_stats().unwrap_err().kind(), ErrorKind::InvalidInput);
        let _monitor = socket.monitor_v2(MonitorEvents::CONNECTED).unwrap();
        assert_eq!(socket.monitor_pipes_stats().unwrap_err().kind(), ErrorKind::InvalidInput);
        let second = socket.monitor_v2(MonitorEvents::PIPES_STATS);
        assert_eq!(second.unwrap_err().kind(), ErrorKind::BadState);
    });
}
