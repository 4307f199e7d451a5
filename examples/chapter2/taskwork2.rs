//! Task worker, design 2: adds pub-sub flow to receive and respond to the kill signal.

use guide::zhelpers::{atoi, flush, s_sleep};
use zmqx::{Context, PollEvents, Pull, Push, Result, Sub, poll};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--receiver", "tcp://localhost:5557"),
        ("--sender", "tcp://localhost:5558"),
        ("--controller", "tcp://localhost:5559"),
    ]);

    // Socket to receive messages on
    let context = Context::new()?;
    let receiver = context.socket(Pull)?;
    receiver.connect(&args["--receiver"])?;

    // Socket to send messages to
    let sender = context.socket(Push)?;
    sender.connect(&args["--sender"])?;

    // Socket for control input
    let controller = context.socket(Sub)?;
    controller.connect(&args["--controller"])?;
    controller.subscribe("")?;

    // Process messages from either socket
    loop {
        let mut items = [receiver.poll_item(PollEvents::IN), controller.poll_item(PollEvents::IN)];
        poll(&mut items, None)?;
        if items[0].is_readable() {
            let string = receiver.recv()?;
            print!("{}.", string.to_string_lossy()); // Show progress
            flush();
            s_sleep(atoi(&string)); // Do the work
            sender.send("")?; // Send results to sink
        }
        // Any waiting controller command acts as 'KILL'
        if items[1].is_readable() {
            break; // Exit loop
        }
    }
    Ok(())
}
