//! What the fuzz targets have in common: how bytes are taken for frames, and how much may be allocated for them.
//!
//! A target is a file of `src/bin/`, and its seeds are a folder of the same name in `seeds/`; `ci/fuzz` builds and runs
//! all that are there. They are built with `--cfg fuzzing`, which opens doors to the parsers behind the API.

#[global_allocator]
static ALLOCATOR: testing::Measuring = testing::Measuring;

pub use testing::measure;

/// The most that an error may allocate at once, for its text. The bytes that it is about are not in it.
pub const ERROR: usize = 256;

/// The most that a message of so many frames may allocate at once: a buffer of twice as many, each of 64 bytes, and some.
pub fn of_frames(count: usize) -> usize {
    64 * (2 * count + 16)
}

/// Takes bytes for frames, each with its length in a byte before it. The last one may be cut short.
pub fn frames(mut data: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    while let Some((len, rest)) = data.split_first() {
        let (frame, rest) = rest.split_at(rest.len().min(usize::from(*len)));
        frames.push(frame);
        data = rest;
    }
    frames
}
