//! `Context::shutdown`: what it ends, and what comes after.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use common::{
    SOON, blocked, both_sorts, connected_pair, connected_tcp_pair, inproc, rounds, within,
};
use zmqx::{
    Context, Dealer, Error, ErrorKind, Pair, PollEvents, Pub, Pull, Push, Req, Router, Sub, XPub,
    poll, proxy, proxy_with_capture,
};

/// Shuts the context down once `call` is about to block, perhaps before and perhaps after it does, and gives how that
/// ended. It is tried with the shutdown right away, and with some time for the call to block.
fn ended_by_shutdown(
    ctx: &Context,
    call: impl FnOnce() -> Result<(), Error> + Send + 'static,
    pause: Duration,
) -> ErrorKind {
    let (ready, is_ready) = channel();
    let thread = blocked(&ready, call);
    is_ready.recv().unwrap();
    // Nothing tells that a thread blocks; where it does not yet, the call is to end as well.
    thread::sleep(pause);
    ctx.shutdown().unwrap();
    thread.join().unwrap().unwrap_err().kind()
}

/// Tries a call on each sort of context, blocked already or just about to be.
fn shutdown_ends<C>(call: impl Fn(&Context) -> C + Send + 'static)
where
    C: FnOnce() -> Result<(), Error> + Send + 'static,
{
    within(SOON, move || {
        for pause in [Duration::ZERO, Duration::from_millis(30)] {
            for ctx in both_sorts() {
                let call = call(&ctx);
                assert_eq!(ended_by_shutdown(&ctx, call, pause), ErrorKind::Terminated);
            }
        }
    });
}

#[test]
fn shutdown_ends_a_blocked_recv() {
    shutdown_ends(|ctx| {
        let socket = ctx.socket(Pull).unwrap();
        move || socket.recv().map(drop)
    });
}

#[test]
fn shutdown_ends_a_blocked_recv_over_tcp() {
    shutdown_ends(|ctx| {
        let (socket, peer) = connected_tcp_pair(ctx);
        move || {
            let _peer = peer;
            socket.recv().map(drop)
        }
    });
}

#[test]
fn shutdown_ends_a_blocked_recv_multipart() {
    shutdown_ends(|ctx| {
        let socket = ctx.socket(Router).unwrap();
        move || socket.recv_multipart().map(drop)
    });
}

#[test]
fn shutdown_ends_a_recv_with_a_timeout() {
    shutdown_ends(|ctx| {
        let socket = ctx.socket(Sub).unwrap();
        move || socket.recv_timeout(SOON * 2).map(drop)
    });
}

#[test]
fn shutdown_ends_a_send_without_a_peer() {
    shutdown_ends(|ctx| {
        let socket = ctx.socket(Push).unwrap();
        move || Ok(socket.send("never")?)
    });
}

#[test]
fn shutdown_ends_a_send_at_the_high_water_mark() {
    shutdown_ends(|ctx| {
        let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        sink.set_rcvhwm(1).unwrap();
        source.set_sndhwm(1).unwrap();
        source.connect(sink.bind(inproc()).unwrap()).unwrap();
        move || {
            let _sink = sink;
            loop {
                source.send_multipart(["one", "two"])?;
            }
        }
    });
}

#[test]
fn shutdown_ends_a_poll() {
    shutdown_ends(|ctx| {
        let (a, b) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
        move || {
            let mut items = [a.poll_item(PollEvents::IN), b.poll_item(PollEvents::OUT)];
            poll(&mut items, None).map(drop)
        }
    });
}

#[test]
fn shutdown_ends_a_proxy() {
    shutdown_ends(|ctx| {
        let (a, b) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
        move || proxy(&a, &b)
    });
}

#[test]
fn shutdown_ends_a_proxy_with_capture() {
    shutdown_ends(|ctx| {
        let (a, b) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
        let capture = ctx.socket(Pub).unwrap();
        move || proxy_with_capture(&a, &b, &capture)
    });
}

#[test]
fn shutdown_ends_a_recv_on_a_pipe() {
    shutdown_ends(|ctx| {
        let (a, b) = ctx.pipe().unwrap();
        move || {
            let _b = b;
            a.recv().map(drop)
        }
    });
}

#[test]
fn shutdown_ends_a_poll_on_a_pipe() {
    shutdown_ends(|ctx| {
        let (a, b) = ctx.pipe().unwrap();
        move || {
            let _b = b;
            poll(&mut [a.poll_item(PollEvents::IN)], None).map(drop)
        }
    });
}

#[test]
fn shutdown_ends_many_blocked_threads() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (ready, is_ready) = channel();
            let threads: Vec<_> = (0..50)
                .map(|_| {
                    let socket = ctx.socket(Pull).unwrap();
                    blocked(&ready, move || socket.recv().unwrap_err().kind())
                })
                .collect();
            for _ in 0..50 {
                is_ready.recv().unwrap();
            }
            ctx.shutdown().unwrap();
            for thread in threads {
                assert_eq!(thread.join().unwrap(), ErrorKind::Terminated);
            }
        }
    });
}

