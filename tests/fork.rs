//! In a child after fork, what was inherited is an error to use and nothing to drop, and new things work.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::time::{Duration, Instant};

use common::{SOON, connected, connected_pair, connected_tcp_pair, in_child, inproc, within};
use zmqx::{
    Context, Dealer, Error, ErrorKind, EventKind, Interrupt, Message, MonitorEvents, Pair,
    PollEvents, Poller, Pub, Pull, Push, Rep, Req, Router, Socket, Sub, XSub, poll, proxy,
    proxy_with_capture,
};

/// Runs `body` in a child that is forked off, and fails where it panics, or takes too long.
fn in_fork(body: impl FnOnce()) {
    testing::in_fork(SOON, body);
}

/// Each test is a process of its own, so that a fork finds no other test's threads at work.
fn alone(test: &str, body: impl FnOnce() + Send + 'static) {
    in_child(test, move || within(SOON * 2, body));
}

fn sorts() -> Vec<(Context, Option<Interrupt>)> {
    let interrupt = Interrupt::new().unwrap();
    let watched = Context::builder().interrupt(interrupt.clone()).build().unwrap();
    vec![(Context::new().unwrap(), None), (watched, Some(interrupt))]
}

fn is_forked<T>(what: &str, result: Result<T, impl Into<Error>>) {
    match result {
        Ok(_) => panic!("{what} went well"),
        Err(error) => assert_eq!(error.into().kind(), ErrorKind::Forked, "{what}"),
    }
}

#[test]
fn using_an_inherited_socket_is_an_error() {
    alone("using_an_inherited_socket_is_an_error", || {
        for (ctx, _) in sorts() {
            let (a, b) = connected_pair(&ctx);
            let (router, dealer) = connected(&ctx, Router, Dealer);
            let (publisher, subscriber) = (ctx.socket(Pub).unwrap(), ctx.socket(Sub).unwrap());
            let xsub = ctx.socket(XSub).unwrap();
            a.send("queued").unwrap();
            in_fork(|| {
                is_forked("send", a.send("x"));
                is_forked("send_more", a.send_more("x"));
                is_forked("try_send", a.try_send("x"));
                is_forked("send_multipart", a.send_multipart(["x", "y"]));
                assert_eq!(a.send("mine").unwrap_err().into_message(), "mine");
                is_forked("recv", b.recv());
                is_forked("try_recv", b.try_recv());
                is_forked("recv_timeout", b.recv_timeout(SOON));
                is_forked("recv_into", b.recv_into(&mut Message::new()));
                is_forked("recv_multipart", b.recv_multipart());
                is_forked("bind", a.bind(inproc()));
                is_forked("connect", a.connect(inproc()));
                is_forked("unbind", a.unbind(inproc()));
                is_forked("disconnect", a.disconnect(inproc()));
                is_forked("option getter", a.linger());
                is_forked("option setter", a.set_linger(None));
                is_forked("subscribe", subscriber.subscribe(""));
                is_forked("XSUB subscribe", xsub.subscribe(""));
                is_forked("publish", publisher.send("x"));
                is_forked("poll", poll(&mut [b.poll_item(PollEvents::IN)], None));
                is_forked("proxy", proxy(&router, &dealer));
                is_forked("capture", proxy_with_capture(&router, &dealer, &publisher));
            });
            assert_eq!(b.recv().unwrap(), "queued");
        }
    });
}

#[test]
fn using_an_inherited_context_is_an_error() {
    alone("using_an_inherited_context_is_an_error", || {
        for (ctx, interrupt) in sorts() {
            let socket = ctx.socket(Pair).unwrap();
            in_fork(|| {
                is_forked("socket", ctx.socket(Pair));
                is_forked("pipe", ctx.pipe());
                is_forked("shutdown", ctx.shutdown());
                is_forked("term", ctx.clone().term());
                let back = ctx.clone().term_timeout(SOON * 2).unwrap_err();
                assert_eq!(back.open_sockets, 0);
                assert_eq!(back.error.kind(), ErrorKind::Forked);
                assert!(format!("{ctx:?}{socket:?}").contains("Context"));
                if let Some(interrupt) = interrupt {
                    let mut poller = Poller::new().unwrap();
                    is_forked("set_interrupt", poller.set_interrupt(Some(&interrupt)));
                    is_forked("build", Context::builder().interrupt(interrupt.clone()).build());
                    is_forked("on_signals", interrupt.on_signals(&[libc::SIGTERM]));
                }
            });
        }
    });
}

