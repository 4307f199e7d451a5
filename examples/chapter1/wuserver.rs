//! Weather update server: binds a PUB socket to tcp://*:5556, publishes random weather updates.

use guide::zhelpers::randof;
use zmqx::{Context, Pub, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5556")]);

    // Prepare our context and publisher
    let context = Context::new()?;
    let publisher = context.socket(Pub)?;
    publisher.bind(&args["--bind"])?;

    loop {
        // Get values that will fool the boss
        let zipcode = randof(100_000);
        let temperature = randof(215) - 80;
        let relhumidity = randof(50) + 10;

        // Send the message to all subscribers: without any, it is dropped
        publisher.send(format!("{zipcode:05} {temperature} {relhumidity}"))?;
    }
}
