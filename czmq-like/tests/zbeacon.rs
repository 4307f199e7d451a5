//! The class `ZBeacon`: what CZMQ's own test of zbeacon checks, and what a network may do to it. All of it goes over
//! the loopback interface, whose broadcasts stay on this machine.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::Instant;

use czmq_like::prelude::*;
use czmq_like::{Error, Result};

use common::{SOON, free_port, within};

const MS: Duration = Duration::from_millis(1);

fn beacon(ctx: &ZCtx, port: u16) -> ZBeacon {
    let beacon = ZBeacon::new(ctx).unwrap();
    beacon.set_interface("lo").unwrap();
    assert_eq!(beacon.configure(port).unwrap(), "127.0.0.1");
    beacon
}

/// What is heard, which is to come soon.
fn heard(beacon: &ZBeacon) -> Vec<u8> {
    let (address, beacon) = beacon.recv_timeout(SOON).unwrap().unwrap();
    assert_eq!(address, IpAddr::V4(Ipv4Addr::LOCALHOST));
    beacon.data().to_vec()
}

/// Broadcasts datagrams to a port as anybody on the network may.
struct Stranger(UdpSocket, u16);

impl Stranger {
    fn new(port: u16) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_broadcast(true).unwrap();
        Self(socket, port)
    }

    fn send(&self, datagram: &[u8]) {
        self.0.send_to(datagram, (Ipv4Addr::new(127, 255, 255, 255), self.1)).unwrap();
    }
}

#[test]
fn a_listener_hears_a_speaker() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        speaker.publish([0xCA, 0xFE], MS * 100).unwrap();
        listener.subscribe("").unwrap();
        assert_eq!(heard(&listener), [0xCA, 0xFE]);
        speaker.silence().unwrap();
    });
}

#[test]
fn of_three_nodes_each_hears_what_its_filter_lets_through_and_not_itself() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let nodes = [(); 3].map(|()| beacon(&ctx, port));
        nodes[0].publish("NODE/1", MS * 10).unwrap();
        nodes[1].publish("NODE/2", MS * 10).unwrap();
        nodes[2].publish("RANDOM", MS * 10).unwrap();
        nodes[0].subscribe("NODE").unwrap();
        for _ in 0..10 {
            assert_eq!(heard(&nodes[0]), b"NODE/2");
        }
        // Without a filter, nothing is heard.
        assert!(nodes[1].recv_timeout(MS * 20).unwrap().is_none());
        assert!(nodes[2].recv_timeout(MS * 20).unwrap().is_none());
        // Another filter goes in place of the first.
        nodes[0].subscribe("RAND").unwrap();
        let deadline = Instant::now() + SOON;
        while heard(&nodes[0]) != b"RANDOM" {
            assert!(Instant::now() < deadline);
        }
        for _ in 0..10 {
            assert_eq!(heard(&nodes[0]), b"RANDOM");
        }
    });
}

#[test]
fn beacons_come_at_their_interval_until_silence() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        listener.subscribe("").unwrap();
        speaker.publish("one", MS * 100).unwrap();
        let begun = Instant::now();
        for _ in 0..6 {
            assert_eq!(heard(&listener), b"one");
        }
        // The first is sent at once.
        assert!(begun.elapsed() >= MS * 400, "{:?}", begun.elapsed());
        speaker.publish("two", MS * 60_000).unwrap();
        while heard(&listener) == b"one" {}
        speaker.publish("three", MS * 10).unwrap();
        while heard(&listener) == b"two" {}
        speaker.silence().unwrap();
        // What was sent before may be on its way.
        while listener.recv_timeout(MS * 200).unwrap().is_some() {}
        speaker.publish("four", MS * 10).unwrap();
        assert_eq!(heard(&listener), b"four");
    });
}

#[test]
fn nothing_is_heard_after_unsubscribe() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        listener.subscribe("").unwrap();
        speaker.publish("x", MS).unwrap();
        assert_eq!(heard(&listener), b"x");
        listener.unsubscribe().unwrap();
        while listener.recv_timeout(Duration::ZERO).unwrap().is_some() {}
        assert!(listener.recv_timeout(MS * 100).unwrap().is_none());
    });
}

#[test]
fn what_is_said_before_it_is_configured_is_said_then() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (ZBeacon::new(&ctx).unwrap(), ZBeacon::new(&ctx).unwrap());
        speaker.publish("early", MS).unwrap();
        listener.subscribe("ear").unwrap();
        for beacon in [&speaker, &listener] {
            beacon.set_interface("127.0.0.1").unwrap();
            beacon.configure(port).unwrap();
        }
        assert_eq!(heard(&listener), b"early");
    });
}

#[test]
fn a_port_may_be_changed() {
    within(|| {
        let (ctx, port, other) = (ZCtx::new().unwrap(), free_port(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, other));
        listener.subscribe("").unwrap();
        speaker.publish("x", MS * 5).unwrap();
        assert!(listener.recv_timeout(MS * 50).unwrap().is_none());
        listener.configure(port).unwrap();
        assert_eq!(heard(&listener), b"x");
    });
}

