//! Messages that are made by pictures: what CZMQ's own test of zsock checks, and what the docs say of what does not fit.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use czmq_like::prelude::*;
use czmq_like::{PictureValue, Result};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use common::{pair, within};

#[test]
fn each_element_is_received_as_it_was_sent() {
    within(|| {
        let (output, input) = pair();
        let (frame, uuid) = (ZFrame::new("WORLD"), [7; 16]);
        let dictionary: HashMap<String, String> =
            [("1", "value A"), ("2", "value B")].map(|(k, v)| (k.into(), v.into())).into();
        let values = (
            -12345,
            123_u8,
            15129_u16,
            1_860_867_u32,
            u64::MAX,
            "This is a string",
            &b"ABCDE"[..],
            b"HELLO".to_vec(),
            frame.dup(),
            uuid,
            &dictionary,
            usize::MAX,
            ZMsg::from(["frame 1", "frame 2"]),
        );
        ZSock::send(&output, "i1248zsbcfUhpm", values).unwrap();
        type Values = (
            i32,
            u8,
            u16,
            u32,
            u64,
            String,
            Vec<u8>,
            ZFrame,
            Option<ZFrame>,
            [u8; 16],
            HashMap<String, String>,
            usize,
            ZMsg,
        );
        let values: Values = ZSock::recv(&input, "i1248zsbcfUhpm").unwrap();
        let expected: Values = (
            -12345,
            123,
            15129,
            1_860_867,
            u64::MAX,
            "This is a string".into(),
            b"ABCDE".to_vec(),
            "HELLO".into(),
            Some(frame),
            uuid,
            dictionary,
            usize::MAX,
            ZMsg::from(["frame 1", "frame 2"]),
        );
        // Debug and PartialEq of tuples end at twelve.
        let split = |values: Values| {
            let (a, b, c, d, e, f, g, h, i, j, k, l, m) = values;
            ((a, b, c, d, e, f), (g, h, i, j, k, l, m))
        };
        assert_eq!(split(values), split(expected));
    });
}

#[test]
fn numbers_and_texts_are_the_frames_that_czmq_makes() {
    within(|| {
        let (output, input) = pair();
        ZSock::send(&output, "iuzs", (i32::MIN, u32::MAX, "text")).unwrap();
        assert_eq!(ZMsg::recv(&input).unwrap(), ["-2147483648", "4294967295", "", "text"]);
        // CZMQ 4.2 has a letter too many in its `u`.
        zstr::send(&output, "42d").unwrap();
        assert_eq!(ZSock::recv::<(u32,), _>(&input, "u").unwrap(), (42,));
    });
}

#[test]
fn a_short_message_gives_none_where_that_is_provided_for() {
    within(|| {
        let (output, input) = pair();
        type Short = (i32, Option<String>, Option<Vec<u8>>, Option<ZFrame>, Option<usize>);
        ZSock::send(&output, "i", (-1,)).unwrap();
        let short: Short = ZSock::recv(&input, "isbfzp").unwrap();
        assert_eq!(short, (-1, None, None, None, None));
        ZSock::send(&output, "i", (-1,)).unwrap();
        let (_, rest): (i32, ZMsg) = ZSock::recv(&input, "im").unwrap();
        assert_eq!(rest.size(), 0);
        for picture in ["is", "iz"] {
            ZSock::send(&output, "i", (-1,)).unwrap();
            let failed = if picture == "is" {
                ZSock::recv::<(i32, String), _>(&input, picture).unwrap_err()
            } else {
                ZSock::recv::<(i32,), _>(&input, picture).unwrap_err()
            };
            assert_eq!(
                (failed.kind(), failed.message),
                (ErrorKind::InvalidInput, ZMsg::from(["-1"]))
            );
        }
    });
}