#[test]
fn using_an_inherited_pipe_is_an_error() {
    alone("using_an_inherited_pipe_is_an_error", || {
        for (ctx, _) in sorts() {
            let (a, b) = ctx.pipe().unwrap();
            let mut a = Some(a);
            in_fork(|| {
                is_forked("send", a.as_ref().unwrap().send("x"));
                is_forked("recv", b.recv());
                drop(a.take());
            });
            // The parent's other end is still there.
            assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
        }
    });
}

#[test]
fn dropping_what_was_inherited_does_nothing() {
    alone("dropping_what_was_inherited_does_nothing", || {
        for (ctx, interrupt) in sorts() {
            let (a, b) = connected_tcp_pair(&ctx);
            let (c, d) = ctx.pipe().unwrap();
            a.send("before").unwrap();
            let mut all = Some((a, b, c, d, ctx, interrupt));
            in_fork(|| drop(all.take()));
            let (a, b, c, d, ..) = all.as_ref().unwrap();
            assert_eq!(b.recv().unwrap(), "before");
            a.send("after").unwrap();
            assert_eq!(b.recv().unwrap(), "after");
            c.send("after").unwrap();
            assert_eq!(d.recv().unwrap(), "after");
        }
    });
}

#[test]
fn a_monitor_is_its_makers_alone() {
    if !common::has_monitors() {
        return;
    }
    alone("a_monitor_is_its_makers_alone", || {
        for (ctx, _) in sorts() {
            let server = ctx.socket(Rep).unwrap();
            let mut all = Some((server.monitor(MonitorEvents::all()).unwrap(), server));
            in_fork(|| {
                let (monitor, server) = all.take().unwrap();
                is_forked("recv", monitor.recv());
                is_forked("try_recv", monitor.try_recv());
                is_forked("monitor", server.monitor(MonitorEvents::all()));
                drop(monitor);
                drop(server);
            });
            let (monitor, server) = all.as_ref().unwrap();
            server.bind("tcp://127.0.0.1:*").unwrap();
            assert_eq!(monitor.recv().unwrap().kind(), EventKind::Listening);
        }
    });
}

#[test]
fn the_parent_goes_on_working() {
    alone("the_parent_goes_on_working", || {
        for (ctx, _) in sorts() {
            let (a, b) = connected_tcp_pair(&ctx);
            let (server, client) = connected(&ctx, Rep, Req);
            client.send("request").unwrap();
            in_fork(|| {
                let _ = a.send("from the child");
                let _ = ctx.shutdown();
            });
            assert_eq!(server.recv().unwrap(), "request");
            server.send("reply").unwrap();
            assert_eq!(client.recv().unwrap(), "reply");
            a.send("from the parent").unwrap();
            assert_eq!(b.recv().unwrap(), "from the parent");
            drop((a, b, server, client));
            ctx.term().unwrap();
        }
    });
}

#[test]
fn a_new_context_in_the_child_works() {
    alone("a_new_context_in_the_child_works", || {
        let (ctx, _) = sorts().remove(1);
        let mut inherited = Some(connected(&ctx, Pull, Push));
        in_fork(|| {
            let interrupt = Interrupt::new().unwrap();
            let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
            let (a, b) = connected_tcp_pair(&ctx);
            a.send("in the child").unwrap();
            assert_eq!(b.recv().unwrap(), "in the child");
            let (c, d) = ctx.pipe().unwrap();
            drop(c);
            assert_eq!(d.recv().unwrap_err().kind(), ErrorKind::Disconnected);
            interrupt.trigger();
            assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Interrupted);
            drop((a, b, d));
            ctx.term().unwrap();
            drop(inherited.take());
        });
        drop(inherited);
        ctx.term().unwrap();
    });
}

