//! The class `ZGossip`: what CZMQ's own test of zgossip checks, and how tuples spread.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::collections::BTreeSet;
use std::time::Instant;

use czmq_like::prelude::*;
use czmq_like::{Error, Result, ZGossipMsg};

use common::gossip::{MS, dealer, delivered, hears, hears_nothing_more, node, say, server};
use common::{wait_until, within};

#[test]
fn what_one_publishes_all_have() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let base = node(&ctx, "base");
        base.set_timeout(Some(MS * 100)).unwrap();
        base.bind("inproc://base").unwrap();
        assert_eq!(base.port().unwrap(), 0);
        let alpha = node(&ctx, "alpha");
        alpha.connect("inproc://base").unwrap();
        alpha.publish("inproc://alpha-1", "service1").unwrap();
        alpha.publish("inproc://alpha-2", "service2").unwrap();
        let beta = node(&ctx, "beta");
        beta.connect("inproc://base").unwrap();
        beta.publish("inproc://beta-1", "service1").unwrap();
        beta.publish("inproc://beta-2", "service2").unwrap();
        // Its own first.
        assert_eq!(delivered(&alpha), "inproc://alpha-1=service1");
        assert_eq!(delivered(&alpha), "inproc://alpha-2=service2");
        assert_eq!(delivered(&alpha), "inproc://beta-1=service1");
        assert_eq!(delivered(&alpha), "inproc://beta-2=service2");
        assert_eq!(alpha.status().unwrap(), 4);
        for node in [&base, &beta] {
            let tuples: BTreeSet<_> = (0..4).map(|_| delivered(node)).collect();
            assert_eq!(tuples.len(), 4);
            assert_eq!(node.status().unwrap(), 4);
        }
    });
}

#[test]
fn messages_are_three_frames_for_a_reactor() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let node = node(&ctx, "node");
        node.publish("key", "value").unwrap();
        let mut reactor = ZLoop::new().unwrap();
        reactor
            .reader(node.sock(), |_, socket, _: &mut ()| {
                assert_eq!(ZMsg::recv(socket)?, ZMsg::from(["DELIVER", "key", "value"]));
                Ok::<_, Error>(Break(()))
            })
            .unwrap();
        assert_eq!(reactor.start(&mut ()).unwrap(), LoopEnd::Ended);
    });
}

#[test]
fn one_who_comes_late_gets_all_tuples() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (early, endpoint) = server(&ctx);
        for number in 0..3000 {
            early.publish(format!("key-{number}"), "x".repeat(number % 300)).unwrap();
        }
        let late = node(&ctx, "late");
        late.connect(&endpoint).unwrap();
        wait_until("all are there", || late.status().unwrap() == 3000);
        let keys: BTreeSet<_> = (0..3000).map(|_| delivered(&late)).collect();
        assert_eq!(keys.len(), 3000);
    });
}

#[test]
fn a_new_value_goes_to_all_and_the_same_one_to_none() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let ((server, endpoint), client) = (server(&ctx), node(&ctx, "client"));
        client.connect(&endpoint).unwrap();
        for value in ["one", "one", "two", "two", "one"] {
            client.publish("key", value).unwrap();
        }
        for value in ["key=one", "key=two", "key=one"] {
            assert_eq!(delivered(&server), value);
        }
        assert!(server.recv_timeout(MS * 100).unwrap().is_none());
        assert_eq!(server.status().unwrap(), 1);
    });
}

#[test]
fn in_a_ring_each_tuple_goes_round_once() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let nodes: Vec<_> = (0..4).map(|_| server(&ctx)).collect();
        for at in 0..nodes.len() {
            // Both ways round, and to itself.
            for other in [at, at + 1, at + 3] {
                nodes[at].0.connect(&nodes[other % nodes.len()].1).unwrap();
            }
        }
        let observer = dealer(&ctx, &nodes[2].1);
        say(&observer, &ZGossipMsg::Hello);
        hears_nothing_more(&observer);
        for (node, _) in &nodes {
            node.publish("key", "value").unwrap();
            nodes.iter().for_each(|(node, _)| {
                wait_until("it has come", || node.status().unwrap() == 1);
            });
        }
        for (node, _) in &nodes {
            assert_eq!(delivered(node), "key=value");
            assert!(node.recv_timeout(MS * 50).unwrap().is_none());
        }
        assert_eq!(hears(&observer), ZGossipMsg::publish("key", "value"));
        hears_nothing_more(&observer);
    });
}

