//! Simple request-reply broker.

use zmqx::{Context, Dealer, PollEvents, Result, Router, poll};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--frontend", "tcp://*:5559"), ("--backend", "tcp://*:5560")]);

    // Prepare our context and sockets
    let context = Context::new()?;
    let frontend = context.socket(Router)?;
    let backend = context.socket(Dealer)?;
    frontend.bind(&args["--frontend"])?;
    backend.bind(&args["--backend"])?;

    // Switch messages between sockets
    loop {
        // Initialize poll set
        let mut items = [frontend.poll_item(PollEvents::IN), backend.poll_item(PollEvents::IN)];
        poll(&mut items, None)?;
        if items[0].is_readable() {
            loop {
                // Process all parts of the message
                let mut message = frontend.recv()?;
                let more = backend.forward(&mut message)?;
                if !more {
                    break; // Last message part
                }
            }
        }
        if items[1].is_readable() {
            loop {
                // Process all parts of the message
                let mut message = backend.recv()?;
                let more = frontend.forward(&mut message)?;
                if !more {
                    break; // Last message part
                }
            }
        }
    }
}
