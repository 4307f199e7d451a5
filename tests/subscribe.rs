//! Subscriptions: of a SUB, of an XSUB by method, and those that an XPUB decides on itself.

mod common;

use common::{TCP, connected, runs_with, within};
use std::time::Duration;
use zmqx::{Context, ErrorKind, Pub, SocketKind, Sub, XPub, XSub};

const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn an_xpub_in_manual_mode_decides_what_its_peer_gets() {
    within(LIMIT, || {
        let ctx = Context::new().unwrap();
        let (publisher, subscriber) = connected(&ctx, XPub, Sub);
        if !runs_with(4, 2, 0) {
            let error = publisher.set_xpub_manual(true).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            return;
        }
        publisher.set_xpub_manual(true).unwrap();
        subscriber.subscribe("A").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01A");
        publisher.subscribe("A1").unwrap();
        publisher.send("A0").unwrap();
        publisher.send("A1").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "A1");
        subscriber.unsubscribe("A").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\0A");
        publisher.unsubscribe("A1").unwrap();
    });
}

#[test]
fn an_xpub_that_is_not_in_manual_mode_has_no_say() {
    let ctx = Context::new().unwrap();
    let publisher = ctx.socket(XPub).unwrap();
    assert_eq!(publisher.subscribe("A").unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn an_xsub_subscribes_by_a_message() {
    within(LIMIT, || {
        let ctx = Context::new().unwrap();
        let (publisher, subscriber) = connected(&ctx, XPub, XSub);
        subscriber.subscribe("news").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\x01news");
        publisher.send("weather").unwrap();
        publisher.send("news2").unwrap();
        assert_eq!(subscriber.recv().unwrap(), "news2");
        subscriber.unsubscribe("news").unwrap();
        assert_eq!(publisher.recv().unwrap(), b"\0news");
    });
}

#[test]
fn an_xsub_does_not_subscribe_in_the_middle_of_a_message() {
    within(LIMIT, || {
        let ctx = Context::new().unwrap();
        let (publisher, subscriber) = connected(&ctx, XPub, XSub);
        if !runs_with(4, 0, 0) {
            // All that an XSUB sends there is subscriptions.
            let unsent = subscriber.send_more("a").unwrap_err();
            assert_eq!((unsent.kind(), unsent.message), (ErrorKind::InvalidInput, "a".into()));
            return;
        }
        // The XPUB of 4.3.0 to 4.3.2 crashes on frames that are neither empty nor subscriptions.
        let spares = runs_with(4, 3, 0) && !runs_with(4, 3, 3);
        let frames = if spares { ["", ""] } else { ["a", "b"] };
        subscriber.send_more(frames[0]).unwrap();
        assert_eq!(subscriber.subscribe("news").unwrap_err().kind(), ErrorKind::BadState);
        subscriber.send(frames[1]).unwrap();
        subscriber.subscribe("news").unwrap();
        assert_eq!(publisher.recv_multipart().unwrap(), frames);
        assert_eq!(publisher.recv().unwrap(), b"\x01news");
    });
}

#[test]
fn a_subscriber_whose_publisher_has_gone_ends_at_once() {
    within(LIMIT, || {
        let ctx = Context::new().unwrap();
        let publisher = ctx.socket(Pub).unwrap();
        let endpoint = publisher.bind(TCP).unwrap();
        let (sub, xsub) = (ctx.socket(Sub).unwrap(), ctx.socket(XSub).unwrap());
        drop(publisher);
        sub.connect(&endpoint).unwrap();
        xsub.connect(&endpoint).unwrap();
        // What is unsent of them is subscriptions, for which libzmq does not linger.
        sub.subscribe("").unwrap();
        xsub.subscribe("").unwrap();
        drop((sub, xsub));
        ctx.term().unwrap();
    });
}

#[test]
fn a_kind_without_subscriptions_says_so() {
    let ctx = Context::new().unwrap();
    let socket = ctx.socket(SocketKind::Dealer).unwrap();
    let error = socket.subscribe("A").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "subscribe: a DEALER has no subscriptions");
}

#[test]
fn an_xpub_hears_of_the_subscriptions_of_a_sub_and_a_pub_does_not() {
    within(LIMIT, || {
        let ctx = Context::new().unwrap();
        let (publisher, subscriber) = connected(&ctx, Pub, Sub);
        subscriber.subscribe("").unwrap();
        let publisher = publisher.into_any();
        let error = publisher.try_recv().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    });
}
