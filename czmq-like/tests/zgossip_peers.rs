//! The class `ZGossip` as a server and as a client: who is there, who has gone, and who talks nonsense.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::time::Instant;

use czmq_like::ZGossipMsg;
use czmq_like::prelude::*;

use common::gossip::{MS, dealer, delivered, hears, hears_nothing_more, node, say, server};
use common::{free_port, wait_until, within};

#[test]
fn a_client_says_hello_and_gets_a_pong_for_its_ping() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = node(&ctx, "server");
        server.bind("inproc://zgossip").unwrap();
        let client = dealer(&ctx, "inproc://zgossip");
        say(&client, &ZGossipMsg::Hello);
        hears_nothing_more(&client);
    });
}

#[test]
fn a_client_that_has_pinged_and_is_silent_is_forgotten() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        server.set_timeout(Some(MS * 50)).unwrap();
        let client = dealer(&ctx, &endpoint);
        say(&client, &ZGossipMsg::Hello);
        hears_nothing_more(&client);
        wait_until("it is forgotten", || {
            assert!(client.recv_timeout(MS * 100).is_err());
            // It is told so by the answer to whatever comes but a hello.
            say(&client, &ZGossipMsg::Ping);
            hears(&client) == ZGossipMsg::Invalid
        });
        server.publish("unheard", "").unwrap();
        say(&client, &ZGossipMsg::Ping);
        assert_eq!(hears(&client), ZGossipMsg::Invalid);
        say(&client, &ZGossipMsg::Hello);
        assert_eq!(hears(&client), ZGossipMsg::publish("unheard", ""));
    });
}

#[test]
fn a_client_that_pings_is_kept() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        server.set_timeout(Some(MS * 400)).unwrap();
        let client = dealer(&ctx, &endpoint);
        say(&client, &ZGossipMsg::Hello);
        for _ in 0..50 {
            hears_nothing_more(&client);
            assert!(client.recv_timeout(MS * 20).is_err());
        }
        server.publish("key", "value").unwrap();
        assert_eq!(hears(&client), ZGossipMsg::publish("key", "value"));
    });
}

#[test]
fn a_node_pings_those_that_it_has_connected_to() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let servers = [(); 2].map(|()| ctx.socket(Router).unwrap());
        let client = node(&ctx, "client");
        client.set_ping(MS * 50).unwrap();
        for server in &servers {
            client.connect(server.bind("tcp://127.0.0.1:*").unwrap().as_str()).unwrap();
        }
        let begun = Instant::now();
        for server in &servers {
            for expected in
                [ZGossipMsg::Hello, ZGossipMsg::Ping, ZGossipMsg::Ping, ZGossipMsg::Ping]
            {
                let msg = ZMsg::recv(server).unwrap();
                assert_eq!(ZGossipMsg::decode(&msg[1]).unwrap(), expected);
            }
        }
        assert!(begun.elapsed() >= MS * 100, "{:?}", begun.elapsed());
    });
}

#[test]
fn a_client_that_never_pings_is_kept_while_it_is_connected() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        server.set_timeout(Some(MS * 20)).unwrap();
        let client = dealer(&ctx, &endpoint);
        say(&client, &ZGossipMsg::Hello);
        // The server has a look at it each time, which it may ignore.
        (0..5).for_each(|_| assert_eq!(hears(&client), ZGossipMsg::Pong));
        server.publish("key", "value").unwrap();
        while hears(&client) == ZGossipMsg::Pong {}
    });
}

#[test]
fn without_a_timeout_none_is_forgotten() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        server.set_timeout(Some(Duration::ZERO)).unwrap();
        let client = dealer(&ctx, &endpoint);
        say(&client, &ZGossipMsg::Hello);
        hears_nothing_more(&client);
        // Longer than the timeout that there is unless it is set.
        assert!(client.recv_timeout(MS * 1200).is_err());
        server.publish("key", "value").unwrap();
        assert_eq!(hears(&client), ZGossipMsg::publish("key", "value"));
    });
}

#[test]
fn what_makes_no_sense_is_answered_invalid_and_harms_nobody() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let ((server, endpoint), well) = (server(&ctx), node(&ctx, "well"));
        well.connect(&endpoint).unwrap();
        let long = ZGossipMsg::publish("key", "value").encode().unwrap();
        let senseless: [ZMsg; 8] = [
            ZMsg::from([""]),
            ZMsg::from(["", ""]),
            ZMsg::from([b"\xAA\xA0\x01".as_slice()]),
            ZMsg::from([b"\xAA\xA0\x09\x01".as_slice()]),
            ZMsg::from([b"\xAA\xA0\x02\x01\x01k\xFF\xFF\xFF\xFF".as_slice()]),
            ZMsg::from([b"\xAA\xA0\x01\x01".as_slice(), b"more"]),
            // A server says these, and a client before it has said hello.
            ZMsg::from([ZGossipMsg::Pong.encode().unwrap()]),
            ZMsg::from([long]),
        ];
        for msg in senseless {
            let client = dealer(&ctx, &endpoint);
            msg.send(&client).unwrap();
            assert_eq!(hears(&client), ZGossipMsg::Invalid);
            // So it is after a hello, and then it is to say hello again.
            say(&client, &ZGossipMsg::Hello);
            hears_nothing_more(&client);
            say(&client, &ZGossipMsg::Hello);
            assert_eq!(hears(&client), ZGossipMsg::Invalid);
            say(&client, &ZGossipMsg::publish("key", "unheard"));
            assert_eq!(hears(&client), ZGossipMsg::Invalid);
        }
        assert_eq!(server.status().unwrap(), 0);
        well.publish("key", "value").unwrap();
        assert_eq!(delivered(&server), "key=value");
    });
}