#[test]
fn values_that_follow_quickly_upon_each_other_come_to_rest_at_the_last() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let nodes: Vec<_> = (0..3).map(|_| server(&ctx)).collect();
        for (node, _) in &nodes {
            // Each to each, both ways.
            nodes.iter().for_each(|(_, endpoint)| node.connect(endpoint).unwrap());
        }
        // So that the observer may be silent.
        nodes[1].0.set_timeout(None).unwrap();
        let observer = dealer(&ctx, &nodes[1].1);
        say(&observer, &ZGossipMsg::Hello);
        hears_nothing_more(&observer);
        // The last one goes back to what was before.
        let values = ["one", "two", "three", "one", "two", "three", "two"];
        values.iter().for_each(|value| nodes[0].0.publish("key", *value).unwrap());
        // Longer than a value may wait.
        let mut heard = Vec::new();
        while let Ok(frame) = observer.recv_timeout(MS * 4000) {
            heard.push(ZGossipMsg::decode(&frame).unwrap());
            assert!(heard.len() < 100, "they go round and round: {heard:?}");
        }
        assert_eq!(heard.last(), Some(&ZGossipMsg::publish("key", "two")));
        for (node, _) in &nodes {
            let mut last = None;
            while let Some((_, value)) = node.recv_timeout(MS * 100).unwrap() {
                last = Some(value);
            }
            assert_eq!(last.as_deref(), Some("two"));
        }
    });
}

#[test]
fn who_brings_back_an_old_value_is_told_by_the_node_that_has_published_it() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        server.publish("key", "old").unwrap();
        server.publish("key", "new").unwrap();
        let client = dealer(&ctx, &endpoint);
        say(&client, &ZGossipMsg::Hello);
        assert_eq!(hears(&client), ZGossipMsg::publish("key", "new"));
        // As one does that was cut off in between.
        say(&client, &ZGossipMsg::publish("key", "old"));
        assert_eq!(hears(&client), ZGossipMsg::publish("key", "new"));
        hears_nothing_more(&client);
        // Another value is one that another node has published.
        say(&client, &ZGossipMsg::publish("key", "newer"));
        let delivered: Vec<_> = (0..3).map(|_| delivered(&server)).collect();
        assert_eq!(delivered, ["key=old", "key=new", "key=newer"]);
    });
}

#[test]
fn nodes_that_connect_while_values_change_agree_in_the_end() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let nodes: Vec<_> = (0..4).map(|_| server(&ctx)).collect();
        let mut wanted = HashMap::new();
        for round in 0..20 {
            // Each has its own keys, and goes through a few values again and again.
            for (number, (node, _)) in nodes.iter().enumerate() {
                for key in 0..5 {
                    let (key, value) = (format!("{number}.{key}"), format!("{}", randof(3)));
                    node.publish(&key, &value).unwrap();
                    wanted.insert(key, value);
                }
            }
            if round % 5 == 0 {
                // One more of its neighbours, both ways.
                for (node, _) in &nodes {
                    node.connect(&nodes[round / 5].1).unwrap();
                }
            }
        }
        let mut have = vec![HashMap::new(); nodes.len()];
        let mut count = 0;
        wait_until("all agree", || {
            for ((node, _), have) in nodes.iter().zip(&mut have) {
                while let Some((key, value)) = node.recv_timeout(MS).unwrap() {
                    have.insert(key, value);
                    count += 1;
                }
            }
            assert!(count < 100_000, "they go round and round");
            have.iter().all(|have| *have == wanted)
        });
    });
}

#[test]
fn a_client_does_not_hear_its_own_tuples() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        let (client, other) = (dealer(&ctx, &endpoint), dealer(&ctx, &endpoint));
        for peer in [&client, &other] {
            say(peer, &ZGossipMsg::Hello);
            hears_nothing_more(peer);
        }
        say(&client, &ZGossipMsg::publish("key", "value"));
        assert_eq!(hears(&other), ZGossipMsg::publish("key", "value"));
        hears_nothing_more(&client);
        assert_eq!(delivered(&server), "key=value");
    });
}

#[test]
fn what_cannot_be_is_an_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        let client = node(&ctx, "client");
        let kind = |result: Result<()>| result.unwrap_err().kind();
        assert_eq!(kind(client.publish("k".repeat(256), "")), ErrorKind::InvalidInput);
        assert_eq!(kind(client.publish("key", "a\0b")), ErrorKind::InvalidInput);
        assert_eq!(kind(client.connect("nowhere")), ErrorKind::InvalidInput);
        assert_eq!(kind(client.set_ping(Duration::ZERO)), ErrorKind::InvalidInput);
        assert_eq!(kind(client.bind(endpoint).map(drop)), ErrorKind::AddrInUse);
        assert_eq!(client.port().unwrap(), 0);
        // It goes on all the same.
        client.publish("key", "value").unwrap();
        assert_eq!(client.status().unwrap(), 1);
        drop(server);
    });
}

#[test]
fn the_end_of_the_context_is_its_end() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (node, _) = server(&ctx);
        drop(ctx);
        assert_eq!(node.status().unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(node.recv().unwrap_err().kind(), ErrorKind::Terminated);
    });
}

#[test]
fn a_drop_is_quick_and_closes_all() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let (server, endpoint) = server(&ctx);
        let begun = Instant::now();
        for number in 0..20 {
            let client = node(&ctx, "client");
            client.connect(&endpoint).unwrap();
            client.publish(format!("{number}"), "").unwrap();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        drop(server);
        ctx.destroy().unwrap();
    });
}

#[test]
fn a_node_may_move_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<ZGossip>();
}
