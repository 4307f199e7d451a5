//! `ZMsg` does what a plain list of byte strings with CZMQ's cursor does, whatever is done to both.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::collections::VecDeque;

use czmq_like::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

use common::{pair, within};

/// What can be done to one.
#[derive(Debug, Clone)]
enum Step {
    Push(Vec<u8>),
    Add(Vec<u8>),
    PushStr(String),
    AddStr(String),
    PushMem(Vec<u8>),
    AddMem(Vec<u8>),
    Pop,
    PopStr,
    Wrap(Vec<u8>),
    Unwrap,
    Remove(usize),
    First,
    Last,
    Next,
    Reset(usize, Vec<u8>),
    ResetFirst(Vec<u8>),
    ResetLast(Vec<u8>),
    AddMsg(Vec<Vec<u8>>),
    PopMsg,
    Dup,
    Encode,
    Save,
    Send,
    Collect,
}

fn frame() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => Just(Vec::new()),
        4 => vec(any::<u8>(), 0..4),
        // About what fits into a message, and about where the format of lengths changes.
        2 => vec(any::<u8>(), 30..40),
        1 => vec(any::<u8>(), 250..260),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    prop_oneof![
        3 => frame().prop_map(Push),
        3 => frame().prop_map(Add),
        2 => ".{0,4}".prop_map(PushStr),
        2 => ".{0,4}".prop_map(AddStr),
        2 => frame().prop_map(PushMem),
        2 => frame().prop_map(AddMem),
        3 => Just(Pop),
        2 => Just(PopStr),
        3 => frame().prop_map(Wrap),
        3 => Just(Unwrap),
        3 => any::<usize>().prop_map(Remove),
        2 => Just(First),
        2 => Just(Last),
        6 => Just(Next),
        2 => (any::<usize>(), frame()).prop_map(|(at, frame)| Reset(at, frame)),
        1 => frame().prop_map(ResetFirst),
        1 => frame().prop_map(ResetLast),
        1 => vec(frame(), 0..4).prop_map(AddMsg),
        1 => Just(PopMsg),
        1 => Just(Dup),
        1 => Just(Encode),
        1 => Just(Save),
        1 => Just(Send),
        1 => Just(Collect),
    ]
}

/// The model: frames, and the one that the cursor is on.
#[derive(Default)]
struct Model {
    frames: VecDeque<Vec<u8>>,
    cursor: Option<usize>,
}

impl Model {
    fn push(&mut self, frame: impl Into<Vec<u8>>) {
        self.frames.push_front(frame.into());
        self.cursor = None;
    }

    fn add(&mut self, frame: impl Into<Vec<u8>>) {
        self.frames.push_back(frame.into());
        self.cursor = None;
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        self.cursor = None;
        self.frames.pop_front()
    }

    fn unwrap(&mut self) -> Option<Vec<u8>> {
        let frame = self.pop();
        if self.frames.front().is_some_and(Vec::is_empty) {
            self.pop();
        }
        frame
    }

    fn remove(&mut self, at: usize) -> Option<Vec<u8>> {
        let frame = self.frames.remove(at)?;
        self.cursor = match self.cursor {
            Some(cursor) if cursor >= at => cursor.checked_sub(1),
            other => other,
        };
        Some(frame)
    }

    fn look(&mut self, at: Option<usize>) -> Option<Vec<u8>> {
        let frame = at.and_then(|at| self.frames.get(at)).cloned();
        self.cursor = at.filter(|_| frame.is_some());
        frame
    }
}

fn bytes(frame: Option<ZFrame>) -> Option<Vec<u8>> {
    frame.map(|frame| frame.data().to_vec())
}

fn looked(frame: Option<&ZFrame>) -> Option<Vec<u8>> {
    bytes(frame.map(ZFrame::dup))
}

/// One that others made of the frames has no cursor.
fn replace(msg: &mut ZMsg, other: ZMsg, model: &mut Model) {
    *msg = other;
    model.cursor = None;
}

