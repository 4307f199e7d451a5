//! `ZMsg::load`: what it loads is saved as the very bytes; what it does not load costs no more than to read it.
#![no_main]

use czmq_like::{ErrorKind, ZMsg};
use fuzz::{ERROR, measure, of_frames};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (loaded, measured) = measure(|| ZMsg::load(data));
    // A buffer that grows as the file is read.
    let read = 2 * data.len() + 64;
    match loaded {
        Ok(msg) => {
            assert!(measured.largest <= of_frames(msg.size()).max(read), "{measured:?}");
            let mut saved = Vec::new();
            msg.save(&mut saved).expect("a Vec takes it");
            assert_eq!(saved, data);
        }
        Err(error) => {
            assert!(measured.largest <= read.max(ERROR), "{measured:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
});