#[test]
fn tuples_come_through_when_a_server_comes_back() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (first, client) = (node(&ctx, "first"), node(&ctx, "client"));
        // No test is to have it in between.
        let endpoint = format!("tcp://127.0.0.1:{}", free_port());
        first.bind(&endpoint).unwrap();
        client.set_ping(MS * 50).unwrap();
        client.connect(&endpoint).unwrap();
        client.publish("key", "1").unwrap();
        assert_eq!(delivered(&first), "key=1");
        drop(first);
        client.publish("key", "2").unwrap();
        let second = node(&ctx, "second");
        wait_until("the port is free", || second.bind(&endpoint).is_ok());
        assert_eq!(delivered(&second), "key=2");
        second.publish("other", "3").unwrap();
        let heard: Vec<_> = (0..3).map(|_| delivered(&client)).collect();
        assert_eq!(heard, ["key=1", "key=2", "other=3"]);
    });
}

#[test]
fn a_server_over_inproc_may_come_back_too() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (first, client) = (node(&ctx, "first"), node(&ctx, "client"));
        first.bind("inproc://server").unwrap();
        client.set_ping(MS * 20).unwrap();
        client.connect("inproc://server").unwrap();
        client.publish("key", "1").unwrap();
        assert_eq!(delivered(&first), "key=1");
        drop(first);
        // Nobody is connected, and nothing waits for that.
        client.publish("key", "2").unwrap();
        let second = node(&ctx, "second");
        wait_until("the name is free", || second.bind("inproc://server").is_ok());
        assert_eq!(delivered(&second), "key=2");
    });
}

#[test]
fn a_server_that_does_not_answer_is_connected_to_anew() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Router).unwrap();
        let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
        let client = node(&ctx, "client");
        client.publish("key", "value").unwrap();
        client.set_ping(MS * 10).unwrap();
        client.connect(endpoint.as_str()).unwrap();
        // What each connection has said, by its routing id.
        let mut said: HashMap<_, Vec<_>> = HashMap::new();
        while said.len() < 3 || said.values().any(|said| said.len() < 2) {
            let mut msg = ZMsg::recv(&server).unwrap();
            let id = msg.pop().unwrap().data().to_vec();
            said.entry(id).or_default().push(ZGossipMsg::decode(&msg[0]).unwrap());
        }
        for said in said.values() {
            assert_eq!(said[..2], [ZGossipMsg::Hello, ZGossipMsg::publish("key", "value")]);
        }
    });
}

#[test]
fn a_server_that_calls_all_invalid_is_not_stormed() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Router).unwrap();
        let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
        let client = node(&ctx, "client");
        (0..50).for_each(|number| client.publish(format!("{number}"), "value").unwrap());
        client.set_ping(MS * 100).unwrap();
        client.connect(endpoint.as_str()).unwrap();
        let begun = Instant::now();
        let mut hellos = 0;
        while hellos < 6 {
            let mut msg = ZMsg::recv(&server).unwrap();
            let id = msg.pop().unwrap();
            if ZGossipMsg::decode(&msg.pop().unwrap()).unwrap() == ZGossipMsg::Hello {
                hellos += 1;
            }
            let mut answer = ZMsg::from([ZGossipMsg::Invalid.encode().unwrap()]);
            answer.push(id);
            answer.send(&server).unwrap();
        }
        // One for the connection, and one for each ping.
        assert!(begun.elapsed() >= MS * 400, "{:?}", begun.elapsed());
    });
}

#[test]
fn hostile_servers_harm_no_client() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let server = ctx.socket(Router).unwrap();
        let endpoint = server.bind("tcp://127.0.0.1:*").unwrap();
        let client = node(&ctx, "client");
        client.connect(endpoint.as_str()).unwrap();
        let id = ZMsg::recv(&server).unwrap().pop().unwrap();
        let tuple = ZGossipMsg::publish("key", "value").encode().unwrap();
        for frames in [
            vec![vec![]],
            vec![b"\xAA\xA0\x02\x01\xFF".to_vec()],
            vec![tuple.clone(), tuple.clone()],
            vec![ZGossipMsg::Hello.encode().unwrap()],
            vec![ZGossipMsg::Ping.encode().unwrap()],
            vec![tuple],
        ] {
            let mut msg: ZMsg = frames.into_iter().collect();
            msg.push(id.dup());
            msg.send(&server).unwrap();
        }
        assert_eq!(delivered(&client), "key=value");
        assert_eq!(client.status().unwrap(), 1);
    });
}
