//! What is set in two steps, looked at between them.

use std::time::Duration;

use testing::{SOON, wait_until, within};

use super::pair;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Dealer, Pair, Pub, Sub};
use crate::message::Message;
use crate::monitor::MonitorEvents;
use crate::multipart::Multipart;
use crate::poll::{PollEvents, look, poll, wait_for};
use crate::poller::Poller;
use crate::proxy::proxy;
use crate::raw::monitor::Tap;
use crate::raw::socket::POLLOUT;
use crate::socket::Socket;

#[test]
fn a_poller_tells_of_a_shutdown_again_and_again_while_libzmq_does_not_know_of_it() {
    const A: usize = 1;
    within(SOON, || {
        let (ctx, a, b) = pair();
        let mut poller = Poller::new().unwrap();
        poller.add(&a, A, PollEvents::IN).unwrap();
        assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
        b.send("x").unwrap();
        assert_eq!(poller.wait(Some(SOON)).unwrap().unwrap().key(), A);
        a.recv().unwrap();
        // The first of the two steps of a shutdown.
        ctx.validity().end();
        for timeout in [None, Some(Duration::ZERO), None, Some(Duration::ZERO)] {
            assert_eq!(poller.wait(timeout).unwrap_err().kind(), ErrorKind::Terminated);
        }
    });
}

#[test]
fn a_poller_tells_of_a_shutdown_again_and_again_though_there_are_messages() {
    const A: usize = 1;
    const OTHER: usize = 2;
    within(SOON, || {
        let (ctx, a, b) = pair();
        let (_other_ctx, other, to_other) = pair();
        let mut poller = Poller::new().unwrap();
        poller.add(&a, A, PollEvents::IN).unwrap();
        poller.add(&other, OTHER, PollEvents::IN).unwrap();
        for _ in 0..3 {
            b.send("x").unwrap();
            to_other.send("x").unwrap();
        }
        assert_eq!(poller.wait(Some(SOON)).unwrap().unwrap().key(), A);
        ctx.validity().end();
        // The other's turn may come first.
        while poller.wait(Some(SOON)).is_ok_and(|ready| ready.unwrap().key() == OTHER) {}
        for timeout in [None, Some(Duration::ZERO), None, Some(Duration::ZERO)] {
            assert_eq!(poller.wait(timeout).unwrap_err().kind(), ErrorKind::Terminated);
        }
        // Without it, the other is as ever.
        poller.remove(A).unwrap();
        for _ in 0..3 {
            assert_eq!(poller.wait(None).unwrap().unwrap().key(), OTHER);
            other.recv().unwrap();
        }
        assert_eq!(poller.wait(Some(Duration::ZERO)).unwrap(), None);
    });
}

