//! Task worker: connects a PULL socket to tcp://localhost:5557, collects workloads from the ventilator via that socket,
//! connects a PUSH socket to tcp://localhost:5558, sends results to the sink via that socket.

use guide::zhelpers::{atoi, flush, s_sleep};
use zmqx::{Context, Pull, Push, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--receiver", "tcp://localhost:5557"),
        ("--sender", "tcp://localhost:5558"),
    ]);

    // Socket to receive messages on
    let context = Context::new()?;
    let receiver = context.socket(Pull)?;
    receiver.connect(&args["--receiver"])?;

    // Socket to send messages to
    let sender = context.socket(Push)?;
    sender.connect(&args["--sender"])?;

    // Process tasks forever
    loop {
        let string = receiver.recv()?;
        print!("{}.", string.to_string_lossy()); // Show progress
        flush();
        s_sleep(atoi(&string)); // Do the work
        sender.send("")?; // Send results to sink
    }
}
