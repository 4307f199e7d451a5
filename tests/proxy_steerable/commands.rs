//! What each command does, and on which kinds of sockets it is answered.

use std::thread;
use std::time::Duration;

use zmqx::{
    Dealer, ErrorKind, Pair, Pub, Pull, Push, Receives, Rep, Req, Router, Sends, Sub,
    proxy_steerable, proxy_steerable_with_capture,
};

use crate::common::{self, SOON, both_sorts, connected, inproc, within};
use crate::streamer::{Streamer, numbers, streamer, streamer_over};

#[test]
fn a_rep_answers_each_command() {
    within(SOON, || {
        for ctx in both_sorts() {
            for endpoint in [&inproc()[..], common::TCP] {
                let streamer = streamer_over(&ctx, endpoint, Rep, Req);
                streamer.source.send("one").unwrap();
                assert_eq!(streamer.sink.recv().unwrap(), "one");

                streamer.order("PAUSE");
                streamer.source.send("two").unwrap();
                for _ in 0..3 {
                    let statistics = streamer.tell("STATISTICS");
                    assert_eq!(numbers(&statistics), [1, 3, 0, 0, 0, 0, 1, 3]);
                }
                assert_eq!(streamer.sink.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
                streamer.order("PAUSE");
                streamer.order("RESUME");
                assert_eq!(streamer.sink.recv().unwrap(), "two");

                let statistics = streamer.tell("STATISTICS");
                assert_eq!(numbers(&statistics), [2, 6, 0, 0, 0, 0, 2, 6]);
                streamer.order("TERMINATE");
                streamer.running.join().unwrap().unwrap();
            }
        }
    });
}

#[test]
fn a_pair_and_a_dealer_answer_statistics_alone() {
    fn check(streamer: Streamer<impl Sends + Receives>) {
        streamer.source.send("task").unwrap();
        assert_eq!(streamer.sink.recv().unwrap(), "task");
        for command in ["PAUSE", "RESUME", "STATISTICS", "TERMINATE"] {
            streamer.steer.send(command).unwrap();
        }
        let statistics = streamer.steer.recv_multipart().unwrap();
        assert_eq!(numbers(&statistics), [1, 4, 0, 0, 0, 0, 1, 4]);
        streamer.running.join().unwrap().unwrap();
        assert_eq!(streamer.steer.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    within(SOON, || {
        for ctx in both_sorts() {
            check(streamer(&ctx, Pair, Pair));
            check(streamer(&ctx, Dealer, Dealer));
        }
    });
}

#[test]
fn a_sub_and_a_pull_obey_and_say_nothing() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, _source) = connected(&ctx, Pull, Push);
            let (backend, _sink) = connected(&ctx, Push, Pull);
            let (publisher, control) = connected(&ctx, Pub, Sub);
            control.subscribe("").unwrap();
            let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            // A SUB has told its publisher of the subscription by the time that a first message arrives.
            while !running.is_finished() {
                publisher.send("STATISTICS").unwrap();
                publisher.send_multipart(["proxies", "TERMINATE"]).unwrap();
                thread::sleep(Duration::from_millis(1));
            }
            running.join().unwrap().unwrap();

            let streamer = streamer(&ctx, Pull, Push);
            for command in ["STATISTICS", "PAUSE", "TERMINATE"] {
                streamer.steer.send(command).unwrap();
            }
            streamer.running.join().unwrap().unwrap();
        }
    });
}

#[test]
fn a_router_answers_whoever_asked() {
    within(SOON, || {
        for ctx in both_sorts() {
            let endpoint = inproc();
            let streamer = streamer_over(&ctx, &endpoint, Router, Req);
            let other = ctx.socket(Dealer).unwrap();
            other.connect(&endpoint).unwrap();
            streamer.order("PAUSE");
            other.send("STATISTICS").unwrap();
            assert_eq!(numbers(&other.recv_multipart().unwrap()), [0; 8]);
            assert_eq!(numbers(&streamer.tell("STATISTICS")), [0; 8]);
            streamer.order("TERMINATE");
            streamer.running.join().unwrap().unwrap();
        }
    });
}

#[test]
fn what_is_no_command_does_nothing() {
    within(SOON, || {
        for ctx in both_sorts() {
            let by_pair = streamer(&ctx, Pair, Pair);
            let by_rep = streamer(&ctx, Rep, Req);
            let long = "x".repeat(1000);
            for word in ["", "pause", "PAUSED", "TERMINAT", "TERMINATE\0", "\x05PAUSE", &long] {
                by_pair.steer.send(word).unwrap();
                by_rep.order(word);
            }
            // Nothing but frames that are no command, and nothing at all in the last.
            by_pair.steer.send_multipart(["TERMINATE", ""]).unwrap();
            for (source, sink) in [(&by_pair.source, &by_pair.sink), (&by_rep.source, &by_rep.sink)]
            {
                source.send("still there").unwrap();
                assert_eq!(sink.recv().unwrap(), "still there");
            }
            by_pair.steer.send("TERMINATE").unwrap();
            by_rep.order("TERMINATE");
            by_pair.running.join().unwrap().unwrap();
            by_rep.running.join().unwrap().unwrap();
        }
    });
}

#[test]
fn statistics_count_frames_and_bytes_both_ways() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, client) = connected(&ctx, Router, Req);
            let (backend, worker) = connected(&ctx, Dealer, Rep);
            let (control, steer) = connected(&ctx, Rep, Req);
            let queue = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            for _ in 0..10 {
                client.send_multipart(["Hello", "there"]).unwrap();
                assert_eq!(worker.recv_multipart().unwrap(), ["Hello", "there"]);
                worker.send("World!").unwrap();
                assert_eq!(client.recv().unwrap(), "World!");
            }
            steer.send("STATISTICS").unwrap();
            let counted = numbers(&steer.recv_multipart().unwrap());
            // The name that the ROUTER gave the client has 5 bytes; the empty frame of the REQ goes with it.
            let (requests, replies) = ([40, 150], [30, 110]);
            assert_eq!(counted, [requests, replies, replies, requests].concat());
            steer.send("TERMINATE").unwrap();
            queue.join().unwrap().unwrap();
        }
    });
}

#[test]
fn capture_gets_a_copy_while_it_is_steered() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, source) = connected(&ctx, Pull, Push);
            let (backend, sink) = connected(&ctx, Push, Pull);
            let (listener, capture) = connected(&ctx, Pull, Push);
            let (steer, control) = ctx.pipe().unwrap();
            let streamer = thread::spawn(move || {
                proxy_steerable_with_capture(&frontend, &backend, &capture, &control)
            });
            source.send_multipart(["a", "b"]).unwrap();
            assert_eq!(sink.recv_multipart().unwrap(), ["a", "b"]);
            assert_eq!(listener.recv_multipart().unwrap(), ["a", "b"]);
            steer.send("STATISTICS").unwrap();
            assert_eq!(numbers(&steer.recv_multipart().unwrap()), [2, 2, 0, 0, 0, 0, 2, 2]);
            steer.send("TERMINATE").unwrap();
            streamer.join().unwrap().unwrap();
        }
    });
}
