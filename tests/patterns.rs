//! Each kind of socket in its classic pattern, over inproc, ipc and tcp.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use zmqx::{
    Context, Dealer, ErrorKind, Message, Pair, Pub, Pull, Push, Rep, Req, Router, Stream, Sub,
    XPub, XSub,
};

use common::{
    SOON, TCP, both_sorts, connect, connected, inproc, over_each, runs_with, wait_until, within,
};

#[test]
fn push_shares_its_tasks_out_and_pull_takes_from_all_fairly() {
    over_each(|ctx, endpoint| {
        let ventilator = ctx.socket(Push).unwrap();
        let tasks = ventilator.bind(endpoint).unwrap();
        let sink = ctx.socket(Pull).unwrap();
        let results = sink.bind(TCP).unwrap();
        let workers: Vec<_> = (0..3)
            .map(|worker: usize| {
                let (tasks, results) = (connect(ctx, Pull, &tasks), connect(ctx, Push, &results));
                thread::spawn(move || {
                    results.send("ready").unwrap();
                    loop {
                        let task = tasks.recv().unwrap();
                        if task == "end" {
                            return;
                        }
                        results.send(worker.to_string()).unwrap();
                    }
                })
            })
            .collect();
        for _ in 0..3 {
            assert_eq!(sink.recv().unwrap(), "ready");
        }
        // They all have the results' end; a task is asked for until each has the tasks' end too.
        let mut done = [0; 3];
        while done.contains(&0) {
            ventilator.send("task").unwrap();
            done[sink.recv().unwrap().as_str().unwrap().parse::<usize>().unwrap()] += 1;
        }
        // Round-robin from here on.
        done = [0; 3];
        for _ in 0..300 {
            ventilator.send("task").unwrap();
        }
        for _ in 0..300 {
            done[sink.recv().unwrap().as_str().unwrap().parse::<usize>().unwrap()] += 1;
        }
        assert_eq!(done, [100; 3]);
        for _ in 0..3 {
            ventilator.send("end").unwrap();
        }
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

#[test]
fn sub_gets_what_begins_with_its_prefix() {
    over_each(|ctx, endpoint| {
        // XPUB, as a PUB does not say that the subscription has arrived.
        let publisher = ctx.socket(XPub).unwrap();
        let subscriber = connect(ctx, Sub, &publisher.bind(endpoint).unwrap());
        subscriber.subscribe("news").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01news");
        for topic in ["weather", "news", "new", "news2", "sports news"] {
            publisher.send_multipart([topic, "news"]).unwrap();
        }
        subscriber.subscribe(b"\0\xFF").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01\0\xFF");
        publisher.send(b"\0\xFF binary").unwrap();
        assert_eq!(subscriber.recv_multipart().unwrap(), ["news", "news"]);
        assert_eq!(subscriber.recv_multipart().unwrap(), ["news2", "news"]);
        assert_eq!(subscriber.recv_multipart().unwrap(), [b"\0\xFF binary"]);
        subscriber.unsubscribe("news").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\0news");
        subscriber.subscribe("").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01");
        publisher.send("anything").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "anything");
    });
}

#[test]
fn a_sub_without_subscription_gets_nothing() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let publisher = ctx.socket(XPub).unwrap();
        let endpoint = publisher.bind(inproc()).unwrap();
        let silent = connect(&ctx, Sub, &endpoint);
        let subscriber = connect(&ctx, Sub, &endpoint);
        subscriber.subscribe("").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01");
        publisher.send("Hello").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "Hello");
        assert_eq!(silent.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn subscriptions_add_up_and_are_taken_back_one_by_one() {
    within(SOON, || {
        let (publisher, subscriber) = connected(&Context::new().unwrap(), XPub, Sub);
        subscriber.subscribe("a").unwrap();
        subscriber.subscribe("a").unwrap();
        subscriber.unsubscribe("a").unwrap();
        subscriber.subscribe("b").unwrap();
        // Publishers hear of the first and the last alone.
        assert_eq!(publisher.recv().unwrap(), b"\x01a");
        assert_eq!(publisher.recv().unwrap(), b"\x01b");
        publisher.send("a").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "a");
        subscriber.unsubscribe("a").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\0a");
        publisher.send("a").unwrap();
        publisher.send("b").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "b");
    });
}

