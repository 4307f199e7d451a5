//! `proxy` and `proxy_with_capture`, over sockets with an `Interrupt` and without.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::thread::{self, JoinHandle};
use std::time::Duration;

use zmqx::{
    Context, Dealer, Endpoint, ErrorKind, Interrupt, Pair, PollEvents, Pub, Pull, Push, Rep, Req,
    Result, Router, Sub, XPub, XSub, poll, proxy, proxy_with_capture,
};

use common::{SOON, TCP, both_sorts, inproc, within};

/// Shuts down, and sees that this ended the proxy.
fn end(ctx: &Context, proxy: JoinHandle<Result<()>>) {
    ctx.shutdown().unwrap();
    assert_eq!(proxy.join().unwrap().unwrap_err().kind(), ErrorKind::Terminated);
}

/// A ROUTER and a DEALER with a proxy between them.
fn queue(ctx: &Context, endpoint: &str) -> (Endpoint, Endpoint, JoinHandle<Result<()>>) {
    let (frontend, backend) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
    let clients = frontend.bind(endpoint).unwrap();
    let workers = backend.bind(TCP).unwrap();
    (clients, workers, thread::spawn(move || proxy(&frontend, &backend)))
}

#[test]
fn a_shared_queue_of_clients_and_workers() {
    within(SOON, || {
        for ctx in both_sorts() {
            for endpoint in [&inproc()[..], TCP] {
                let ctx = ctx.clone();
                let (clients, workers, _queue) = queue(&ctx, endpoint);
                for _ in 0..3 {
                    let worker = ctx.socket(Rep).unwrap();
                    worker.connect(&workers).unwrap();
                    thread::spawn(move || -> Result<()> {
                        loop {
                            let request = worker.recv_multipart()?;
                            worker.send_multipart(request)?;
                        }
                    });
                }
                let clients: Vec<_> = (0..4)
                    .map(|client: usize| {
                        let socket = ctx.socket(Req).unwrap();
                        socket.connect(&clients).unwrap();
                        thread::spawn(move || {
                            for number in 0..200 {
                                let request = [format!("{client} {number}"), "x".repeat(number)];
                                socket.send_multipart(request.clone()).unwrap();
                                assert_eq!(socket.recv_multipart().unwrap(), request);
                            }
                        })
                    })
                    .collect();
                for client in clients {
                    client.join().unwrap();
                }
            }
            ctx.shutdown().unwrap();
        }
    });
}

#[test]
fn shutdown_ends_it() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (.., queue) = queue(&ctx, TCP);
            end(&ctx, queue);
        }
    });
}

#[test]
fn an_interrupt_ends_it_even_when_it_is_busy() {
    within(SOON, || {
        for is_busy in [false, true] {
            let interrupt = Interrupt::new().unwrap();
            let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
            let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let (source, sink) = (ctx.socket(Push).unwrap(), ctx.socket(Pull).unwrap());
            source.connect(from).unwrap();
            sink.connect(to).unwrap();
            let streamer = thread::spawn(move || proxy(&frontend, &backend));
            let traffic = thread::spawn(move || {
                while is_busy && source.try_send("task").is_ok_and(|()| true) {
                    let _ = sink.try_recv();
                }
                (source, sink)
            });
            interrupt.trigger();
            assert_eq!(streamer.join().unwrap().unwrap_err().kind(), ErrorKind::Interrupted);
            traffic.join().unwrap();
        }
    });
}

#[test]
fn a_forwarder_passes_subscriptions_and_updates() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(XSub).unwrap(), ctx.socket(XPub).unwrap());
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let publisher = ctx.socket(XPub).unwrap();
            publisher.connect(from).unwrap();
            let forwarder = thread::spawn(move || proxy(&frontend, &backend));
            let subscriber = ctx.socket(Sub).unwrap();
            subscriber.connect(to).unwrap();
            subscriber.subscribe("news").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\x01news");
            publisher.send_multipart(["weather", "rain"]).unwrap();
            publisher.send_multipart(["news", "none"]).unwrap();
            assert_eq!(subscriber.recv_multipart().unwrap(), ["news", "none"]);
            subscriber.unsubscribe("news").unwrap();
            assert_eq!(publisher.recv().unwrap(), b"\0news");
            end(&ctx, forwarder);
        }
    });
}

#[test]
fn a_streamer_keeps_order_and_loses_nothing_though_the_sink_is_slow() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            frontend.set_rcvhwm(10).unwrap();
            backend.set_sndhwm(10).unwrap();
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let streamer = thread::spawn(move || proxy(&frontend, &backend));
            let source = ctx.socket(Push).unwrap();
            source.set_sndhwm(10).unwrap();
            source.connect(from).unwrap();
            let sender = thread::spawn(move || {
                for number in 0..5_000 {
                    let message = [number.to_string(), String::new(), "x".repeat(number % 100)];
                    source.send_multipart(message).unwrap();
                }
                source
            });
            // Until now nobody is there to take it: the source is stopped by the high-water marks.
            assert!(!sender.is_finished());
            let sink = ctx.socket(Pull).unwrap();
            sink.set_rcvhwm(10).unwrap();
            sink.connect(to).unwrap();
            for number in 0..5_000 {
                let message = [number.to_string(), String::new(), "x".repeat(number % 100)];
                assert_eq!(sink.recv_multipart().unwrap(), message);
            }
            drop(sender.join().unwrap());
            end(&ctx, streamer);
        }
    });
}

