//! Task sink: binds a PULL socket to tcp://*:5558, collects results from the workers via that socket.

use guide::zhelpers::{flush, s_clock};
use zmqx::{Context, Pull, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5558")]);

    // Prepare our context and socket
    let context = Context::new()?;
    let receiver = context.socket(Pull)?;
    receiver.bind(&args["--bind"])?;

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
    // Calculate and report duration of batch
    println!("Total elapsed time: {} msec", s_clock() - start_time);
    Ok(())
}
