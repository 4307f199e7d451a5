//! Monitor frames: those that have libzmq's form, of version 1 or 2, are an event that tells what they say; all others are
//! an error.
#![no_main]

use fuzz::{ERROR, frames, measure};
use libfuzzer_sys::fuzz_target;
use zmqx::{ErrorKind, Message, fuzzing};

/// What the frames say, if anything: the first value, and the endpoints.
fn read(frames: &[Message]) -> Option<(u64, Vec<String>)> {
    let text = |frame: &Message| frame.to_string_lossy().into_owned();
    let number = |frame: &Message| Some(u64::from_ne_bytes(frame[..].try_into().ok()?));
    match frames {
        [head, endpoint] if head.len() == 6 => {
            let value = u32::from_ne_bytes(head[2..].try_into().ok()?);
            Some((value.into(), vec![text(endpoint)]))
        }
        [kind, count, values @ .., local, remote] => {
            number(kind)?;
            let values: Vec<u64> = values.iter().map(number).collect::<Option<_>>()?;
            let first = values.first().copied().unwrap_or_default();
            let is_count = number(count)? == values.len() as u64;
            is_count.then(|| (first, vec![text(local), text(remote)]))
        }
        _ => None,
    }
}

fuzz_target!(|data: &[u8]| {
    let frames: Vec<Message> = frames(data).into_iter().map(Message::from).collect();
    let (event, measured) = measure(|| fuzzing::event(&frames));
    match event {
        Ok(event) => {
            let (value, endpoints) = read(&frames).expect("what was taken for an event");
            // What is not UTF-8 takes three bytes for one, and the values a buffer of twice as many.
            assert!(measured.largest <= 6 * data.len() + 64, "{measured:?}");
            assert_eq!(event.value(), value);
            assert!(endpoints.iter().any(|endpoint| endpoint == event.endpoint()));
            for end in [event.local(), event.remote()].into_iter().flatten() {
                assert!(endpoints.len() == 2 && endpoints.iter().any(|endpoint| endpoint == end));
            }
            // At most one of them.
            let told = [
                event.fd().is_some(),
                event.error().is_some(),
                event.interval().is_some(),
                event.protocol_error().is_some(),
                event.zap_status().is_some(),
                event.pipes_stats().is_some(),
            ];
            assert!(told.into_iter().filter(|is_told| *is_told).count() <= 1, "{event:?}");
            assert!(!event.kind().to_string().is_empty());
            assert!(event.protocol_error().is_none_or(|error| !error.to_string().is_empty()));
        }
        Err(error) => {
            assert!(read(&frames).is_none());
            assert!(measured.largest <= data.len().max(ERROR), "{measured:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
});
