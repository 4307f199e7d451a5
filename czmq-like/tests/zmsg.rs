//! `ZMsg`: what CZMQ's own test of zmsg checks, and what its manual says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::error::Error as StdError;
use std::fs::File;
use std::process::Command;

use czmq_like::SendError;
use czmq_like::prelude::*;
use zmqx::{Context, Multipart};

use common::{connected, pair, within};

fn ten() -> ZMsg {
    (0..10).map(|number| format!("Frame{number}")).collect()
}

#[test]
fn a_message_of_one_frame_is_sent_and_received() {
    within(|| {
        let (output, input) = pair();
        let mut msg = ZMsg::new();
        msg.push(ZFrame::new("Hello"));
        assert_eq!((msg.size(), msg.content_size()), (1, 5));
        msg.send(&output).unwrap();
        let msg = ZMsg::recv(&input).unwrap();
        assert_eq!((msg.size(), msg.content_size()), (1, 5));
        assert_eq!(ZMsg::recv_nowait(&input).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_message_of_ten_frames_and_its_dup_are_sent_and_received() {
    within(|| {
        let (output, input) = pair();
        let msg = ten();
        msg.dup().send(&output).unwrap();
        msg.send(&output).unwrap();
        for _ in 0..2 {
            let msg = ZMsg::recv(&input).unwrap();
            assert_eq!((msg.size(), msg.content_size()), (10, 60));
            assert_eq!(msg, ten());
            assert!(msg.iter().rev().skip(1).all(ZFrame::more));
            assert!(!msg[9].more());
        }
    });
}

#[test]
fn a_message_of_no_frames_sends_nothing() {
    within(|| {
        let (output, input) = pair();
        ZMsg::new().send(&output).unwrap();
        ZMsg::new().sendm(&output).unwrap();
        zstr::send(&output, "next").unwrap();
        assert_eq!(ZMsg::recv(&input).unwrap(), ["next"]);
    });
}

#[test]
fn sendm_begins_a_message_that_another_send_ends() {
    within(|| {
        let (output, input) = pair();
        ZMsg::from(["one", "two"]).sendm(&output).unwrap();
        ZMsg::from(["three"]).sendm(&output).unwrap();
        ZMsg::from(["four", "five"]).send(&output).unwrap();
        assert_eq!(ZMsg::recv(&input).unwrap(), ["one", "two", "three", "four", "five"]);
    });
}

#[test]
fn a_message_that_is_not_sent_comes_back_whole() {
    within(|| {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Push).unwrap();
        socket.set_sndtimeo(Some(Duration::ZERO)).unwrap();
        let unsent: SendError<ZMsg> = ten().send(&socket).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::WouldBlock);
        assert_eq!(unsent.message, ten());
        let unsent = unsent.message.sendm(&socket).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::WouldBlock);
        assert_eq!(unsent.message, ten());
        ctx.shutdown().unwrap();
        let unsent = unsent.message.send(&socket).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::Terminated);
        assert_eq!(unsent.message, ten());
    });
}

#[test]
fn a_mandatory_router_gives_back_what_nobody_can_take() {
    within(|| {
        let (router, dealer) = connected(Router, Dealer);
        router.set_router_mandatory(true).unwrap();
        let mut msg = ZMsg::from(["Hello"]);
        msg.wrap("nobody");
        let mut unsent = msg.send(&router).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::HostUnreachable);
        zstr::send(&dealer, "here").unwrap();
        let peer = ZMsg::recv(&router).unwrap().unwrap().unwrap();
        assert_eq!(unsent.message.unwrap().unwrap(), "nobody");
        unsent.message.push(peer);
        unsent.message.send(&router).unwrap();
        assert_eq!(ZMsg::recv(&dealer).unwrap(), ["Hello"]);
    });
}

