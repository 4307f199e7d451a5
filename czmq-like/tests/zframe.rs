//! `ZFrame`: what CZMQ's own test of zframe checks, and what its manual says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the test's failure")]

mod common;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use czmq_like::prelude::*;
use czmq_like::{Error, SendError};
use proptest::collection::vec;
use proptest::prelude::*;

use common::{pair, runs_with, within};

/// The line that a frame prints.
fn line(prefix: &str, data: impl Into<Message>) -> Vec<u8> {
    let mut line = Vec::new();
    ZFrame::new(data).fprint(prefix, &mut line).unwrap();
    line
}

#[test]
fn ten_frames_that_others_follow_end_with_the_one_that_none_follows() {
    within(|| {
        let (output, input) = pair();
        for _ in 0..5 {
            ZFrame::new("Hello").send_more(&output).unwrap();
        }
        let frame = ZFrame::new("Hello");
        for _ in 0..5 {
            frame.dup().send_more(&output).unwrap();
        }
        let mut last = ZFrame::new("NOT");
        last.reset("END");
        assert_eq!(last.strhex(), "454E44");
        assert_eq!(last.strdup(), "END");
        last.send(&output).unwrap();

        let mut count = 0;
        loop {
            let frame = ZFrame::recv(&input).unwrap();
            if frame.streq("END") {
                assert!(!frame.more());
                break;
            }
            assert!(frame.more());
            count += 1;
        }
        assert_eq!(count, 10);
        assert_eq!(ZFrame::recv_nowait(&input).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn a_dup_equals_its_frame_and_has_bytes_of_its_own() {
    let bytes = "a frame that is too long to be inside its message";
    let mut frame = ZFrame::new(bytes);
    let copy = frame.dup();
    assert_eq!(frame, copy);
    assert_eq!(copy.size(), bytes.len());
    assert_ne!(frame.data().as_ptr(), copy.data().as_ptr());
    let shared = frame.share();
    assert_eq!(frame.data().as_ptr(), shared.data().as_ptr());
    drop(frame);
    assert_eq!(copy, bytes);
    assert_eq!(shared, bytes);
}

#[test]
fn a_dup_that_was_received_is_followed_by_nothing() {
    within(|| {
        let (output, input) = pair();
        ZMsg::from(["one", "two"]).send(&output).unwrap();
        let frame = ZFrame::recv(&input).unwrap();
        assert!(frame.more());
        assert!(!frame.dup().more());
    });
}

#[test]
fn the_owner_of_a_zero_copy_frame_goes_once_when_its_last_handle_does() {
    struct Owner(Arc<AtomicUsize>);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            &[b'A'; 1024]
        }
    }
    impl Drop for Owner {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let frame = ZFrame::new_zero_copy(Owner(Arc::clone(&dropped)));
    let copy = frame.dup();
    assert_eq!(frame, [b'A'; 1024]);
    assert_eq!(dropped.load(Ordering::SeqCst), 0);
    drop(frame);
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
    drop(copy);
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn an_empty_frame_is_new_or_the_default() {
    assert_eq!(ZFrame::new_empty().size(), 0);
    assert_eq!(ZFrame::default(), ZFrame::new(""));
    assert_eq!(ZFrame::new_empty().strhex(), "");
    assert!(ZFrame::new_empty().streq(""));
}

/// Compares a frame with what has the same bytes, and what has others, from either side.
fn compares<T>(same: &T, other: &T)
where
    T: PartialEq<ZFrame> + ?Sized,
    ZFrame: PartialEq<T>,
{
    let frame = ZFrame::new("READY");
    assert!(frame == *same);
    assert!(*same == frame);
    assert!(frame != *other);
    assert!(*other != frame);
}

#[test]
fn frames_compare_with_strings_and_bytes_from_either_side() {
    compares("READY", "READY\0");
    compares(&"READY", &"READ");
    compares(&String::from("READY"), &String::from("ready"));
    compares(&b"READY"[..], &b""[..]);
    compares(&&b"READY"[..], &&b"READ\xFF"[..]);
    compares(b"READY", b"READZ");
    compares(&b"READY", &b"READZ");
    compares(&b"READY".to_vec(), &vec![]);
    compares(&Message::from("READY"), &Message::new());
    assert!(ZFrame::new("READY") < ZFrame::new("READZ"));
}

#[test]
fn a_frame_is_found_in_a_map_by_its_bytes() {
    #[allow(clippy::mutable_key_type, reason = "what changes inside a message is not its bytes")]
    let mut map = HashMap::new();
    map.insert(ZFrame::new("worker"), 1);
    assert_eq!(map.get(&b"worker"[..]), Some(&1));
    assert_eq!(map.get(&ZFrame::new("worker")), Some(&1));
    assert_eq!(map.get(&b"client"[..]), None);
}

#[test]
fn what_is_not_utf_8_is_marked_in_strdup_and_whole_in_data() {
    let frame = ZFrame::new(b"a\xFFb");
    assert_eq!(frame.strdup(), "a\u{FFFD}b");
    assert_eq!(frame.data(), b"a\xFFb");
    assert_eq!(frame.strhex(), "61FF62");
}

#[test]
fn a_frame_over_tcp_tells_what_kind_of_socket_sent_it() {
    // Before libzmq 4.1 messages have no properties.
    let has_properties = runs_with(4, 1, 0);
    within(move || {
        let ctx = zmqx::Context::new().unwrap();
        let input = ctx.socket(Pair).unwrap();
        let endpoint = input.bind("tcp://127.0.0.1:*").unwrap();
        let output = ctx.socket(Pair).unwrap();
        output.connect(endpoint).unwrap();
        ZFrame::new("Hello").send(&output).unwrap();
        let frame = ZFrame::recv(&input).unwrap();
        assert_eq!(frame.meta("Socket-Type"), has_properties.then_some("PAIR"));
        assert_eq!(frame.meta("nonexistent"), None);
        assert_eq!(frame.meta("non\0existent"), None);
    });
}

#[test]
fn a_frame_that_is_not_sent_comes_back() {
    within(|| {
        let ctx = zmqx::Context::new().unwrap();
        let socket = ctx.socket(Push).unwrap();
        let unsent = ZFrame::new("Hello").try_send(&socket).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::WouldBlock);
        let unsent = unsent.into_message().try_send_more(&socket).unwrap_err();
        ctx.shutdown().unwrap();
        let unsent = unsent.into_message().send(&socket).unwrap_err();
        assert_eq!(unsent.kind(), ErrorKind::Terminated);
        let unsent: SendError<ZFrame> = unsent.into_message().send_more(&socket).unwrap_err();
        assert_eq!(unsent.message, "Hello");
    });
}

#[test]
fn lines_show_size_text_and_hexadecimal_as_czmq_1_4_does() {
    assert_eq!(line("", ""), b"[000] \n");
    assert_eq!(line("Worker: ", "Hello"), b"Worker: [005] Hello\n");
    assert_eq!(line("", [0, 0x6B, 0x8B, 0x45, 0x67]), b"[005] 006B8B4567\n");
    assert_eq!(
        line("", "ROUTER socket uses REQ's socket identity"),
        b"[040] ROUTER socket uses REQ's socket identity\n"
    );
    assert_eq!(line("", [b'x'; 1000])[..8], *b"[1000] x");
}

#[test]
fn bytes_from_tab_to_del_are_text_and_others_make_the_frame_binary() {
    assert_eq!(line("", b"\t\r\n\x1B\x7F"), b"[005] \t\r\n\x1B\x7F\n");
    for byte in (0..9).chain(128..=255) {
        let expected = format!("[003] 61{byte:02X}62\n");
        assert_eq!(line("", [b'a', byte, b'b']), expected.as_bytes());
    }
}

#[test]
fn lines_are_cut_after_70_bytes_of_text_and_35_of_others() {
    let text = |len: usize| line("", vec![b'x'; len]);
    assert_eq!(text(70), [b"[070] ", &[b'x'; 70][..], b"\n"].concat());
    assert_eq!(text(71), [b"[071] ", &[b'x'; 70][..], b"...\n"].concat());
    let binary = |len: usize| line("", vec![0xFE; len]);
    assert_eq!(binary(35), [b"[035] ", &b"FE".repeat(35)[..], b"\n"].concat());
    assert_eq!(binary(36), [b"[036] ", &b"FE".repeat(35)[..], b"...\n"].concat());
    // A byte that is not shown decides as well.
    let mut data = vec![b'x'; 100];
    data.push(0);
    assert_eq!(line("", data), [b"[101] ", &b"78".repeat(35)[..], b"...\n"].concat());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_of_fprint() {
    let error: Error = ZFrame::new("Hello").fprint("", &mut [0; 3][..]).unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn frames_move_and_are_shared_between_threads() {
    fn is_plain<T: Send + Sync + Clone + 'static>() {}
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_plain::<ZFrame>();
    is_plain::<ZMsg>();
    is_error::<SendError<ZFrame>>();
    is_error::<SendError<ZMsg>>();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_frame_is_its_bytes(one in vec(any::<u8>(), 0..100), other in vec(any::<u8>(), 0..3)) {
        let mut frame = ZFrame::new(one.clone());
        prop_assert_eq!(frame.size(), one.len());
        prop_assert_eq!(frame.data(), &one[..]);
        prop_assert_eq!(&frame, &one);
        let hex: String = one.iter().map(|byte| format!("{byte:02X}")).collect();
        prop_assert_eq!(frame.strhex(), hex);
        prop_assert_eq!(frame.strdup(), String::from_utf8_lossy(&one));
        prop_assert_eq!(frame == ZFrame::new(&other), one == other);
        prop_assert_eq!(frame.cmp(&ZFrame::new(&other)), one.cmp(&other));
        frame.reset(other.clone());
        prop_assert_eq!(frame.into_message(), other);
    }
}
