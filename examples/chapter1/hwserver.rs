//! Hello World server: binds a REP socket to tcp://*:5555, expects "Hello" from the client, replies with "World".

use std::thread::sleep;

use zmqx::{Context, Rep, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--bind", "tcp://*:5555"), ("--work", "1s")]);

    // Socket to talk to clients
    let context = Context::new()?;
    let responder = context.socket(Rep)?;
    responder.bind(&args["--bind"])?;

    loop {
        // All frames of the request: a REP that has read only some of them cannot reply
        responder.recv_multipart()?;
        println!("Received Hello");
        sleep(args.duration("--work")); // Do some 'work'
        responder.send("World")?;
    }
}
