//! The bytes of gossip messages and of ZRE's beacons; what is none is an error, and costs no more memory than it has
//! bytes.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::time::Duration;

use czmq_like::{ErrorKind, ZGossipMsg, ZreBeacon};
use proptest::collection::vec;
use proptest::prelude::*;
use testing::{Measured, Measuring, measure};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

/// What the text and the box of an error may take beside the input.
const ERROR: usize = 200;

fn is_no_message(frame: &[u8]) {
    let (decoded, Measured { largest, .. }) = measure(|| ZGossipMsg::decode(frame));
    assert_eq!(decoded.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert!(largest <= frame.len().max(ERROR), "{largest} bytes at once for {}", frame.len());
}

fn sample() -> ZGossipMsg {
    let ttl = Duration::from_millis(0x0102_0304);
    ZGossipMsg::Publish { key: "inproc://alpha-1".into(), value: "service1".repeat(40), ttl }
}

#[test]
fn each_message_has_its_bytes() {
    let messages: [(_, _, &[u8]); 5] = [
        (ZGossipMsg::Hello, "HELLO", b"\xAA\xA0\x01\x01"),
        (ZGossipMsg::publish("k", "vw"), "PUBLISH", b"\xAA\xA0\x02\x01\x01k\0\0\0\x02vw\0\0\0\0"),
        (ZGossipMsg::Ping, "PING", b"\xAA\xA0\x03\x01"),
        (ZGossipMsg::Pong, "PONG", b"\xAA\xA0\x04\x01"),
        (ZGossipMsg::Invalid, "INVALID", b"\xAA\xA0\x05\x01"),
    ];
    for (msg, command, frame) in messages {
        assert_eq!(msg.command(), command);
        assert_eq!(msg.encode().unwrap(), frame);
        assert_eq!(ZGossipMsg::decode(frame).unwrap(), msg);
    }
    assert!(sample().encode().unwrap().ends_with(b"service1\x01\x02\x03\x04"));
}

#[test]
fn what_the_frame_has_no_room_for_is_not_encoded() {
    let is_invalid = |msg: ZGossipMsg| {
        assert_eq!(msg.encode().unwrap_err().kind(), ErrorKind::InvalidInput);
    };
    ZGossipMsg::publish("k".repeat(255), "").encode().unwrap();
    is_invalid(ZGossipMsg::publish("k".repeat(256), ""));
    is_invalid(ZGossipMsg::publish("a\0b", ""));
    is_invalid(ZGossipMsg::publish("", "\0"));
    let ttl = Duration::from_millis(u64::from(u32::MAX) + 1);
    is_invalid(ZGossipMsg::Publish { key: String::new(), value: String::new(), ttl });
}

#[test]
fn every_truncation_and_every_extension_is_an_error() {
    for msg in [sample(), ZGossipMsg::Hello, ZGossipMsg::publish("", "")] {
        let mut frame = msg.encode().unwrap();
        (0..frame.len()).for_each(|len| is_no_message(&frame[..len]));
        frame.push(0);
        is_no_message(&frame);
    }
}

#[test]
fn other_signatures_versions_and_messages_are_errors() {
    for frame in
        [b"\xAA\xA1\x01\x01", b"\xAB\xA0\x01\x01", b"\xAA\xA0\x01\x02", b"\xAA\xA0\x01\x00"]
    {
        is_no_message(frame);
    }
    for number in (0..=255).filter(|number| !(1..=5).contains(number)) {
        is_no_message(&[0xAA, 0xA0, number, 1]);
    }
}

#[test]
fn lengths_beyond_the_end_are_errors_however_large() {
    is_no_message(b"\xAA\xA0\x02\x01\xFFkey");
    for len in [1_u32, 4, 0x7FFF_FFFF, 0x8000_0000, u32::MAX - 3, u32::MAX] {
        is_no_message(&[b"\xAA\xA0\x02\x01\x01k", &len.to_be_bytes()[..], b"\0\0\0\0"].concat());
    }
}

#[test]
fn what_is_no_text_is_an_error() {
    is_no_message(b"\xAA\xA0\x02\x01\x01\xFF\0\0\0\0\0\0\0\0");
    is_no_message(b"\xAA\xA0\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    is_no_message(b"\xAA\xA0\x02\x01\x01k\0\0\0\x01\0\0\0\0\0");
}

#[test]
fn a_beacon_of_zre_has_its_bytes() {
    let beacon = ZreBeacon { uuid: *b"0123456789abcdef", port: 0x1234 };
    assert_eq!(&beacon.encode(), b"ZRE\x010123456789abcdef\x12\x34");
    assert_eq!(ZreBeacon::decode(&beacon.encode()).unwrap(), beacon);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_decoded_again(
        key in "[^\0]{0,60}", value in "[^\0]{0,400}", millis in any::<u32>(),
    ) {
        let msg = ZGossipMsg::Publish { key, value, ttl: Duration::from_millis(millis.into()) };
        prop_assert_eq!(ZGossipMsg::decode(&msg.encode().unwrap()).unwrap(), msg);
    }

    #[test]
    fn any_bytes_are_an_error_or_just_what_their_message_is_encoded_as(
        head in prop_oneof![Just(vec![0xAA, 0xA0]), vec(any::<u8>(), 0..3)],
        rest in vec(prop_oneof![Just(0), 0_u8..6, any::<u8>()], 0..100),
    ) {
        let frame = [head, rest].concat();
        match ZGossipMsg::decode(&frame) {
            Ok(msg) => prop_assert_eq!(msg.encode().unwrap(), frame),
            Err(_) => is_no_message(&frame),
        }
    }

    #[test]
    fn a_message_with_a_byte_changed_is_a_message_or_an_error(at in any::<usize>(), to in any::<u8>()) {
        let mut frame = sample().encode().unwrap();
        let at = at % frame.len();
        frame[at] = to;
        match ZGossipMsg::decode(&frame) {
            Ok(msg) => prop_assert_eq!(msg.encode().unwrap(), frame),
            Err(_) => is_no_message(&frame),
        }
    }

    #[test]
    fn any_bytes_are_a_beacon_of_zre_or_an_error(
        head in prop_oneof![Just(b"ZRE\x01".to_vec()), vec(any::<u8>(), 0..5)],
        rest in vec(any::<u8>(), 16..21),
    ) {
        let bytes = [head, rest].concat();
        match ZreBeacon::decode(&bytes) {
            Ok(beacon) => prop_assert_eq!(beacon.encode().to_vec(), bytes),
            Err(_) => prop_assert!(bytes.len() != ZreBeacon::LEN || bytes[..4] != ZreBeacon::HEADER),
        }
    }
}
