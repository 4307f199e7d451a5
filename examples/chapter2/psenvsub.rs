//! Pub-sub envelope subscriber.

use zmqx::{Context, Result, Sub};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5563")]);

    // Prepare our context and subscriber
    let context = Context::new()?;
    let subscriber = context.socket(Sub)?;
    subscriber.connect(&args["--connect"])?;
    subscriber.subscribe("B")?;

    loop {
        // Read envelope with address, and message contents
        let message = subscriber.recv_multipart()?;
        let [address, contents] = &message[..] else {
            continue; // Not of two frames, so not from our publisher
        };
        println!("[{}] {}", address.to_string_lossy(), contents.to_string_lossy());
    }
}