#[test]
fn capture_gets_what_goes_in_both_directions() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
            let (clients, workers) =
                (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let (listener, capture) = (ctx.socket(Pair).unwrap(), ctx.socket(Pair).unwrap());
            capture.connect(listener.bind(inproc()).unwrap()).unwrap();
            let queue = thread::spawn(move || proxy_with_capture(&frontend, &backend, &capture));
            let (client, worker) = (ctx.socket(Req).unwrap(), ctx.socket(Rep).unwrap());
            client.set_routing_id("client").unwrap();
            client.connect(clients).unwrap();
            worker.connect(workers).unwrap();
            for _ in 0..3 {
                client.send_multipart(["Hello", &"there ".repeat(100)]).unwrap();
                assert_eq!(worker.recv_multipart().unwrap(), ["Hello", &"there ".repeat(100)[..]]);
                worker.send("World").unwrap();
                assert_eq!(client.recv().unwrap(), "World");
                let request = listener.recv_multipart().unwrap();
                assert_eq!(request, ["client", "", "Hello", &"there ".repeat(100)]);
                assert_eq!(listener.recv_multipart().unwrap(), ["client", "", "World"]);
            }
            end(&ctx, queue);
        }
    });
}

#[test]
fn a_pub_captures_for_whoever_listens() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let capture = ctx.socket(Pub).unwrap();
            let listener = ctx.socket(Sub).unwrap();
            listener.subscribe("").unwrap();
            listener.connect(capture.bind(inproc()).unwrap()).unwrap();
            let streamer = thread::spawn(move || proxy_with_capture(&frontend, &backend, &capture));
            let (source, sink) = (ctx.socket(Push).unwrap(), ctx.socket(Pull).unwrap());
            source.connect(from).unwrap();
            sink.connect(to).unwrap();
            for number in 0..1000 {
                source.send(number.to_string()).unwrap();
                assert_eq!(sink.recv().unwrap(), number.to_string());
                assert_eq!(listener.recv().unwrap(), number.to_string());
            }
            end(&ctx, streamer);
        }
    });
}

/// One message more than fits on the way from a PUSH to a PULL, each with a high-water mark of one.
const TOO_MANY: usize = 3;

#[test]
fn a_capture_without_room_holds_messages_back_whole() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let (listener, capture) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            listener.set_rcvhwm(1).unwrap();
            capture.set_sndhwm(1).unwrap();
            capture.connect(listener.bind(inproc()).unwrap()).unwrap();
            let (source, sink) = (ctx.socket(Push).unwrap(), ctx.socket(Pull).unwrap());
            source.connect(from).unwrap();
            sink.connect(to).unwrap();
            for number in 0..TOO_MANY {
                source.send_multipart([number.to_string(), "a".repeat(100)]).unwrap();
            }
            let streamer = thread::spawn(move || proxy_with_capture(&frontend, &backend, &capture));
            for number in 0..TOO_MANY - 1 {
                assert_eq!(sink.recv_multipart().unwrap(), [number.to_string(), "a".repeat(100)]);
            }
            assert_eq!(
                sink.recv_timeout(Duration::from_millis(50)).unwrap_err().kind(),
                ErrorKind::WouldBlock
            );
            for number in 0..TOO_MANY {
                let copy = listener.recv_multipart().unwrap();
                assert_eq!(copy, [number.to_string(), "a".repeat(100)]);
            }
            let last = sink.recv_multipart().unwrap();
            assert_eq!(last, [(TOO_MANY - 1).to_string(), "a".repeat(100)]);
            end(&ctx, streamer);
        }
    });
}

#[test]
fn capture_gets_a_message_once_that_waits_for_its_target() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
            let (listener, capture) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
            capture.connect(listener.bind(inproc()).unwrap()).unwrap();
            let source = ctx.socket(Push).unwrap();
            source.connect(from).unwrap();
            let streamer = thread::spawn(move || proxy_with_capture(&frontend, &backend, &capture));
            let messages = || (0..TOO_MANY).map(|number| [number.to_string(), "b".repeat(100)]);
            for message in messages() {
                source.send_multipart(message).unwrap();
            }
            // The first has gone to the capture, and waits for a target, which comes only then.
            assert_eq!(listener.recv_multipart().unwrap(), ["0", &"b".repeat(100)]);
            let sink = ctx.socket(Pull).unwrap();
            sink.connect(to).unwrap();
            for message in messages() {
                assert_eq!(sink.recv_multipart().unwrap(), message);
            }
            for message in messages().skip(1) {
                assert_eq!(listener.recv_multipart().unwrap(), message);
            }
            assert_eq!(listener.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
            end(&ctx, streamer);
        }
    });
}