#[test]
fn without_an_interface_it_waits_for_one() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (ZBeacon::new(&ctx).unwrap(), beacon(&ctx, port));
        listener.subscribe("").unwrap();
        speaker.publish("x", MS).unwrap();
        speaker.set_interface("absent0").unwrap();
        assert_eq!(speaker.configure(port).unwrap_err().kind(), ErrorKind::NotFound);
        // As if it had come: it is looked for before each broadcast.
        speaker.set_interface("lo").unwrap();
        assert_eq!(heard(&listener), b"x");
    });
}

#[test]
fn the_interface_is_zsys_unless_set() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        zsys::set_interface("absent0");
        assert_eq!(zsys::interface(), "absent0");
        let beacon = ZBeacon::new(&ctx).unwrap();
        let error = beacon.configure(free_port()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.to_string().contains("absent0"), "{error}");
        zsys::set_interface("127.0.0.1");
        assert_eq!(beacon.configure(free_port()).unwrap(), "127.0.0.1");
        beacon.set_interface("*").unwrap();
        assert_eq!(beacon.configure(free_port()).unwrap(), "*");
    });
}

#[test]
fn what_cannot_be_is_an_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let beacon = ZBeacon::new(&ctx).unwrap();
        let is_invalid =
            |result: Result<()>| assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidInput);
        is_invalid(beacon.publish([0; 256], MS));
        is_invalid(beacon.subscribe([0; 256]));
        is_invalid(beacon.configure(0).map(drop));
        beacon.publish([0; 255], MS).unwrap();
        beacon.subscribe([0; 255]).unwrap();
        beacon.set_interface("lo").unwrap();
        let taken = UdpSocket::bind("0.0.0.0:0").unwrap();
        let error = beacon.configure(taken.local_addr().unwrap().port()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn the_longest_beacon_and_the_shortest_are_heard_whole() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        listener.subscribe("").unwrap();
        for len in [255, 0] {
            let longest: Vec<u8> = (0..len).collect();
            speaker.publish(&longest, MS).unwrap();
            assert_eq!(heard(&listener), longest);
            speaker.silence().unwrap();
            while listener.recv_timeout(MS * 100).unwrap().is_some() {}
        }
    });
}

#[test]
fn datagrams_that_are_too_long_are_dropped() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let listener = beacon(&ctx, port);
        listener.subscribe("").unwrap();
        let stranger = Stranger::new(port);
        for len in [256, 257, 1000, 60_000] {
            stranger.send(&vec![b'x'; len]);
        }
        stranger.send(b"");
        stranger.send(b"well");
        assert_eq!(heard(&listener), b"");
        assert_eq!(heard(&listener), b"well");
    });
}

#[test]
fn a_flood_keeps_it_from_nothing() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (flooded, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        let stranger = Stranger::new(port);
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let flood = std::thread::spawn(move || {
            while ended.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                stranger.send(b"flood");
            }
        });
        flooded.subscribe("flood").unwrap();
        listener.subscribe("well").unwrap();
        assert_eq!(heard(&flooded), b"flood");
        flooded.publish("well", MS * 20).unwrap();
        for _ in 0..5 {
            assert_eq!(heard(&listener), b"well");
        }
        flooded.unsubscribe().unwrap();
        drop(flooded);
        drop(end);
        flood.join().unwrap();
    });
}

#[test]
fn no_more_than_a_thousand_beacons_wait() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let listener = beacon(&ctx, port);
        listener.subscribe("").unwrap();
        let stranger = Stranger::new(port);
        for _ in 0..60 {
            (0..50).for_each(|_| stranger.send(b"x"));
            // When the second has been obeyed, what came before the first has been read.
            (0..2).for_each(|_| listener.set_verbose(false).unwrap());
        }
        let mut count = 0;
        while listener.recv_timeout(MS * 100).unwrap().is_some() {
            count += 1;
        }
        assert!((500..=1000).contains(&count), "{count}");
        stranger.send(b"x");
        assert_eq!(heard(&listener), b"x");
    });
}

#[test]
fn a_reactor_reads_beacons() {
    within(|| {
        let (ctx, port) = (ZCtx::new().unwrap(), free_port());
        let (speaker, listener) = (beacon(&ctx, port), beacon(&ctx, port));
        listener.subscribe("").unwrap();
        speaker.publish("x", MS).unwrap();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .reader(listener.sock(), |_, socket, count: &mut usize| {
                let [address, beacon] = zstr::recvx(socket)?;
                assert_eq!((address.unwrap(), beacon.unwrap()), ("127.0.0.1".into(), "x".into()));
                *count += 1;
                Ok::<_, Error>(if *count == 3 { Break(()) } else { Continue(()) })
            })
            .unwrap();
        assert_eq!(reactor.start(&mut 0).unwrap(), LoopEnd::Ended);
    });
}

#[test]
fn the_end_of_the_context_is_its_end() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let beacon = beacon(&ctx, free_port());
        drop(ctx);
        assert_eq!(beacon.recv().unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(beacon.subscribe("").unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn a_drop_is_quick_and_frees_the_port() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let port = free_port();
        let begun = Instant::now();
        for _ in 0..20 {
            let beacon = beacon(&ctx, port);
            beacon.publish("x", MS * 60_000).unwrap();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        UdpSocket::bind(("0.0.0.0", port)).unwrap();
        ctx.destroy().unwrap();
    });
}

#[test]
fn a_beacon_may_move_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<ZBeacon>();
}