#[test]
fn an_unsent_message_is_an_error_of_any_program() {
    fn send(socket: &Socket<Push>) -> Result<(), Box<dyn StdError + Send + Sync>> {
        ten().send(socket)?;
        Ok(())
    }
    within(|| {
        let ctx = Context::new().unwrap();
        let socket = ctx.socket(Push).unwrap();
        ctx.shutdown().unwrap();
        let error = send(&socket).unwrap_err();
        assert!(error.downcast::<SendError<ZMsg>>().is_ok());
    });
}

#[test]
fn a_message_is_saved_and_loaded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("zmsg.test");
    ten().save(&mut File::create(&path).unwrap()).unwrap();
    // A file that is open for reading only.
    ten().save(&mut File::open(&path).unwrap()).unwrap_err();
    let msg = ZMsg::load(&mut File::open(&path).unwrap()).unwrap();
    assert_eq!((msg.size(), msg.content_size()), (10, 60));
    assert_eq!(msg, ten());
}

#[test]
fn empty_frames_and_empty_messages_are_saved_and_loaded() {
    for msg in [ZMsg::new(), ZMsg::from([""]), ZMsg::from(["", "a", "", ""])] {
        let mut file = Vec::new();
        msg.save(&mut file).unwrap();
        assert_eq!(file.len(), msg.size() * size_of::<usize>() + msg.content_size());
        assert_eq!(ZMsg::load(&mut &file[..]).unwrap(), msg);
    }
}

#[test]
fn a_saved_frame_has_its_length_in_the_machines_order() {
    let mut file = Vec::new();
    ZMsg::from(["Hello"]).save(&mut file).unwrap();
    assert_eq!(file, [&5_usize.to_ne_bytes()[..], b"Hello"].concat());
}

#[test]
fn frames_are_put_in_and_taken_out_at_either_end() {
    let mut msg = ten();
    // All but the first and the last.
    for _ in 0..8 {
        assert!(msg.first().is_some() && msg.next().is_some());
        assert!(msg.remove(1).is_some());
    }
    assert_eq!(msg.size(), 2);
    assert!(msg.last().unwrap().streq("Frame9"));
    assert_eq!(msg.content_size(), 12);
    msg.wrap(ZFrame::new("Address"));
    assert_eq!(msg.size(), 4);
    msg.addstr("Body");
    assert_eq!(msg, ["Address", "", "Frame0", "Frame9", "Body"]);
    assert_eq!(msg.unwrap().unwrap(), "Address");
    assert_eq!(msg.size(), 3);
    assert_eq!(msg.popstr().unwrap(), "Frame0");
    msg.prepend("first");
    msg.append("last");
    msg.pushmem([0, 1]);
    msg.addmem(b"end");
    msg.pushstr(String::from("begin"));
    assert_eq!(
        msg.iter().map(ZFrame::strdup).collect::<Vec<_>>(),
        ["begin", "\0\u{1}", "first", "Frame9", "Body", "last", "end"]
    );
}

#[test]
fn unwrap_drops_the_next_frame_only_where_it_is_empty() {
    let mut msg = ZMsg::from(["client", "Hello"]);
    assert_eq!(msg.unwrap().unwrap(), "client");
    assert_eq!(msg, ["Hello"]);
    let mut msg = ZMsg::from(["client", "", "", "Hello"]);
    assert_eq!(msg.unwrap().unwrap(), "client");
    assert_eq!(msg, ["", "Hello"]);
    let mut msg = ZMsg::from(["", ""]);
    assert_eq!(msg.unwrap().unwrap(), "");
    assert_eq!(msg.size(), 0);
}

#[test]
fn an_envelope_of_only_an_identity_is_unwrapped() {
    // zmsg_unwrap of CZMQ 1.4 reads from NULL here.
    let mut msg = ZMsg::from(["client"]);
    assert_eq!(msg.unwrap().unwrap(), "client");
    assert!(msg.unwrap().is_none());
}

