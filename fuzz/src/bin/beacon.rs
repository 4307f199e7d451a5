//! ZRE beacons: one that is taken is the very bytes that it is written as, and all that have that form are.
#![no_main]

use czmq_like::{ErrorKind, ZreBeacon};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let is_beacon = data.len() == ZreBeacon::LEN && data.starts_with(&ZreBeacon::HEADER);
    match ZreBeacon::decode(data) {
        Ok(beacon) => {
            assert!(is_beacon);
            assert_eq!(beacon.encode(), data);
        }
        Err(error) => {
            assert!(!is_beacon);
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
});
