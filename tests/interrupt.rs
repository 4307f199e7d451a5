//! `Interrupt`: what it ends, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use common::{SOON, blocked, connected, connected_pair, interruptible, within};
use zmqx::{
    Context, Dealer, Error, ErrorKind, Interrupt, Message, Multipart, Pair, PollEvents, Pull, Push,
    Router, Socket, poll, proxy, proxy_with_capture,
};

/// Triggers once `call` is about to block: at once, and when it has had time to.
fn trigger_ends<C>(call: impl Fn(&Context) -> C + Send + 'static)
where
    C: FnOnce() -> Result<(), Error> + Send + 'static,
{
    within(SOON, move || {
        for pause in [Duration::ZERO, Duration::from_millis(30)] {
            let (interrupt, ctx) = interruptible();
            let call = call(&ctx);
            let (ready, is_ready) = channel();
            let thread = blocked(&ready, call);
            is_ready.recv().unwrap();
            // Nothing tells that a thread blocks; where it does not yet, the call is to end as well.
            thread::sleep(pause);
            interrupt.trigger();
            let end = thread.join().unwrap().unwrap_err();
            assert_eq!(end.kind(), ErrorKind::Interrupted, "{end}");
        }
    });
}

#[test]
fn a_trigger_ends_recv() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Pull).unwrap();
        move || socket.recv().map(drop)
    });
}

#[test]
fn a_trigger_ends_recv_multipart() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Router).unwrap();
        move || socket.recv_multipart().map(drop)
    });
}

#[test]
fn a_trigger_ends_recv_timeout() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Pull).unwrap();
        move || socket.recv_timeout(SOON * 2).map(drop)
    });
}

#[test]
fn a_trigger_ends_recv_with_rcvtimeo() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Pull).unwrap();
        socket.set_rcvtimeo(Some(SOON * 2)).unwrap();
        move || socket.recv().map(drop)
    });
}

#[test]
fn a_trigger_ends_a_send_without_a_peer() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Push).unwrap();
        move || {
            let error = socket.send("mine").unwrap_err();
            assert_eq!(error.message, "mine");
            Err(error.into())
        }
    });
}

#[test]
fn a_trigger_ends_a_send_at_the_high_water_mark() {
    trigger_ends(|ctx| {
        let (sink, source) = narrow(ctx);
        move || {
            let _sink = sink;
            loop {
                source.send_multipart(["one", "two"])?;
            }
        }
    });
}

/// A PULL and a PUSH that hold few messages.
fn narrow(ctx: &Context) -> (Socket<Pull>, Socket<Push>) {
    let (sink, source) = (ctx.socket(Pull).unwrap(), ctx.socket(Push).unwrap());
    sink.set_rcvhwm(1).unwrap();
    source.set_sndhwm(1).unwrap();
    source.connect(sink.bind(common::inproc()).unwrap()).unwrap();
    (sink, source)
}

#[test]
fn a_trigger_ends_poll() {
    for timeout in [None, Some(SOON * 2)] {
        trigger_ends(move |ctx| {
            let socket = ctx.socket(Pull).unwrap();
            move || poll(&mut [socket.poll_item(PollEvents::IN)], timeout).map(drop)
        });
    }
}

#[test]
fn a_trigger_ends_a_poll_over_several_contexts() {
    trigger_ends(|ctx| {
        let socket = ctx.socket(Pull).unwrap();
        let other = Context::new().unwrap().socket(Pull).unwrap();
        let third = interruptible().1.socket(Pull).unwrap();
        move || {
            let sockets = [&third, &other, &socket];
            poll(&mut sockets.map(|socket| socket.poll_item(PollEvents::IN)), None).map(drop)
        }
    });
}

#[test]
fn a_trigger_ends_proxy() {
    trigger_ends(|ctx| {
        let (a, b) = (ctx.socket(Router).unwrap(), ctx.socket(Dealer).unwrap());
        move || proxy(&a, &b)
    });
}

