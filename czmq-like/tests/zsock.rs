//! The class `ZSock`: what CZMQ's own test of zsock checks, and what its docs say.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;

use common::{pair, within};

#[test]
fn a_socket_is_bound_unbound_and_bound_again() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let writer = ctx.socket(Push).unwrap();
        let port = ZSock::bind(&writer, "tcp://127.0.0.1:!").unwrap();
        let endpoint = format!("tcp://127.0.0.1:{port}");
        assert_eq!(ZSock::endpoint(&writer).unwrap(), endpoint);
        writer.unbind(&endpoint).unwrap();
        // The listener is closed by one of libzmq's threads.
        common::wait_until("it is bound again", || {
            ZSock::bind(&writer, &endpoint).is_ok_and(|again| again == port)
        });

        let reader = ZSock::new_pull(&ctx, format!(">{endpoint}")).unwrap();
        assert_eq!(
            (ZSock::type_str(&writer), ZSock::type_str(&reader)),
            ("PUSH".into(), "PULL".into())
        );
        zstr::send(&writer, "Hello, World").unwrap();
        assert_eq!(zstr::recv(&reader).unwrap(), "Hello, World");
        ZSock::signal(&writer, 123).unwrap();
        assert_eq!(ZSock::wait(&reader).unwrap(), 123);
        ZSock::bind(&writer, "inproc://test.writer").unwrap();
        assert_eq!(ZSock::endpoint(&writer).unwrap(), "inproc://test.writer");
    });
}

#[test]
fn each_kind_binds_or_connects_by_itself_as_in_czmq() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        // What is bound is in nobody else's way, and what is connected finds somebody.
        let publisher = ZSock::new_pub(&ctx, "inproc://pub").unwrap();
        let subscriber = ZSock::new_sub(&ctx, "inproc://pub", Some("A")).unwrap();
        let forwarder = ZSock::new_xsub(&ctx, "inproc://pub").unwrap();
        let server = ZSock::new_rep(&ctx, "inproc://rep").unwrap();
        let client = ZSock::new_req(&ctx, "inproc://rep").unwrap();
        let router = ZSock::new_router(&ctx, "inproc://router").unwrap();
        let dealer = ZSock::new_dealer(&ctx, "inproc://router").unwrap();
        let sink = ZSock::new_pull(&ctx, "inproc://pull").unwrap();
        let source = ZSock::new_push(&ctx, "inproc://pull").unwrap();
        let hub = ZSock::new_xpub(&ctx, "inproc://xpub").unwrap();
        let leaf = ZSock::new_sub(&ctx, "inproc://xpub", Some("")).unwrap();
        let one = ZSock::new_pair(&ctx, "@inproc://pair").unwrap();
        let other = ZSock::new_pair(&ctx, "inproc://pair").unwrap();
        // libzmq 3.2 has none.
        if let Ok(stream) = ZSock::new_stream(&ctx, "") {
            assert_eq!(stream.kind(), SocketKind::Stream);
        }

        zstr::send(&client, "request").unwrap();
        assert_eq!(zstr::recv(&server).unwrap(), "request");
        zstr::send(&dealer, "task").unwrap();
        assert_eq!(ZMsg::recv(&router).unwrap().size(), 2);
        zstr::send(&source, "work").unwrap();
        assert_eq!(zstr::recv(&sink).unwrap(), "work");
        assert_eq!(ZFrame::recv(&hub).unwrap(), [1]);
        zstr::send(&hub, "news").unwrap();
        assert_eq!(zstr::recv(&leaf).unwrap(), "news");
        zstr::send(&other, "hello").unwrap();
        assert_eq!(zstr::recv(&one).unwrap(), "hello");
        forwarder.send([1, b'B']).unwrap();
        common::wait_until("both subscriptions are there", || {
            zstr::send(&publisher, "A").unwrap();
            zstr::send(&publisher, "B").unwrap();
            let first = zstr::recv_nowait(&subscriber);
            let second = zstr::recv_nowait(&forwarder);
            (first.as_deref().ok(), second.as_deref().ok()) == (Some("A"), Some("B"))
        });
        let silent = ZSock::new_sub(&ctx, "inproc://pub", None).unwrap();
        zstr::send(&publisher, "A").unwrap();
        assert_eq!(zstr::recv_nowait(&silent).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn an_attach_string_is_a_list() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let other = ZSock::new_dealer(&ctx, "@inproc://other").unwrap();
        let dealer = ctx.socket(Dealer).unwrap();
        let list = "@inproc://myendpoint,tcp://127.0.0.1:*,inproc://others,>inproc://other,";
        ZSock::attach(&dealer, list, true).unwrap();
        ZSock::attach(&dealer, "", false).unwrap();
        let peers = [">inproc://myendpoint", "inproc://others"];
        for (number, endpoint) in peers.into_iter().enumerate() {
            let peer = ZSock::new_dealer(&ctx, endpoint).unwrap();
            zstr::send(&peer, number.to_string()).unwrap();
            assert_eq!(zstr::recv(&dealer).unwrap(), number.to_string());
        }
        zstr::send(&other, "other").unwrap();
        assert_eq!(zstr::recv(&dealer).unwrap(), "other");
    });
}

#[test]
fn a_bad_attach_string_is_an_error() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let dealer = ctx.socket(Dealer).unwrap();
        for list in [">a,@b, c,, ", ",", "@", ">,inproc://x", "inproc://y,,inproc://z", " ", "é"] {
            let error = ZSock::attach(&dealer, list, false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{list:?}: {error}");
            assert!(ZSock::new_router(&ctx, list).is_err(), "{list:?}");
        }
        let kind = |list| ZSock::attach(&dealer, list, true).unwrap_err().kind();
        assert_eq!(kind("txp://127.0.0.1:5560"), ErrorKind::Unsupported);
        assert_eq!(kind("@tcp://127.0.0.1:*[9-7]"), ErrorKind::InvalidInput);
        assert_eq!(kind("@inproc://nul\0"), ErrorKind::InvalidInput);
        // An empty one is seen before anything is attached, another when it is its turn.
        assert_eq!(kind("inproc://first,txp://second"), ErrorKind::Unsupported);
        assert_eq!(kind("inproc://first"), ErrorKind::AddrInUse);
        ZSock::attach(&dealer, "inproc://y", true).unwrap();
    });
}

#[test]
fn flush_drops_the_rest_of_a_message() {
    within(|| {
        let (output, input) = pair();
        zstr::sendx(&output, &["a", "b", "c"]).unwrap();
        zstr::send(&output, "next").unwrap();
        assert_eq!(zstr::recv(&input).unwrap(), "a");
        ZSock::flush(&input).unwrap();
        ZSock::flush(&input).unwrap();
        assert_eq!(zstr::recv(&input).unwrap(), "next");
    });
}

#[test]
fn unbounded_is_for_both_directions() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Dealer).unwrap();
        ZSock::set_unbounded(&socket).unwrap();
        assert_eq!((socket.sndhwm().unwrap(), socket.rcvhwm().unwrap()), (0, 0));
    });
}
