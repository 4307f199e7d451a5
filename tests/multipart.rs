//! `Multipart`: it does what a plain `VecDeque` of byte strings does, and goes over a socket as it is.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;
use zmqx::{Context, Message, Multipart, Pair, Pull, Push, Socket};

use common::{SOON, TCP, connected, connected_over, within};

/// What can be done to one.
#[derive(Debug, Clone)]
enum Step {
    PushBack(Vec<u8>),
    PushFront(Vec<u8>),
    PopBack,
    PopFront,
    Insert(usize, Vec<u8>),
    Remove(usize),
    Clear,
    Extend(Vec<Vec<u8>>),
    RotateLeft(usize),
    Swap(usize, usize),
    Replace(usize, Vec<u8>),
    Clone,
    MoveToThread,
    Send,
    ReceiveOver(Vec<Vec<u8>>),
    CollectAgain(Vec<bool>),
}

/// The bytes of the frames that have an owner, which is to go with its frame.
const OWNED: usize = 300;

/// An owner, which is counted.
struct Owner(Vec<u8>, #[allow(dead_code, reason = "it is to be dropped")] Arc<()>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Where messages go to and fro, and what counts the owners.
struct World {
    sink: Socket<Pull>,
    source: Socket<Push>,
    owners: Arc<()>,
}

impl World {
    fn new() -> Self {
        let (sink, source) = connected(&Context::new().unwrap(), Pull, Push);
        Self { sink, source, owners: Arc::default() }
    }

    fn message(&self, frame: &[u8]) -> Message {
        match frame.len() {
            OWNED => Message::from_owner(Owner(frame.to_vec(), Arc::clone(&self.owners))),
            _ => Message::from(frame),
        }
    }

    /// How many owners there are.
    fn owners(&self) -> usize {
        Arc::strong_count(&self.owners) - 1
    }
}

fn frame() -> impl Strategy<Value = Vec<u8>> {
    // Inside the message, in a buffer of libzmq's, and in one of its own.
    prop_oneof![vec(any::<u8>(), 0..4), vec(any::<u8>(), 30..40), vec(any::<u8>(), OWNED)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => frame().prop_map(Step::PushBack),
        8 => frame().prop_map(Step::PushFront),
        4 => Just(Step::PopBack),
        4 => Just(Step::PopFront),
        3 => (any::<usize>(), frame()).prop_map(|(at, frame)| Step::Insert(at, frame)),
        3 => any::<usize>().prop_map(Step::Remove),
        1 => Just(Step::Clear),
        2 => vec(frame(), 0..20).prop_map(Step::Extend),
        2 => any::<usize>().prop_map(Step::RotateLeft),
        2 => any::<(usize, usize)>().prop_map(|(a, b)| Step::Swap(a, b)),
        2 => (any::<usize>(), frame()).prop_map(|(at, frame)| Step::Replace(at, frame)),
        1 => Just(Step::Clone),
        1 => Just(Step::MoveToThread),
        1 => Just(Step::Send),
        2 => vec(frame(), 1..20).prop_map(Step::ReceiveOver),
        1 => vec(any::<bool>(), 0..40).prop_map(Step::CollectAgain),
    ]
}

/// Does the same to both, and compares what they give.
fn apply(step: Step, message: &mut Multipart, model: &mut VecDeque<Vec<u8>>, world: &World) {
    match step {
        Step::PushBack(frame) => {
            message.push_back(world.message(&frame));
            model.push_back(frame);
        }
        Step::PushFront(frame) => {
            message.push_front(world.message(&frame));
            model.push_front(frame);
        }
        Step::PopBack => assert_same(message.pop_back(), model.pop_back()),
        Step::PopFront => assert_same(message.pop_front(), model.pop_front()),
        Step::Insert(at, frame) => {
            let at = at % (model.len() + 1);
            message.insert(at, world.message(&frame));
            model.insert(at, frame);
        }
        Step::Remove(at) => {
            let at = at % (model.len() + 1);
            assert_same(message.remove(at), model.remove(at));
        }
        Step::Clear => {
            message.clear();
            model.clear();
        }
        Step::Extend(frames) => {
            message.extend(frames.iter().map(|frame| world.message(frame)));
            model.extend(frames);
        }
        Step::RotateLeft(by) => {
            let by = by % (model.len() + 1);
            message.rotate_left(by);
            model.rotate_left(by);
        }
        Step::Swap(a, b) if !model.is_empty() => {
            let (a, b) = (a % model.len(), b % model.len());
            message.swap(a, b);
            model.swap(a, b);
        }
        Step::Replace(at, frame) if !model.is_empty() => {
            let at = at % model.len();
            message[at] = world.message(&frame);
            model[at] = frame;
        }
        Step::Swap(..) | Step::Replace(..) => {}
        Step::Clone => {
            let copy = message.clone();
            assert_eq!(copy, *message);
            *message = copy;
        }
        Step::MoveToThread => {
            // It comes back in another buffer, and its own goes with that thread.
            let moved = std::mem::take(message);
            *message = thread::spawn(move || moved.into_iter().collect()).join().unwrap();
        }
        Step::Send => {
            if model.is_empty() {
                return;
            }
            world.source.send_multipart(std::mem::take(message)).unwrap();
            *message = world.sink.recv_multipart().unwrap();
        }
        Step::ReceiveOver(frames) => {
            let other: Multipart = frames.iter().map(|frame| world.message(frame)).collect();
            world.source.send_multipart(other).unwrap();
            world.sink.recv_multipart_into(message).unwrap();
            *model = frames.into();
        }
        Step::CollectAgain(ends) => {
            let mut frames = std::mem::take(message).into_iter();
            let (mut front, mut back) = (Multipart::new(), Multipart::new());
            for from_front in ends {
                assert_eq!(frames.len(), frames.size_hint().0);
                if from_front {
                    front.extend(frames.next());
                } else if let Some(frame) = frames.next_back() {
                    back.push_front(frame);
                }
            }
            front.extend(frames);
            front.extend(back);
            *message = front;
        }
    }
}

fn assert_same(popped: Option<Message>, expected: Option<Vec<u8>>) {
    assert_eq!(popped.map(|frame| frame.to_vec()), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn it_does_what_a_plain_queue_does(steps in vec(step(), 0..120)) {
        let world = World::new();
        let (mut message, mut model) = (Multipart::new(), VecDeque::new());
        for step in steps {
            apply(step, &mut message, &mut model, &world);
            prop_assert_eq!(message.len(), model.len());
            prop_assert_eq!(message.is_empty(), model.is_empty());
            prop_assert!(message.iter().eq(model.iter()), "{:?} is not {:?}", message, model);
            // A clone has copied its bytes, and has none.
            prop_assert!(world.owners() <= model.iter().filter(|frame| frame.len() == OWNED).count());
        }
        drop(message);
        prop_assert_eq!(world.owners(), 0);
    }
}

#[test]
fn it_is_one_word() {
    assert_eq!(size_of::<Multipart>(), size_of::<usize>());
}

#[test]
fn an_empty_one_has_nothing_to_give() {
    let mut message = Multipart::new();
    assert!(message.is_empty());
    assert_eq!(message.first(), None);
    assert_eq!((message.pop_front(), message.pop_back()), (None, None));
    assert_eq!(message.remove(0), None);
    assert_eq!(message.iter().count(), 0);
    assert_eq!(message, Multipart::default());
    assert_eq!(message, [""; 0]);
    message.clear();
    assert_eq!(Multipart::new().into_iter().next_back(), None);
}

#[test]
fn it_is_made_of_arrays_vectors_messages_and_iterators() {
    let expected = ["a", "b"];
    assert_eq!(Multipart::from(["a", "b"]), expected);
    assert_eq!(Multipart::from([b"a", b"b"]), expected);
    assert_eq!(Multipart::from(vec!["a".to_owned(), "b".to_owned()]), expected);
    assert_eq!(Multipart::from([Message::from("a"), Message::from("b")]), expected);
    assert_eq!(["a", "b"].into_iter().collect::<Multipart>(), expected);
    assert_eq!(Multipart::from(Message::from("a")), ["a"]);
    assert_eq!(expected.map(Message::from)[..], *Multipart::from(expected));
}

#[test]
fn frames_can_be_indexed_and_replaced() {
    let mut message = Multipart::from(["a", "b", "c"]);
    assert_eq!(message[1], "b");
    assert_eq!(message[1..], ["b", "c"]);
    message[1] = "B".into();
    for frame in &mut message {
        *frame = Message::from(frame.to_ascii_lowercase());
    }
    message.reverse();
    assert_eq!(message, ["c", "b", "a"]);
    let [last, rest @ ..] = &message[..] else { unreachable!() };
    assert_eq!((last.as_str(), rest.len()), (Ok("c"), 2));
}

#[test]
fn insert_beyond_the_end_puts_behind_the_last() {
    let mut message = Multipart::from(["a"]);
    message.insert(100, "b");
    message.insert(usize::MAX, "c");
    assert_eq!(message, ["a", "b", "c"]);
    assert_eq!(message.remove(3), None);
    assert_eq!(message.remove(usize::MAX), None);
}

#[test]
fn it_grows_at_both_ends() {
    for count in [1, 3, 4, 5, 11, 12, 13, 15, 16, 17, 500] {
        let mut message = Multipart::new();
        for number in 0..count {
            message.push_front(number.to_string());
            message.push_back(number.to_string());
        }
        assert_eq!(message.len(), 2 * count);
        for number in (0..count).rev() {
            assert_eq!(message.pop_front().unwrap(), number.to_string());
            assert_eq!(message.pop_back().unwrap(), number.to_string());
        }
        assert!(message.is_empty());
    }
}

/// A queue that goes round in its buffer neither grows nor loses anything.
#[test]
fn pushing_behind_and_popping_in_front_goes_on_for_ever() {
    for (kept, rounds) in [(0, 1000), (7, 1000), (16, 1000), (100, 10_000)] {
        let mut message: Multipart = (0..kept).map(|number: usize| number.to_string()).collect();
        for number in kept..rounds {
            message.push_back(number.to_string());
            assert_eq!(message.pop_front().unwrap(), (number - kept).to_string());
        }
        for number in (0..rounds).rev() {
            message.push_front(number.to_string());
            assert!(message.pop_back().is_some());
        }
        assert_eq!(message.len(), kept);
    }
}

#[test]
fn iteration_goes_from_both_ends_and_may_stop_anywhere() {
    for (front, back) in [(0, 0), (1, 0), (0, 1), (10, 10), (19, 1), (5, 5)] {
        let message: Multipart = (0..20).map(|number| number.to_string()).collect();
        let mut frames = message.into_iter();
        for number in 0..front {
            assert_eq!(frames.next().unwrap(), number.to_string());
        }
        for number in (20 - back..20).rev() {
            assert_eq!(frames.next_back().unwrap(), number.to_string());
        }
        assert_eq!(frames.len(), 20 - front - back);
    }
}

#[test]
fn debug_lists_the_frames() {
    let message = Multipart::from([&b"\0\x01"[..], b"", b"Hello"]);
    assert_eq!(format!("{message:?}"), r#"[[002] 0001, [000] "", [005] "Hello"]"#);
}

#[test]
fn clone_copies_the_bytes_of_every_frame() {
    let message = Multipart::from([vec![7; 100], vec![8; 200]]);
    let copy = message.clone();
    assert_eq!(copy, message);
    assert!(copy.iter().zip(&message).all(|(copy, frame)| copy.as_ptr() != frame.as_ptr()));
}

#[test]
fn it_may_be_dropped_on_another_thread() {
    // More than a thread keeps, in both directions.
    let messages: Vec<_> = (0..100).map(|_| Multipart::from([vec![7; 100], vec![]])).collect();
    let back = thread::spawn(move || {
        drop(messages);
        (0..100).map(|_| Multipart::from(["a", "b"])).collect::<Vec<_>>()
    });
    assert!(back.join().unwrap().iter().all(|message| *message == ["a", "b"]));
}

/// A thread's last things are dropped after what this crate keeps for it.
#[test]
fn it_may_be_dropped_and_made_while_its_thread_ends() {
    struct AtTheEnd(Multipart);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            self.0.push_back("behind");
            let more: Multipart = (0..40).map(|number| number.to_string()).collect();
            assert_eq!((self.0.len(), more.len()), (2, 40));
        }
    }
    thread_local! {
        static KEPT: std::cell::RefCell<Vec<AtTheEnd>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    thread::spawn(|| {
        // Registered before the buffers' own, and so dropped after it.
        KEPT.with_borrow_mut(Vec::clear);
        let kept = (0..20).map(|_| AtTheEnd(Multipart::from(["kept"]))).collect();
        KEPT.set(kept);
    })
    .join()
    .unwrap();
}

#[test]
fn ten_thousand_frames_come_as_they_were_sent() {
    within(SOON, || {
        let ctx = Context::new().unwrap();
        for endpoint in [TCP, &common::inproc()] {
            let (sink, source) = connected_over(&ctx, endpoint, Pair, Pair);
            let message: Multipart = (0..10_000).map(|number| number.to_string()).collect();
            source.send_multipart(message).unwrap();
            let received = sink.recv_multipart().unwrap();
            assert_eq!(received.len(), 10_000);
            for (number, frame) in received.iter().enumerate() {
                assert_eq!(*frame, number.to_string());
                assert_eq!(frame.has_more(), number < 9_999);
            }
        }
    });
}
