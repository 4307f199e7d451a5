//! `Multipart`, whose frames lie in a buffer of our own, does what a `VecDeque` does, whatever is done to it.
#![no_main]

use std::collections::VecDeque;

use libfuzzer_sys::fuzz_target;
use zmqx::{Message, Multipart};

/// A frame by its number: each length that libzmq holds in another way is among them.
fn frame(number: u8) -> Vec<u8> {
    vec![number; [0, 1, 33, 34, 300][usize::from(number) % 5]]
}

fuzz_target!(|data: &[u8]| {
    let (mut ours, mut model) = (Multipart::new(), VecDeque::<Vec<u8>>::new());
    for pair in data.chunks_exact(2) {
        let (action, number) = (pair[0] % 10, pair[1]);
        let index = usize::from(number);
        let taken = |message: Option<Message>| message.map(|message| message.to_vec());
        match action {
            0 | 1 => {
                ours.push_back(frame(number));
                model.push_back(frame(number));
            }
            2 | 3 => {
                ours.push_front(frame(number));
                model.push_front(frame(number));
            }
            4 => assert_eq!(taken(ours.pop_front()), model.pop_front()),
            5 => assert_eq!(taken(ours.pop_back()), model.pop_back()),
            6 => assert_eq!(taken(ours.remove(index)), model.remove(index)),
            7 => {
                ours.insert(index, frame(number));
                model.insert(index.min(model.len()), frame(number));
            }
            8 => ours = std::mem::take(&mut ours).into_iter().collect(),
            _ if number == 0 => {
                ours.clear();
                model.clear();
            }
            _ => ours = ours.clone(),
        }
        assert!(ours.iter().eq(model.iter()));
    }
    // What is left goes from both ends.
    let mut left = ours.into_iter();
    while let Some(front) = model.pop_front() {
        assert_eq!(left.next().as_deref(), Some(&front[..]));
        assert_eq!(left.next_back().map(|back| back.to_vec()), model.pop_back());
    }
    assert!(left.next().is_none());
});
