//! What is no message is an error of decode and load, and costs no more memory than its bytes have.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use std::fs::File;
use std::io::{self, Read};

use czmq_like::prelude::*;
use czmq_like::{Error, Result};
use proptest::collection::vec;
use proptest::prelude::*;
use testing::{Measured, Measuring, measure};

#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

/// What the text and the box of an error may take beside the input.
const ERROR: usize = 200;

/// Sees that it is an error, which takes no allocation that is larger than the input.
///
/// What libzmq allocates is not measured: a frame is copied from the bytes that are there.
fn is_refused(input: &[u8], read: impl FnOnce() -> Result<ZMsg>) {
    let (read, Measured { largest, .. }) = measure(read);
    let error: Error = read.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(largest <= input.len().max(ERROR), "{largest} bytes at once for {}", input.len());
}

/// Sees that neither takes it.
fn is_no_encoded_message(input: &[u8]) {
    is_refused(input, || ZMsg::decode(input));
}

fn is_no_saved_message(input: &[u8]) {
    is_refused(input, || ZMsg::load(input));
}

fn saved(msg: &ZMsg) -> Vec<u8> {
    let mut file = Vec::new();
    msg.save(&mut file).unwrap();
    file
}

fn sample() -> ZMsg {
    ZMsg::from([vec![], vec![1; 10], vec![2; 254], vec![3; 255], vec![4; 70_000]])
}

#[test]
fn the_largest_allocation_is_measured() {
    let (_, measured) = measure(|| (vec![0_u8; 5000], vec![0_u8; 50]));
    assert_eq!(measured, Measured { count: 2, largest: 5000 });
}

#[test]
fn every_truncation_of_an_encoded_message_is_a_shorter_message_or_an_error() {
    let encoded = sample().encode();
    // Where each frame ends.
    let ends = [0, 1, 12, 267, 527, encoded.len()];
    for len in (0..600).chain(encoded.len() - 10..=encoded.len()) {
        match ends.iter().position(|end| *end == len) {
            Some(frames) => assert_eq!(ZMsg::decode(&encoded[..len]).unwrap().size(), frames),
            None => is_no_encoded_message(&encoded[..len]),
        }
    }
}

#[test]
fn every_truncation_of_a_saved_message_is_a_shorter_message_or_an_error() {
    const LEN: usize = size_of::<usize>();
    let file = saved(&sample());
    let ends = [0, LEN, 2 * LEN + 10, 3 * LEN + 264, 4 * LEN + 519, file.len()];
    for len in (0..600).chain(file.len() - 10..=file.len()) {
        match ends.iter().position(|end| *end == len) {
            Some(frames) => assert_eq!(ZMsg::load(&file[..len]).unwrap().size(), frames),
            None => is_no_saved_message(&file[..len]),
        }
    }
}

#[test]
fn lengths_beyond_the_end_are_errors_however_large() {
    is_no_encoded_message(b"\x01");
    is_no_encoded_message(b"\xFE");
    is_no_encoded_message(b"\x05Hell");
    is_no_encoded_message(b"\xFF\0\0\0");
    for len in [5, 255, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
        is_no_encoded_message(&[&[0xFF][..], &len.to_be_bytes(), b"data"].concat());
        is_no_encoded_message(&[b"\0\x01a\xFF", &len.to_be_bytes()[..]].concat());
    }
    for len in [1, 5, 1 << 31, isize::MAX.unsigned_abs(), usize::MAX - 7, usize::MAX] {
        is_no_saved_message(&len.to_ne_bytes());
        is_no_saved_message(&[&len.to_ne_bytes()[..], &b"data"[..len.min(5) - 1]].concat());
    }
}

#[test]
fn what_trails_a_message_is_an_error() {
    let rubbish = [0xFF, b'x'];
    is_no_encoded_message(&[&sample().encode()[..], &rubbish].concat());
    is_no_saved_message(&[&saved(&sample())[..], &rubbish].concat());
    // Read as frames of no bytes, of which there are many, until the end.
    let mut many = vec![0; 100_000];
    many.push(1);
    is_no_encoded_message(&many);
    is_no_saved_message(&many);
}

#[test]
fn what_was_read_of_a_file_is_not_asked_for_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("zmsg");
    let file = [&saved(&sample())[..], &usize::MAX.to_ne_bytes(), b"x"].concat();
    std::fs::write(&path, &file).unwrap();
    is_refused(&file, || ZMsg::load(File::open(&path).unwrap()));
    is_refused(&file, || ZMsg::load(io::BufReader::with_capacity(100, File::open(&path).unwrap())));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    assert_eq!(ZMsg::load(Broken).unwrap_err().kind(), ErrorKind::PermissionDenied);
    let begun = saved(&sample()).len() - 1;
    let broken = ZMsg::load(saved(&sample())[..begun].chain(Broken));
    assert_eq!(broken.unwrap_err().kind(), ErrorKind::PermissionDenied);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_are_a_message_or_an_error(
        data in vec(prop_oneof![Just(0), Just(0xFF), 0_u8..5, any::<u8>()], 0..200),
    ) {
        match ZMsg::decode(&data) {
            // Lengths are not always the shortest.
            Ok(msg) => prop_assert!(msg.encode().len() <= data.len()),
            Err(_) => is_no_encoded_message(&data),
        }
        match ZMsg::load(&data[..]) {
            Ok(msg) => prop_assert_eq!(saved(&msg), data),
            Err(_) => is_no_saved_message(&data),
        }
    }

    #[test]
    fn a_message_with_a_byte_changed_is_a_message_or_an_error(at in any::<usize>(), to in any::<u8>()) {
        let (mut encoded, mut file) = (sample().encode(), saved(&sample()));
        let (at_encoded, at_file) = (at % encoded.len().min(600), at % file.len().min(600));
        encoded[at_encoded] = to;
        file[at_file] = to;
        if ZMsg::decode(&encoded).is_err() {
            is_no_encoded_message(&encoded);
        }
        if ZMsg::load(&file[..]).is_err() {
            is_no_saved_message(&file);
        }
    }
}