#[test]
fn a_trigger_ends_a_proxy_whose_capture_alone_has_it() {
    trigger_ends(|ctx| {
        let plain = Context::new().unwrap();
        let (a, b) = (plain.socket(Router).unwrap(), plain.socket(Dealer).unwrap());
        let capture = ctx.socket(Push).unwrap();
        move || proxy_with_capture(&a, &b, &capture)
    });
}

#[test]
fn a_trigger_ends_a_recv_on_a_pipe() {
    trigger_ends(|ctx| {
        let (a, b) = ctx.pipe().unwrap();
        move || {
            let _b = b;
            a.recv().map(drop)
        }
    });
}

#[test]
fn a_trigger_ends_every_thread_that_waits() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let barrier = Arc::new(Barrier::new(21));
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let (socket, barrier) = (ctx.socket(Pull).unwrap(), Arc::clone(&barrier));
                thread::spawn(move || {
                    barrier.wait();
                    socket.recv().unwrap_err().kind()
                })
            })
            .collect();
        barrier.wait();
        interrupt.trigger();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), ErrorKind::Interrupted);
        }
    });
}

#[test]
fn a_busy_receiver_is_interrupted_too_and_try_recv_still_drains() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (a, b) = connected_pair(&ctx);
        for _ in 0..3 {
            a.send("queued").unwrap();
        }
        interrupt.trigger();
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(b.recv_timeout(SOON).unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(b.recv_multipart().unwrap_err().kind(), ErrorKind::Interrupted);
        let mut items = [b.poll_item(PollEvents::IN)];
        for timeout in [None, Some(SOON), Some(Duration::ZERO)] {
            assert_eq!(poll(&mut items, timeout).unwrap_err().kind(), ErrorKind::Interrupted);
            assert!(!items[0].is_readable());
        }
        let c = ctx.socket(Pair).unwrap();
        assert_eq!(proxy(&b, &c).unwrap_err().kind(), ErrorKind::Interrupted);
        for _ in 0..3 {
            assert_eq!(b.try_recv().unwrap(), "queued");
        }
        assert_eq!(b.try_recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_receiver_in_full_swing_is_interrupted_and_goes_on_where_it_was() {
    type Receive = fn(&Socket<Pair>) -> Result<Multipart, Error>;
    let receives: [Receive; 4] = [
        |socket| Ok(Multipart::from([socket.recv()?])),
        |socket| {
            let mut message = Message::new();
            socket.recv_into(&mut message)?;
            Ok(Multipart::from([message]))
        },
        |socket| socket.recv_multipart(),
        |socket| {
            let mut message = Multipart::new();
            socket.recv_multipart_into(&mut message)?;
            Ok(message)
        },
    ];
    within(SOON, move || {
        let (interrupt, ctx) = interruptible();
        let others = Interrupt::new().unwrap();
        let (a, b) = connected_pair(&ctx);
        for receive in receives {
            (0..4).for_each(|number| a.send(number.to_string()).unwrap());
            assert_eq!(receive(&b).unwrap(), ["0"]);
            others.trigger();
            assert_eq!(receive(&b).unwrap(), ["1"]);
            interrupt.trigger();
            for _ in 0..2 {
                assert_eq!(receive(&b).unwrap_err().kind(), ErrorKind::Interrupted);
            }
            assert_eq!(b.try_recv().unwrap(), "2");
            interrupt.clear();
            assert_eq!(receive(&b).unwrap(), ["3"]);
            others.clear();
        }
    });
}

#[test]
fn last_words_still_go_out() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (sink, source) = connected(&ctx, Pull, Push);
        interrupt.trigger();
        source.send("last").unwrap();
        source.send_multipart(["words", "!"]).unwrap();
        source.send_more("in").unwrap();
        source.send("parts").unwrap();
        assert_eq!(sink.try_recv().unwrap(), "last");
        assert_eq!(sink.try_recv_multipart().unwrap(), ["words", "!"]);
        assert_eq!(sink.try_recv_multipart().unwrap(), ["in", "parts"]);
    });
}

