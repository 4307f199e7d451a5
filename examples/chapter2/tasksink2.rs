//! Task sink, design 2: adds pub-sub flow to send the kill signal to the workers.

use std::time::Duration;

use guide::zhelpers::{flush, s_clock};
use zmqx::{Context, Pull, Result, XPub};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[
        ("--receiver", "tcp://*:5558"),
        ("--controller", "tcp://*:5559"),
        ("--workers", "1"),
    ]);

    // Socket to receive messages on
    let context = Context::new()?;
    let receiver = context.socket(Pull)?;
    receiver.bind(&args["--receiver"])?;

    // Socket for worker control. The Guide's PUB loses the kill signal for workers that have not subscribed yet; an
    // XPUB, to them the same, hands us the subscriptions as messages, and if verbose those of each worker
    let controller = context.socket(XPub)?;
    controller.set_xpub_verbose(true)?;
    controller.bind(&args["--controller"])?;

    // Wait for the start of batch
    receiver.recv()?;

    // Start our clock now
    let start_time = s_clock();

    // Process 100 confirmations
    for task_nbr in 0..100 {
        receiver.recv()?;
        print!("{}", if task_nbr % 10 == 0 { ":" } else { "." });
        flush();
    }
    println!("Total elapsed time: {} msec", s_clock() - start_time);

    // Wait for the workers to subscribe; most have long done so, and those of the first design never will
    for _worker_nbr in 0..args.number::<u32>("--workers") {
        if controller.recv_timeout(Duration::from_secs(1)).is_err() {
            break;
        }
    }
    // Send the kill signal to the workers
    controller.send("KILL")?;
    Ok(())
}