#[test]
fn every_later_call_is_terminated() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (a, b) = connected_pair(&ctx);
            let (c, d) = ctx.pipe().unwrap();
            let subscriber = ctx.socket(Sub).unwrap();
            let request = ctx.socket(Req).unwrap();
            let xpub = ctx.socket(XPub).unwrap();
            b.send("queued").unwrap();
            ctx.shutdown().unwrap();

            let is_terminated = |what: &str, result: Result<(), Error>| {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Terminated, "{what}");
            };
            is_terminated("recv", a.recv().map(drop));
            is_terminated("try_recv", a.try_recv().map(drop));
            is_terminated("recv_timeout", a.recv_timeout(SOON).map(drop));
            is_terminated("recv_multipart", a.recv_multipart().map(drop));
            is_terminated("try_recv_multipart", a.try_recv_multipart().map(drop));
            is_terminated("send", a.send("x").map_err(Error::from));
            is_terminated("send_more", a.send_more("x").map_err(Error::from));
            is_terminated("try_send", a.try_send("x").map_err(Error::from));
            is_terminated("send_multipart", a.send_multipart(["x", "y"]).map_err(Error::from));
            is_terminated("bind", a.bind(inproc()).map(drop));
            is_terminated("connect", a.connect(inproc()));
            is_terminated("unbind", a.unbind(inproc()));
            is_terminated("disconnect", a.disconnect(inproc()));
            is_terminated("option getter", a.linger().map(drop));
            is_terminated("last_endpoint", a.last_endpoint().map(drop));
            is_terminated("option setter", a.set_linger(None));
            is_terminated("subscribe", subscriber.subscribe("x"));
            is_terminated("REQ", request.recv().map(drop));
            is_terminated("poll", poll(&mut [a.poll_item(PollEvents::IN)], None).map(drop));
            is_terminated(
                "poll without waiting",
                poll(&mut [a.poll_item(PollEvents::IN)], Some(Duration::ZERO)).map(drop),
            );
            is_terminated("proxy", proxy(&a, &b));
            is_terminated("capture", proxy_with_capture(&a, &b, &xpub));
            is_terminated("pipe send", c.send("x").map_err(Error::from));
            is_terminated("pipe recv", d.recv().map(drop));
            is_terminated("socket", ctx.socket(Pair).map(drop));
            is_terminated("pipe", ctx.pipe().map(drop));
        }
    });
}

#[test]
fn a_send_after_shutdown_gives_the_message_back() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(Push).unwrap();
    ctx.shutdown().unwrap();
    assert_eq!(socket.send("mine").unwrap_err().into_message(), "mine");
    let back = socket.send_multipart(["a", "b"]).unwrap_err().into_message();
    assert_eq!(back, ["a", "b"]);
}

#[test]
fn a_message_that_has_begun_is_not_continued_after_shutdown() {
    for ctx in both_sorts() {
        let (a, b) = connected_pair(&ctx);
        a.send_more("begun").unwrap();
        ctx.shutdown().unwrap();
        assert_eq!(a.send("ended").unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Terminated);
    }
}

#[test]
fn socket_after_shutdown_is_terminated_where_none_was_before() {
    // libzmq 4.0 to 4.2 would open one.
    let ctx = Context::new().unwrap();
    ctx.shutdown().unwrap();
    assert_eq!(ctx.socket(Pair).unwrap_err().kind(), ErrorKind::Terminated);
}

#[test]
fn what_is_queued_is_not_received_after_shutdown() {
    // libzmq by itself looks only now and then whether it was told to stop.
    for ctx in both_sorts() {
        let (a, b) = connected_pair(&ctx);
        for _ in 0..10 {
            b.send("queued").unwrap();
        }
        a.recv().unwrap();
        ctx.shutdown().unwrap();
        assert_eq!(a.recv().unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(a.try_recv().unwrap_err().kind(), ErrorKind::Terminated);
        assert_eq!(b.send("more").unwrap_err().kind(), ErrorKind::Terminated);
    }
}

#[cfg(unix)]
#[test]
fn poll_of_descriptors_alone_goes_on_after_shutdown() {
    within(SOON, || {
        let (reader, writer) = std::os::unix::net::UnixStream::pair().unwrap();
        std::io::Write::write_all(&mut &writer, b"x").unwrap();
        let ctx = Context::new().unwrap();
        ctx.shutdown().unwrap();
        let fd = std::os::fd::AsFd::as_fd(&reader);
        let mut items = [zmqx::PollItem::from_fd(fd, PollEvents::IN)];
        assert_eq!(poll(&mut items, None).unwrap(), 1);
    });
}

#[test]
fn shutdown_races_with_opening_sockets() {
    within(SOON, || {
        for _ in 0..rounds(100) {
            let ctx = Context::new().unwrap();
            let other = ctx.clone();
            let thread = thread::spawn(move || {
                loop {
                    match other.socket(Dealer) {
                        Ok(socket) => drop(socket),
                        // libzmq closes them later than we do: for a moment they may all be in use.
                        Err(error) if error.kind() == ErrorKind::TooManySockets => {}
                        Err(error) => return error.kind(),
                    }
                }
            });
            thread::yield_now();
            ctx.shutdown().unwrap();
            assert_eq!(thread.join().unwrap(), ErrorKind::Terminated);
            ctx.term().unwrap();
        }
    });
}
