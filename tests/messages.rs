//! `Message`: its conversions, and what it copies and what it does not. How it looks is in `message_looks`.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use zmqx::{Context, ErrorKind, Message, Pull, Push};

use common::{SOON, TCP, connected, connected_over, within};

const LENGTHS: [usize; 12] = [0, 1, 29, 30, 33, 34, 255, 256, 1023, 1024, 65_537, 1 << 20];

/// Bytes that differ from place to place, and live as long as the program.
static LONGEST: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..=250).cycle().take(LENGTHS[LENGTHS.len() - 1]).collect());

fn pattern(len: usize) -> Vec<u8> {
    LONGEST[..len].to_vec()
}

fn text(len: usize) -> String {
    "abcdefghijklmnopqrstuvwxyz".repeat(len / 26 + 1)[..len].to_owned()
}

#[test]
fn every_conversion_keeps_the_bytes_at_every_length() {
    for len in LENGTHS {
        let bytes = pattern(len);
        let text = text(len);
        let from_bytes = [
            Message::from(&bytes[..]),
            Message::from(&bytes),
            Message::from(bytes.clone()),
            Message::from(bytes.clone().into_boxed_slice()),
            Message::from(Cow::Borrowed(&bytes[..])),
            Message::from(Cow::<[u8]>::Owned(bytes.clone())),
            Message::from_static(&LONGEST[..len]),
            Message::from_owner(bytes.clone()),
            Message::build(len, |buffer| buffer.copy_from_slice(&bytes)),
            Message::try_build(len, |buffer| buffer.copy_from_slice(&bytes)).unwrap(),
        ];
        for (which, message) in from_bytes.iter().enumerate() {
            assert_eq!(message.len(), len, "conversion {which}");
            assert_eq!(message, &bytes, "conversion {which} of {len} bytes");
            assert!(!message.has_more());
        }
        let from_text = [
            Message::from(&text[..]),
            Message::from(&text),
            Message::from(text.clone()),
            Message::from(Cow::Borrowed(&text[..])),
            Message::from(Cow::<str>::Owned(text.clone())),
            Message::from_owner(text.clone()),
        ];
        for (which, message) in from_text.iter().enumerate() {
            assert_eq!(message.as_str(), Ok(&text[..]), "conversion {which}");
            assert_eq!(message.to_string_lossy(), text);
        }
    }
}

#[test]
fn arrays_convert_by_value_and_by_reference() {
    assert_eq!(Message::from([1, 2, 3]), [1, 2, 3]);
    assert_eq!(Message::from(&[1, 2, 3]), &[1, 2, 3]);
    assert_eq!(Message::from(b"Hello"), "Hello");
    assert_eq!(Message::from([7; 1024]), [7; 1024]);
    assert_eq!(Message::from([0; 0]), "");
}

#[test]
fn an_empty_message_is_empty() {
    for message in
        [Message::new(), Message::default(), Message::from(""), Message::build(0, |_| ())]
    {
        assert!(message.is_empty());
        assert_eq!(&*message, b"");
    }
}

#[test]
fn the_bytes_cross_every_transport_at_every_length() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let name = common::ipc();
        for endpoint in [TCP, name.as_ref(), &common::inproc()] {
            let (sink, source) = connected_over(&ctx, endpoint, Pull, Push);
            for len in LENGTHS {
                source.send(pattern(len)).unwrap();
                let bytes = pattern(len);
                source.send(&bytes).unwrap();
                assert_eq!(sink.recv().unwrap(), pattern(len));
                assert_eq!(sink.recv().unwrap(), pattern(len));
            }
        }
    });
}

#[test]
fn owned_buffers_above_33_bytes_are_not_copied() {
    for len in [34, 256, 1024, 1 << 20] {
        let vec = pattern(len);
        let at = vec.as_ptr();
        assert_eq!(Message::from(vec).as_ptr(), at);

        let mut roomy = Vec::with_capacity(2 * len);
        roomy.extend_from_slice(&pattern(len));
        let at = roomy.as_ptr();
        let message = Message::from(roomy);
        assert_eq!((message.as_ptr(), message.len()), (at, len));

        let string = text(len);
        let at = string.as_ptr();
        assert_eq!(Message::from(string).as_ptr(), at);

        let boxed = pattern(len).into_boxed_slice();
        let at = boxed.as_ptr();
        assert_eq!(Message::from(boxed).as_ptr(), at);

        let cow = Cow::<[u8]>::Owned(pattern(len));
        let at = cow.as_ptr();
        assert_eq!(Message::from(cow).as_ptr(), at);
    }
}

#[test]
fn static_bytes_and_owners_are_not_copied_at_any_length() {
    static BYTES: [u8; 5] = *b"Hello";
    assert_eq!(Message::from_static(&BYTES).as_ptr(), BYTES.as_ptr());
    assert_eq!(Message::from_static("Hello, World").as_ptr(), "Hello, World".as_ptr());
    for len in [1, 33, 34, 1024] {
        let owner = pattern(len);
        let at = owner.as_ptr();
        assert_eq!(Message::from_owner(owner).as_ptr(), at);
    }
    assert!(Message::from_static(b"").is_empty());
    assert!(Message::from_owner(Vec::new()).is_empty());
}

/// An array lies in the owner itself, which must not move once the message has its address.
#[test]
fn an_owner_may_hold_its_bytes_inside_itself() {
    let message = Message::from_owner([7; 4096]);
    let messages = Vec::from([message, Message::from_owner([8; 4096])]);
    assert_eq!(messages[0], [7; 4096]);
    assert_eq!(messages[1], [8; 4096]);
}