/// Does the same to both, and compares what they give.
fn apply(step: Step, msg: &mut ZMsg, model: &mut Model, sockets: &(Socket<Pair>, Socket<Pair>)) {
    let len = model.frames.len();
    match step {
        Step::Push(frame) => {
            msg.push(frame.clone());
            model.push(frame);
        }
        Step::Add(frame) => {
            msg.add(ZFrame::new(&frame));
            model.add(frame);
        }
        Step::PushStr(string) => {
            msg.pushstr(&string);
            model.push(string);
        }
        Step::AddStr(string) => {
            msg.addstr(&string);
            model.add(string);
        }
        Step::PushMem(frame) => {
            msg.pushmem(&frame);
            model.push(frame);
        }
        Step::AddMem(frame) => {
            msg.addmem(&frame);
            model.add(frame);
        }
        Step::Pop => assert_eq!(bytes(msg.pop()), model.pop()),
        Step::PopStr => {
            let text = model.pop().map(|frame| String::from_utf8_lossy(&frame).into_owned());
            assert_eq!(msg.popstr(), text);
        }
        Step::Wrap(frame) => {
            msg.wrap(&frame);
            model.push([]);
            model.push(frame);
        }
        Step::Unwrap => assert_eq!(bytes(msg.unwrap()), model.unwrap()),
        Step::Remove(at) => {
            let at = at % (len + 1);
            assert_eq!(bytes(msg.remove(at)), model.remove(at));
        }
        Step::First => assert_eq!(looked(msg.first()), model.look(Some(0))),
        Step::Last => assert_eq!(looked(msg.last()), model.look(len.checked_sub(1))),
        Step::Next => {
            let next = model.cursor.map_or(0, |cursor| cursor + 1);
            assert_eq!(looked(msg.next()), model.look(Some(next)));
        }
        Step::Reset(at, frame) if len > 0 => {
            msg[at % len].reset(frame.clone());
            model.frames[at % len] = frame;
        }
        Step::Reset(..) => {}
        Step::ResetFirst(frame) => {
            let reset = msg.first_mut().map(|first| first.reset(frame.clone()));
            assert_eq!(reset.is_some(), model.look(Some(0)).is_some());
            model.frames.iter_mut().take(1).for_each(|first| *first = frame.clone());
        }
        Step::ResetLast(frame) => {
            let reset = msg.last_mut().map(|last| last.reset(frame.clone()));
            assert_eq!(reset.is_some(), model.look(len.checked_sub(1)).is_some());
            model.frames.iter_mut().rev().take(1).for_each(|last| *last = frame.clone());
        }
        Step::AddMsg(frames) => {
            let inner = ZMsg::from(frames);
            model.add(inner.encode());
            msg.addmsg(inner);
        }
        Step::PopMsg => {
            let inner = model.pop().and_then(|frame| ZMsg::decode(&frame).ok());
            assert_eq!(msg.popmsg(), inner);
        }
        Step::Dup => {
            let copy = msg.dup();
            assert_eq!(copy, *msg);
            replace(msg, copy, model);
        }
        Step::Encode => replace(msg, ZMsg::decode(&msg.encode()).unwrap(), model),
        Step::Save => {
            let mut file = Vec::new();
            msg.save(&mut file).unwrap();
            replace(msg, ZMsg::load(&file[..]).unwrap(), model);
        }
        Step::Send => {
            std::mem::take(msg).send(&sockets.0).unwrap();
            let received = ZMsg::recv_nowait(&sockets.1);
            assert_eq!(received.is_ok(), len > 0);
            replace(msg, received.unwrap_or_default(), model);
        }
        Step::Collect => {
            let frames: Vec<ZFrame> = std::mem::take(msg).into_iter().rev().collect();
            replace(msg, frames.into_iter().rev().collect(), model);
        }
    }
}

#[test]
fn it_does_what_a_list_of_byte_strings_does() {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    within(move || {
        proptest!(config, |(steps in vec(step(), 0..100))| {
            let (mut msg, mut model, sockets) = (ZMsg::new(), Model::default(), pair());
            for step in steps {
                apply(step, &mut msg, &mut model, &sockets);
                prop_assert_eq!(msg.size(), model.frames.len());
                let content = model.frames.iter().map(Vec::len).sum::<usize>();
                prop_assert_eq!(msg.content_size(), content);
                prop_assert!(msg.iter().eq(model.frames.iter()));
            }
        });
    });
}
