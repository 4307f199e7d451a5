//! Request-reply worker: connects a REP socket to tcp://localhost:5560, expects "Hello" from the client, replies with
//! "World".

use std::thread::sleep;

use zmqx::{Context, Rep, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5560"), ("--work", "1s")]);

    let context = Context::new()?;

    // Socket to talk to clients
    let responder = context.socket(Rep)?;
    responder.connect(&args["--connect"])?;

    loop {
        // Wait for next request from client; one of several frames is read to its end, or the reply would fail
        let request = responder.recv_multipart()?;
        println!("Received request: [{}]", request[0].to_string_lossy());

        // Do some 'work'
        sleep(args.duration("--work"));

        // Send reply back to client
        responder.send("World")?;
    }
}
