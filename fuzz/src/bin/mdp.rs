//! MDP/0.1: a broker takes any messages, of any peers in any order, and keeps its books straight; a worker takes for a
//! command what is one.
#![no_main]

use std::cell::RefCell;

use czmq_like::ZMsg;
use fuzz::frames;
use guide::mdbroker::Broker;
use guide::mdp::{MDPW_REQUEST, MDPW_WORKER};
use libfuzzer_sys::fuzz_target;

thread_local! {
    /// One for all, as a context takes threads and descriptors.
    static BROKER: RefCell<Broker> = RefCell::new(Broker::new(false).expect("a context"));
}

fuzz_target!(|data: &[u8]| {
    // Messages, each behind its number of frames.
    let all = frames(data);
    let mut rest = &all[..];
    BROKER.with_borrow_mut(|broker| {
        while let Some((count, frames)) = rest.split_first() {
            let count = count.first().map_or(0, |count| usize::from(*count) % 8);
            let (frames, after) = frames.split_at(frames.len().min(count));
            rest = after;
            let message: ZMsg = frames.iter().copied().collect();
            let mut body = message.clone();
            if let Some(command) = guide::fuzzing::worker_command(&mut body) {
                assert!(
                    message[0].is_empty() && message[1] == MDPW_WORKER && message[2] == command
                );
                assert_eq!(body.size(), message.size() - 3);
                assert!(command != MDPW_REQUEST || (body.size() >= 3 && body[1].is_empty()));
            }
            broker.take(message).expect("a broker goes on");
            broker.check();
        }
        broker.forget();
        broker.check();
    });
});
