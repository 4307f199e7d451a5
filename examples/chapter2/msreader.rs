//! Reading from multiple sockets: this version uses a simple recv loop.

use guide::zhelpers::{s_recv_nowait, s_sleep};
use zmqx::{Context, Pull, Result, Sub};

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

    // Process messages from both sockets; we prioritize traffic from the task ventilator
    loop {
        while let Some(task) = s_recv_nowait(&receiver)? {
            // Process task
            if verbose {
                println!("Task: {}", task.to_string_lossy());
            }
        }
        while let Some(update) = s_recv_nowait(&subscriber)? {
            // Process weather update
            if verbose {
                println!("Weather: {}", update.to_string_lossy());
            }
        }
        // No activity, so sleep for 1 msec
        s_sleep(1);
    }
}