#[test]
fn a_message_that_does_not_fit_comes_back_whole() {
    within(|| {
        let (output, input) = pair();
        let unfit: &[(&str, &[&[u8]])] = &[
            ("i", &[b"one"]),
            ("i", &[b""]),
            ("i", &[b"--1"]),
            ("i", &[b"2147483648"]),
            ("1", &[b"256"]),
            ("1", &[b"-1"]),
            ("2", &[b"+1"]),
            ("4", &[b"4294967296"]),
            ("8", &[b" 1"]),
            ("8", &[b"\xFF"]),
            ("p", &[b"1234567"]),
            ("U", &[b"123456789012345"]),
            ("h", &[b"\0\0\0\x02\x01k\0\0\0\x01v"]),
            ("h", &[b"\0\0\0\x01\x01k\0\0\0\x02v"]),
            ("h", &[b"\0\0\0\x01\x09k\0\0\0\x01v"]),
            ("h", &[b"\0\0\0\x01\x01k\0\0\0\x01v."]),
            ("h", &[b"\0\0\0\x02\x01k\0\0\0\0\x01k\0\0\0\0"]),
            ("h", &[b"\xFF\xFF\xFF\xFF"]),
            ("h", &[b""]),
            ("sz", &[b"a", b"b"]),
            ("s", &[b"a", b"b"]),
            ("", &[b"a"]),
            ("s", &[&[123, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]]),
        ];
        for (picture, frames) in unfit {
            let msg: ZMsg = frames.iter().copied().collect();
            msg.dup().send(&output).unwrap();
            let failed = ZSock::recv::<Vec<PictureValue>, _>(&input, picture).unwrap_err();
            assert_eq!(failed.kind(), ErrorKind::InvalidInput, "{picture}: {frames:?}");
            assert_eq!(failed.message, msg);
        }
    });
}

/// The kind of the error, which is no message's.
fn of_picture<T: std::fmt::Debug>(result: Result<T, czmq_like::RecvError>) -> ErrorKind {
    let failed = result.unwrap_err();
    assert_eq!(failed.message.size(), 0);
    failed.kind()
}

