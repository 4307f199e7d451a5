//! Task ventilator: binds a PUSH socket to tcp://*:5557, sends a batch of tasks to the workers via that socket.

use guide::zhelpers::{flush, getchar, randof};
use zmqx::{Context, Push, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--sender", "tcp://*:5557"),
        ("--sink", "tcp://localhost:5558"),
        ("--longest", "100"),
    ]);

    let context = Context::new()?;

    // Socket to send messages on
    let sender = context.socket(Push)?;
    sender.bind(&args["--sender"])?;

    // Socket to send the start of batch message on
    let sink = context.socket(Push)?;
    sink.connect(&args["--sink"])?;

    // Tasks go to the workers that are connected: with one alone, it would get them all
    print!("Press Enter when the workers are ready: ");
    flush();
    getchar();
    println!("Sending tasks to workers...");

    // The first message is "0" and signals the start of the batch
    sink.send("0")?;

    // Send 100 tasks
    let mut total_msec = 0; // Total expected cost in msecs
    for _task_nbr in 0..100 {
        // Random workload from 1 to 100 msecs
        let workload = u64::from(randof(args.number::<u32>("--longest"))) + 1;
        total_msec += workload;
        sender.send(workload.to_string())?;
    }
    println!("Total expected cost: {total_msec} msec");
    // The context goes when the tasks are with the workers, or after the sockets' linger
    Ok(())
}
