//! Multiparts that nobody should send: right ones that were changed, and wrong ones from the start.

use std::time::Duration;

use super::faults::{Random, with_seeds};
use super::is_long;

/// How long a body may take beyond the time that frames are thrown at it.
const SLACK: Duration = Duration::from_secs(120);

/// Runs a test's body for one seed, and tells it how long to throw frames: 2 seconds, or a minute in a long run.
pub(crate) fn with_frames(
    body: impl FnOnce(&mut Random, Duration) -> zmqx::Result<()> + Send + 'static,
) {
    let span = Duration::from_secs(if is_long() { 60 } else { 2 });
    testing::within(span + SLACK, move || {
        let mut body = Some(body);
        with_seeds(|random| {
            // One minute is enough of it: not one for each seed.
            if let Some(body) = body.take() {
                body(random, span).expect("what is normal works");
            }
        });
    });
}

/// Makes one, from one of the right ones or from nothing. It may happen to be right.
pub(crate) fn mangle(random: &mut Random, right: &[&[&[u8]]]) -> Vec<Vec<u8>> {
    let mut frames: Vec<Vec<u8>> = match random.below(8) {
        0 => (0..random.below(8)).map(|_| noise(random)).collect(),
        _ => right[random.below(right.len())].iter().map(|frame| frame.to_vec()).collect(),
    };
    for _ in 0..random.below(4) {
        change(random, &mut frames);
    }
    // A message has a frame at least.
    if frames.is_empty() {
        frames.push(noise(random));
    }
    frames
}

/// Changes frames at one place.
fn change(random: &mut Random, frames: &mut Vec<Vec<u8>>) {
    let at = random.below(frames.len() + 1);
    let Some(frame) = frames.get_mut(at) else {
        return frames.push(noise(random));
    };
    match random.below(8) {
        0 => drop(frames.remove(at)),
        1 => frames.insert(at, noise(random)),
        2 => frames.insert(at, Vec::new()),
        3 => {
            let twin = frame.clone();
            frames.insert(at, twin);
        }
        4 => frames.truncate(at),
        5 => frame.truncate(random.below(frame.len() + 1)),
        6 => frame.extend(noise(random)),
        _ => {
            if let Some(byte) = frame.first_mut() {
                *byte ^= 1 << random.below(8);
            }
        }
    }
}

/// A frame of random bytes, mostly short.
fn noise(random: &mut Random) -> Vec<u8> {
    let limit = [1, 2, 8, 300, 70_000][random.below(5)];
    (0..random.below(limit)).map(|_| random.bits().to_le_bytes()[0]).collect()
}
