//! A frame goes from the socket that it came from to the one that it goes to without a copy or an allocation.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;
use testing::{Measuring, allocations};

use common::{pair, within};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0; 10]))), 100);
}

#[test]
fn messages_that_are_received_wrapped_unwrapped_and_sent_on_allocate_nothing() {
    within(|| {
        let (output, input) = pair();
        for frames in [3, 10] {
            let bytes = [7; 100];
            let count = allocations(|| {
                let mut msg = ZMsg::new();
                (0..frames).for_each(|_| msg.addmem(bytes));
                msg.send(&output).unwrap();
                let mut msg = ZMsg::recv(&input).unwrap();
                msg.wrap("client");
                msg.send(&output).unwrap();
                let mut msg = ZMsg::recv_nowait(&input).unwrap();
                assert_eq!(msg.unwrap().unwrap(), "client");
                assert!(msg.first().is_some_and(|frame| frame == &bytes));
                assert!(msg.iter().all(|frame| frame.size() == 100));
                assert_eq!(msg.into_iter().count(), frames);
            });
            assert_eq!(count, 0, "{frames} frames");
        }
    });
}

#[test]
fn frames_that_are_received_and_sent_on_allocate_nothing() {
    within(|| {
        let (output, input) = pair();
        let bytes = [7; 100_000];
        let count = allocations(|| {
            ZFrame::new(bytes).send_more(&output).unwrap();
            zstr::send(&output, "text").unwrap();
            for _ in 0..2 {
                let frame = ZFrame::recv(&input).unwrap();
                frame.send(&output).unwrap();
                assert!(ZFrame::recv_nowait(&input).unwrap().size() > 0);
            }
        });
        assert_eq!(count, 0);
    });
}

#[test]
fn the_bytes_of_a_frame_stay_where_they_are_all_the_way() {
    within(|| {
        let (output, input) = pair();
        let bytes = vec![7; 1000];
        let address = bytes.as_ptr();
        ZMsg::from([bytes]).send(&output).unwrap();
        let mut msg = ZMsg::recv(&input).unwrap();
        msg.wrap("client");
        assert_eq!(msg[2].data().as_ptr(), address);
        msg.send(&output).unwrap();
        let mut msg = ZMsg::recv(&input).unwrap();
        assert_eq!(msg.unwrap().unwrap(), "client");
        let frame = msg.pop().unwrap();
        assert_eq!(frame.data().as_ptr(), address);
        frame.send(&output).unwrap();
        assert_eq!(ZFrame::recv(&input).unwrap().into_message().as_ptr(), address);
    });
}

#[test]
fn the_bytes_of_a_message_that_is_not_sent_stay_where_they_are() {
    within(|| {
        let socket = zmqx::Context::new().unwrap().socket(Push).unwrap();
        let bytes = vec![7; 1000];
        let address = bytes.as_ptr();
        socket.set_sndtimeo(Some(Duration::ZERO)).unwrap();
        let unsent = ZMsg::from([bytes]).send(&socket).unwrap_err();
        let mut msg = unsent.message.sendm(&socket).unwrap_err().message;
        let unsent = msg.pop().unwrap().try_send(&socket).unwrap_err();
        assert_eq!(unsent.message.data().as_ptr(), address);
    });
}
