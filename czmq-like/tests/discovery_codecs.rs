//! The bytes of ZRE's beacons; what is none is an error.
#![allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]

use czmq_like::ZreBeacon;
use proptest::collection::vec;
use proptest::prelude::*;

#[test]
fn a_beacon_of_zre_has_its_bytes() {
    let beacon = ZreBeacon { uuid: *b"0123456789abcdef", port: 0x1234 };
    assert_eq!(&beacon.encode(), b"ZRE\x010123456789abcdef\x12\x34");
    assert_eq!(ZreBeacon::decode(&beacon.encode()).unwrap(), beacon);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_beacon_of_zre_or_an_error(
        head in prop_oneof![Just(b"ZRE\x01".to_vec()), vec(any::<u8>(), 0..5)],
        rest in vec(any::<u8>(), 16..21),
    ) {
        let bytes = [head, rest].concat();
        match ZreBeacon::decode(&bytes) {
            Ok(beacon) => prop_assert_eq!(beacon.encode().to_vec(), bytes),
            Err(_) => prop_assert!(bytes.len() != ZreBeacon::LEN || bytes[..4] != ZreBeacon::HEADER),
        }
    }
}
