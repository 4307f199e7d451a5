//! Synchronized publisher.

use zmqx::{Context, Rep, Result, XPub};

const SUBSCRIBERS_EXPECTED: usize = 10; // We wait for 10 subscribers

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--publisher", "tcp://*:5561"),
        ("--syncservice", "tcp://*:5562"),
        ("--updates", "1000000"),
    ]);

    let context = Context::new()?;

    // Socket to talk to clients. A sync request does not prove that its sender's subscription has arrived; an XPUB,
    // to subscribers the same as the Guide's PUB, hands us the subscriptions as messages, and if verbose each of them
    let publisher = context.socket(XPub)?;
    publisher.set_xpub_verbose(true)?;

    // With the default high-water mark, 1000, updates would be lost. Only what is bound after this has it
    publisher.set_sndhwm(1_100_000)?;
    publisher.bind(&args["--publisher"])?;

    // Socket to receive signals
    let syncservice = context.socket(Rep)?;
    syncservice.bind(&args["--syncservice"])?;

    // Get synchronization from subscribers
    println!("Waiting for subscribers");
    for _subscriber in 0..SUBSCRIBERS_EXPECTED {
        // Wait for synchronization request
        syncservice.recv_multipart()?;
        // Send synchronization reply
        syncservice.send("")?;
    }
    for _subscriber in 0..SUBSCRIBERS_EXPECTED {
        publisher.recv()?;
    }
    // Now broadcast exactly 1M updates followed by END
    println!("Broadcasting messages");
    for _update_nbr in 0..args.number::<u64>("--updates") {
        publisher.send("Rhubarb")?;
    }
    publisher.send("END")?;

    // Wait until the last subscription is taken back, as a subscriber that ends does: where we were to close a Unix
    // domain socket earlier, 0MQ would drop what a subscriber at its high-water mark has not read yet
    while publisher.recv()?.first() != Some(&0) {}
    Ok(())
}
