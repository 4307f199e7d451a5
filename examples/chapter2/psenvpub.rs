//! Pub-sub envelope publisher.

use std::thread::sleep;
use std::time::Duration;

use zmqx::{Context, Pub, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5563")]);

    // Prepare our context and publisher
    let context = Context::new()?;
    let publisher = context.socket(Pub)?;
    publisher.bind(&args["--bind"])?;

    loop {
        // Write two messages, each with an envelope and content
        publisher.send_more("A")?;
        publisher.send("We don't want to see this")?;
        publisher.send_more("B")?;
        publisher.send("We would like to see this")?;
        sleep(Duration::from_secs(1));
    }
}
