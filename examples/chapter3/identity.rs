//! Demonstrates request-reply identities.

use guide::zhelpers::s_dump;
use zmqx::{Context, Req, Result, Router};

pub(crate) fn main() -> Result<()> {
    guide::args(&[]);

    let context = Context::new()?;
    let sink = context.socket(Router)?;
    sink.bind("inproc://example")?;

    // First allow 0MQ to set the identity: five bytes, of which the first is zero
    let anonymous = context.socket(Req)?;
    anonymous.connect("inproc://example")?;
    anonymous.send("ROUTER uses a generated UUID")?;
    s_dump(&sink)?;

    // Then set the identity ourselves
    let identified = context.socket(Req)?;
    identified.set_identity("PEER2")?;
    identified.connect("inproc://example")?;
    identified.send("ROUTER socket uses REQ's socket identity")?;
    s_dump(&sink)?;
    Ok(())
}
