//! How a `Message` looks to others: printed, as text, compared, and as a key.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use zmqx::Message;

#[test]
fn debug_shows_text_as_text_and_other_bytes_in_hexadecimal() {
    let debug = |message: Message| format!("{message:?}");
    assert_eq!(debug("".into()), r#"[000] """#);
    assert_eq!(debug("Hello".into()), r#"[005] "Hello""#);
    assert_eq!(debug("naïve ☃".into()), r#"[010] "naïve ☃""#);
    assert_eq!(debug("a\tb\r\n\"".into()), r#"[006] "a\tb\r\n\"""#);
    assert_eq!(debug(b"\0abc".into()), "[004] 00616263");
    assert_eq!(debug(b"\xFF\xFE".into()), "[002] FFFE");
    assert_eq!(debug("\u{7f}".into()), "[001] 7F");
}

#[test]
fn debug_cuts_what_is_long() {
    let debug = |message: Message| format!("{message:?}");
    let a = |count| "a".repeat(count);
    assert_eq!(debug(a(64).into()), format!("[064] \"{}\"", a(64)));
    assert_eq!(debug(a(65).into()), format!("[065] \"{}\"…", a(64)));
    assert_eq!(debug(vec![0xAB; 1 << 20].into()), format!("[1048576] {}…", "AB".repeat(64)));
    // A character of two or three bytes across the cut is left out, and does not make the rest binary.
    assert_eq!(debug(format!("{}é", a(63)).into()), format!("[065] \"{}\"…", a(63)));
    assert_eq!(debug(format!("{}☃☃", a(62)).into()), format!("[068] \"{}\"…", a(62)));
}

#[test]
fn debug_takes_an_incomplete_character_for_bytes_where_nothing_is_cut() {
    let mut bytes = vec![b'a'; 63];
    bytes.push(0xC3);
    assert_eq!(format!("{:?}", Message::from(&bytes)), format!("[064] {}C3", "61".repeat(63)));
    assert_eq!(format!("{:?}", Message::from(b"a\xC3")), "[002] 61C3");
}

#[test]
fn as_str_says_where_the_text_ends() {
    let message = Message::from(b"abc\xFFdef");
    assert_eq!(message.as_str().unwrap_err().valid_up_to(), 3);
    assert_eq!(message.to_string_lossy(), "abc\u{FFFD}def");
}

#[test]
fn comparisons_work_in_both_directions() {
    fn equals<T>(message: &Message, other: &T) -> (bool, bool)
    where
        Message: PartialEq<T>,
        T: PartialEq<Message> + ?Sized,
    {
        (message == other, other == message)
    }
    for (text, expected) in [("abc", (true, true)), ("abd", (false, false)), ("ab", (false, false))]
    {
        let message = Message::from("abc");
        let bytes = text.as_bytes();
        assert_eq!(equals(&message, text), expected);
        assert_eq!(equals(&message, &text), expected);
        assert_eq!(equals(&message, bytes), expected);
        assert_eq!(equals(&message, &bytes), expected);
        assert_eq!(equals(&message, &text.to_owned()), expected);
        assert_eq!(equals(&message, &bytes.to_vec()), expected);
        assert_eq!(equals(&message, &Message::from(text)), expected);
    }
    assert_eq!(equals(&Message::from("abc"), b"abc"), (true, true));
    assert_eq!(equals(&Message::from("abc"), &b"abc"), (true, true));
    assert_eq!(equals(&Message::from("abc"), b"abcd"), (false, false));
}

#[test]
fn messages_order_and_hash_as_their_bytes() {
    let sorted: BTreeSet<Message> = ["b", "", "ab", "a"].map(Message::from).into();
    assert_eq!(
        sorted.iter().map(|message| message.as_str().unwrap()).collect::<Vec<_>>(),
        ["", "a", "ab", "b"]
    );

    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    let message = Message::from("worker");
    assert_eq!(hash(&|state| message.hash(state)), hash(&|state| b"worker"[..].hash(state)));
    // So that a map with messages as keys is asked with what borrows as one.
    let workers = HashMap::from([(message, 1), (Message::from(vec![0; 100]), 2)]);
    assert_eq!(workers.get(&b"worker"[..]), Some(&1));
    assert_eq!(workers.get(&[0; 100][..]), Some(&2));
    assert_eq!(workers.get(&Message::from("worker")), Some(&1));
    assert_eq!(workers.get(&b"nobody"[..]), None);
}