#[test]
fn every_subscriber_gets_every_update() {
    over_each(|ctx, endpoint| {
        let publisher = ctx.socket(Pub).unwrap();
        publisher.set_sndhwm(0).unwrap();
        let updates = publisher.bind(endpoint).unwrap();
        let (near, far) = (ctx.socket(Pull).unwrap(), inproc());
        let near_endpoint = near.bind(&far).unwrap();
        let subscribers: Vec<_> = (0..5)
            .map(|_| {
                let subscriber = ctx.socket(Sub).unwrap();
                subscriber.set_rcvhwm(0).unwrap();
                subscriber.subscribe("").unwrap();
                subscriber.connect(&updates).unwrap();
                let ready = connect(ctx, Push, &near_endpoint);
                thread::spawn(move || {
                    while subscriber.recv().unwrap() != "hello" {}
                    ready.send("ready").unwrap();
                    let mut count = 0;
                    loop {
                        match subscriber.recv().unwrap() {
                            end if end == "end" => return count,
                            update if update == "update" => count += 1,
                            hello => assert_eq!(hello, "hello"),
                        }
                    }
                })
            })
            .collect();
        // Only an update itself proves that a subscription is there.
        let mut ready = 0;
        while ready < 5 {
            publisher.send("hello").unwrap();
            ready += usize::from(near.recv_timeout(Duration::from_millis(1)).is_ok());
        }
        for _ in 0..5_000 {
            publisher.send("update").unwrap();
        }
        publisher.send("end").unwrap();
        for subscriber in subscribers {
            assert_eq!(subscriber.join().unwrap(), 5_000);
        }
    });
}

#[test]
fn xsub_and_xpub_exchange_subscriptions_as_messages() {
    over_each(|ctx, endpoint| {
        let publisher = ctx.socket(XPub).unwrap();
        let subscriber = connect(ctx, XSub, &publisher.bind(endpoint).unwrap());
        subscriber.send(b"\x01topic").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01topic");
        publisher.send_multipart(["topic", "update"]).unwrap();
        assert_eq!(subscriber.recv_multipart().unwrap(), ["topic", "update"]);
        subscriber.send(b"\0topic").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\0topic");
    });
}

#[test]
fn req_and_rep_talk_in_turns() {
    over_each(|ctx, endpoint| {
        let server = ctx.socket(Rep).unwrap();
        let endpoint = server.bind(endpoint).unwrap();
        let clients: Vec<_> = (0..3).map(|_| connect(ctx, Req, &endpoint)).collect();
        for round in 0..10 {
            for client in &clients {
                client.send(format!("Hello {round}")).unwrap();
            }
            for _ in &clients {
                let request = server.recv().unwrap();
                server.send_multipart([request, Message::from("World")]).unwrap();
            }
            for client in &clients {
                let reply = [format!("Hello {round}"), "World".to_owned()];
                assert_eq!(client.recv_multipart().unwrap(), reply);
            }
        }
    });
}

#[test]
fn router_sees_the_envelope_that_req_and_dealer_put_on() {
    over_each(|ctx, endpoint| {
        let router = ctx.socket(Router).unwrap();
        let endpoint = router.bind(endpoint).unwrap();
        let req = ctx.socket(Req).unwrap();
        req.set_routing_id("ABC").unwrap();
        req.connect(&endpoint).unwrap();
        let dealer = connect(ctx, Dealer, &endpoint);

        req.send("Hello").unwrap();
        assert_eq!(router.recv_multipart().unwrap(), ["ABC", "", "Hello"]);
        router.send_multipart(["ABC", "", "World"]).unwrap();
        assert_eq!(req.recv_multipart().unwrap(), ["World"]);

        dealer.send_multipart(["", "Hello"]).unwrap();
        let mut request = router.recv_multipart().unwrap();
        let id = request.pop_front().unwrap();
        // The one that libzmq makes up.
        assert_eq!((id.len(), id[0]), (5, 0));
        assert_eq!(request, ["", "Hello"]);
        request.push_front(id);
        router.send_multipart(request).unwrap();
        assert_eq!(dealer.recv_multipart().unwrap(), ["", "Hello"]);
    });
}

#[test]
fn rep_keeps_an_envelope_of_several_addresses() {
    over_each(|ctx, endpoint| {
        let server = ctx.socket(Rep).unwrap();
        let dealer = connect(ctx, Dealer, &server.bind(endpoint).unwrap());
        // Without the empty frame it is no request, and is passed over.
        dealer.send("no envelope").unwrap();
        dealer.send_multipart(["one", "two", "", "Hello"]).unwrap();
        assert_eq!(server.recv_multipart().unwrap(), ["Hello"]);
        server.send("World").unwrap();
        assert_eq!(dealer.recv_multipart().unwrap(), ["one", "two", "", "World"]);
    });
}

