//! `ZMsg::decode`: what is a message decodes to frames that encode to no more bytes, and to the same frames again; what is
//! none costs nothing but the error.
#![no_main]

use czmq_like::{ErrorKind, ZMsg};
use fuzz::{ERROR, measure, of_frames};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (decoded, measured) = measure(|| ZMsg::decode(data));
    match decoded {
        Ok(msg) => {
            assert!(measured.largest <= of_frames(msg.size()), "{measured:?}");
            let encoded = msg.encode();
            assert!(encoded.len() <= data.len());
            assert_eq!(ZMsg::decode(&encoded).ok(), Some(msg));
        }
        Err(error) => {
            assert!(measured.largest <= ERROR, "{measured:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
});
