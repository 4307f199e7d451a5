//! `proxy_steerable`: each command, on each kind of control socket, and what it keeps while it is steered.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use zmqx::{
    Context, Dealer, ErrorKind, Multipart, Open, Pair, Pub, Pull, Push, Receives, Rep, Req, Result,
    Router, Sends, Socket, Sub, proxy_steerable, proxy_steerable_with_capture,
};

use common::{SOON, both_sorts, connected, connected_over, inproc, interruptible, within};

/// A streamer, with what goes in, what comes out, and what steers it.
struct Streamer<K: zmqx::Kind> {
    source: Socket<Push>,
    sink: Socket<Pull>,
    steer: Socket<K>,
    running: JoinHandle<Result<()>>,
}

/// Starts a PULL and PUSH with a proxy between them, that `control` steers over `endpoint`.
fn streamer_over<C: Open, S: Open>(
    ctx: &Context,
    endpoint: &str,
    control: C,
    steer: S,
) -> Streamer<S::Kind> {
    let (frontend, source) = connected(ctx, Pull, Push);
    let (backend, sink) = connected(ctx, Push, Pull);
    let (control, steer) = connected_over(ctx, endpoint, control, steer);
    let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
    Streamer { source, sink, steer, running }
}

fn streamer<C: Open, S: Open>(ctx: &Context, control: C, steer: S) -> Streamer<S::Kind> {
    streamer_over(ctx, &inproc(), control, steer)
}

impl<K: Sends + Receives> Streamer<K> {
    /// Says a command to a REP, which answers.
    fn tell(&self, command: &str) -> Multipart {
        self.steer.send(command).unwrap();
        self.steer.recv_multipart().unwrap()
    }

    /// Says a command to a REP, which has nothing to say.
    fn order(&self, command: &str) {
        assert_eq!(self.tell(command), [""], "{command}");
    }
}

fn numbers(frames: &Multipart) -> Vec<u64> {
    frames.iter().map(|frame| u64::from_ne_bytes(frame[..].try_into().unwrap())).collect()
}

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

#[test]
fn terminate_loses_nothing() {
    within(SOON, || {
        for ctx in both_sorts() {
            let frontend = ctx.socket(Pull).unwrap();
            frontend.set_rcvhwm(1).unwrap();
            let source = ctx.socket(Push).unwrap();
            source.set_sndhwm(1).unwrap();
            source.connect(frontend.bind(inproc()).unwrap()).unwrap();
            let backend = ctx.socket(Push).unwrap();
            let endpoint = backend.bind(inproc()).unwrap();
            let (control, steer) = connected(&ctx, Rep, Req);
            let running = thread::spawn(move || {
                (proxy_steerable(&frontend, &backend, &control), frontend, backend)
            });
            // There is room for two, and nobody takes them: with the third gone, the proxy has the first in hand.
            for message in [["1", "a"], ["2", "b"], ["3", "c"]] {
                source.send_multipart(message).unwrap();
            }
            for command in ["STATISTICS", "PAUSE", "TERMINATE"] {
                steer.send(command).unwrap();
                let answer = steer.recv_multipart().unwrap();
                assert!(command != "STATISTICS" || numbers(&answer)[..2] == [2, 2]);
            }
            let (ended, frontend, backend) = running.join().unwrap();
            ended.unwrap();
            assert_eq!(frontend.recv_multipart().unwrap(), ["1", "a"]);

            // The next one hands on the others.
            let (control, steer) = connected(&ctx, Rep, Req);
            let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            let sink = ctx.socket(Pull).unwrap();
            sink.connect(endpoint).unwrap();
            for message in [["2", "b"], ["3", "c"]] {
                assert_eq!(sink.recv_multipart().unwrap(), message);
            }
            steer.send("TERMINATE").unwrap();
            running.join().unwrap().unwrap();
        }
    });
}