#[test]
fn try_send_without_a_peer_would_block_also_when_triggered() {
    let (interrupt, ctx) = interruptible();
    let socket = ctx.socket(Push).unwrap();
    interrupt.trigger();
    assert_eq!(socket.try_send("x").unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(socket.send("x").unwrap_err().kind(), ErrorKind::Interrupted);
}

#[test]
fn clear_lets_calls_block_again() {
    within(SOON, || {
        let (interrupt, ctx) = interruptible();
        let (a, b) = connected_pair(&ctx);
        interrupt.trigger();
        interrupt.trigger();
        assert!(interrupt.is_triggered());
        assert_eq!(b.recv().unwrap_err().kind(), ErrorKind::Interrupted);
        interrupt.clear();
        interrupt.clear();
        assert!(!interrupt.is_triggered());
        let wait = Duration::from_millis(50);
        let begun = Instant::now();
        assert_eq!(b.recv_timeout(wait).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(begun.elapsed() >= wait);
        a.send("x").unwrap();
        assert_eq!(b.recv().unwrap(), "x");
    });
}

#[cfg(unix)]
#[test]
fn its_descriptor_is_readable_while_it_is_triggered() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        // No socket is among them, and so no context that has the interrupt.
        let mut items = [zmqx::PollItem::from_fd(interrupt.as_fd(), PollEvents::IN)];
        for _ in 0..3 {
            assert_eq!(poll(&mut items, Some(Duration::ZERO)).unwrap(), 0);
            interrupt.trigger();
            assert_eq!(poll(&mut items, None).unwrap(), 1);
            interrupt.clear();
        }
    });
}

#[test]
fn contexts_may_share_an_interrupt() {
    within(SOON, || {
        let interrupt = Interrupt::new().unwrap();
        let sockets = [0, 1].map(|_| {
            let ctx = Context::builder().interrupt(interrupt.clone()).build().unwrap();
            ctx.socket(Pull).unwrap()
        });
        let threads =
            sockets.map(|socket| thread::spawn(move || socket.recv().unwrap_err().kind()));
        interrupt.trigger();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), ErrorKind::Interrupted);
        }
    });
}

#[test]
fn timeouts_hold_on_a_context_with_an_interrupt() {
    within(SOON, || {
        let (_interrupt, ctx) = interruptible();
        let (sink, source) = narrow(&ctx);
        let wait = Duration::from_millis(60);
        let takes = |call: &mut dyn FnMut() -> ErrorKind| {
            let begun = Instant::now();
            assert_eq!(call(), ErrorKind::WouldBlock);
            assert!(begun.elapsed() >= wait);
        };
        sink.set_rcvtimeo(Some(wait)).unwrap();
        takes(&mut || sink.recv().unwrap_err().kind());
        takes(&mut || sink.recv_timeout(wait).unwrap_err().kind());
        takes(&mut || sink.recv_multipart().unwrap_err().kind());
        source.set_sndtimeo(Some(wait)).unwrap();
        while source.try_send("fill").is_ok() {}
        takes(&mut || source.send("x").unwrap_err().kind());
        takes(&mut || source.send_multipart(["x", "y"]).unwrap_err().kind());
        sink.set_rcvtimeo(Some(Duration::ZERO)).unwrap();
        while sink.recv().is_ok() {}
        assert_eq!(sink.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn an_interrupt_without_a_context_is_just_a_flag() {
    let interrupt = Interrupt::new().unwrap();
    assert!(!interrupt.is_triggered());
    interrupt.clone().trigger();
    assert!(interrupt.is_triggered());
    assert_eq!(format!("{interrupt:?}"), "Interrupt { is_triggered: true, .. }");
}
