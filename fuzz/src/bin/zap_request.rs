//! ZAP requests: one that is read has all that the frames say; one that is not is denied, or gets no reply, and the reply
//! goes to whoever asked.
#![no_main]

use fuzz::{frames, measure, of_frames};
use libfuzzer_sys::fuzz_target;
use zmqx::zap::{Credentials, Reply, Request};
use zmqx::{Multipart, fuzzing};

/// The frames that the request was read from.
fn frames_of(routing_id: &[u8], request: &Request) -> Multipart {
    let head = [routing_id, b"", b"1.0", request.sequence()];
    let body = [request.domain().as_bytes(), request.address().as_bytes(), request.identity()];
    let mut frames: Multipart = head.into_iter().chain(body).collect();
    frames.push_back(request.mechanism());
    match request.credentials() {
        Credentials::Null => {}
        Credentials::Plain { username, password } => {
            frames.extend([username.as_str(), password.as_str()]);
        }
        Credentials::Curve(key) => frames.push_back(&key.as_bytes()[..]),
        Credentials::Gssapi(principal) => frames.push_back(principal.as_str()),
        other => panic!("{other:?} is no mechanism that was known here"),
    }
    frames
}

/// A reply has eight frames, and goes to whoever asked.
fn check(reply: &Multipart, request: &[&[u8]], statuses: &[&str]) {
    assert_eq!(reply.len(), 8);
    assert!(reply[0] == *request[0] && reply[1].is_empty() && reply[2] == "1.0");
    assert_eq!(reply[3], request[3]);
    assert!(statuses.iter().any(|status| reply[4] == **status), "{reply:?}");
    assert!(reply[5].len() <= 255);
}

fuzz_target!(|data: &[u8]| {
    let frames = frames(data);
    let message: Multipart = frames.iter().copied().collect();
    let (read, measured) = measure(|| fuzzing::zap_request(message.clone()));
    assert!(measured.largest <= of_frames(frames.len()).max(data.len()), "{measured:?}");
    match read {
        Ok(request) => {
            assert_eq!(frames_of(frames[0], &request), message);
            let accepted = fuzzing::zap_reply(&Reply::accept("user"), &request);
            check(&accepted.expect("well formed"), &frames, &["200"]);
        }
        Err(Some(refused)) => check(&refused, &frames, &["400", "500"]),
        Err(None) => assert!(frames.len() < 4 || !frames[1].is_empty()),
    }
});