#[test]
fn a_message_of_no_frames_has_nothing_to_give() {
    let mut msg = ZMsg::new();
    assert_eq!((msg.size(), msg.content_size()), (0, 0));
    assert!(msg.unwrap().is_none());
    assert!(msg.first().is_none() && msg.last().is_none() && msg.next().is_none());
    assert!(msg.first_mut().is_none() && msg.last_mut().is_none());
    assert!(msg.pop().is_none() && msg.popstr().is_none() && msg.popmsg().is_none());
    assert!(msg.remove(0).is_none());
    assert!(msg.iter().next().is_none() && msg.signal().is_none());
    assert_eq!(msg.dup(), msg);
    assert_eq!(msg, ZMsg::default());
}

#[test]
fn frames_of_all_lengths_at_which_the_format_changes_are_encoded_and_decoded() {
    let blank = vec![0; 100_000];
    let lens = [0, 1, 253, 254, 255, 256, 65_535, 65_536, 65_537];
    let msg: ZMsg = lens.iter().map(|len| &blank[..*len]).collect();
    let encoded = msg.encode();
    assert_eq!(encoded.len(), msg.content_size() + 4 + 5 * 5);
    assert_eq!(ZMsg::decode(&encoded).unwrap(), msg);
    assert_eq!(ZMsg::from([&blank[..254]]).encode()[..1], [254]);
    assert_eq!(ZMsg::from([&blank[..255]]).encode()[..5], [255, 0, 0, 0, 255]);
    assert_eq!(ZMsg::from([&blank[..65_538]]).encode()[..5], [255, 0, 1, 0, 2]);
}

#[test]
fn a_short_frame_with_a_long_length_is_decoded_as_czmq_does() {
    assert_eq!(ZMsg::decode(b"\xFF\0\0\0\x02ab\x01c").unwrap(), ["ab", "c"]);
}

#[test]
fn no_bytes_are_a_message_of_no_frames() {
    assert!(ZMsg::new().encode().is_empty());
    assert_eq!(ZMsg::decode(b"").unwrap().size(), 0);
}

#[test]
fn messages_travel_in_messages() {
    let mut msg = ZMsg::new();
    msg.pushstr("matr");
    msg.addmsg(ZMsg::from(["joska"]));
    assert_eq!(msg.size(), 2);
    // "matr" is no encoded message, and is dropped.
    assert!(msg.popmsg().is_none());
    assert_eq!(msg.size(), 1);
    let mut inner = msg.popmsg().unwrap();
    assert_eq!(inner.popstr().unwrap(), "joska");
    assert!(msg.pop().is_none());
}

#[test]
fn messages_are_equal_when_all_their_frames_are() {
    let msg = ZMsg::from(["One", "Two", "Three"]);
    assert_eq!(msg, msg.dup());
    assert_ne!(msg, ZMsg::from(["One", "Two", "One-Hundred"]));
    assert_ne!(msg, ZMsg::from(["One", "Two"]));
    assert_ne!(msg, ZMsg::from(["One", "TwoThree"]));
    assert_eq!(ZMsg::new(), ZMsg::new());
    assert_ne!(msg, ZMsg::new());
}

#[test]
fn a_signal_tells_its_status_and_nothing_else_is_a_signal() {
    for status in 0..=255 {
        assert_eq!(ZMsg::new_signal(status).signal(), Some(status));
    }
    assert_eq!(ZMsg::new_signal(3)[0], (0x7766_5544_3322_1103_i64).to_ne_bytes());
    assert_eq!(ZMsg::from(["Hello"]).signal(), None);
    assert_eq!(ZMsg::from(["12345678"]).signal(), None);
    let mut msg = ZMsg::new_signal(0);
    msg.addstr("");
    assert_eq!(msg.signal(), None);
}

