//! What a proxy keeps while it is steered: nothing is lost, nobody starves, it can be ended, and it does not spin.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use zmqx::{Dealer, ErrorKind, Pair, Pull, Push, Rep, Req, Socket, proxy_steerable};

use crate::common::{SOON, both_sorts, connected, connected_over, inproc, interruptible, within};
use crate::streamer::{numbers, streamer};

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
