//! Those that are ready in a `Poller` take turns, in the order in which they came, whatever comes and goes beside them.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

mod common;

use std::collections::VecDeque;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use zmqx::{Context, PollEvents, Poller, Pull, Push};

use common::connected;

/// The sockets' numbers, which are their keys: those that are always ready, idle ones, and idle ones that have to be
/// asked each time.
const READY: usize = 4;
const IDLE: usize = 3;
const EXPOSED: usize = 2;
const ALL: usize = READY + IDLE + EXPOSED;

#[derive(Debug, Clone)]
enum Step {
    /// Registers the socket of this number, or takes it out.
    Toggle(usize),
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![2 => (0..ALL).prop_map(Step::Toggle), 3 => Just(Step::Wait)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn it_tells_of_them_in_the_order_of_a_plain_queue(steps in vec(step(), 0..150)) {
        let ctx = Context::new().unwrap();
        let pairs: Vec<_> = (0..ALL).map(|_| connected(&ctx, Pull, Push)).collect();
        for (number, (socket, peer)) in pairs.iter().enumerate() {
            if number < READY {
                peer.send("stays").unwrap();
            } else if number >= READY + IDLE {
                socket.as_raw();
            }
        }
        let mut poller = Poller::new().unwrap();
        let mut registered = [false; ALL];
        let mut model = VecDeque::new();
        for step in steps {
            match step {
                Step::Toggle(number) if registered[number] => {
                    registered[number] = false;
                    poller.remove(number).unwrap();
                    model.retain(|ready| *ready != number);
                }
                Step::Toggle(number) => {
                    registered[number] = true;
                    poller.add(&pairs[number].0, number, PollEvents::IN).unwrap();
                    if number < READY {
                        model.push_back(number);
                    }
                }
                Step::Wait => {
                    let ready = poller.wait(Some(Duration::ZERO)).unwrap().map(|ready| ready.key());
                    prop_assert_eq!(ready, model.front().copied());
                    if !model.is_empty() {
                        model.rotate_left(1);
                    }
                }
            }
        }
    }
}