#[test]
fn dealer_sends_in_turn_and_receives_fairly() {
    over_each(|ctx, endpoint| {
        let dealer = ctx.socket(Dealer).unwrap();
        let endpoint = dealer.bind(endpoint).unwrap();
        let servers: Vec<_> = (0..2).map(|_| connect(ctx, Rep, &endpoint)).collect();
        // Each has something to answer when both are connected.
        let mut asked = [0; 2];
        wait_until("both are asked", || {
            dealer.send_multipart(["", "Hello"]).unwrap();
            for (server, asked) in servers.iter().zip(&mut asked) {
                if server.recv_timeout(Duration::from_millis(1)).is_ok() {
                    server.send("World").unwrap();
                    *asked += 1;
                }
            }
            !asked.contains(&0)
        });
        for _ in 0..asked.iter().sum() {
            assert_eq!(dealer.recv_multipart().unwrap(), ["", "World"]);
        }
    });
}

#[test]
fn pair_has_one_peer_alone() {
    over_each(|ctx, endpoint| {
        let bound = ctx.socket(Pair).unwrap();
        let endpoint = bound.bind(endpoint).unwrap();
        let first = connect(ctx, Pair, &endpoint);
        first.send("first").unwrap();
        assert_eq!(bound.recv().unwrap(), "first");
        let second = connect(ctx, Pair, &endpoint);
        second.set_linger(Some(Duration::ZERO)).unwrap();
        let _ = second.try_send("second");
        bound.send("to the first").unwrap();
        assert_eq!(first.recv().unwrap(), "to the first");
        assert!(bound.try_recv().is_err());
        assert!(second.try_recv().is_err());
    });
}

#[test]
fn a_stream_that_cannot_go_on_gives_back_what_it_has_not_taken() {
    if !runs_with(4, 0, 0) {
        return;
    }
    within(SOON, || {
        for ctx in both_sorts() {
            let server = ctx.socket(Stream).unwrap();
            let endpoint = server.bind(TCP).unwrap();
            let mut client = TcpStream::connect(endpoint.address()).unwrap();
            client.write_all(b"?").unwrap();
            let id = loop {
                let [id, bytes] = &server.recv_multipart().unwrap()[..] else { panic!("not two") };
                if bytes == "?" {
                    break id.clone();
                }
            };
            // To a STREAM these are two messages, and the second is for nobody.
            let unsent =
                server.send_multipart([&id[..], b"Hello", b"nobody", b"World"]).unwrap_err();
            assert_eq!(unsent.kind(), ErrorKind::HostUnreachable);
            assert_eq!(unsent.message, ["nobody", "World"]);
            server.send_multipart([&id[..], b"!"]).unwrap();
            let mut reply = [0; 6];
            client.read_exact(&mut reply).unwrap();
            assert_eq!(&reply, b"Hello!");
        }
    });
}

#[test]
fn stream_talks_with_plain_tcp() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        if !runs_with(4, 0, 0) {
            assert_eq!(ctx.socket(Stream).unwrap_err().kind(), ErrorKind::Unsupported);
            return;
        }
        let server = ctx.socket(Stream).unwrap();
        let endpoint = server.bind(TCP).unwrap();
        let mut client = TcpStream::connect(endpoint.address()).unwrap();
        // Since 4.1 it is told of each peer that comes.
        let connected = runs_with(4, 1, 0).then(|| server.recv_multipart().unwrap());

        client.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
        let request = server.recv_multipart().unwrap();
        let [id, request] = &request[..] else { panic!("{request:?}") };
        assert_eq!((id.len(), &request[..]), (5, &b"GET / HTTP/1.0\r\n\r\n"[..]));
        assert!(connected.is_none_or(|connected| connected == [&id[..], b""]));
        server.send_multipart([&id[..], b"HTTP/1.0 200 OK\r\n\r\nHello"]).unwrap();
        // An empty message closes the connection. As in C programs, no frame is the last one.
        server.send_more(&id[..]).unwrap();
        server.send_more("").unwrap();
        let reader = thread::spawn(move || {
            let mut reply = String::new();
            client.read_to_string(&mut reply).unwrap();
            reply
        });
        // It is closed when the socket has been told that its I/O thread is done.
        wait_until("the connection is closed", || {
            assert!(server.try_recv().is_err());
            reader.is_finished()
        });
        assert_eq!(reader.join().unwrap(), "HTTP/1.0 200 OK\r\n\r\nHello");
        let unsent = server.send_more("nobody").unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::HostUnreachable);
    });
}
