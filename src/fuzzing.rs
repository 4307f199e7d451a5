//! The parsers behind the API, for the fuzz targets in the repository's `fuzz/`. There only with `--cfg fuzzing`.

use crate::error::Result;
use crate::message::Message;
use crate::monitor::Event;
use crate::multipart::Multipart;
use crate::zap::{Reply, Request};

/// Reads the frames that a monitor has received.
pub fn event(frames: &[Message]) -> Result<Event> {
    Event::from_frames(frames)
}

/// Reads the frames that a ZAP handler has received; or gives those of the reply that refuses them.
pub fn zap_request(mut frames: Multipart) -> Result<Request, Option<Multipart>> {
    Request::from_frames(&mut frames)
}

/// Makes the frames that a ZAP handler sends.
pub fn zap_reply(reply: &Reply, request: &Request) -> Result<Multipart> {
    reply.to_frames(request)
}
