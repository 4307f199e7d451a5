//! Frames that are sent on as they came.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::time::Duration;

use zmqx::{ErrorKind, Message, Pull, Push};

use common::{SOON, both_sorts, connected, inproc, within};

#[test]
fn a_frame_is_sent_on_as_it_came() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (source, frontend) = connected(&ctx, Push, Pull);
            let (backend, sink) = connected(&ctx, Push, Pull);
            source.send_multipart(["one", "two", "three"]).unwrap();
            source.send("alone").unwrap();
            let mut message = Message::new();
            let mut told = Vec::new();
            for _ in 0..4 {
                frontend.recv_into(&mut message).unwrap();
                told.push(backend.forward(&mut message).unwrap());
                assert!(message.is_empty() && !message.has_more());
            }
            assert_eq!(told, [true, true, false, false]);
            assert_eq!(sink.recv_multipart().unwrap(), ["one", "two", "three"]);
            assert_eq!(sink.recv_multipart().unwrap(), ["alone"]);
        }
    });
}

#[test]
fn a_frame_that_is_not_sent_on_stays_as_it_is() {
    within(SOON, || {
        for ctx in both_sorts() {
            let (source, frontend) = connected(&ctx, Push, Pull);
            let backend = ctx.socket(Push).unwrap();
            source.send_multipart(["one", "two"]).unwrap();
            let mut message = frontend.recv().unwrap();
            let error = backend.try_forward(&mut message).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            backend.set_sndtimeo(Some(Duration::from_millis(1))).unwrap();
            let error = backend.forward(&mut message).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            assert!(message == "one" && message.has_more());

            // When somebody is there, it goes on from here.
            let sink = ctx.socket(Pull).unwrap();
            sink.connect(backend.bind(inproc()).unwrap()).unwrap();
            backend.set_sndtimeo(None).unwrap();
            backend.forward(&mut message).unwrap();
            frontend.recv_into(&mut message).unwrap();
            backend.forward(&mut message).unwrap();
            assert_eq!(sink.recv_multipart().unwrap(), ["one", "two"]);
        }
    });
}
