//! The class `ZMonitor`: what CZMQ's own test of zmonitor checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;

use common::{has_monitors, runs_with};

/// Runs what is true of monitors, where there are any.
fn within(body: impl FnOnce() + Send + 'static) {
    if has_monitors() {
        common::within(body);
    }
}

/// The next event has this name, and CZMQ's three frames. Gives the other two.
fn expect(monitor: &ZMonitor, name: &str) -> (u32, String) {
    let mut msg = ZMsg::recv(monitor).unwrap();
    assert_eq!((msg.size(), msg.popstr().as_deref()), (3, Some(name)));
    (msg.popstr().unwrap().parse().unwrap(), msg.popstr().unwrap())
}

fn nothing_comes(monitor: &ZMonitor) {
    assert!(!ZSock::poll(monitor, Some(Duration::from_millis(50))).unwrap());
}

#[test]
fn libzmq_before_4_1_6_has_none() {
    let ctx = ZCtx::new().unwrap();
    let socket = ctx.socket(Dealer).unwrap();
    let monitor = ZMonitor::new(&ctx, &socket);
    if has_monitors() {
        monitor.unwrap();
    } else {
        assert_eq!(monitor.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[test]
fn either_end_of_a_connection_tells_of_it() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let client = ctx.socket(Dealer).unwrap();
        let clientmon = ZMonitor::new(&ctx, &client).unwrap();
        clientmon.listen(&["LISTENING", "ACCEPTED"]).unwrap();
        let tells_handshakes = runs_with(4, 3, 0);
        clientmon.listen(&["HANDSHAKE_SUCCEEDED"]).unwrap();
        clientmon.start().unwrap();

        let server = ctx.socket(Dealer).unwrap();
        let servermon = ZMonitor::new(&ctx, &server).unwrap();
        servermon.listen(&["CONNECTED", "DISCONNECTED"]).unwrap();
        servermon.start().unwrap();

        let port = ZSock::bind(&client, "tcp://127.0.0.1:!").unwrap();
        let endpoint = format!("tcp://127.0.0.1:{port}");
        assert_eq!(expect(&clientmon, "LISTENING").1, endpoint);
        server.connect(&endpoint).unwrap();
        let (descriptor, connected) = expect(&servermon, "CONNECTED");
        assert!(descriptor > 0);
        assert_eq!(connected, endpoint);
        expect(&clientmon, "ACCEPTED");
        if tells_handshakes {
            expect(&clientmon, "HANDSHAKE_SUCCEEDED");
        }
        drop(client);
        expect(&servermon, "DISCONNECTED");
    });
}

#[test]
fn the_commands_are_czmqs() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Dealer).unwrap();
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        zstr::send(&monitor, "VERBOSE").unwrap();
        zstr::sendx(&monitor, &["LISTEN", "ALL"]).unwrap();
        zstr::send(&monitor, "START").unwrap();
        assert_eq!(ZSock::wait(&monitor).unwrap(), 0);
        for _ in 0..2 {
            // The system's choice is free; one of ours may be taken, which would be told too.
            let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
            let told = expect(&monitor, "LISTENING").1;
            // Before, it is the endpoint that was asked for.
            if runs_with(4, 3, 0) {
                assert_eq!(told, endpoint.as_str());
            }
            assert!(told.starts_with("tcp://127.0.0.1:"));
        }
    });
}

#[test]
fn only_what_is_listened_for_comes_and_only_from_the_start_on() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Dealer).unwrap();
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        monitor.listen(&["LISTENING"]).unwrap();
        ZSock::bind(&server, "tcp://127.0.0.1:!").unwrap();
        nothing_comes(&monitor);
        monitor.start().unwrap();
        nothing_comes(&monitor);
        let port = ZSock::bind(&server, "tcp://127.0.0.1:!").unwrap();
        expect(&monitor, "LISTENING");
        let _client = ZSock::new_dealer(&ctx, format!("tcp://127.0.0.1:{port}")).unwrap();
        nothing_comes(&monitor);
        // As it is told later.
        monitor.listen(&["ACCEPTED"]).unwrap();
        let _client = ZSock::new_dealer(&ctx, format!("tcp://127.0.0.1:{port}")).unwrap();
        expect(&monitor, "ACCEPTED");
    });
}

#[test]
fn what_is_no_event_and_no_command_does_nothing() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Dealer).unwrap();
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        monitor.listen(&["NONSENSE", "", "listening"]).unwrap();
        zstr::sendx(&monitor, &["NONSENSE", "at", "all"]).unwrap();
        zstr::sendx(&monitor, &["START", "now"]).unwrap();
        ZMsg::from([[0xFF]]).send(&monitor).unwrap();
        monitor.start().unwrap();
        ZSock::bind(&server, "tcp://127.0.0.1:!").unwrap();
        nothing_comes(&monitor);
        monitor.listen(&["LISTENING"]).unwrap();
        monitor.start().unwrap();
        ZSock::bind(&server, "tcp://127.0.0.1:!").unwrap();
        expect(&monitor, "LISTENING");
    });
}

#[test]
fn a_socket_has_one_at_a_time_and_may_go_first() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Dealer).unwrap();
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        assert_eq!(ZMonitor::new(&ctx, &server).unwrap_err().kind(), ErrorKind::BadState);
        drop(monitor);
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        monitor.listen(&["LISTENING", "MONITOR_STOPPED"]).unwrap();
        monitor.start().unwrap();
        ZSock::bind(&server, "tcp://127.0.0.1:!").unwrap();
        expect(&monitor, "LISTENING");
        drop(server);
        expect(&monitor, "MONITOR_STOPPED");
        // It takes commands, and has no more to say.
        monitor.start().unwrap();
        nothing_comes(&monitor);
    });
}

#[test]
fn the_end_of_the_context_ends_it() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Dealer).unwrap();
        let monitor = ZMonitor::new(&ctx, &server).unwrap();
        drop(ctx);
        assert_eq!(monitor.start().unwrap_err().kind(), ErrorKind::Terminated);
        drop((monitor, server));
    });
}