#[test]
fn parent_and_child_talk_over_tcp() {
    alone("parent_and_child_talk_over_tcp", || {
        let server: Socket<Rep> = Context::new().unwrap().socket(Rep).unwrap();
        let endpoint = server.bind(common::TCP).unwrap();
        let answers = std::thread::spawn(move || {
            let request = server.recv().unwrap();
            server.send(request).unwrap();
        });
        in_fork(|| {
            let client = Context::new().unwrap().socket(Req).unwrap();
            client.connect(&endpoint).unwrap();
            client.send("hello").unwrap();
            assert_eq!(client.recv().unwrap(), "hello");
        });
        answers.join().unwrap();
    });
}

#[test]
fn an_inherited_interrupt_does_not_wake_the_parent() {
    alone("an_inherited_interrupt_does_not_wake_the_parent", || {
        let (ctx, interrupt) = sorts().remove(1);
        let interrupt = interrupt.unwrap();
        let socket = ctx.socket(Pull).unwrap();
        in_fork(|| {
            interrupt.trigger();
            assert!(interrupt.is_triggered());
            interrupt.clear();
            interrupt.trigger();
        });
        assert!(!interrupt.is_triggered());
        let wait = Duration::from_millis(100);
        let begun = Instant::now();
        assert_eq!(socket.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(begun.elapsed() >= wait);
        // Nor does the child take the parent's trigger away.
        interrupt.trigger();
        in_fork(|| interrupt.clear());
        assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
        interrupt.clear();
        assert!(!interrupt.is_triggered());
    });
}

#[test]
fn a_child_may_take_the_signals_over() {
    alone("a_child_may_take_the_signals_over", || {
        let inherited = Interrupt::new().unwrap();
        let mut guard = Some(inherited.on_signals(&[libc::SIGTERM]).unwrap());
        in_fork(|| {
            let interrupt = Interrupt::new().unwrap();
            let own = interrupt.on_signals(&[libc::SIGTERM]).unwrap();
            drop(guard.take());
            // SAFETY: raise(3) touches no memory; it returns when the handler has run.
            unsafe { libc::raise(libc::SIGTERM) };
            assert!(interrupt.is_triggered() && !inherited.is_triggered());
            drop(own);
        });
        // SAFETY: raise(3) touches no memory; it returns when the handler has run.
        unsafe { libc::raise(libc::SIGTERM) };
        assert!(inherited.is_triggered());
    });
}

#[test]
fn forks_while_other_threads_open_sockets() {
    alone("forks_while_other_threads_open_sockets", || {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};
        let is_over = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let is_over = Arc::clone(&is_over);
                // Made before: libzmq and libsodium have locks of their own for a context.
                let ctx = Context::new().unwrap();
                std::thread::spawn(move || {
                    while !is_over.load(Ordering::SeqCst) {
                        // Where libzmq still counts sockets that are closed, it is an error now and then.
                        drop(ctx.pipe());
                    }
                })
            })
            .collect();
        for _ in 0..common::rounds(20) {
            in_fork(|| {
                let ctx = Context::new().unwrap();
                let (a, b) = ctx.pipe().unwrap();
                a.send("x").unwrap();
                assert_eq!(b.recv().unwrap(), "x");
            });
        }
        is_over.store(true, Ordering::SeqCst);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn a_grandchild_is_no_less_a_child() {
    alone("a_grandchild_is_no_less_a_child", || {
        let mut socket = Some(Context::new().unwrap().socket(Pair).unwrap());
        in_fork(|| {
            let mut own = Some(Context::new().unwrap().socket(Pair).unwrap());
            in_fork(|| {
                is_forked("the grandparent's", socket.as_ref().unwrap().recv());
                is_forked("the parent's", own.as_ref().unwrap().recv());
                drop((socket.take(), own.take()));
            });
            drop((socket.take(), own.take()));
        });
    });
}
