//! Shows how to handle Ctrl-C.

use guide::zhelpers::s_catch_signals;
use zmqx::{Context, ErrorKind, Rep, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5555")]);

    // Signal handling: on SIGINT and SIGTERM every call that blocks, or is about to, on a socket of a context with
    // this interrupt, gives Interrupted. A flag that is tested before each call, as in C, would miss a signal that
    // comes between the test and the call
    let (interrupt, _guard) = s_catch_signals()?;
    let context = Context::builder().interrupt(interrupt).build()?;
    let socket = context.socket(Rep)?;
    socket.bind(&args["--bind"])?;

    loop {
        // Blocking read will exit on a signal
        match socket.recv_multipart() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                println!("W: interrupt received, killing server...");
                break;
            }
            received => received?,
        };
        // A REP has to answer before it can receive again
        socket.send("World")?;
    }
    Ok(())
}