#[cfg(feature = "bytes")]
#[test]
fn bytes_from_1_kib_on_are_shared_in_both_directions() {
    use zmqx::Message;
    for len in [0, 1, 33, 34, 1023, 1024, 1 << 20] {
        let bytes = bytes::Bytes::from(pattern(len));
        let message = Message::from(bytes.clone());
        assert_eq!(message, pattern(len));
        assert_eq!(message.as_ptr() == bytes.as_ptr(), len >= 1024, "{len} bytes");
    }
    for len in [34, 1023, 1024, 1 << 20] {
        let message = Message::from(pattern(len));
        let at = message.as_ptr();
        let bytes = bytes::Bytes::from(message);
        assert_eq!((bytes.as_ptr(), bytes.len()), (at, len));
        let tail = bytes.slice(1..);
        drop(bytes);
        assert_eq!(tail, pattern(len)[1..]);
    }
    // Up to 33 bytes lie inside the message, which has moved.
    assert_eq!(bytes::Bytes::from(Message::from("Hello")), "Hello");
}

#[test]
fn inproc_hands_the_very_buffer_to_the_receiver() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (sink, source) = connected(&ctx, Pull, Push);
        let vec = pattern(5000);
        let at = vec.as_ptr();
        source.send(vec).unwrap();
        assert_eq!(sink.recv().unwrap().as_ptr(), at);
    });
}

#[test]
fn clone_copies_and_share_does_not() {
    let mut message = Message::from(pattern(1000));
    let copy = message.clone();
    let handle = message.share();
    assert_eq!((&copy, &handle), (&message, &message));
    assert_ne!(copy.as_ptr(), message.as_ptr());
    assert_eq!(handle.as_ptr(), message.as_ptr());
    drop(message);
    assert_eq!(handle, pattern(1000));
    assert_eq!(copy, pattern(1000));
}

#[test]
fn share_works_for_every_storage() {
    static BYTES: [u8; 100] = [7; 100];
    for mut message in [
        Message::new(),
        Message::from("short"),
        Message::from_static(&BYTES),
        Message::from_owner(vec![7; 100]),
        Message::from([7; 100]),
    ] {
        let bytes = message.to_vec();
        let mut first = message.share();
        let second = first.share();
        drop(message);
        assert_eq!(first, bytes);
        drop(first);
        assert_eq!(second, bytes);
    }
}

#[test]
fn handles_to_the_same_bytes_may_be_on_many_threads() {
    within(SOON, || {
        let mut message = Message::from(pattern(10_000));
        let at = message.as_ptr().addr();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let mut handle = message.share();
                std::thread::spawn(move || {
                    for _ in 0..200 {
                        let again = handle.share();
                        assert_eq!(again.as_ptr().addr(), at);
                        assert_eq!(again.clone(), handle);
                    }
                })
            })
            .collect();
        drop(message);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_message_can_be_read_by_many_threads_at_once() {
    let message = Message::from(pattern(10_000));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(message, pattern(10_000)));
        }
    });
}

#[test]
fn a_closure_that_panics_leaves_no_message() {
    for len in [0, 10, 100, 100_000] {
        let built = catch_unwind(|| Message::build(len, |_| panic!("no")));
        assert_eq!(built.unwrap_err().downcast_ref(), Some(&"no"));
    }
}

#[test]
fn a_size_that_no_memory_has_is_an_error() {
    let too_long = Message::try_build(usize::MAX, |_| unreachable!()).unwrap_err();
    assert_eq!(too_long.kind(), ErrorKind::InvalidInput);
    // No address space is that large.
    #[cfg(target_pointer_width = "64")]
    {
        let exhausted = Message::try_build(1 << 53, |_| unreachable!()).unwrap_err();
        assert_eq!(exhausted.kind(), ErrorKind::OutOfMemory);
    }
}

#[test]
fn build_of_a_size_that_no_memory_has_panics_as_vec_does() {
    let built = catch_unwind(|| Message::build(usize::MAX, |_| ()));
    assert!(built.unwrap_err().downcast_ref::<String>().unwrap().contains("capacity overflow"));
}

#[test]
#[cfg(unix)]
fn build_of_a_size_that_memory_has_not_ends_the_process_as_vec_does() {
    let test = "build_of_a_size_that_memory_has_not_ends_the_process_as_vec_does";
    common::in_child_that_may_abort(test, "memory allocation of", || {
        let message = Message::build(1 << 60, |_| ());
        panic!("there is memory for {} bytes", message.len());
    });
}

#[test]
fn a_received_message_can_be_sent_on() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        let (sink, source) = connected_over(&ctx, TCP, Pull, Push);
        let (last, middle) = connected_over(&ctx, TCP, Pull, Push);
        for len in LENGTHS {
            source.send(pattern(len)).unwrap();
            middle.send(sink.recv().unwrap()).unwrap();
            assert_eq!(last.recv().unwrap(), pattern(len));
        }
    });
}

#[test]
fn an_owner_whose_as_ref_panics_is_dropped() {
    struct Refuses<'a>(&'a std::sync::atomic::AtomicUsize);
    impl AsRef<[u8]> for Refuses<'_> {
        fn as_ref(&self) -> &[u8] {
            panic!("no bytes")
        }
    }
    impl Drop for Refuses<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }
    static DROPS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let made = catch_unwind(AssertUnwindSafe(|| Message::from_owner(Refuses(&DROPS))));
    assert!(made.is_err());
    assert_eq!(DROPS.load(std::sync::atomic::Ordering::SeqCst), 1);
}
