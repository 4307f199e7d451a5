//! Hello World client: connects a REQ socket to tcp://localhost:5555, sends "Hello" to the server, expects "World".

use zmqx::{Context, Req, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5555"), ("--requests", "10")]);

    println!("Connecting to hello world server...");
    let context = Context::new()?;
    let requester = context.socket(Req)?;
    requester.connect(&args["--connect"])?;

    for request_nbr in 0..args.number::<u32>("--requests") {
        println!("Sending Hello {request_nbr}...");
        requester.send("Hello")?;
        requester.recv()?;
        println!("Received World {request_nbr}");
    }
    Ok(())
}
