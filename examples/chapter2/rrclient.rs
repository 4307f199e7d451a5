//! Request-reply client: connects a REQ socket to tcp://localhost:5559, sends "Hello" to the server, expects "World".

use zmqx::{Context, Req, Result};

pub(crate) fn main() -> Result<()> {
    let args = guide::args(&[("--connect", "tcp://localhost:5559")]);

    let context = Context::new()?;

    // Socket to talk to server
    let requester = context.socket(Req)?;
    requester.connect(&args["--connect"])?;

    for request_nbr in 0..10 {
        requester.send("Hello")?;
        let string = requester.recv()?;
        println!("Received reply {request_nbr} [{}]", string.to_string_lossy());
    }
    Ok(())
}