#[test]
fn interrupt_and_shutdown_end_it_also_while_it_is_paused() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        for is_paused in [false, true] {
            let streamer = streamer(&ctx, Rep, Req);
            if is_paused {
                streamer.order("PAUSE");
            }
            interrupt.trigger();
            let end = streamer.running.join().unwrap();
            assert_eq!(end.unwrap_err().kind(), ErrorKind::Interrupted);
            interrupt.clear();
        }
        for ctx in both_sorts() {
            let streamer = streamer(&ctx, Rep, Req);
            streamer.order("PAUSE");
            ctx.shutdown().unwrap();
            assert_eq!(streamer.running.join().unwrap().unwrap_err().kind(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn it_ends_when_who_steers_it_by_a_pipe_has_gone() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, _source) = connected(&ctx, Pull, Push);
            let (backend, _sink) = connected(&ctx, Push, Pull);
            let (steer, control) = ctx.pipe().unwrap();
            let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            drop(steer);
            assert_eq!(running.join().unwrap().unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

#[test]
fn an_answer_that_nobody_takes_holds_nothing_up() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, source) = connected(&ctx, Pull, Push);
            let (backend, sink) = connected(&ctx, Push, Pull);
            let (control, steer) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
            control.set_sndhwm(1).unwrap();
            steer.set_rcvhwm(1).unwrap();
            steer.connect(control.bind(inproc()).unwrap()).unwrap();
            let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            for number in 0..100 {
                steer.send("STATISTICS").unwrap();
                source.send(number.to_string()).unwrap();
                assert_eq!(sink.recv().unwrap(), number.to_string());
            }
            steer.send("TERMINATE").unwrap();
            running.join().unwrap().unwrap();
        }
    });
}

/// Keeps a socket's peer supplied until it is told to stop.
fn flood(socket: Socket<Dealer>, is_over: &Arc<AtomicBool>) -> JoinHandle<Socket<Dealer>> {
    let is_over = Arc::clone(is_over);
    thread::spawn(move || {
        while !is_over.load(Ordering::Relaxed) {
            let _ = socket.try_send("flood");
        }
        socket
    })
}

#[test]
fn a_flooded_frontend_starves_neither_control_nor_the_other_way() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, client) = connected(&ctx, Dealer, Dealer);
            let (backend, worker) = connected(&ctx, Dealer, Dealer);
            let (control, steer) = connected(&ctx, Rep, Req);
            let running = thread::spawn(move || proxy_steerable(&frontend, &backend, &control));
            let is_over = Arc::new(AtomicBool::new(false));
            let endpoint = inproc();
            let (drain, probe) = connected_over(&ctx, &endpoint, Pair, Pair);
            // The worker takes the flood, and says something now and then.
            let taking = {
                let is_over = Arc::clone(&is_over);
                thread::spawn(move || {
                    let mut taken: u64 = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        taken += u64::from(worker.try_recv().is_ok());
                        if let Ok(word) = drain.try_recv() {
                            worker.send(word).unwrap();
                        }
                    }
                    taken
                })
            };
            let flood = flood(client, &is_over);
            for _ in 0..50 {
                steer.send("STATISTICS").unwrap();
                assert_eq!(steer.recv_multipart().unwrap().len(), 8);
                probe.send("backwards").unwrap();
            }
            // What the worker says arrives, though the frontend has been flooded with more than the queues hold.
            loop {
                steer.send("STATISTICS").unwrap();
                let counted = numbers(&steer.recv_multipart().unwrap());
                if counted[2] == 50 && counted[0] > 10_000 {
                    break;
                }
            }
            steer.send("TERMINATE").unwrap();
            running.join().unwrap().unwrap();
            is_over.store(true, Ordering::Relaxed);
            let client = flood.join().unwrap();
            assert!(taking.join().unwrap() > 0);
            for _ in 0..50 {
                assert_eq!(client.recv().unwrap(), "backwards");
            }
        }
    });
}

/// A paused proxy, and one that nobody writes to, sleep.
#[cfg(target_os = "linux")]
#[test]
fn it_does_not_turn_while_it_is_paused() {
    fn processor_time() -> Duration {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
    }
    within(SOON, || {
        let [_, ctx] = both_sorts();
        let (frontend, source) = connected(&ctx, Pull, Push);
        let (backend, _sink) = connected(&ctx, Push, Pull);
        let (control, steer) = connected(&ctx, Rep, Req);
        let running = thread::spawn(move || {
            proxy_steerable(&frontend, &backend, &control).unwrap();
            processor_time()
        });
        steer.send("PAUSE").unwrap();
        steer.recv().unwrap();
        source.send("waits").unwrap();
        thread::sleep(Duration::from_millis(300));
        steer.send("TERMINATE").unwrap();
        let time = running.join().unwrap();
        assert!(time < Duration::from_millis(100), "{time:?}");
    });
}