#[test]
fn a_picture_that_is_wrong_sends_and_receives_nothing() {
    within(|| {
        let (output, input) = pair();
        zstr::send(&output, "1").unwrap();
        let invalid = ErrorKind::InvalidInput;
        assert_eq!(of_picture(ZSock::recv::<(String,), _>(&input, "x")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(String,), _>(&input, "S")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(String,), _>(&input, "1")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(i32,), _>(&input, "1")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(u8, u8), _>(&input, "1")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(u8,), _>(&input, "11")), invalid);
        assert_eq!(of_picture(ZSock::recv::<(ZMsg, u8), _>(&input, "m1")), invalid);
        assert_eq!(of_picture(ZSock::brecv::<(i32,), _>(&input, "i")), invalid);
        assert_eq!(of_picture(ZSock::brecv::<(ZMsg, u8), _>(&input, "m1")), invalid);
        assert_eq!(ZSock::recv::<(u8,), _>(&input, "1").unwrap(), (1,));

        let kind = |sent: Result<(), czmq_like::SendError<ZMsg>>| sent.unwrap_err().kind();
        assert_eq!(kind(ZSock::send(&output, "x", (1,))), invalid);
        assert_eq!(kind(ZSock::send(&output, "1", (1,))), invalid);
        assert_eq!(kind(ZSock::send(&output, "i", ())), invalid);
        assert_eq!(kind(ZSock::send(&output, "i", (1, 2))), invalid);
        assert_eq!(kind(ZSock::send(&output, "ms", (ZMsg::new(), "a"))), invalid);
        let long_key = HashMap::from([("k".repeat(256), String::new())]);
        assert_eq!(kind(ZSock::send(&output, "h", (long_key,))), invalid);
        assert_eq!(kind(ZSock::bsend(&output, "i", (1,))), invalid);
        assert_eq!(kind(ZSock::bsend(&output, "s", ("a".repeat(256),))), invalid);
        assert_eq!(zstr::recv_nowait(&input).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_send_that_fails_gives_the_message_back() {
    within(|| {
        let ctx = ZCtx::new().unwrap();
        let socket = ctx.socket(Push).unwrap();
        socket.set_sndtimeo(Some(Duration::ZERO)).unwrap();
        let failed = ZSock::send(&socket, "is", (1, "a")).unwrap_err();
        assert_eq!(
            (failed.kind(), failed.message),
            (ErrorKind::WouldBlock, ZMsg::from(["1", "a"]))
        );
        let failed = ZSock::bsend(&socket, "1f", (1_u8, "a".as_bytes())).unwrap_err();
        assert_eq!(failed.message, [&b"\x01"[..], b"a"]);
    });
}

#[test]
fn the_binary_form_that_is_cut_short_or_too_long_comes_back_whole() {
    within(|| {
        let (output, input) = pair();
        const PICTURE: &str = "1248sSpcufm";
        let values = (
            (1_u8, 2_u16, 3_u32, 4_u64, "five", "six", 7_usize, b"eight", [9; 16], b"ten"),
            ZMsg::from(["eleven"]),
        );
        let ((a, b, c, d, e, f, g, h, i, j), k) = values;
        ZSock::bsend(&output, PICTURE, (a, b, c, d, e, f, g, h, i, j, k)).unwrap();
        let whole = ZMsg::recv(&input).unwrap();
        let receive = |msg: &ZMsg| {
            msg.dup().send(&output).unwrap();
            ZSock::brecv::<Vec<PictureValue>, _>(&input, PICTURE)
        };
        assert_eq!(receive(&whole).unwrap().len(), 11);
        for len in 0..whole[0].size() {
            let mut msg = whole.dup();
            msg[0] = ZFrame::new(&whole[0].data()[..len]);
            assert_eq!(receive(&msg).unwrap_err().message, msg);
        }
        let mut msg = whole.dup();
        msg[0] = ZFrame::new([whole[0].data(), b"."].concat());
        assert_eq!(receive(&msg).unwrap_err().message, msg);
        let without_frame = ZMsg::from([whole[0].dup()]);
        assert_eq!(receive(&without_frame).unwrap_err().message, without_frame);
        whole.dup().send(&output).unwrap();
        let failed = ZSock::brecv::<Vec<PictureValue>, _>(&input, "1248sSpcuf").unwrap_err();
        assert_eq!(failed.message, whole);
    });
}

proptest! {
    #[test]
    fn any_message_fits_a_picture_or_comes_back_whole(
        frames in any::<Vec<Vec<u8>>>(),
        picture in "[i1248usbcfhUpz]{0,5}m?",
    ) {
        let (output, input) = pair();
        let msg: ZMsg = frames.into_iter().chain([vec![]]).collect();
        msg.dup().send(&output).unwrap();
        match ZSock::recv::<Vec<PictureValue>, _>(&input, &picture) {
            Ok(values) => prop_assert_eq!(values.len(), picture.replace('z', "").len()),
            Err(failed) => prop_assert_eq!(failed.message, msg),
        }
    }

    #[test]
    fn any_bytes_fit_a_binary_picture_or_come_back_whole(
        data in any::<Vec<u8>>(),
        picture in "[1248sScup]{0,5}f?m?",
    ) {
        let (output, input) = pair();
        let msg = ZMsg::from([data]);
        msg.dup().send(&output).unwrap();
        match ZSock::brecv::<Vec<PictureValue>, _>(&input, &picture) {
            Ok(values) => {
                prop_assert_eq!(values.len(), picture.len());
                // What it holds is that message.
                ZSock::bsend(&output, &picture, values).unwrap();
                let again = ZMsg::recv(&input).unwrap();
                prop_assert!(again == msg || String::from_utf8(msg[0].data().to_vec()).is_err());
            }
            Err(failed) => prop_assert_eq!(failed.message, msg),
        }
    }
}
