//! ZAP replies of any text, user id and properties: one that is made can be read again, and says what it was given; one
//! that libzmq would take amiss is not made.
#![no_main]

use fuzz::frames;
use libfuzzer_sys::fuzz_target;
use zmqx::zap::{Reply, Request};
use zmqx::{ErrorKind, fuzzing};

const RESERVED: [&str; 4] = ["user-id", "socket-type", "identity", "peer-address"];

/// The properties, as libzmq reads them: a name with its length in a byte, and a value with its own in four.
fn properties(mut metadata: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut properties = Vec::new();
    while let Some((len, rest)) = metadata.split_first() {
        let (name, rest) = rest.split_at(usize::from(*len));
        let (len, rest) = rest.split_first_chunk().expect("a length of four bytes");
        let (value, rest) = rest.split_at(u32::from_be_bytes(*len) as usize);
        properties.push((name, value));
        metadata = rest;
    }
    properties
}

fn request() -> Request {
    let frames = ["client", "", "1.0", "7", "domain", "127.0.0.1", "", "NULL"];
    fuzzing::zap_request(frames.into()).expect("a request")
}

fuzz_target!(|data: &[u8]| {
    let texts: Vec<_> = frames(data).into_iter().map(String::from_utf8_lossy).collect();
    let [text, user_id, given @ ..] = &texts[..] else { return };
    let user = Reply::accept(user_id.clone());
    let mut replies = [user, Reply::deny(text.clone()), Reply::temporary_error(text.clone())];
    for reply in &mut replies {
        for pair in given.chunks_exact(2) {
            *reply = reply.clone().metadata(pair[0].clone(), pair[1].clone());
        }
        match fuzzing::zap_reply(reply, &request()) {
            Ok(frames) => {
                assert!(frames.len() == 8 && frames[3] == "7" && frames[5].len() <= 255);
                assert_eq!(frames[4], reply.status().to_string());
                assert!(!frames[6].contains(&0));
                let read = properties(&frames[7]);
                let given =
                    given.chunks_exact(2).map(|pair| (pair[0].as_bytes(), pair[1].as_bytes()));
                assert!(read.iter().copied().eq(given));
                for (name, value) in read {
                    assert!((1..=255).contains(&name.len()) && !value.contains(&0));
                    let name = String::from_utf8_lossy(name).to_lowercase();
                    assert!(!RESERVED.contains(&&*name));
                }
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidInput),
        }
    }
});