#[test]
fn messages_go_whole_between_contexts() {
    within(SOON, || {
        let (near, far) = (Context::new().unwrap(), Context::new().unwrap());
        let (frontend, backend) = (near.socket(Pull).unwrap(), far.socket(Push).unwrap());
        let (from, to) = (frontend.bind(inproc()).unwrap(), backend.bind(inproc()).unwrap());
        let (source, sink) = (near.socket(Push).unwrap(), far.socket(Pull).unwrap());
        source.connect(from).unwrap();
        sink.connect(to).unwrap();
        let streamer = thread::spawn(move || proxy(&frontend, &backend));
        for number in 0..100 {
            source.send_multipart([number.to_string(), "c".repeat(100)]).unwrap();
            source.send(number.to_string()).unwrap();
            assert_eq!(sink.recv_multipart().unwrap(), [number.to_string(), "c".repeat(100)]);
            assert_eq!(sink.recv_multipart().unwrap(), [number.to_string()]);
        }
        end(&far, streamer);
    });
}

#[test]
fn the_end_of_a_pipe_can_be_a_side() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (near, far) = ctx.pipe().unwrap();
            let backend = ctx.socket(Push).unwrap();
            let sink = ctx.socket(Pull).unwrap();
            sink.connect(backend.bind(inproc()).unwrap()).unwrap();
            let streamer = thread::spawn(move || proxy(&far, &backend));
            near.send_multipart(["a", "b"]).unwrap();
            assert_eq!(sink.recv_multipart().unwrap(), ["a", "b"]);
            near.send("last").unwrap();
            drop(near);
            assert_eq!(sink.recv().unwrap(), "last");
            assert_eq!(streamer.join().unwrap().unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}

/// With a message that waits for a target that is not there, ours sleeps.
#[cfg(target_os = "linux")]
#[test]
fn it_does_not_turn_while_its_target_takes_nothing() {
    fn processor_time() -> Duration {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
    }
    within(SOON, || {
        let [_, ctx] = both_sorts();
        let (frontend, backend) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        let source = ctx.socket(Push).unwrap();
        source.connect(frontend.bind(inproc()).unwrap()).unwrap();
        source.send("waits").unwrap();
        let streamer = thread::spawn(move || {
            let end = proxy(&frontend, &backend);
            (end.unwrap_err().kind(), processor_time())
        });
        // The time in which it is to do nothing.
        thread::sleep(Duration::from_millis(300));
        ctx.shutdown().unwrap();
        let (end, time) = streamer.join().unwrap();
        assert_eq!(end, ErrorKind::Terminated);
        assert!(time < Duration::from_millis(100), "{time:?}");
    });
}

#[test]
fn what_it_has_in_hand_when_it_ends_is_received_next() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
        let frontend = ctx.socket(Pull).unwrap();
        frontend.set_rcvhwm(1).unwrap();
        let endpoint = frontend.bind(inproc()).unwrap();
        let producer = ctx.socket(Push).unwrap();
        producer.set_sndhwm(1).unwrap();
        producer.connect(endpoint).unwrap();
        let backend = ctx.socket(Push).unwrap();
        let sink = backend.bind(inproc()).unwrap();

        let running = thread::spawn(move || (proxy(&frontend, &backend), frontend, backend));
        // There is room for two, and nobody at the other side: with the third gone, the proxy has the first in hand.
        for message in [["1", "a"], ["2", "b"], ["3", "c"]] {
            producer.send_multipart(message).unwrap();
        }
        interrupt.trigger();
        let (ended, frontend, backend) = running.join().unwrap();
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::Interrupted);
        interrupt.clear();

        let mut items = [frontend.poll_item(PollEvents::IN)];
        assert_eq!(poll(&mut items, None).unwrap(), 1);
        let first = frontend.try_recv().unwrap();
        assert!(first == "1" && first.has_more());
        assert_eq!(frontend.recv().unwrap(), "a");

        // The next one takes what is left, and it too gives back what it could not hand on.
        let running = thread::spawn(move || (proxy(&frontend, &backend), frontend, backend));
        producer.send_multipart(["4", "d"]).unwrap();
        interrupt.trigger();
        let (_, frontend, backend) = running.join().unwrap();
        interrupt.clear();
        let running = thread::spawn(move || proxy(&frontend, &backend));
        let consumer = ctx.socket(Pull).unwrap();
        consumer.connect(sink).unwrap();
        for message in [["2", "b"], ["3", "c"], ["4", "d"]] {
            assert_eq!(consumer.recv_multipart().unwrap(), message);
        }
        end(&ctx, running);
    });
}
