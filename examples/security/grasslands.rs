//! The Grasslands: everything in the clear, and anybody may come.

use czmq_like::Result;
use czmq_like::prelude::*;

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:9000"), ("--connect", "tcp://127.0.0.1:9000")]);

    // Create context
    let ctx = ZCtx::new()?;

    // Create and bind server socket
    let server = ctx.socket(Push)?;
    server.bind(&args["--bind"])?;

    // Create and connect client socket
    let client = ctx.socket(Pull)?;
    client.connect(&args["--connect"])?;

    // Send a single message from server to client
    zstr::send(&server, "Hello")?;
    let message = zstr::recv(&client)?;
    if message == "Hello" {
        println!("Grasslands test OK");
    }
    Ok(())
}
