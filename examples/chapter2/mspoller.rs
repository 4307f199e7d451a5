//! Reading from multiple sockets: this version uses zmq_poll().

use zmqx::{Context, PollEvents, Pull, Result, Sub, poll};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--receiver", "tcp://localhost:5557"),
        ("--subscriber", "tcp://localhost:5556"),
        ("--verbose", ""),
    ]);
    let verbose = args.is_set("--verbose");

    // Connect to task ventilator
    let context = Context::new()?;
    let receiver = context.socket(Pull)?;
    receiver.connect(&args["--receiver"])?;

    // Connect to weather server
    let subscriber = context.socket(Sub)?;
    subscriber.connect(&args["--subscriber"])?;
    subscriber.subscribe("10001 ")?;

    // Process messages from both sockets
    loop {
        let mut items = [receiver.poll_item(PollEvents::IN), subscriber.poll_item(PollEvents::IN)];
        poll(&mut items, None)?;
        if items[0].is_readable() {
            let task = receiver.recv()?;
            // Process task
            if verbose {
                println!("Task: {}", task.to_string_lossy());
            }
        }
        if items[1].is_readable() {
            let update = subscriber.recv()?;
            // Process weather update
            if verbose {
                println!("Weather: {}", update.to_string_lossy());
            }
        }
    }
}
