//! Gossip frames: one that is taken is the very frame that its message is written as, and costs no more memory than it
//! has bytes.
#![no_main]

use czmq_like::{ErrorKind, ZGossipMsg};
use fuzz::{ERROR, measure};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (decoded, measured) = measure(|| ZGossipMsg::decode(data));
    assert!(measured.largest <= data.len().max(ERROR), "{measured:?}");
    match decoded {
        Ok(msg) => {
            assert_eq!(msg.encode().expect("what was decoded"), data);
            assert!(!msg.command().is_empty());
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
    }
});