#[test]
fn the_cursor_goes_over_the_frames_and_begins_again() {
    let text = |frame: Option<&ZFrame>| frame.map(ZFrame::strdup);
    let mut msg = ZMsg::from(["one", "two", "three"]);
    assert_eq!(text(msg.next()).as_deref(), Some("one"));
    assert_eq!(text(msg.next()).as_deref(), Some("two"));
    assert_eq!(text(msg.next()).as_deref(), Some("three"));
    assert_eq!(text(msg.next()), None);
    assert_eq!(text(msg.next()).as_deref(), Some("one"));
    assert_eq!(text(msg.last()).as_deref(), Some("three"));
    assert_eq!(text(msg.next()), None);
    assert_eq!(text(msg.first()).as_deref(), Some("one"));
    // Without its frame the cursor is on the one before.
    assert_eq!(text(msg.next()).as_deref(), Some("two"));
    assert_eq!(msg.remove(1).unwrap(), "two");
    assert_eq!(text(msg.next()).as_deref(), Some("three"));
    msg.add("four");
    assert_eq!(text(msg.next()).as_deref(), Some("one"));
}

#[test]
fn frames_are_changed_in_their_place() {
    let mut msg = ZMsg::from(["one", "two", "three"]);
    msg.last_mut().unwrap().reset("3");
    msg.first_mut().unwrap().reset("1");
    msg[1] = ZFrame::new("2");
    assert_eq!(msg, ["1", "2", "3"]);
    for frame in &mut msg {
        let twice = frame.strdup().repeat(2);
        frame.reset(twice);
    }
    assert_eq!(msg, ["11", "22", "33"]);
    for (frame, other) in msg.iter_mut().zip(["a", "b"]) {
        *frame = other.into();
    }
    assert_eq!(msg, ["a", "b", "33"]);
}

#[test]
#[should_panic(expected = "index out of bounds")]
fn the_index_of_no_frame_panics() {
    let _ = &ZMsg::from(["one"])[1];
}

#[test]
fn a_message_is_made_of_anything_that_frames_are_made_of_and_taken_apart() {
    let message = Multipart::from(["a", "b"]);
    let msg = ZMsg::from(message);
    assert_eq!(msg, [ZFrame::new("a"), ZFrame::new("b")]);
    let mut frames = msg.into_iter();
    assert_eq!(frames.len(), 2);
    assert_eq!(frames.next_back().unwrap(), "b");
    let mut msg: ZMsg = frames.collect();
    msg.extend([vec![1, 2]]);
    msg.extend(["text"]);
    assert_eq!(Multipart::from(msg), [&b"a"[..], &[1, 2], b"text"]);
    assert_eq!(ZMsg::from(vec![String::from("a")]), ["a"]);
}

/// Prints to this process's stderr what the test below looks for.
fn print_all() {
    let mut msg = ten();
    msg.pushmem([0, 1, 0xFE]);
    msg.dump();
    ZFrame::new("Hello\x7F").print("Worker: ");
    ZFrame::new_empty().print("");
}

#[test]
fn dump_and_print_write_to_stderr_and_nothing_else() {
    const CHILD: &str = "CZMQ_LIKE_PRINTS";
    if std::env::var_os(CHILD).is_some() {
        return print_all();
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["dump_and_print_write_to_stderr_and_nothing_else", "--exact", "--nocapture"]);
    let output = within(move || child.env(CHILD, "1").output().unwrap());
    let mut expected = format!("{}\n[003] 0001FE\n", "-".repeat(38));
    for number in 0..9 {
        expected += &format!("[006] Frame{number}\n");
    }
    expected += "Worker: [006] Hello\x7F\n[000] \n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn a_dump_shows_dashes_and_the_first_ten_frames() {
    let mut msg = ten();
    msg.addstr("not shown");
    let mut text = Vec::new();
    msg.fprint(&mut text).unwrap();
    let mut expected = format!("{}\n", "-".repeat(38));
    for number in 0..10 {
        expected += &format!("[006] Frame{number}\n");
    }
    assert_eq!(String::from_utf8(text).unwrap(), expected);
    let mut text = Vec::new();
    ZMsg::new().fprint(&mut text).unwrap();
    assert_eq!(text, [&[b'-'; 38][..], b"\n"].concat());
}