type Call = (&'static str, fn(&Sockets) -> Result<()>);

struct Sockets {
    a: Socket<Pair>,
    b: Socket<Pair>,
    end: Socket<Pair>,
    dealer: Socket<Dealer>,
    publisher: Socket<Pub>,
    subscriber: Socket<Sub>,
}

/// Calls that libzmq would do as ever.
const CALLS: &[Call] = &[
    ("recv", |it| it.a.recv().map(drop)),
    ("try_recv", |it| it.a.try_recv().map(drop)),
    ("recv_timeout", |it| it.a.recv_timeout(SOON).map(drop)),
    ("recv_into", |it| it.a.recv_into(&mut Message::new())),
    ("recv_many", |it| it.a.recv_many(&mut Vec::new(), 2).map(drop)),
    ("recv_multipart", |it| it.a.recv_multipart().map(drop)),
    ("try_recv_multipart_into", |it| it.a.try_recv_multipart_into(&mut Multipart::new())),
    ("send", |it| it.b.send("x").map_err(Error::from)),
    ("try_send", |it| it.b.try_send("x").map_err(Error::from)),
    ("send_multipart", |it| it.b.send_multipart(["x", "y"]).map_err(Error::from)),
    ("forward", |it| it.b.forward(&mut "x".into()).map(drop)),
    ("send of a message that has begun", |it| it.dealer.send("x").map_err(Error::from)),
    ("send_multipart of a message that has begun", |it| {
        it.dealer.send_multipart(["x", "y"]).map_err(Error::from)
    }),
    ("recv of a pipe", |it| it.end.recv().map(drop)),
    ("try_recv_multipart of a pipe", |it| it.end.try_recv_multipart().map(drop)),
    ("send of a pipe", |it| it.end.send("x").map_err(Error::from)),
    ("poll", |it| poll(&mut [it.a.poll_item(PollEvents::IN)], None).map(drop)),
    ("proxy", |it| proxy(&it.a, &it.dealer)),
    ("add", |it| Poller::new()?.add(&it.a, 1, PollEvents::IN)),
    ("bind", |it| it.a.bind("inproc://late").map(drop)),
    ("connect", |it| it.a.connect("inproc://late")),
    ("unbind", |it| it.a.unbind("inproc://pair")),
    ("disconnect", |it| it.b.disconnect("inproc://pair")),
    ("linger", |it| it.a.linger().map(drop)),
    ("set_linger", |it| it.a.set_linger(None)),
    ("subscribe", |it| it.subscriber.subscribe("x")),
    ("unsubscribe", |it| it.subscriber.unsubscribe("")),
    ("send of a PUB", |it| it.publisher.send("x").map_err(Error::from)),
    ("recv of a SUB", |it| it.subscriber.recv().map(drop)),
    ("socket", |it| it.a.context().socket(Pair).map(drop)),
];

#[test]
fn every_call_tells_of_a_shutdown_while_libzmq_does_not_know_of_it() {
    within(SOON, || {
        let (ctx, a, b) = pair();
        let (end, other) = ctx.pipe().unwrap();
        let (dealer, publisher) = (ctx.socket(Dealer).unwrap(), ctx.socket(Pub).unwrap());
        let peer = ctx.socket(Dealer).unwrap();
        peer.bind("inproc://dealer").unwrap();
        dealer.connect("inproc://dealer").unwrap();
        dealer.send_more("x").unwrap();
        publisher.bind("inproc://publisher").unwrap();
        let subscriber = ctx.socket(Sub).unwrap();
        subscriber.connect("inproc://publisher").unwrap();
        subscriber.subscribe("").unwrap();
        let monitor = Tap::is_there().then(|| a.monitor(MonitorEvents::all()).unwrap());
        for _ in 0..3 {
            b.send("x").unwrap();
            other.send("x").unwrap();
        }
        a.recv().unwrap();
        end.recv().unwrap();
        ctx.validity().end();
        let sockets = Sockets { a, b, end, dealer, publisher, subscriber };
        for (name, call) in CALLS {
            let kind = call(&sockets).map_err(|error| error.kind());
            assert_eq!(kind, Err(ErrorKind::Terminated), "{name}");
        }
        if let Some(monitor) = monitor {
            let another = sockets.publisher.monitor(MonitorEvents::all()).map(drop);
            for told in [monitor.recv().map(drop), monitor.try_recv().map(drop), another] {
                assert_eq!(told.unwrap_err().kind(), ErrorKind::Terminated);
            }
        }
    });
}

#[test]
fn a_poll_finds_that_the_other_end_of_a_pipe_has_gone_when_it_had_just_looked() {
    within(SOON, || {
        for timeout in [None, Some(SOON)] {
            let ctx = Context::new().unwrap();
            let (end, other) = ctx.pipe().unwrap();
            let mut items = [end.poll_item(PollEvents::OUT)];
            assert!(!look(&mut items).unwrap());
            drop(other);
            wait_until("libzmq knows of no peer", || {
                end.core.raw.ask_events().unwrap() & POLLOUT == 0
            });
            assert_eq!(wait_for(&mut items, timeout).unwrap(), 1);
            assert!(items[0].is_writable());
            assert_eq!(end.send("x").unwrap_err().kind(), ErrorKind::Disconnected);
        }
    });
}
